// The live map: the district's own shapes below, open matters above. Classic Leaflet, loaded before this module.

const LINE = { district: 2.5, subdistrict: 2, town: 2, community: 1.4, village: 1.4, grid: 0.8, compound: 1, building: 0.8 };
// zoom levels between which the names of a kind of place are shown
const NAMED = {
  district: [0, 12],
  subdistrict: [12, 14],
  town: [12, 14],
  community: [14, 16],
  village: [14, 16],
  compound: [15, 18],
  building: [17, 30],
};
const MOST_NAMES = 80;
const REFRESH_MS = 15000;

for (const frame of document.querySelectorAll("[data-map]")) show(frame);

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

async function load(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  return answer.ok ? answer.json() : { type: "FeatureCollection", features: [] };
}

async function show(frame) {
  const L = window.L;
  const map = L.map(frame, { zoomControl: true, preferCanvas: true, zoomSnap: 0.25, attributionControl: Boolean(frame.dataset.tiles) });
  map.setView([31.23, 121.47], 12);
  if (frame.dataset.tiles) L.tileLayer(frame.dataset.tiles, { maxZoom: 19 }).addTo(map);
  const places = await load(frame.dataset.places);
  const base = L.geoJSON(places, {
    style: (one) => ({
      color: colour("line-strong"),
      weight: LINE[one.properties.kind] ?? 1,
      opacity: 0.7,
      fillColor: colour(one.properties.kind === "building" ? "wall-2" : "surface"),
      fillOpacity: one.properties.kind === "building" ? 0.9 : 0.35,
    }),
    pointToLayer: (one, at) =>
      L.circleMarker(at, { radius: one.properties.kind === "building" ? 2.5 : 3.5, weight: 1, color: colour("line-strong"), fillOpacity: 0.6 }),
  }).addTo(map);
  const names = L.layerGroup().addTo(map);
  map.on("zoomend moveend", () => name(L, map, base, names));
  if (base.getLayers().length) map.fitBounds(base.getBounds(), { padding: [16, 16] });
  name(L, map, base, names);
  const matters = L.layerGroup().addTo(map);
  const renew = async () => draw(L, matters, await load(frame.dataset.matters));
  await renew();
  document.addEventListener("linhe:renewed", renew);
  setInterval(() => document.visibilityState === "visible" && renew(), REFRESH_MS);
}

function draw(L, group, collection) {
  group.clearLayers();
  for (const one of collection.features) {
    const { title, stage, tone, urgent, place, url } = one.properties;
    const [lng, lat] = one.geometry.coordinates;
    const fill = colour(urgent ? "vermilion" : tone === "wait" ? "glow" : tone === "bad" ? "bad" : "teal");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = `${title} · ${stage}`;
    const where = document.createElement("p");
    where.textContent = place;
    const words = document.createElement("div");
    words.append(link, where);
    // people on the move are drawn as rings, matters as discs
    const look = tone === "courier"
      ? { radius: 7, weight: 4, color: colour("ink"), fillColor: colour("surface"), fillOpacity: 1 }
      : { radius: 8, weight: 2, color: colour("surface"), fillColor: fill, fillOpacity: 1 };
    L.circleMarker([lat, lng], look)
      .bindPopup(words)
      .addTo(group);
  }
}

// Only what is in view and fits the zoom gets a name: a district has thousands of buildings.
function name(L, map, base, names) {
  names.clearLayers();
  const [zoom, view] = [map.getZoom(), map.getBounds()];
  let room = MOST_NAMES;
  base.eachLayer((layer) => {
    const [from, to] = NAMED[layer.feature.properties.kind] ?? [17, 30];
    if (zoom < from || zoom >= to || !room) return;
    const at = layer.getBounds ? layer.getBounds().getCenter() : layer.getLatLng();
    if (!view.contains(at)) return;
    room -= 1;
    names.addLayer(L.tooltip(at, { content: text(layer.feature.properties.name), permanent: true, direction: "center", className: "map__name" }));
  });
}

function text(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}
