{% load linhe %}// The page of a run opens without a network, as it was seen last on this phone. It names no person.
const STORE = "linhe-power-1";
const RUN = new RegExp("^{% url 'power:home' %}\\d+/run/$");

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const addresses = (event.data?.keep ?? []).filter((one) => new URL(one).origin === self.location.origin);
  event.waitUntil(caches.open(STORE).then((store) => Promise.allSettled(addresses.map((one) => store.add(one)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && RUN.test(address.pathname)) event.respondWith(latest(request));
  else if (address.pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreVary: true })));
  }
});

async function latest(request) {
  try {
    const answer = await fetch(request);
    const store = await caches.open(STORE);
    if (answer.ok && !answer.redirected) await store.put(request.url, answer.clone());
    else await store.delete(request.url, { ignoreVary: true });
    return answer;
  } catch (error) {
    const kept = await caches.match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
