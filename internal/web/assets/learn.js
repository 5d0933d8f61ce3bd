// A task keeps every touch in this browser until the server has it, so that a
// slow network or none is no trouble. Without this script a task is a form like
// any other.
"use strict";

(() => {
  const form = document.querySelector("form[data-learn]");
  const status = form?.querySelector(".saved");
  const person = document.currentScript.dataset.person;
  let storage;
  try {
    storage = window.localStorage;
    storage.setItem("learn:", "");
    storage.removeItem("learn:");
  } catch {
    return; // a browser that keeps nothing: the form alone
  }

  // What waits: for each task one entry with all that is not yet saved of it.
  const prefix = "learn:" + person + ":";
  const here = form ? prefix + new URL(form.action).pathname : "";
  const read = (key) => {
    try {
      return JSON.parse(storage.getItem(key));
    } catch {
      return null;
    }
  };
  const waiting = () => Object.keys(storage).filter((key) => key.startsWith(prefix));

  // What was written in another page since this one was opened, or was saved last, is
  // not written over unknowingly.
  const page = form?.elements.page.value;
  let seen = form?.elements.seen.value;
  let elsewhere = null; // the page whose answer stands instead of this one's

  let latest = 0;
  const record = (fields) => {
    latest = Math.max(Date.now(), latest + 1); // in the order of the touches, whatever the clock does
    const before = read(here)?.fields ?? [];
    const names = new Set(["page", "seen", ...fields.map(([name]) => name)]);
    // What is said again replaces what was said; the rest still waits.
    const kept = before.filter(([name]) => !names.has(name) && !(names.has("answer") && name === "shared") && !(names.has("do") && /^q\d/.test(name)));
    storage.setItem(here, JSON.stringify({ at: latest, fields: [...kept, ...fields, ["page", page], ["seen", seen]] }));
    say(status.dataset.saving, "saving");
    return flush();
  };

  const say = (text, state) => {
    if (!status) return;
    status.dataset.state = state;
    document.querySelector("[data-sign-in-link]").hidden = state !== "sign-in";
    if (status.textContent !== text) status.textContent = text;
  };

  // Sending: one request at a time, and again for what came meanwhile.
  let sending = null;
  const answered = new Map(); // when the server last answered about a task
  const send = async (key) => {
    const entry = read(key);
    if (!entry) {
      storage.removeItem(key);
      return null;
    }
    const body = new URLSearchParams(entry.fields);
    // The server reckons from when it arrives: of two touches close together the
    // first may take longer than the second, which must not seem the older one.
    body.set("at", Math.max(entry.at, answered.get(key) ?? 0));
    body.set("sent", Date.now());
    body.set("person", person);
    const response = await fetch(key.slice(prefix.length), { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
    if (response.status === 401 || response.status === 403) throw new Error("sign-in");
    if (response.status >= 500 || response.status === 429) throw new Error("offline");
    const answer = await response.json();
    answered.set(key, Date.now());
    // What came meanwhile stays to be sent; what was refused will be refused again.
    if (read(key)?.at === entry.at) storage.removeItem(key);
    return { ok: response.ok, answer, entry };
  };
  const flush = () => {
    sending ??= (async () => {
      let result = null;
      try {
        for (let keys = waiting(); keys.length > 0; keys = waiting()) {
          for (const key of keys) {
            const each = await send(key);
            if (key === here) result = each;
          }
        }
        if (result) say(result.answer.text, result.ok ? "saved" : "refused");
        if (result && "seen" in result.answer) elsewhere = result.answer.seen;
        if (result?.answer.next) location.assign(result.answer.next);
      } catch (trouble) {
        if (form) say(trouble.message === "sign-in" ? status.dataset.signIn : status.dataset.waiting, trouble.message === "sign-in" ? "sign-in" : "offline");
        result = null;
      }
      sending = null;
      return result;
    })();
    return sending;
  };

  if (!form) {
    // The page of the course: what was saved now is not yet shown.
    const before = waiting().length;
    if (before > 0) flush().then(() => { if (waiting().length < before) location.reload(); });
    return;
  }
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  setInterval(() => { if (waiting().length > 0) flush(); }, 15000);

  // The state that the buttons show.
  const show = (done) => {
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "done") !== done;
  };

  // What the form holds of text and answers.
  const kind = form.dataset.kind;
  const held = () => {
    const fields = [...new FormData(form)].filter(([name]) => name === "answer" || name === "shared" || /^q\d+$/.test(name));
    return kind === "quiz" ? [["do", "draft"], ...fields] : fields;
  };

  // What was written here and is not saved yet is still here.
  const kept = read(here);
  if (kept) {
    for (const field of form.querySelectorAll("textarea, select, [type=checkbox], [type=radio]")) {
      const values = kept.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.matches("[type=checkbox], [type=radio]")) {
        if (kept.fields.some(([name]) => name === "answer" || name === "do")) field.checked = values.includes(field.value);
      } else if (field.matches("select")) {
        const place = [...form.querySelectorAll(`select[name="${field.name}"]`)].indexOf(field);
        if (values[place] !== undefined) field.value = values[place];
      } else if (values.length > 0) field.value = values[0];
    }
    for (const list of form.querySelectorAll("[data-ranking]")) {
      const items = [...list.children];
      const name = items[0].querySelector("input").name;
      const order = kept.fields.filter(([n]) => n === name).map(([, value]) => value);
      if (order.length === items.length) {
        for (const value of order) list.append(items.find((i) => i.querySelector("input").value === value));
      }
    }
    const done = kept.fields.findLast(([name]) => name === "done");
    if (done) show(done[1] === "yes");
    say(status.dataset.waiting, "offline");
  }

  let soon = 0;
  form.addEventListener("input", (event) => {
    if (!event.target.name) return;
    clearTimeout(soon);
    if (elsewhere === null) soon = setTimeout(keep, event.target.matches("textarea") ? 900 : 100);
  });
  const keep = () => {
    clearTimeout(soon);
    soon = 0;
    return record(held());
  };
  // Who reloads or leaves in the middle of a word finds it again.
  addEventListener("pagehide", () => { if (soon) keep(); });
  addEventListener("beforeunload", (event) => { if (elsewhere !== null) event.preventDefault(); });

  // The buttons. What needs the server's answer to be shown loads the page anew
  // once the answer is there.
  const press = async (button) => {
    clearTimeout(soon);
    soon = 0;
    if (elsewhere !== null) { // who saves now does so knowingly
      seen = elsewhere;
      form.elements.seen.value = seen;
      elsewhere = null;
    }
    if (button.name === "done") {
      const done = button.value === "yes";
      const answer = form.querySelector("[name=answer]");
      if (done && answer && answer.value.trim() === "") return native(button);
      show(done);
      const next = form.querySelector(done ? '[data-when="done"] a' : '[data-when="todo"] button');
      next?.focus();
      const result = await record([...(kind === "reflection" ? held() : []), ["done", button.value]]);
      if (result && !result.ok) {
        show(!done);
      }
      return;
    }
    if (button.value === "save") {
      await record(held());
      return;
    }
    const result = await record([["do", button.value], ...held().filter(([name]) => name !== "do")]);
    if (result?.ok && !result.answer.next) anew(button.value === "submit" ? "#result" : "#task");
    else if (result && !result.ok) native(button);
  };
  // The page as the server has it now; what a refused form came back as is none
  // to load again.
  const anew = (place) => {
    const page = new URL(form.action).pathname.replace(/\/progress$/, "");
    if (location.pathname !== page) {
      location.replace(page + place);
      return;
    }
    location.hash = place;
    location.reload();
  };
  const native = (button) => {
    for (const field of ["do", "done"]) form.querySelector(`input[type=hidden][name=${field}]`)?.remove();
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    form.append(field);
    form.submit();
  };

  // An option moves where it is; the button keeps the focus, and where it is now
  // is said.
  const move = (button) => {
    const item = button.closest("li");
    const up = button.dataset.move === "up";
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (up) other.before(item);
    else other.after(item);
    const items = [...item.parentElement.children];
    items.forEach((each, i) => {
      each.querySelector('[data-move="up"]').disabled = i === 0;
      each.querySelector('[data-move="down"]').disabled = i === items.length - 1;
    });
    (button.disabled ? item.querySelector("[data-move]:not(:disabled)") : button)?.focus();
    const told = item.closest("fieldset").querySelector("[data-moved]");
    told.textContent = told.dataset.moved.replace("#", items.indexOf(item) + 1).replace("§", items.length);
    clearTimeout(soon);
    record(held());
  };
  for (const list of form.querySelectorAll("[data-ranking]")) {
    [...list.children].forEach((each, i, items) => {
      each.querySelector('[data-move="up"]').disabled = i === 0;
      each.querySelector('[data-move="down"]').disabled = i === items.length - 1;
    });
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.name) return;
    event.preventDefault();
    event.stopPropagation();
    if (button.dataset.move) move(button);
    else press(button);
  });

  // A film or a podcast goes on where one was, and is done when one has come to
  // its end.
  const player = document.querySelector(".media video, .media audio");
  if (player) {
    const keptAt = kept?.fields.findLast(([name]) => name === "position");
    const from = Number(keptAt ? keptAt[1] : player.dataset.position);
    player.addEventListener("loadedmetadata", () => {
      if (from > 0 && from < player.duration - 5 && player.currentTime < 1) player.currentTime = from;
    }, { once: true });
    let saved = from;
    const note = () => {
      const now = Math.floor(player.currentTime);
      if (now === saved) return;
      saved = now;
      record([["position", String(now)]]);
    };
    player.addEventListener("timeupdate", () => { if (!player.paused && Math.abs(player.currentTime - saved) >= 10) note(); });
    player.addEventListener("pause", note);
    addEventListener("pagehide", note);
    player.addEventListener("ended", () => {
      saved = 0;
      show(true);
      record([["position", "0"], ["done", "yes"]]);
    });
  }

  form.dataset.ready = "yes";
  if (waiting().length > 0) flush();
})();
