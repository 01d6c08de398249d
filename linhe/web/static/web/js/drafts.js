// What was typed in a form with data-draft="name" stays on this device until the form has been sent.

const PREFIX = "linhe-draft:";
const KEPT_FOR_MS = 3 * 24 * 3600 * 1000;

export function keepDrafts(root) {
  forgetOld();
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (!form.querySelector("[aria-invalid]")) restore(form);
    form.addEventListener("input", () => save(form));
    form.addEventListener("submit", () => localStorage.setItem(PREFIX + "sent", form.dataset.draft));
  }
  const sent = localStorage.getItem(PREFIX + "sent");
  if (sent && !root.querySelector("form[data-draft] [aria-invalid]")) localStorage.removeItem(PREFIX + sent);
  localStorage.removeItem(PREFIX + "sent");
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (one) => one.name && !["hidden", "password", "file", "submit"].includes(one.type) && one.autocomplete !== "one-time-code",
  );
}

function save(form) {
  const values = fieldsOf(form).map((one) =>
    ["checkbox", "radio"].includes(one.type) ? [one.name, one.value, one.checked] : [one.name, one.value],
  );
  try {
    localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ at: Date.now(), values }));
  } catch {
    // storage is full or forbidden: the form still works, only without a draft
  }
}

function restore(form) {
  const kept = read(PREFIX + form.dataset.draft);
  if (!kept || localStorage.getItem(PREFIX + "sent") === form.dataset.draft) return;
  for (const [name, value, checked] of kept.values) {
    for (const one of fieldsOf(form).filter((field) => field.name === name)) {
      if (["checkbox", "radio"].includes(one.type)) {
        if (one.value === value) one.checked = checked;
      } else if (!one.value) {
        one.value = value;
      }
    }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forgetOld() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const kept = read(key);
    if (kept && kept.at && Date.now() - kept.at > KEPT_FOR_MS) localStorage.removeItem(key);
  }
}
