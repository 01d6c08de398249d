"""Road networks from files: an extract of OpenStreetMap, or an edge list as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from linhe.desks.errands.engine.distances.edges import read_edges
from linhe.desks.errands.engine.distances.network import Edges, RoadNetwork
from linhe.desks.errands.engine.distances.straight import great_circle

EXTRACTS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
SPEEDS = {
    "primary": 22, "primary_link": 20, "secondary": 22, "secondary_link": 20, "tertiary": 20, "tertiary_link": 18,
    "unclassified": 18, "residential": 15, "living_street": 12, "service": 12, "cycleway": 18, "track": 10,
    "pedestrian": 8, "path": 8, "footway": 6,
}  # fmt: skip
"""km/h of an electric bicycle on each class of road; other classes (motorways, steps) are not ridden."""
AGAINST = ("no", "opposite", "opposite_lane")  # oneway:bicycle and cycleway: may be ridden the other way too


def read_network(path: Path) -> RoadNetwork:
    """The network of a file.

    Raises ``ValueError`` when the file is missing or holds no roads, naming the line of an edge list.
    """
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    try:
        if path.name.endswith(EXTRACTS):
            return RoadNetwork(_edges_of_extract(path))
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return RoadNetwork(read_edges(lines))
    except (ValueError, RuntimeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _edges_of_extract(path: Path) -> Edges:
    """Every piece of every road that may be ridden, in the directions in which it may be."""
    rows: dict[int, int] = {}
    places: list[tuple[float, float]] = []
    origin: list[int] = []
    goal: list[int] = []
    speed: list[float] = []
    read: Iterable[Any] = osmium.FileProcessor(str(path), osmium.osm.WAY | osmium.osm.NODE).with_locations()
    for way in read:
        if not way.is_way() or not (kmh := _speed(way.tags)):
            continue
        nodes = [_row(node, rows, places) for node in way.nodes if node.location.valid()]
        forward, backward = _directions(way.tags)
        for a, b in pairwise(nodes):
            pairs = ([(a, b)] if forward else []) + ([(b, a)] if backward else [])
            origin += [one for one, _ in pairs]
            goal += [other for _, other in pairs]
            speed += [kmh] * len(pairs)
    at = np.array(places, dtype=np.float64).reshape(-1, 2)
    start, end = np.array(origin, dtype=np.int64), np.array(goal, dtype=np.int64)
    metres = np.array([great_circle(at[a : a + 1], at[b : b + 1])[0, 0] for a, b in zip(start, end, strict=True)])
    metres = np.maximum(metres, 0.01)
    return Edges(at, start, end, metres, metres / (np.array(speed) / 3.6))


def _row(node: Any, rows: dict[int, int], places: list[tuple[float, float]]) -> int:
    if node.ref not in rows:
        rows[node.ref] = len(places)
        places.append((node.location.lon, node.location.lat))
    return rows[node.ref]


def _speed(tags: Any) -> float:
    """km/h on a way, 0 when it is not ridden."""
    if tags.get("access") in ("no", "private") or tags.get("bicycle") in ("no", "use_sidepath"):
        return 0.0
    return float(SPEEDS.get(tags.get("highway", ""), 0))


def _directions(tags: Any) -> tuple[bool, bool]:
    """(along the way, against it)."""
    one_way = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
    if one_way in ("no", "false", "0"):
        return True, True
    both = tags.get("oneway:bicycle") in AGAINST or tags.get("cycleway") in AGAINST
    return (both, True) if one_way in ("-1", "reverse") else (True, both)
