// Everything works without this file; it only saves a step here and there.
"use strict";

// The worker keeps the coming days and opened tasks for where there is no network.
if (document.querySelector(".panel")) navigator.serviceWorker?.register("/sw.js").catch(() => {});

// Ctrl+K or / takes an administrator to the search field.
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("[data-search]");
  if (!search) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  if (chord || (event.key === "/" && !typing)) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// A choice in a filter shows its result at once; typing waits for the button.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
});

// A question opens as a real dialog instead of further down the page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-closes]")) {
    const dialog = event.target.closest("dialog");
    if (dialog?.open) {
      event.preventDefault();
      dialog.close();
    }
  }
});

// Everybody without an answer is present: the same as the server's answer to
// this button, without the wait.
document.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-preset]");
  if (!preset) return;
  event.preventDefault();
  for (const question of preset.form.querySelectorAll("fieldset")) {
    if (question.querySelector(":checked")) continue;
    question.querySelector("[type=radio]").checked = true;
    question.toggleAttribute("data-filled", true); // by the button, not by a touch
  }
  preset.form.dispatchEvent(new Event("input", { bubbles: true }));
});

// A panel of the header closes on Escape and when one goes elsewhere.
for (const panel of document.querySelectorAll("details[data-panel]")) {
  document.addEventListener("click", (event) => {
    if (!panel.contains(event.target)) panel.open = false;
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open) return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });
}

// Something goes on that the page shows: it follows along, and is loaded anew at the end.
// Without this script the page loads itself again.
if (document.querySelector("[data-goes-on]")) {
  const following = setInterval(async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(location.href);
      const next = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-goes-on]");
      if (next && response.ok) {
        const now = document.querySelector("[data-goes-on]");
        now.querySelector("[role=status]").textContent = next.querySelector("[role=status]").textContent;
        now.querySelector("progress").replaceWith(next.querySelector("progress"));
        return;
      }
      clearInterval(following);
      location.reload();
    } catch {} // no network just now
  }, 2000);
}

// The same form is not sent twice by an impatient double click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Who signs out leaves neither an attendance list nor a text behind on the device.
document.addEventListener("submit", (event) => {
  if (!event.target.matches('[action="/session/end"], [action="/my/sessions/end"]')) return;
  globalThis.caches?.delete("lists");
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("learn:")) localStorage.removeItem(key);
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("typed:")) sessionStorage.removeItem(key);
  } catch {} // a browser that keeps nothing
});

// What was typed is not lost by a click on the menu.
const guarded = document.querySelector("form[data-guard]");
if (guarded) {
  let changed = false;
  guarded.addEventListener("input", () => { changed = true; });
  guarded.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => { if (changed && guarded.matches("[data-guard]")) event.preventDefault(); });
}

// What was typed and not sent is there again after a reload, in this tab and until one
// signs out. What the server has changed meanwhile is not covered by it.
const typed = document.querySelector("form[data-kept]");
try {
  if (!document.querySelector(".panel")) {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("typed:")) sessionStorage.removeItem(key);
  }
  if (typed) keepTyped(typed);
} catch {} // a browser that keeps nothing

function keepTyped(form) {
  const key = "typed:" + location.pathname + location.search;
  const fields = () => [...form.elements].filter((f) => f.name && f.matches("input, select, textarea") && !f.matches("[type=hidden], [type=file], [type=password]"));
  const ticked = (f) => f.matches("[type=checkbox], [type=radio]");
  const held = () => fields().map((f) => [f.name, ticked(f) ? f.checked : f.value]);
  const shown = JSON.stringify(held());
  const before = JSON.parse(sessionStorage.getItem(key));
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const refused = document.querySelector("[data-focus]"); // then the page has what was typed
  if (before?.shown === shown && !refused && (!before.sent || back)) {
    fields().forEach((f, i) => {
      const value = before.held[i][1];
      if (ticked(f)) f.checked = value;
      else f.value = value;
    });
    const told = document.createElement("p");
    told.className = "kept";
    told.setAttribute("role", "status");
    const anew = document.createElement("button");
    anew.type = "button";
    anew.className = "button secondary small";
    anew.textContent = form.dataset.anew;
    anew.addEventListener("click", () => {
      sessionStorage.removeItem(key);
      form.reset();
      told.remove();
      fields()[0]?.focus();
    });
    told.append(form.dataset.kept, " ", anew);
    form.prepend(told);
  } else {
    sessionStorage.removeItem(key);
  }
  const keep = (sent) => sessionStorage.setItem(key, JSON.stringify({ shown, held: held(), sent }));
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => { if (sessionStorage.getItem(key)) keep(true); });
}

// After a form came back with errors, the summary is read first.
document.querySelector("[data-focus]")?.focus();

// A page to print gets a button that does it, where there is script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// An address to share gets a button where the device can share; elsewhere it is copied.
for (const box of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary small";
  button.textContent = box.dataset.share;
  button.addEventListener("click", () => navigator.share({ title: document.title, url: box.value }).catch(() => {})); // who changes their mind is not told so
  box.after(button);
}

// An address to copy gets a button that does it.
for (const box of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button secondary small";
  button.textContent = box.dataset.copy;
  button.addEventListener("click", async () => {
    box.select();
    await navigator.clipboard?.writeText(box.value);
    button.textContent = box.dataset.copied;
  });
  box.after(button);
}

// What is made to be printed has a button for it, which needs this file.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
