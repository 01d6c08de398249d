// One tap, one request: a form that is being sent cannot be sent again.

export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.sending) {
      if (form.dataset.sending) event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    const button = event.submitter;
    // after this turn, so that the button's own name and value are still sent
    setTimeout(() => button && button.setAttribute("aria-busy", "true"), 0);
    setTimeout(() => release(form, button), 8000);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) release(form, null);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form) release(form, form.querySelector("[aria-busy]"));
  });
}

function release(form, button) {
  delete form.dataset.sending;
  for (const one of button ? [button] : form.querySelectorAll("[aria-busy]")) one.removeAttribute("aria-busy");
}
