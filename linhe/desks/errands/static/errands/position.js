// The courier's position: filled into the form on request, and sent from time to time while on duty.

const EVERY_MS = 30000;

const button = document.querySelector("[data-locate]");
if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      (found) => {
        button.form.elements.lat.value = found.coords.latitude;
        button.form.elements.lng.value = found.coords.longitude;
        tell(button.dataset.found);
      },
      () => tell(button.dataset.lost),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}

function tell(words) {
  button.removeAttribute("aria-busy");
  button.querySelector("span").textContent = words;
}

const duty = document.querySelector("[data-position]");
if (duty && navigator.permissions && navigator.geolocation) {
  navigator.permissions.query({ name: "geolocation" }).then((state) => {
    if (state.state === "granted") watch();
  });
}

function watch() {
  let sent = 0;
  navigator.geolocation.watchPosition((found) => {
    if (Date.now() - sent < EVERY_MS) return;
    sent = Date.now();
    const body = new FormData();
    body.set("lat", found.coords.latitude);
    body.set("lng", found.coords.longitude);
    body.set("csrfmiddlewaretoken", duty.querySelector("[name=csrfmiddlewaretoken]").value);
    fetch(duty.dataset.position, { method: "POST", body, credentials: "same-origin", keepalive: true });
  });
}
