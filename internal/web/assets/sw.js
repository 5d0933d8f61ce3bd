// The worker keeps what one needs where there is no network: the attendance list and the
// screen of the day that a trainer has opened, the tasks that a learner has opened, and a page of the
// coming days. Nothing else is kept. It is forgotten when somebody signs in or out,
// and after a working day.
"use strict";

const shell = "shell-" + VERSION;
const lists = "lists";
const pages = "pages";
const away = "/offline";
const longest = 18 * 60 * 60 * 1000;
const fresh = 60 * 60 * 1000; // how long the page of the coming days is not asked for again
const list = /^\/days\/\d+\/(attendance|together)$/;
const task = /^\/courses\/[^/]+\/tasks\/[^/]+$/;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell).then((c) => c.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (![shell, lists, pages].includes(name)) await caches.delete(name);
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

const kept = async (name, path) => {
  const cache = await caches.open(name);
  const response = await cache.match(path);
  if (response && Date.now() - Number(response.headers.get("Kept-At")) < longest) return response;
  if (response) await cache.delete(path);
  return undefined;
};

// A page says by its header that it may be kept, and what it is called.
const keepPage = async (path, response) => {
  if (!response.ok || response.redirected || !response.headers.has("Keep-Page")) return;
  const headers = new Headers(response.headers);
  headers.set("Kept-At", String(Date.now()));
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  await (await caches.open(pages)).put(path, new Response(await response.text(), { headers }));
};

const renew = async () => {
  const old = await kept(pages, away);
  if (old && Date.now() - Number(old.headers.get("Kept-At")) < fresh) return;
  await keepPage(away, await fetch(away));
};

const escaped = (text) => text.replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");

// The page of the coming days, with the tasks that can be opened from here.
const offline = async () => {
  const page = await kept(pages, away);
  if (!page) return Response.error();
  let links = "";
  for (const { url } of await (await caches.open(pages)).keys()) {
    const path = new URL(url).pathname;
    const one = task.test(path) && (await kept(pages, path));
    if (one) links += `<li><a href="${path}">${escaped(decodeURIComponent(one.headers.get("Keep-Page")))}</a></li>`;
  }
  const [before, none, after] = (await page.text()).split(/<!--opened-->/);
  const text = after === undefined ? before : before + (links ? `<ul class="ways">${links}</ul>` : none) + after;
  return new Response(text, { headers: page.headers });
};

const openTask = async (event, path) => {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keepPage(path, response.clone()));
    return response;
  } catch {
    return (await kept(pages, path)) ?? offline();
  }
};

const open = async (event, keeps) => {
  try {
    const response = await fetch(event.request);
    if (keeps) event.waitUntil(renew().catch(() => {}));
    return response;
  } catch {
    return offline();
  }
};

const openList = async (event, path) => {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(path, response.clone()));
    return response;
  } catch {
    return (await kept(lists, path)) ?? offline();
  }
};

// Without a network the way to the list is short: a trainer needs no other page.
const leadToList = async (event) => {
  try {
    const response = await fetch(event.request);
    event.waitUntil(renew().catch(() => {}));
    return response;
  } catch {
    const all = await (await caches.open(lists)).keys();
    const last = all.findLast((request) => request.url.endsWith("/attendance"));
    return last ? Response.redirect(last.url) : offline();
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
    if (["/session/end", "/my/sessions/end", "/sign-in/link", "/demo"].includes(url.pathname)) event.waitUntil(Promise.all([caches.delete(lists), caches.delete(pages)]));
    return;
  }
  if (event.request.method !== "GET") return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
  else if (event.request.mode !== "navigate") return;
  else if (list.test(url.pathname)) event.respondWith(openList(event, url.pathname));
  else if (task.test(url.pathname)) event.respondWith(openTask(event, url.pathname));
  else if (url.pathname === "/" || url.pathname === "/my/days") event.respondWith(leadToList(event));
  else event.respondWith(open(event, url.pathname === "/my/journey"));
});

addEventListener("message", (event) => {
  const path = event.data?.keep;
  if (list.test(path)) event.waitUntil(fetch(path).then((response) => keep(path, response)).catch(() => {}));
});
