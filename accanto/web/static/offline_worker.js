// The service worker of /register/: it keeps one page without any name in it, and what that page loads; nothing else, ever.
"use strict";

const { page, files, loads, version } = self.CARRIED;
const CACHE = `accanto-register-${version}`;
const PATIENCE = 4000; // milliseconds that a network which does not answer may take

self.addEventListener("install", (event) => {
  async function install() {
    const cache = await caches.open(CACHE);
    await cache.addAll([page, ...files].map((url) => new Request(url, { cache: "reload" })));
    await self.skipWaiting();
  }
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  async function activate() {
    for (const name of await caches.keys()) {
      if (name.startsWith("accanto-register-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  }
  event.waitUntil(activate());
});

async function kept(url) {
  return (await (await caches.open(CACHE)).match(url)) || Response.error();
}

// the page as the network has it (in the language of today), or as it was kept
async function thePage(request) {
  const late = new Promise((resolve, reject) => setTimeout(reject, PATIENCE));
  try {
    const answer = await Promise.race([fetch(request), late]);
    const whole = answer.ok && !answer.redirected && answer.headers.get("X-Loads") === loads;
    if (whole) await (await caches.open(CACHE)).put(page, answer.clone());
    return answer.ok ? answer : kept(page);
  } catch {
    return kept(page);
  }
}

async function anotherPage(request) {
  try {
    return await fetch(request);
  } catch {
    return Response.redirect(page);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(url.pathname === page ? thePage(request) : anotherPage(request));
  else if (files.includes(url.pathname)) {
    event.respondWith(caches.open(CACHE).then(async (cache) => (await cache.match(url.pathname)) || fetch(request)));
  }
});
