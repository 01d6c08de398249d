// Pins of the map: each stage has its own shape besides its colour; the legend names those that are there.

const SHAPES = [
  '<circle cx="12" cy="12" r="7.5"/><circle class="pin__hole" cx="12" cy="12" r="3"/>',
  '<path d="M12 3l9 9-9 9-9-9z"/>',
  '<path d="M12 3.5l9 16.5H3z"/>',
  '<rect x="4" y="4" width="16" height="16" rx="2.5"/>',
  '<path d="M12 3.5l9 16.5H3z" transform="rotate(180 12 12)"/>',
  '<path d="M7.5 3.5h9l4.5 8.5-4.5 8.5h-9L3 12z"/>',
  '<circle cx="12" cy="12" r="8.5"/><path class="pin__line" d="M8 12.2l2.8 2.8 5-5.6"/>',
  '<path d="M9 3h6v6h6v6h-6v6H9v-6H3V9h6z"/>',
];
const SCOOTER =
  '<rect x="1.5" y="1.5" width="21" height="21" rx="10.5"/><g class="pin__line"><circle cx="7.5" cy="15.5" r="2"/><circle cx="16.5" cy="15.5" r="2"/><path d="M9.5 15.5h3l2-7h-2.5M14.5 8.5l2 5M6 12h4"/></g>';

function svg(inner, classes) {
  return `<svg class="pin ${classes}" viewBox="0 0 24 24" aria-hidden="true">${inner}</svg>`;
}

function drawn({ icon, shape, tone, urgent }) {
  if (icon) return svg(SCOOTER, "pin_courier");
  return svg(SHAPES[shape % SHAPES.length], `pin_${urgent ? "urgent" : tone}`);
}

export function pin(L, frame, feature) {
  const about = feature.properties;
  const [lng, lat] = feature.geometry.coordinates;
  const count = about.count > 1 ? `<span class="pin__count">${Number(about.count)}</span>` : "";
  const size = about.icon ? 26 : 24;
  return L.marker([lat, lng], {
    icon: L.divIcon({ html: drawn(about) + count, className: "pin-spot", iconSize: [size, size] }),
    title: about.stage ? `${about.title} · ${about.stage}` : about.title,
    alt: about.title,
    keyboard: true,
    zIndexOffset: about.icon ? -500 : 0,
  }).bindPopup(() => popup(frame, about), { maxWidth: Math.min(260, frame.clientWidth - 72) });
}

function popup(frame, about) {
  const box = document.createElement("div");
  box.className = "map-popup";
  const add = (tag, text, name) => {
    if (!text) return null;
    const part = document.createElement(tag);
    part.textContent = text;
    if (name) part.className = name;
    box.append(part);
    return part;
  };
  const title = add(about.url ? "a" : "b", about.title, "map-popup__title");
  if (about.url) title.href = about.url;
  const since = about.since ? frame.dataset.since.replace("%", about.since) : "";
  add("p", [about.stage, since, about.urgent && frame.dataset.urgent].filter(Boolean).join(" · "), "map-popup__stage");
  add("p", about.place);
  for (const words of about.words ?? []) add("p", words, "map-popup__why");
  return box;
}

export function legend(place, features) {
  if (!place) return;
  const kinds = new Map();
  for (const { properties: one } of features) {
    const key = one.icon ?? one.stage;
    if (!kinds.has(key)) kinds.set(key, { ...one, urgent: false, order: one.icon ? 99 : one.shape, all: 0 });
    kinds.get(key).all += one.count ?? 1;
  }
  place.replaceChildren(
    ...[...kinds.values()]
      .sort((a, b) => a.order - b.order)
      .map((one) => {
        const entry = document.createElement("span");
        entry.className = "map-legend__entry";
        entry.innerHTML = drawn(one);
        const words = document.createElement("span");
        words.textContent = `${one.icon ? one.group : one.stage} ${one.all}`.trim();
        entry.append(words);
        return entry;
      }),
  );
}
