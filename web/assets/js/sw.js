// Runs beside the pages, where the browser trusts the address (HTTPS, or this very computer).
// Pages come from the hub, always: when it does not answer, a page says so, and what still works.
// Kept are that page and what it is dressed with; nothing of anybody. HUB stands in the first
// line, see web/pages/offline.py.
/* global HUB */
const KEPT = `hub-${HUB.build}`;
const LANGUAGE = "/hors-ligne/langue";
const IS_HASHED = /^\/static\/.+\.[A-Z0-9]{8}\.[a-z0-9]+$/;
const PROXY_ALONE = [502, 504];

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => event.waitUntil(keepLanguage(event.data.language)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isLight(request)) event.respondWith(page(request));
  } else if (request.method === "GET" && IS_HASHED.test(url.pathname)) {
    event.respondWith(asset(request));
  }
});

// Browsers stream a form that carries a file better themselves.
function isLight(request) {
  const kind = request.headers.get("content-type") ?? "";
  return request.method === "GET" || !kind.startsWith("multipart/");
}

async function page(request) {
  try {
    const answer = await fetch(request);
    if (!PROXY_ALONE.includes(answer.status)) return answer;
  } catch {
    // Nobody there.
  }
  // A form is never sent again by itself: the browser is led away from it.
  if (request.method !== "GET") {
    const back = request.referrer ? new URL(request.referrer).pathname : "/";
    return Response.redirect(`/hors-ligne?vers=${encodeURIComponent(back)}`, 303);
  }
  const cache = await caches.open(KEPT);
  const language = await (await cache.match(LANGUAGE))?.text();
  const found = await cache.match(offlinePage(language ?? HUB.language));
  return found ?? (await cache.match(offlinePage(HUB.language))) ?? Response.error();
}

async function asset(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

async function keepAll() {
  const cache = await caches.open(KEPT);
  await cache.addAll(HUB.assets);
  await Promise.all(HUB.languages.map((language) => keepOfflinePage(cache, language)));
  await self.skipWaiting();
}

// Asked for by nobody in particular: no name and no menu of anybody is on it.
async function keepOfflinePage(cache, language) {
  const answer = await fetch("/hors-ligne", {
    credentials: "omit",
    cache: "no-store",
    headers: { "Accept-Language": language },
  });
  if (!answer.ok) throw new Error(`the offline page: ${answer.status}`);
  await cache.put(offlinePage(language), answer);
}

async function begin() {
  const language = await (await caches.match(LANGUAGE))?.text();
  const old = (await caches.keys()).filter((name) => name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await keepLanguage(language);
  await self.clients.claim();
}

async function keepLanguage(language) {
  if (!HUB.languages.includes(language)) return;
  await (await caches.open(KEPT)).put(LANGUAGE, new Response(language));
}

function offlinePage(language) {
  return `/hors-ligne?langue=${language}`;
}
