// Answers for the desk's own pages of SAY when there is no network: with one page that was kept, and
// nothing else. What it cannot reach it never pretends to have done; it sends nothing by itself.
// SHELL and NAME are written before these lines by the desk.
"use strict";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("commonground-shell") && name !== NAME;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

const kept = async (path) => (await caches.open(NAME)).match(path, { ignoreVary: true });

self.addEventListener("fetch", (event) => {
  const { request } = event, path = new URL(request.url).pathname;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept(SHELL[0])) ?? Response.error()));
  } else if (request.method === "GET" && path !== SHELL[0] && SHELL.includes(path)) {
    event.respondWith(fetch(request).catch(async () => (await kept(path)) ?? Response.error()));
  }
});
