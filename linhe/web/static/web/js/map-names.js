// Names on the map: by zoom, the larger place first, and never one upon another.

// [first zoom, last zoom, order]
const NAMED = {
  district: [0, 12.5, 0],
  subdistrict: [12.5, 14.6, 1],
  town: [12.5, 14.6, 1],
  community: [14.6, 16.4, 2],
  village: [14.6, 16.4, 2],
  park: [13.6, 30, 3],
  water: [13.6, 30, 3],
  compound: [15, 30, 4],
  building: [17, 30, 5],
};
const MOST = 120;
const HIGH = 20;

export function nameAll(L, map, group, features) {
  group.clearLayers();
  const [zoom, view] = [map.getZoom(), map.getBounds()];
  const wanted = features
    .filter(({ properties: one }) => one.name && NAMED[one.kind] && zoom >= NAMED[one.kind][0] && zoom < NAMED[one.kind][1])
    .sort((a, b) => NAMED[a.properties.kind][2] - NAMED[b.properties.kind][2]);
  const taken = [];
  for (const one of wanted) {
    const at = middle(L, one.geometry);
    if (!view.contains(at) || taken.length >= MOST) continue;
    const box = boxOf(map.latLngToContainerPoint(at), one.properties);
    if (taken.some((other) => meet(box, other))) continue;
    taken.push(box);
    const words = document.createElement("span");
    words.textContent = spoken(one.properties);
    group.addLayer(
      L.tooltip(at, {
        content: words,
        pane: "names",
        permanent: true,
        direction: "center",
        className: `map__name map__name_${one.properties.kind}`,
      }),
    );
  }
}

function spoken({ name, name_en }) {
  return name_en && document.documentElement.lang.startsWith("en") ? name_en : name;
}

function boxOf(point, about) {
  const size = about.kind === "subdistrict" || about.kind === "town" ? 17 : 14;
  const wide = [...spoken(about)].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 255 ? size : size * 0.58), 8);
  return { left: point.x - wide / 2, right: point.x + wide / 2, top: point.y - HIGH / 2, bottom: point.y + HIGH / 2 };
}

function meet(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function middle(L, { type, coordinates }) {
  if (type === "Point") return L.latLng(coordinates[1], coordinates[0]);
  if (type === "LineString") {
    const [lng, lat] = coordinates[Math.floor(coordinates.length / 3)];
    return L.latLng(lat, lng);
  }
  const points = type === "Polygon" ? coordinates[0] : coordinates.flatMap((part) => part[0]);
  const sum = points.reduce(([lng, lat], one) => [lng + one[0], lat + one[1]], [0, 0]);
  return L.latLng(sum[1] / points.length, sum[0] / points.length);
}
