// Passkeys need a browser that has them, and script: without, their part of the page
// stays hidden and the letter is the way in.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  box.hidden = false;
  for (const instead of document.querySelectorAll("[data-no-passkey]")) instead.hidden = true;
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // pressing twice after a refusal is no double click
    start(box);
  });
}

async function start(box) {
  const button = box.querySelector("button");
  const told = box.querySelector("[role=status]");
  const fail = (text) => { told.textContent = text; };
  button.disabled = true;
  fail("");
  try {
    const asked = await send(box.dataset.options, {});
    if (!asked.token) return fail(asked.text ?? box.dataset.failed);
    const credential = box.dataset.passkey === "new" ? await make(asked.options) : await use(asked.options);
    const answer = await send(box.action, { token: asked.token, name: box.elements.name?.value ?? "", next: box.dataset.next ?? "", credential });
    if (!answer.next) return fail(answer.text ?? box.dataset.failed);
    location.assign(answer.next);
  } catch (error) {
    fail(error.name === "InvalidStateError" ? box.dataset.there : error.name === "NotAllowedError" ? box.dataset.cancelled : box.dataset.failed);
  } finally {
    button.disabled = false;
  }
}

async function send(address, body) {
  const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) });
  return answer.json();
}

const listed = (all) => (all ?? []).map((c) => ({ ...c, id: bytes(c.id) }));

async function make(options) {
  const c = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: listed(options.excludeCredentials),
  } });
  return { id: c.id, rawId: base64(c.rawId), type: c.type, authenticatorAttachment: c.authenticatorAttachment ?? undefined, clientExtensionResults: c.getClientExtensionResults(), response: {
    clientDataJSON: base64(c.response.clientDataJSON), attestationObject: base64(c.response.attestationObject), transports: c.response.getTransports?.() ?? [],
  } };
}

async function use(options) {
  const c = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) } });
  return { id: c.id, rawId: base64(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(), response: {
    clientDataJSON: base64(c.response.clientDataJSON), authenticatorData: base64(c.response.authenticatorData), signature: base64(c.response.signature),
    userHandle: c.response.userHandle ? base64(c.response.userHandle) : undefined,
  } };
}
