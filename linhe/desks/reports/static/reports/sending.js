// Sends a report once: the same key every time, so that what was sent twice has one effect.

import { NAMES, drop, keep, kept } from "./store.js";

// Returns { url } when it is there, { page } when the server wants another look, null without a network.
export async function send(address, fields, files, token) {
  const body = new FormData();
  for (const [name, value] of fields) {
    if (name !== "csrfmiddlewaretoken" && name !== "files") body.append(name, value);
  }
  body.set("csrfmiddlewaretoken", token);
  body.set("step", "send");
  body.set("refill", "1");
  for (const file of files) body.append("files", file, file.name);
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json, text/html" },
    });
  } catch {
    return null;
  }
  if (answer.status >= 500) return null;
  if (answer.status === 201) return answer.json();
  return { page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

// What waits in the outbox goes out, for the same person as it was written by. Returns what send() returned.
export async function sendWaiting(fresh) {
  const waiting = await kept(NAMES.outbox);
  if (!waiting) return undefined;
  let page;
  try {
    const answer = await fetch(fresh, { credentials: "same-origin", headers: { Accept: "text/html" } });
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
  const form = page.querySelector("form[data-report]");
  const token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return null;
  if (form.dataset.report !== waiting.owner && !unsigned(waiting)) return { foreign: true };
  const outcome = await send(waiting.address, waiting.fields, waiting.files, token);
  if (outcome?.url) await drop(NAMES.outbox);
  if (outcome?.page) {
    await keep(NAMES.draft, waiting);
    await drop(NAMES.outbox);
  }
  return outcome;
}

function unsigned(waiting) {
  return waiting.fields.some(([name, value]) => name === "how" && value === "unnamed");
}
