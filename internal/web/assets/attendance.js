// The attendance list keeps every touch in this browser until the server has
// it, so that a room without a network is no trouble. Without this script the
// list is a form like any other. A touch is a mark; what nobody touched is saved
// with the whole list, which is taken whole or not at all.
"use strict";

(() => {
  const form = document.querySelector("form[data-marks]");
  if (!form || !isSecureContext || !window.indexedDB || !crypto.randomUUID) return;

  const person = Number(form.dataset.person);
  const day = Number(form.dataset.day);
  const live = form.hasAttribute("data-live"); // each touch is a mark; otherwise only what waits is sent
  const kept = form.hasAttribute("data-kept"); // this page was kept by the worker, not sent by the server
  const status = document.querySelector("[data-sync]");
  const questions = [...form.querySelectorAll("fieldset.question")];

  // The store: marks by their key, each with who made it. A mark that was sent
  // stays until the server has shown the list again.
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("yrkesresan", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("marks", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const inStore = async (mode, work) => {
    const transaction = (await opened).transaction("marks", mode, { durability: "strict" });
    const request = work(transaction.objectStore("marks"));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  };
  const stored = async () => (await inStore("readonly", (s) => s.getAll())).sort((a, b) => a.at - b.at);
  const put = (mark) => inStore("readwrite", (s) => s.put(mark));
  const drop = (key) => inStore("readwrite", (s) => s.delete(key));

  // What the form says about one person, as text to compare.
  const radio = (question) => question.querySelector("[type=radio]:checked");
  const why = (question) => question.querySelector("[type=text]")?.value.trim() ?? "";
  const said = (question) => (radio(question) ? radio(question).value + "\n" + why(question) : "");
  // What the server said: not what stands there now, for a quick hand may have
  // answered before this script ran.
  const sent = (question) => {
    const answer = [...question.querySelectorAll("[type=radio]")].find((r) => r.defaultChecked);
    return answer ? answer.value + "\n" + (question.querySelector("[type=text]")?.defaultValue.trim() ?? "") : "";
  };
  const known = new Map(questions.map((q) => [q, sent(q)]));

  let writing = Promise.resolve();
  let latest = 0;
  const waiting = new Map(); // question → the key of its mark that nobody has begun to send
  const record = (question) => {
    const field = question.querySelector("[type=radio]").name;
    const [kind, id] = field.split("_");
    const value = radio(question).value;
    latest = Math.max(Date.now(), latest + 1); // in the order of the touches, whatever the clock does
    const mark = {
      key: crypto.randomUUID(), person, day, field, value, at: latest, sent: false,
      enrolment: kind === "mark" ? Number(id) : 0,
      trainer: kind === "trainer" ? Number(id) : 0,
      mark: { yes: "present", no: "absent" }[value] ?? value,
      reason: why(question),
    };
    const replaced = waiting.get(question);
    waiting.set(question, mark.key);
    writing = writing.then(() => inStore("readwrite", (s) => {
      if (replaced) s.delete(replaced);
      return s.put(mark);
    }));
  };
  // What was filled in by a button and what participants said themselves is not
  // touched; all takes that too, for a whole list that is saved without a network.
  const look = (all) => {
    for (const question of questions) {
      const now = said(question);
      const untouched = question.hasAttribute("data-filled") || (question.hasAttribute("data-own") && now === known.get(question));
      if (!now || (untouched ? !all : now === known.get(question))) continue;
      known.set(question, now);
      question.removeAttribute("data-own");
      question.removeAttribute("data-filled");
      record(question);
    }
    label();
  };
  // The button says how many it confirms.
  const button = form.querySelector("[data-save]");
  const label = () => {
    const own = form.querySelectorAll("[data-own]").length;
    const words = own === 0 ? button.dataset.save : own === 1 ? button.dataset.one : button.dataset.many.replace("#", own);
    if (button.textContent !== words) button.textContent = words;
  };

  // What is shown about it.
  let state = "ok"; // or "offline", "sign-in"
  let trouble = ""; // what was refused, and why
  let here = false; // and it is about this list
  let lacking = 0; // people without an answer in a list that was to be saved without a network
  let shown = "";
  const show = async () => {
    const all = await stored();
    const unsent = new Set(all.filter((m) => m.person === person && !m.sent).map((m) => m.day + m.field)).size;
    const others = new Set(all.filter((m) => m.person !== person && !m.sent).map((m) => m.day + m.field)).size;
    const lines = [];
    if (trouble) lines.push(trouble);
    if (unsent > 0) lines.push((unsent === 1 ? status.dataset.one : status.dataset.many).replace("#", unsent));
    if (state === "offline") lines.push(status.dataset.offline);
    if (state === "sign-in") lines.push(status.dataset.signIn);
    const filled = form.querySelectorAll("[data-filled]").length;
    if (filled > 0) lines.push((filled === 1 ? status.dataset.filledOne : status.dataset.filledMany).replace("#", filled));
    if (lacking > 0) lines.push((lacking === 1 ? status.dataset.lackingOne : status.dataset.lackingMany).replace("#", lacking));
    if (state === "ok" && unsent === 0 && latest > 0 && !trouble && filled === 0) lines.push(status.dataset.sent);
    if (others > 0) lines.push((others === 1 ? status.dataset.other : status.dataset.others).replace("#", others));
    const text = lines.join(" ");
    status.dataset.state = trouble ? "refused" : state;
    status.hidden = text === "";
    document.querySelector("[data-sync-sign-in]").hidden = state !== "sign-in";
    if (text !== shown) status.querySelector("p").textContent = shown = text;
  };

  // Sending: one request at a time, and again for what came meanwhile. The
  // server takes each key once, so an answer that was lost does no harm.
  let sending = null;
  let more = false;
  const send = async () => {
    await writing;
    waiting.clear();
    const unsent = (await stored()).filter((m) => m.person === person && !m.sent);
    const days = [...new Set(unsent.map((m) => m.day))];
    if (days.length === 0 && (kept || state !== "ok")) days.push(day); // is anybody there?
    state = "ok";
    for (const each of days) {
      const marks = unsent.filter((m) => m.day === each).slice(0, 400);
      const response = await fetch("/days/" + each + "/marks", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          person, sent: Date.now(),
          marks: marks.map(({ key, enrolment, trainer, mark, reason, at }) => ({ key, enrolment, trainer, mark, reason, at })),
        }),
      });
      if (response.status === 401 || response.status === 403) {
        state = "sign-in";
        return;
      }
      if (response.status >= 500 || response.status === 429) throw new Error("later");
      const answer = await response.json();
      if (!response.ok) {
        trouble = answer.text;
        here ||= each === day;
        continue;
      }
      for (const each of answer.marks) {
        const mark = marks.find((m) => m.key === each.key);
        if (each.outcome !== "refused") {
          await put({ ...mark, sent: true });
          continue;
        }
        const question = form.querySelector(`[name="${mark.field}"]`)?.closest("fieldset");
        trouble = (question ? question.querySelector("legend").firstChild.textContent.trim() + ": " : "") + each.text;
        here ||= mark.day === day;
        await drop(each.key);
      }
      if (unsent.filter((m) => m.day === each).length > marks.length) more = true;
    }
  };
  const flush = () => {
    if (sending) {
      more = true;
      return sending;
    }
    sending = (async () => {
      do {
        more = false;
        try {
          await send();
        } catch {
          state = "offline";
          more = false;
        }
      } while (more && state === "ok");
      sending = null;
      await show();
    })();
    return sending;
  };

  // Who checks in themselves meanwhile is seen in the open list.
  const arrivals = async () => {
    if (!live || document.hidden || state !== "ok") return;
    try {
      const response = await fetch("/days/" + day + "/marks");
      for (const { enrolment, mark, own } of await response.json()) {
        const answer = form.querySelector(`[name="mark_${enrolment}"][value="${mark}"]`);
        const question = answer?.closest("fieldset");
        if (!question || radio(question)) continue;
        answer.checked = true;
        question.toggleAttribute("data-own", own);
        form.elements["shown_mark_" + enrolment].value = mark;
        form.elements["own_mark_" + enrolment].disabled = !own;
        known.set(question, said(question));
      }
      label();
    } catch {
      flush(); // finds out what is wrong
    }
  };

  let soon = 0;
  const changed = (wait) => {
    clearTimeout(soon);
    soon = setTimeout(async () => {
      look(false);
      lacking = 0;
      await writing;
      await show();
      trouble = "";
      here = false;
      flush();
    }, wait);
  };

  (async () => {
    try {
      await opened;
    } catch {
      return; // a browser that keeps nothing: the form alone
    }
    for (const mark of await stored()) {
      if (mark.person !== person || mark.day !== day) continue;
      if (mark.sent && !kept) {
        await drop(mark.key); // the list that is shown knows it
        continue;
      }
      const answer = form.querySelector(`[name="${mark.field}"][value="${mark.value}"]`);
      if (!answer) continue;
      answer.checked = true;
      const question = answer.closest("fieldset");
      const reason = question.querySelector("[type=text]");
      if (reason) reason.value = mark.reason;
      known.set(question, said(question));
      latest = Math.max(latest, mark.at);
    }
    if (live) {
      form.removeAttribute("data-guard");
      const promise = form.querySelector("[data-promise]");
      promise.textContent = promise.dataset.promise;
      form.addEventListener("input", (event) => {
        if (event.target !== form) event.target.closest("fieldset.question")?.removeAttribute("data-filled");
        form.toggleAttribute("data-guard", form.querySelector("[data-filled]") !== null); // that alone is lost by leaving
        changed(event.target.type === "text" ? 600 : 50);
      });
      form.addEventListener("submit", async (event) => {
        if (event.submitter?.name === "preset") return;
        event.preventDefault();
        event.stopPropagation();
        clearTimeout(soon);
        const sendAll = async () => {
          await flush();
          if (sending) await sending;
        };
        look(false);
        trouble = "";
        here = false;
        lacking = 0;
        await sendAll();
        if (state === "ok" && !here && !kept) {
          form.submit(); // the server takes the rest whole, or nothing of it
          return;
        }
        // Without a server the same holds here.
        lacking = questions.filter((q) => !radio(q)).length;
        if (!here && lacking === 0) {
          look(true);
          form.removeAttribute("data-guard");
          await sendAll();
        }
        await show();
        if (state === "ok" && !here && lacking === 0) location.reload(); // others may have said more since it was kept
        else status.focus();
      });
      const worker = navigator.serviceWorker;
      if (worker) {
        worker.register("/sw.js").then(() => worker.ready).then((r) => { if (!kept) r.active.postMessage({ keep: location.pathname }); }).catch(() => {});
      }
    }
    form.dataset.ready = "yes";
    if (live) changed(0);
    addEventListener("online", flush);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
    setInterval(() => { if (state !== "ok") flush(); else arrivals(); }, 10000);
    flush();
  })();
})();
