// Live updates: the server says that something changed, the page fetches that part of itself again.
// An element takes part with data-live="m:12 a:7" and an id; data-refresh is the address it comes from
// (this page when absent). A part with data-version is left alone while that stays the same, so that what somebody is
// filling in is not taken away. Without a stream, parts are fetched every 15 seconds while the page is seen.

const POLL_MS = 15000;
const WAIT_MS = 300;

export function watchLive(root) {
  if (!root.querySelector("[data-live][id]")) return;
  const meta = root.querySelector('meta[name="live"]');
  let timer = null;
  const poll = () => {
    if (!timer) timer = setInterval(() => document.visibilityState === "visible" && refresh(root, null), POLL_MS);
  };
  const rest = () => {
    clearInterval(timer);
    timer = null;
  };
  if (!meta || !window.EventSource) {
    poll();
    return;
  }
  const address = new URL(meta.content, location.href);
  address.searchParams.set("token", meta.dataset.token);
  const source = new EventSource(address);
  let waiting = new Set();
  source.addEventListener("open", rest);
  source.addEventListener("error", poll);
  source.addEventListener("changed", (event) => {
    if (!waiting.size) {
      setTimeout(() => {
        refresh(root, waiting);
        waiting = new Set();
      }, WAIT_MS);
    }
    waiting.add("*");
    for (const channel of channelsOf(event.data)) waiting.add(channel);
  });
}

function channelsOf(data) {
  try {
    const parsed = JSON.parse(data);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return data.split(/\s+/);
  }
}

async function refresh(root, channels) {
  const parts = [...root.querySelectorAll("[data-live][id]")].filter(
    (part) => !part.contains(document.activeElement) || !document.activeElement.matches("input, select, textarea"),
  );
  const wanted = parts.filter(
    (part) => !channels || part.dataset.live.split(/\s+/).some((one) => channels.has(one) || !one.includes(":")),
  );
  const addresses = new Set(wanted.map((part) => part.dataset.refresh || location.href));
  for (const address of addresses) await renew(root, address, wanted);
}

async function renew(root, address, wanted) {
  let page;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // offline: the next change or poll tries again
  }
  for (const part of wanted) {
    if ((part.dataset.refresh || location.href) !== address) continue;
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.dataset.version && fresh.dataset.version === part.dataset.version) continue;
    if (fresh && fresh.innerHTML !== part.innerHTML) {
      part.innerHTML = fresh.innerHTML;
      if (fresh.dataset.version) part.dataset.version = fresh.dataset.version;
      if (window.htmx) window.htmx.process(part);
      part.dispatchEvent(new CustomEvent("linhe:renewed", { bubbles: true }));
    }
  }
}
