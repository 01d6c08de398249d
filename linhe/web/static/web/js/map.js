// The live map: ground and places of the district below, open matters above. Classic Leaflet, loaded before this module.
// What is drawn is what there is: a district without streets or shapes of its compounds shows its areas and points.

import { nameAll } from "./map-names.js";
import { legend, pin } from "./map-pins.js";

// widths at zoom 15, halved with every second step out
const WIDTH = { main: 7, side: 4, lane: 2.5, water: 15 };
const REFRESH_MS = 15000;
const WAIT_MS = 700;

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
  const map = L.map(frame, {
    preferCanvas: true, zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: 18.5, attributionControl: Boolean(frame.dataset.tiles),
    zoomControl: false,
  });
  L.control.zoom({ position: "bottomright" }).addTo(map); // popups open upwards and would hide behind it
  let popup = null;
  map.on("popupopen", (event) => (popup = event.popup));
  map.on("resize", () => popup?.isOpen() && popup.update());
  map.setView([31.23, 121.47], 12);
  if (frame.dataset.tiles) L.tileLayer(frame.dataset.tiles, { maxZoom: 19 }).addTo(map);
  const [ground, places] = await Promise.all([load(frame.dataset.base), load(frame.dataset.places)]);
  const layers = layersOf(L, ground.features, places.features, Boolean(frame.dataset.tiles));
  for (const one of layers) one.addTo(map);
  const areas = L.geoJSON(places);
  if (areas.getLayers().length) map.fitBounds(areas.getBounds(), { padding: [4, 4] });
  map.createPane("names").style.zIndex = 450; // above the ground, below the pins
  const names = L.layerGroup().addTo(map);
  const renewBase = () => {
    for (const one of layers) one.setStyle((feature) => styleOf(feature, one.options.part, map.getZoom()));
    nameAll(L, map, names, [...places.features, ...ground.features]);
  };
  map.on("zoomend moveend", renewBase);
  renewBase();
  new MutationObserver(renewBase).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const pins = new Map();
  const group = L.layerGroup().addTo(map);
  const renew = async () => draw(L, frame, group, pins, await load(frame.dataset.matters));
  await renew();
  if ("fit" in frame.dataset && pins.size) {
    const shown = [...pins.values()].map(({ marker }) => marker.getLatLng());
    map.fitBounds(L.latLngBounds(shown), { padding: [36, 36], maxZoom: 15 });
  }
  let due = null;
  document.addEventListener("linhe:renewed", () => {
    due ??= setTimeout(async () => {
      due = null;
      await renew();
    }, WAIT_MS);
  });
  setInterval(() => document.visibilityState === "visible" && renew(), REFRESH_MS);
}

// From below: areas, parks and compounds, water, streets (their edge, then their fill), buildings, boundaries.
function layersOf(L, ground, places, onTiles) {
  const of = (features, ...kinds) => features.filter((one) => kinds.includes(one.properties.kind));
  const shapes = places.filter((one) => one.geometry.type !== "Point");
  const points = places.filter((one) => one.geometry.type === "Point" && one.properties.kind === "building");
  const streets = of(ground, "lane", "side", "main").sort((a, b) => WIDTH[a.properties.kind] - WIDTH[b.properties.kind]);
  const parts = [
    ["area", onTiles ? [] : [...of(shapes, "district"), ...of(shapes, "subdistrict", "town")]],
    ["land", [...of(ground, "park"), ...of(shapes, "compound")]],
    ["water", of(ground, "water")],
    ["edge", streets],
    ["street", streets],
    ["building", [...of(shapes, "building"), ...points]],
    ["boundary", of(shapes, "community", "village", "grid")],
    ["rim", of(shapes, "district")],
  ];
  return parts.map(([part, features]) =>
    L.geoJSON({ type: "FeatureCollection", features }, {
      part,
      interactive: false,
      pointToLayer: (one, at) => L.circleMarker(at, { radius: 2.5, interactive: false }),
    }));
}

function styleOf(feature, part, zoom) {
  const { kind } = feature.properties;
  const wide = (WIDTH[kind] ?? 1) * 2 ** ((zoom - 15) / 1.4);
  const round = { fill: false, lineCap: "round", lineJoin: "round", opacity: 1 };
  const solid = (name, opacity = 1) => ({ stroke: false, fill: true, fillColor: colour(name), fillOpacity: opacity });
  const town = { town: "map-land-2", subdistrict: "map-land" };
  const styles = {
    area: () => solid(town[kind] ?? "map-land"),
    land: () => solid(kind === "park" ? "map-park" : "map-block"),
    water: () => ({ ...round, color: colour("map-water"), weight: wide }),
    edge: () => ({ ...round, color: colour("map-edge"), weight: wide + 1.6 }),
    street: () => ({ ...round, color: colour("map-street"), weight: Math.max(0.6, wide) }),
    building: () => ({ ...solid("map-building"), stroke: zoom > 15.5, color: colour("map-edge"), weight: 1 }),
    boundary: () => ({ fill: false, color: colour("map-bound"), weight: 1.5, opacity: 0.8, dashArray: "5 5" }),
    rim: () => ({ fill: false, color: colour("map-bound"), weight: 2.5, opacity: 1 }),
  };
  return styles[part]();
}

function draw(L, frame, group, pins, collection) {
  const seen = new Set();
  for (const one of collection.features) {
    const { id } = one.properties;
    seen.add(id);
    const said = JSON.stringify(one);
    const known = pins.get(id);
    if (known?.said === said) continue;
    const open = known?.marker.isPopupOpen();
    known?.marker.remove();
    const marker = pin(L, frame, one).addTo(group);
    if (open) marker.openPopup();
    pins.set(id, { marker, said });
  }
  for (const [id, { marker }] of pins) {
    if (seen.has(id)) continue;
    marker.remove();
    pins.delete(id);
  }
  legend(frame.parentElement.querySelector("[data-map-legend]"), collection.features);
}
