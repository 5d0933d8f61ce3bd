// On a device that people share: who does not touch it for a while is asked, and then signed
// out, so that nobody reads what somebody left open.
"use strict";

const asks = document.getElementById("idle");
const span = Number(asks.dataset.idle) * 1000;
const notice = 30 * 1000; // between the question and the end
const telling = span / 5; // how often the server is told of touches that ask for no page
let touched = Date.now();
let told = touched;

function touch() {
  if (asks.open) return; // a question is answered by its button
  touched = Date.now();
  if (touched - told < telling) return;
  told = touched;
  fetch("/tablet", { method: "HEAD", redirect: "manual" }).catch(() => {});
}
for (const kind of ["pointerdown", "keydown", "scroll", "input"]) addEventListener(kind, touch, { passive: true, capture: true });
document.addEventListener("timeupdate", touch, { capture: true }); // a film is watched
asks.addEventListener("close", () => {
  touched = Date.now();
  told = 0;
  touch();
});

function leave() {
  for (const form of document.querySelectorAll("[data-guard]")) form.removeAttribute("data-guard"); // nobody is there to ask
  asks.querySelector("form").requestSubmit();
}

function look() {
  const idle = Date.now() - touched;
  if (idle >= span) leave();
  else if (idle >= span - notice && !asks.open) asks.showModal();
}
setInterval(look, 1000);
document.addEventListener("visibilitychange", look); // timers sleep with the screen
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // nobody goes back to another's page
