// Confirming the items of a run sheet from a phone that may be offline for minutes. What is tapped goes into a queue on
// this device and out in order, each with its key and the moment it was said; the server keeps the order of the run, so
// what comes too early is sent again. Without script the forms of the page work by themselves.

const AGAIN_MS = 4000;
const LONGEST_MS = 20000;
const page = document.querySelector("[data-run]");
const store = `linhe-run-${page.dataset.run}-${page.dataset.owner}`;
let wait = AGAIN_MS;
let timer = null;
let sending = false;

function queue() {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? [];
  } catch {
    return [];
  }
}

function keep(entries) {
  if (entries.length) localStorage.setItem(store, JSON.stringify(entries));
  else localStorage.removeItem(store);
}

function form() {
  return page.querySelector("form[data-run-form]");
}

// The items that come, and which of them this phone may confirm next although it has heard nothing from the server.
function nextOne() {
  const said = new Set(queue().map((one) => one.seq));
  const roles = page.querySelector("[data-run-items]").dataset.roles.split(" ");
  const caller = form()?.dataset.runForm === "call_item";
  const called = page.querySelector("[data-run-items]").dataset.called === "1";
  const items = [...page.querySelectorAll("[data-run-items] > li")];
  const left = items.slice(caller && called ? 1 : 0).find((item) => !said.has(item.dataset.seq));
  if (!left || left.dataset.planned !== "1" || left.dataset.blocked === "1") return null;
  return caller || roles.includes(left.dataset.role) ? left : null;
}

function show() {
  const waiting = queue();
  const note = page.querySelector("[data-run-waiting]");
  note.hidden = waiting.length === 0;
  note.querySelector("[data-run-count]").textContent = waiting.length;
  const one = form();
  if (!one || (navigator.onLine && !waiting.length)) return;
  const item = nextOne();
  one.hidden = !item;
  page.querySelector("[data-run-rest]").hidden = Boolean(item);
  if (!item) return;
  page.querySelector("[data-run-label]").textContent = item.dataset.label;
  page.querySelector("[data-run-text]").textContent = item.querySelector("[data-text]").textContent;
  page.querySelector("[data-run-takes]").textContent = item.querySelector("[data-takes]").textContent;
  if (one.elements.seq.value === item.dataset.seq) return;
  page.querySelector("[data-run-reason]")?.remove();
  one.elements.seq.value = item.dataset.seq;
  one.elements.key.value = crypto.randomUUID();
  if (one.elements.heard) one.elements.heard.checked = false;
}

function token() {
  return form()?.elements.csrfmiddlewaretoken.value;
}

async function post(entry) {
  const body = new FormData();
  for (const name of ["key", "seq", "revision", "said_at"]) body.append(name, entry[name]);
  body.append("csrfmiddlewaretoken", token());
  const answer = await fetch(entry.address, {
    method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" },
  });
  if (answer.type === "opaqueredirect" || answer.status >= 500) return { again: true };
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return { again: true, renew: true };
  return answer.ok ? { done: true } : answer.json();
}

// A page from long ago may hold an old token; a fresh one brings a new one, or the way to sign in.
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (answer.redirected) location.assign(answer.url);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = fresh.querySelector("form[data-run-form] [name=csrfmiddlewaretoken]")?.value;
  if (found && form()) form().elements.csrfmiddlewaretoken.value = found;
}

async function flush() {
  if (sending || !queue().length) return;
  sending = true;
  clearTimeout(timer);
  let refused = null;
  try {
    while (queue().length) {
      const outcome = await post(queue()[0]);
      if (outcome.again) {
        if (outcome.renew) await renew();
        timer = setTimeout(flush, wait);
        wait = Math.min(2 * wait, LONGEST_MS);
        break;
      }
      if (!outcome.done) refused = outcome.message;
      keep(queue().slice(1));
      wait = AGAIN_MS;
    }
  } catch {
    timer = setTimeout(flush, wait); // without a network; the browser's own event may come earlier
  } finally {
    sending = false;
  }
  show();
  if (refused) tell(refused);
  else if (!queue().length) location.reload();
}

function tell(message) {
  const note = page.querySelector("[data-run-refused]");
  note.querySelector("[data-run-why]").textContent = message;
  note.hidden = false;
  note.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  const one = event.target.closest("form[data-run-form]");
  if (!one) return;
  event.preventDefault();
  keep([
    ...queue(),
    {
      address: one.action, key: one.elements.key.value, seq: one.elements.seq.value,
      revision: one.elements.revision.value, said_at: new Date().toISOString(),
    },
  ]);
  delete one.dataset.sending;
  one.elements.key.value = crypto.randomUUID();
  show();
  flush();
});

page.querySelector("[data-run-drop]").addEventListener("click", () => {
  keep([]);
  location.reload();
});
document.addEventListener("linhe:renewed", show);
window.addEventListener("online", flush);
window.addEventListener("offline", show);

async function openOffline() {
  if (!("serviceWorker" in navigator) || !page.dataset.worker) return;
  await navigator.serviceWorker.register(page.dataset.worker);
  const ready = await navigator.serviceWorker.ready;
  const used = performance.getEntriesByType("resource").map((one) => one.name);
  ready.active.postMessage({ keep: [location.href, ...used.filter((one) => one.startsWith(`${location.origin}/static/`))] });
}

show();
flush();
openOffline().finally(() => (page.dataset.ready = "1"));
