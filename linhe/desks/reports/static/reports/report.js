// The page on which something is reported: photos, draft, place, voice. Without it the form works all the same.

import { NAMES, drop, keep, kept } from "./store.js";
import { send, sendWaiting } from "./sending.js";
import { choosePlace } from "./place.js";
import { listen } from "./voice.js";

const MOST_PHOTOS = 4;
const LAST_OWNER = "linhe-reports-owner";
const page = document.querySelector("[data-report-page]");
const form = page.querySelector("form[data-report]");
const shots = form.querySelector("[data-shots]");
const input = form.elements.files;
let files = [];

function owner() {
  return form.dataset.shell === undefined ? form.dataset.report : (localStorage.getItem(LAST_OWNER) ?? "");
}

function written() {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

async function save() {
  const fields = [...written(), ["place_name", placeName()]];
  const said = fields.some(([name, value]) => ["words", "spot", "category"].includes(name) && value);
  if (!said && !files.length) return;
  await keep(NAMES.draft, { owner: owner(), address: form.action, fields, files });
}

function fill(fields) {
  const values = new Map(fields);
  for (const one of form.elements) {
    if (!one.name || one.type === "file" || one.type === "submit" || one.name === "csrfmiddlewaretoken") continue;
    if (!values.has(one.name)) continue;
    if (one.type === "radio") one.checked = one.value === values.get(one.name);
    else if (one.type !== "checkbox") one.value = values.get(one.name);
  }
  addPlace(values.get("place"), values.get("place_name"));
}

function addPlace(code, name) {
  if (!code || form.querySelector(`[name=place][value="${CSS.escape(code)}"]`)) return;
  const list = form.querySelector("[data-place-list]");
  if (!list) return;
  const choice = document.createElement("label");
  choice.className = "choice";
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "place", value: code, checked: true });
  const label = document.createElement("span");
  label.textContent = name || code;
  choice.append(radio, label);
  let frame = list.querySelector(".choices");
  if (!frame) {
    frame = document.createElement("div");
    frame.className = "choices";
    list.replaceChildren(frame);
  }
  frame.prepend(choice);
}

function showPhotos() {
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  input.files = kept.files;
  shots.replaceChildren(
    ...files.map((file, number) => {
      const shot = document.createElement("div");
      shot.className = "shot";
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = `${number + 1}`;
      image.onload = () => URL.revokeObjectURL(image.src);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "btn btn_quiet btn_s";
      remove.textContent = form.dataset.remove;
      remove.addEventListener("click", () => {
        files = files.filter((one) => one !== file);
        showPhotos();
        save();
      });
      shot.append(image, remove);
      return shot;
    }),
  );
}

async function restore() {
  const draft = await kept(NAMES.draft);
  if (!draft || (draft.owner !== owner() && form.dataset.shell === undefined)) return;
  fill(draft.fields);
  files = draft.files;
  showPhotos();
  page.querySelector("[data-restored]").hidden = false;
}

async function forget() {
  await drop(NAMES.draft);
  await drop(NAMES.outbox);
}

async function submit(event) {
  const button = event.submitter;
  if (button?.dataset.find !== undefined) return;
  event.preventDefault();
  event.stopPropagation();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  button?.setAttribute("aria-busy", "true");
  try {
    await sendNow();
  } finally {
    delete form.dataset.busy;
    button?.removeAttribute("aria-busy");
  }
}

async function sendNow() {
  const fields = [...written(), ["place_name", placeName()]];
  await keep(NAMES.outbox, { owner: owner(), address: form.action, fields, files });
  await drop(NAMES.draft);
  const token = form.querySelector("[name=csrfmiddlewaretoken]")?.value;
  const outcome = token && navigator.onLine ? await send(form.action, fields, files, token) : null;
  if (outcome) await settle(outcome);
  else page.querySelector("[data-waiting]").hidden = false;
}

function placeName() {
  return form.querySelector("[name=place]:checked")?.closest(".choice")?.textContent.trim() ?? "";
}

async function settle(outcome) {
  if (outcome.url) {
    await forget();
    location.assign(outcome.url);
    return;
  }
  if (outcome.foreign) return;
  const waiting = await kept(NAMES.outbox);
  if (waiting) await keep(NAMES.draft, waiting);
  await drop(NAMES.outbox);
  again(outcome.page);
}

// The server wants another look: its messages come in, what was typed and photographed stays.
function again(answer) {
  const fresh = answer.querySelector("form[data-report]");
  if (!fresh) {
    location.reload();
    return;
  }
  form.querySelector("[data-near]").replaceChildren(...fresh.querySelector("[data-near]").childNodes);
  form.elements.seen.value = fresh.querySelector("[name=seen]").value;
  for (const old of page.querySelectorAll(".field__error, [data-refused]")) old.remove();
  const errors = [...answer.querySelectorAll("[data-report-page] > [role=alert], form[data-report] .field__error")];
  for (const error of errors.reverse()) {
    const box = document.createElement("div");
    box.dataset.refused = "";
    box.className = "gap-below";
    box.append(error);
    page.prepend(box);
  }
  (page.querySelector("[data-refused]") ?? form.querySelector("[data-near]")).scrollIntoView({ block: "center" });
}

async function flush() {
  if (!navigator.onLine) return;
  const outcome = await sendWaiting(form.dataset.fresh);
  if (outcome) await settle(outcome);
}

async function watchOffline() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(form.dataset.worker);
  const ready = await navigator.serviceWorker.ready;
  const used = performance.getEntriesByType("resource").map((one) => one.name);
  const own = used.filter((one) => one.startsWith(`${location.origin}/static/`));
  ready.active.postMessage({ keep: [new URL(form.dataset.offline, location.href).href, ...own] });
}

let saving = null;
function saveSoon() {
  clearTimeout(saving);
  saving = setTimeout(save, 200);
}

if (form.dataset.shell === undefined) localStorage.setItem(LAST_OWNER, form.dataset.report);
input.addEventListener("change", () => {
  files = [...files, ...input.files].slice(0, MOST_PHOTOS);
  showPhotos();
  save();
});
form.addEventListener("input", saveSoon);
form.addEventListener("change", saveSoon);
form.addEventListener("submit", submit);
page.querySelector("[data-drop]").addEventListener("click", async () => {
  await forget();
  location.reload();
});
window.addEventListener("online", flush);
choosePlace(form);
listen(form);
await restore();
const waiting = await kept(NAMES.outbox);
if (waiting) {
  page.querySelector("[data-waiting]").hidden = false;
  fill(waiting.fields);
  files = waiting.files;
  showPhotos();
  await flush();
}
await watchOffline();
page.dataset.ready = "1";
