// The worker keeps one thing for a room without a network: the attendance list
// that a trainer has opened, and what it looks like. Nothing else is kept. It is
// forgotten when somebody signs in or out, and after a working day.
"use strict";

const shell = "shell-" + VERSION;
const lists = "lists";
const longest = 18 * 60 * 60 * 1000;
const list = /^\/days\/\d+\/attendance$/;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell).then((c) => c.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name !== shell && name !== lists) await caches.delete(name);
    }
    await clients.claim();
  })());
});

// The server marks the pages that may be kept.
const keep = async (path, response) => {
  const cache = await caches.open(lists);
  if (!response.ok || response.redirected || !response.headers.has("Keep-List")) {
    if (response.status === 404) await cache.delete(path); // no longer theirs
    return;
  }
  const headers = new Headers(response.headers);
  headers.set("Kept-At", String(Date.now()));
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const text = (await response.text()).replace(" data-fresh", " data-kept");
  await cache.put(path, new Response(text, { headers }));
};

const keptList = async (path) => {
  const cache = await caches.open(lists);
  const response = await cache.match(path);
  if (response && Date.now() - Number(response.headers.get("Kept-At")) < longest) return response;
  if (response) await cache.delete(path);
  return undefined;
};

const openList = async (event, path) => {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(path, response.clone()));
    return response;
  } catch {
    return (await keptList(path)) ?? Response.error();
  }
};

// Without a network the way to the list is short: it is the only page there is.
const leadToList = async (event) => {
  try {
    return await fetch(event.request);
  } catch {
    const kept = await (await caches.open(lists)).keys();
    const last = kept[kept.length - 1];
    return last ? Response.redirect(last.url) : Response.error();
  }
};

// A list that was kept by an older version asks for that version's files.
const asset = async (request) => {
  const cache = await caches.open(shell);
  const hit = await cache.match(request);
  if (hit) return hit;
  try {
    return await fetch(request);
  } catch {
    const name = request.url.slice(request.url.lastIndexOf("/"));
    const same = (await cache.keys()).find((k) => k.url.endsWith(name));
    return same ? cache.match(same) : Response.error();
  }
};

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method === "POST") {
    if (["/session/end", "/my/sessions/end", "/sign-in/link", "/demo"].includes(url.pathname)) event.waitUntil(caches.delete(lists));
    return;
  }
  if (event.request.method !== "GET") return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
  else if (event.request.mode !== "navigate") return;
  else if (list.test(url.pathname)) event.respondWith(openList(event, url.pathname));
  else if (url.pathname === "/" || url.pathname === "/my/days") event.respondWith(leadToList(event));
});

addEventListener("message", (event) => {
  const path = event.data?.keep;
  if (list.test(path)) event.waitUntil(fetch(path).then((response) => keep(path, response)).catch(() => {}));
});
