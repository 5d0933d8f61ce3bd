// A course day at one screen: the wall, the telephone that steers it, and those that
// follow. All steps are in the page, so that it goes on where there is no network; what
// was pressed meanwhile is sent when there is one again. Without this script each button
// loads the page anew.
"use strict";

(() => {
  const root = document.querySelector("[data-together]");
  if (!root) return;
  const mode = root.dataset.together; // "screen", "remote" or "room"
  const day = root.dataset.day;
  const open = root.hasAttribute("data-open"); // the room follows; otherwise somebody practises
  const base = "/days/" + day + "/" + (mode === "room" ? "room" : "together");
  const steps = [...root.querySelectorAll("[data-step]")];
  const told = root.querySelector("[data-told]");
  const timer = root.querySelector("[data-timer]");

  let version = Number(root.dataset.version);
  let at = Number(root.dataset.at);
  let ends = root.dataset.left === "" ? null : Date.now() + Number(root.dataset.left) * 1000;

  const say = (text) => {
    told.hidden = !text;
    if (text && told.textContent !== text) told.textContent = text;
  };

  const show = (step, focus) => {
    const other = step !== at;
    at = step;
    for (const part of steps) {
      const here = Number(part.dataset.step) === at;
      if (!here) for (const film of part.querySelectorAll("video, audio")) film.pause();
      part.hidden = !here;
    }
    for (const button of root.querySelectorAll("[data-by]")) {
      const to = at + Number(button.dataset.by);
      if (button.tagName === "BUTTON") {
        button.disabled = to < 0 || to >= steps.length;
        button.value = Math.max(0, Math.min(to, steps.length - 1));
      } else button.hidden = to < 0 || to >= steps.length;
    }
    for (const button of root.querySelectorAll("[data-to]")) {
      if (Number(button.dataset.to) === at) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    const longer = root.querySelector("[data-more]");
    if (longer) longer.hidden = Number(steps[at].dataset.minutes) === 0;
    const place = root.querySelector("[data-place]");
    if (place) place.textContent = place.dataset.place.replace("#", at + 1);
    const now = root.querySelector("[data-now]");
    if (now && other) now.textContent = steps[at].querySelector("[tabindex]")?.textContent ?? "";
    if (other && focus) steps[at].querySelector("[tabindex]")?.focus();
  };

  const tick = () => {
    if (ends === null) {
      if (open) timer.textContent = "";
      return;
    }
    const left = Math.ceil((ends - Date.now()) / 60000);
    const words = left > 1 ? root.dataset.minutesLeft.replace("#", left) : left === 1 ? root.dataset.lastMinute : root.dataset.minutesOver.replace("#", 1 - left);
    timer.classList.toggle("out", left < 1);
    if (timer.textContent !== words) timer.textContent = words;
  };

  const mark = (form, done) => {
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "done") !== done;
  };

  // What the server says stands.
  const adopt = (state, focus) => {
    version = state.version;
    ends = state.left === null ? null : Date.now() + state.left * 1000;
    for (const field of root.querySelectorAll("input[name=version]")) field.value = version;
    if (wanted === null) show(state.step, focus);
    if (mode !== "room") {
      const done = new Set(state.done ?? []);
      for (const form of root.querySelectorAll("form[data-task]")) if (!waits(form.dataset.task)) mark(form, done.has(form.dataset.task));
      for (const part of root.querySelectorAll("[data-arrived]")) if (state.arrived && part.textContent !== state.arrived) part.textContent = state.arrived;
      const code = root.querySelector("[data-code]");
      if (code && state.code && code.textContent !== state.code) code.textContent = state.code;
      for (const part of root.querySelectorAll("[data-opens]")) part.hidden = Boolean(state.closed);
      for (const part of root.querySelectorAll("[data-closed]")) {
        part.hidden = !state.closed;
        if (state.closed) part.textContent = state.closed;
      }
      const picture = root.querySelector("[data-picture]");
      if (picture) {
        const address = picture.dataset.picture + "?" + Math.floor(Date.now() / 60000).toString(36);
        if (!picture.src.endsWith(address)) picture.src = address;
      }
    }
    tick();
  };

  // What was pressed and is not with the server yet: the last step, more time, and the
  // tasks, which outlive the page.
  let wanted = null;
  let more = 0;
  const kept = "together:" + root.dataset.person + ":" + day;
  let tasks = {};
  try {
    tasks = JSON.parse(localStorage.getItem(kept)) ?? {};
  } catch {
    tasks = {};
  }
  const keep = () => {
    try {
      if (Object.keys(tasks).length > 0) localStorage.setItem(kept, JSON.stringify(tasks));
      else localStorage.removeItem(kept);
    } catch {
      // a browser that keeps nothing: they wait in this page
    }
  };
  const waits = (key) => key in tasks;

  const post = async (path, fields) => {
    const response = await fetch(path, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
    if (response.redirected || response.status === 401 || response.status === 403) throw new Error("sign-in");
    if (response.status >= 500 || response.status === 429) throw new Error("offline");
    if (!response.headers.get("Content-Type")?.includes("json")) return { ok: false, state: { text: root.dataset.signIn } };
    return { ok: response.ok, state: await response.json() };
  };
  const trouble = (error) => say(error.message === "sign-in" ? root.dataset.signIn : root.dataset.offline);

  let sending = false;
  const flush = async () => {
    if (sending || mode === "room") return;
    sending = true;
    try {
      while (open && (wanted !== null || more > 0)) {
        const to = wanted ?? at;
        const extra = more;
        const { ok, state } = await post(base, { to, more: extra, version, from: mode });
        if (!ok && state.mine && state.version > version) {
          version = state.version; // an answer of our own that was lost on the way
          continue;
        }
        more -= extra;
        if (wanted === to || !ok) wanted = null;
        if ("version" in state) adopt(state, false);
        say(ok ? "" : state.text);
      }
      for (const [task, { done, made }] of Object.entries(tasks)) {
        const { ok, state } = await post(base + "/tasks", { task, done, at: made, sent: Date.now(), from: mode });
        if (tasks[task]?.made === made) delete tasks[task];
        keep();
        if (ok) adopt(state, false);
        say(ok ? "" : state.text);
      }
    } catch (error) {
      trouble(error);
    }
    sending = false;
  };

  const go = (to) => {
    if (to < 0 || to >= steps.length) return;
    show(to, true);
    if (!open) return;
    wanted = to;
    more = 0; // given to another step
    const minutes = Number(steps[to].dataset.minutes);
    ends = minutes > 0 ? Date.now() + minutes * 60000 : null;
    tick();
    flush();
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-by], [data-to], [data-more]");
    if (!button) return;
    event.preventDefault();
    if (button.hasAttribute("data-more")) {
      more += Number(button.value);
      if (ends !== null) ends += Number(button.value) * 60000;
      tick();
      flush();
    } else if (button.hasAttribute("data-by")) go(at + Number(button.dataset.by));
    else {
      button.closest("details")?.removeAttribute("open");
      go(Number(button.dataset.to));
    }
  });

  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-task]");
    if (!form) return;
    event.preventDefault();
    const done = event.submitter?.value ?? "yes";
    tasks[form.dataset.task] = { done, made: Date.now() };
    keep();
    for (const each of root.querySelectorAll("form[data-task]")) if (each.dataset.task === form.dataset.task) mark(each, done === "yes");
    form.querySelector("[data-when]:not([hidden]) button")?.focus();
    flush();
  });

  // A presenter's clicker sends the keys of a page.
  if (mode === "screen") {
    document.addEventListener("keydown", (event) => {
      if (event.target.closest("input, textarea, select, video, audio, summary, [contenteditable]")) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      go(at + by);
    });
  }

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const follow = async () => {
    for (;;) {
      try {
        const response = await fetch(base + "/state?seen=" + version);
        if (response.redirected || [401, 403, 404].includes(response.status)) {
          say(root.dataset.signIn);
          return;
        }
        if (!response.ok) throw new Error("later");
        const state = await response.json();
        if (state.standing !== "open") {
          say(state.standing === "cancelled" ? root.dataset.cancelled : root.dataset.ended);
          return;
        }
        if (told.textContent === root.dataset.offline) say("");
        if (!sending && wanted === null) adopt(state, false);
        flush();
      } catch {
        say(root.dataset.offline);
        await pause(2000);
      }
    }
  };

  for (const [task, { done }] of Object.entries(tasks)) {
    for (const form of root.querySelectorAll("form[data-task]")) if (form.dataset.task === task) mark(form, done === "yes");
  }
  show(at, false);
  tick();
  setInterval(tick, 1000);
  addEventListener("online", flush);
  if (open) follow();
  else flush();
  root.dataset.ready = "yes";
  const worker = navigator.serviceWorker;
  if (mode === "screen" && worker) {
    worker.register("/sw.js").then(() => worker.ready).then((r) => {
      for (const page of [location.pathname, "/days/" + day + "/attendance"]) r.active.postMessage({ keep: page });
    }).catch(() => {});
  }
})();
