// Where it is: by typing, by a tap on the map, by being there; and what is open near by.

const WAIT_MS = 300;

export function choosePlace(form) {
  const list = form.querySelector("[data-place-list]");
  const near = form.querySelector("[data-near]");
  const look = async () => {
    const asked = new URLSearchParams({
      category: form.elements.category.value, place: form.elements.place?.value ?? "",
      lat: form.elements.lat.value, lng: form.elements.lng.value,
    });
    if (!asked.get("category") || !(asked.get("place") || asked.get("lat") || form.elements.at)) return;
    const text = await fragment(`${form.dataset.similar}?${asked}`);
    if (text === null) return;
    near.innerHTML = text;
    form.elements.seen.value = near.querySelector("section") ? "1" : "";
  };
  form.addEventListener("change", (event) => {
    if (["category", "place"].includes(event.target.name)) look();
  });
  if (!list) return;
  search(form, list);
  tap(form, list, look);
  locate(form, list, look);
}

async function fragment(address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null; // offline: the choice is made from what is there
  }
}

async function offer(form, list, query) {
  const text = await fragment(`${form.dataset.places}?${new URLSearchParams(query)}`);
  if (text === null) return;
  list.innerHTML = text;
  list.querySelector("[name=place]")?.dispatchEvent(new Event("change", { bubbles: true }));
}

function search(form, list) {
  let due = null;
  const go = () => {
    if (form.elements.q.value.trim()) offer(form, list, { q: form.elements.q.value });
  };
  form.elements.q.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(go, WAIT_MS);
  });
  form.elements.q.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go();
  });
  form.querySelector("[data-find]").addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
}

async function pointAt(form, list, look, lat, lng) {
  form.elements.lat.value = lat.toFixed(6);
  form.elements.lng.value = lng.toFixed(6);
  form.querySelector("[data-located]").hidden = false;
  await offer(form, list, { lat, lng });
  await look();
}

function locate(form, list, look) {
  const button = form.querySelector("[data-locate]");
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      async ({ coords }) => {
        await pointAt(form, list, look, coords.latitude, coords.longitude);
        button.removeAttribute("aria-busy");
      },
      () => {
        button.removeAttribute("aria-busy");
        button.disabled = true;
      },
      { enableHighAccuracy: true, timeout: 8000 },
    );
  });
}

function tap(form, list, look) {
  const button = form.querySelector("[data-open-map]");
  const frame = form.querySelector("[data-tap]");
  if (!window.L) return;
  button.hidden = false;
  let map = null;
  button.addEventListener("click", async () => {
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
    if (!map && !frame.hidden) map = await drawn(frame, (at) => pointAt(form, list, look, at.lat, at.lng));
  });
}

async function drawn(frame, chosen) {
  const L = window.L;
  const map = L.map(frame, { preferCanvas: true, maxZoom: 18.5, attributionControl: false });
  map.setView([31.23, 121.47], 12);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  for (const address of [frame.dataset.base, frame.dataset.layer]) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) continue;
    const shapes = L.geoJSON(await answer.json(), {
      interactive: false,
      style: () => ({ color: colour("map-bound"), weight: 1, fillColor: colour("map-block"), fillOpacity: 0.5 }),
      pointToLayer: (feature, at) => L.circleMarker(at, { radius: 3, interactive: false, color: colour("teal") }),
    }).addTo(map);
    if (shapes.getLayers().length) map.fitBounds(shapes.getBounds());
  }
  let mark = null;
  map.on("click", ({ latlng }) => {
    mark?.remove();
    mark = L.circleMarker(latlng, { radius: 9, color: colour("vermilion") }).addTo(map);
    chosen(latlng);
  });
  return map;
}
