{% load linhe %}// The page for reporting opens without a network: kept is only what shows nobody's name.
const STORE = "linhe-reports-1";
const SHELL = "{% url 'reports:offline' %}";
const PAGE = "{% url 'reports:new' %}";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.add(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((one) => one.startsWith("linhe-reports-") && one !== STORE).map((one) => caches.delete(one))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  const addresses = (event.data?.keep ?? []).filter((one) => new URL(one).origin === self.location.origin);
  event.waitUntil(caches.open(STORE).then((store) => Promise.allSettled(addresses.map((one) => store.add(one)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === PAGE) {
    event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreVary: true })));
  }
});
