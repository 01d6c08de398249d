"""Draw the demo district: communities, blocks, buildings, streets, a river and parks, the same for the same seed.

``python linhe/core/demo/plan.py`` writes ``drawn/places.json`` (what becomes places) and ``drawn/basemap.geojson`` (the
ground below them). Everything is drawn on a plain square plan in metres, then bent by one smooth function, so that
whatever met before still meets. Nothing in it is a real place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, ceil, cos, hypot, pi, sin
from pathlib import Path
from random import Random
from typing import Any

from linhe.lib.geography import Point, from_local_m

SEED = 990_101
CENTRE = Point(112.73, 38.42)
FOLDER = Path(__file__).with_name("drawn")
WEST, EAST, SOUTH, NORTH = -1500.0, 1500.0, -1250.0, 1250.0
"""The town in the middle; its outskirts reach twice as far."""
COLUMNS, ROW = (-1500.0, -520.0, 430.0, 1500.0), 40.0
"""Main streets bound the communities: three columns, two rows."""
OUTER_COLUMNS = (-3000.0, -1500.0, 0.0, 1500.0, 3000.0)
MOST_BLOCK_M, OUTER_BLOCK_M, ROAD_M = 330.0, 235.0, 16.0
BUILDING_M = (46.0, 15.0)
RIVER = (
    (-3300, -700), (-2600, -520), (-2100, -600), (-1700, -420), (-1200, -560), (-700, -470), (-250, -560), (150, -640),
    (560, -560), (1000, -640), (1700, -540), (2200, -700), (2700, -620), (3300, -820),
)  # fmt: skip
RIVER_M = 46.0
INNER, OUTER = 6, 12
"""How many communities lie in the town and around it; the town's come first."""
COMPOUNDS, OUTER_COMPOUNDS, SHOPS, DEPOTS = 8, 44, 30, 6
"""Compounds of each community at most; shops and depots of the district."""

XY = tuple[float, float]
Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle between streets on the square plan."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> XY:
        """Its centre."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def corners(self, inset: float = 0.0) -> list[XY]:
        """The closed ring, drawn in by some metres."""
        w, s, e, n = self.west + inset, self.south + inset, self.east - inset, self.north - inset
        return [(w, s), (e, s), (e, n), (w, n), (w, s)]


Street = tuple[str, XY, XY]


def draw(seed: int = SEED) -> tuple[dict[str, Any], dict[str, Any]]:
    """The places by kind, and the ground as a feature collection."""
    chance = Random(seed)
    places: dict[str, Any] = {"outline": _polygon(_outline()), "communities": [], "shops": [], "depots": []}
    river = _bent(_smooth(RIVER), 60)
    ground: list[Feature] = [_feature("water", "LineString", river, name="邻水河", name_en="Lin River")]
    streets: list[Street] = _main_streets()
    homes: list[Block] = []
    for number in range(INNER + OUTER):
        inner = number < INNER
        cell = _cell(number)
        blocks, lanes = _split(cell, chance, MOST_BLOCK_M if inner else OUTER_BLOCK_M)
        streets += lanes if inner else [street for street in lanes if street[0] == "side"]
        inside = [b for b in blocks if _within(b.middle, 190) and not _wet(b)]
        park = max(inside, key=lambda b: (b.east - b.west) * (b.north - b.south)) if number in (1, 4) else None
        if park:
            name, name_en = (("文昌公园", "Wenchang Park"), ("东湖公园", "Donghu Park"))[number == 1]
            ground.append(_feature("park", "Polygon", [_bent(park.corners(ROAD_M), 40)], name=name, name_en=name_en))
        free = sorted((b for b in inside if b != park), key=lambda b: hypot(*b.middle) * chance.uniform(0.6, 1.4))
        chosen = sorted(free[: COMPOUNDS if inner else OUTER_COMPOUNDS], key=lambda b: hypot(*b.middle))
        homes += chosen if inner else []
        compounds = [_compound(b, chance) if inner else _courtyard(b, chance) for b in chosen]
        places["communities"].append({"boundary": _polygon(_clip(cell)), "compounds": compounds})
    ground += [_feature(kind, "LineString", line) for kind, line in _streets(streets)]
    places["shops"] = [_spot(_corner(chance.choice(homes), chance)) for _ in range(SHOPS)]
    places["depots"] = [_spot(_corner(chance.choice(homes), chance)) for _ in range(DEPOTS)]
    return places, {"type": "FeatureCollection", "features": ground}


def write(folder: Path = FOLDER) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in zip(("places.json", "basemap.geojson"), draw(), strict=True):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (folder / name).write_text(text + "\n", encoding="utf-8")


# ---- the square plan
def _cell(number: int) -> Block:
    if number >= INNER:
        return _outer_cell(number - INNER)
    column, row = number % 3, number // 3
    south, north = (ROW, NORTH) if row == 0 else (SOUTH, ROW)
    return Block(COLUMNS[column], south, COLUMNS[column + 1], north)


def _outer_cell(number: int) -> Block:
    """Around the town: four in the north, two in the west, two in the east, four in the south."""
    if number < 4:
        return Block(OUTER_COLUMNS[number], NORTH, OUTER_COLUMNS[number + 1], 2 * NORTH)
    if number < 8:
        west, east = ((2 * WEST, WEST), (EAST, 2 * EAST))[number // 6]
        south, north = ((ROW, NORTH), (SOUTH, ROW))[number % 2]
        return Block(west, south, east, north)
    return Block(OUTER_COLUMNS[number - 8], 2 * SOUTH, OUTER_COLUMNS[number - 7], SOUTH)


def _main_streets() -> list[Street]:
    upright = [("main", (x, 2 * SOUTH), (x, 2 * NORTH)) for x in (*COLUMNS[1:-1], WEST, EAST)]
    return [*upright, *(("main", (2 * WEST, y), (2 * EAST, y)) for y in (ROW, SOUTH, NORTH))]


def _split(block: Block, chance: Random, most_m: float, depth: int = 0) -> tuple[list[Block], list[Street]]:
    """Halve a block, roughly, until it is small; the cuts are streets."""
    wide, high = block.east - block.west, block.north - block.south
    if max(wide, high) < most_m:
        return [block], []
    kind, share = ("side" if depth < 2 else "lane"), chance.uniform(0.42, 0.58)
    if wide > high:
        x = block.west + share * wide
        cut: Street = (kind, (x, block.south), (x, block.north))
        parts = Block(block.west, block.south, x, block.north), Block(x, block.south, block.east, block.north)
    else:
        y = block.south + share * high
        cut = (kind, (block.west, y), (block.east, y))
        parts = Block(block.west, block.south, block.east, y), Block(block.west, y, block.east, block.north)
    found, streets = [], [cut]
    for part in parts:
        blocks, lanes = _split(part, chance, most_m, depth + 1)
        found += blocks
        streets += lanes
    return found, streets


def _compound(block: Block, chance: Random) -> dict[str, Any]:
    """Rows of buildings facing south; some gaps, so that no two compounds look alike."""
    long, deep = BUILDING_M
    inner = Block(block.west + 34, block.south + 34, block.east - 34, block.north - 34)
    columns = max(1, int((inner.east - inner.west + 22) // (long + 22)))
    rows = max(1, min(3, int((inner.north - inner.south + 34) // (deep + 34))))
    spots = [
        (
            inner.west + (c + 0.5) * (inner.east - inner.west) / columns,
            inner.south + (r + 0.5) * (inner.north - inner.south) / rows,
        )
        for r in range(rows - 1, -1, -1)
        for c in range(columns)
    ]
    kept = [spot for spot in spots if len(spots) < 5 or chance.random() > 0.18]
    return {
        "boundary": _polygon(_bent(block.corners(ROAD_M), 60)),
        "buildings": [_building(x, y, long * chance.uniform(0.8, 1.1), deep) for x, y in kept],
    }


def _courtyard(block: Block, chance: Random) -> dict[str, Any]:
    """A small compound of the outskirts: one building, or two side by side."""
    (x, y), (long, deep) = block.middle, BUILDING_M
    pair = block.east - block.west > 2 * long + 80 and chance.random() < 0.24
    spots = [(x - 0.7 * long, y), (x + 0.7 * long, y)] if pair else [(x + chance.uniform(-12, 12), y)]
    return {
        "boundary": _polygon(_bent(block.corners(ROAD_M), 120)),
        "buildings": [_building(*spot, long * chance.uniform(0.8, 1.1), deep) for spot in spots],
    }


def _building(x: float, y: float, long: float, deep: float) -> dict[str, Any]:
    ring = Block(x - long / 2, y - deep / 2, x + long / 2, y + deep / 2).corners()
    return {**_spot((x, y)), "boundary": _polygon([_degrees(p) for p in ring])}


def _corner(block: Block, chance: Random) -> XY:
    """A shop stands at a street, beside the compound."""
    x, y = block.middle
    return (block.west + 9, y) if chance.random() < 0.5 else (x, block.south + 9)


def _outline() -> list[XY]:
    """The district's edge: a rounded shape that wanders in and out."""
    turns = [2 * pi * k / 180 for k in range(181)]
    return [_degrees((r * cos(t), r * sin(t)), bend=False) for t in turns for r in [_reach(t)]]


def _reach(turn: float) -> float:
    a, b = 2 * 1560.0, 2 * 1270.0
    oval: float = a * b / ((abs(b * cos(turn)) ** 2.6 + abs(a * sin(turn)) ** 2.6) ** (1 / 2.6))
    return oval * (1 + 0.045 * sin(3 * turn + 0.6) + 0.03 * sin(5 * turn + 2.1) + 0.014 * sin(11 * turn + 0.4))


def _within(point: XY, margin: float = 0.0) -> bool:
    x, y = _bend(point)
    return hypot(x, y) < _reach(atan2(y, x)) - margin


def _wet(block: Block) -> bool:
    bank = RIVER_M / 2 + 22
    return any(
        block.west - bank < x < block.east + bank and block.south - bank < y < block.north + bank
        for x, y in _smooth(RIVER)
    )


def _clip(block: Block) -> list[XY]:
    """A community's ring: its cell, with what lies beyond the district's edge pulled in to the edge."""
    far = Block(*(v * 1.5 if abs(v) > 2400 else v for v in (block.west, block.south, block.east, block.north)))
    return [_degrees(_pulled_in(_bend(p)), bend=False) for p in _steps(far.corners(), 40)]


def _pulled_in(point: XY) -> XY:
    x, y = point
    share = min(1.0, _reach(atan2(y, x)) / max(1.0, hypot(x, y)))
    return x * share, y * share


def _streets(streets: Iterable[Street]) -> Iterable[tuple[str, list[XY]]]:
    """Every street bent, cut off at the district's edge; only main streets and those that meet it squarely cross
    the river."""
    for kind, start, end in streets:
        run: list[XY] = []
        stops = kind == "lane" or (kind == "side" and start[1] == end[1])
        for point in _steps([start, end], 60):
            if _within(point, 25) and not (stops and _in_river(point)):
                run.append(_degrees(point))
                continue
            if len(run) > 1:
                yield kind, run
            run = []
        if len(run) > 1:
            yield kind, run


def _in_river(point: XY) -> bool:
    return any(hypot(point[0] - x, point[1] - y) < RIVER_M for x, y in _smooth(RIVER))


def _smooth(points: Sequence[XY]) -> list[XY]:
    """Corners cut three times (Chaikin)."""
    line = list(points)
    for _ in range(3):
        cut = [line[0]]
        for (ax, ay), (bx, by) in pairwise(line):
            cut += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
        line = [*cut, line[-1]]
    return line


# ---- bending, degrees
def _bend(point: XY) -> XY:
    x, y = point
    east = x + 95 * sin(y / 520 + 0.7) + 30 * sin(x / 310 + y / 260)
    north = y + 85 * sin(x / 610 - 0.4) + 26 * sin(y / 290 - x / 350)
    return east * cos(0.09) - north * sin(0.09), east * sin(0.09) + north * cos(0.09)


def _degrees(point: XY, *, bend: bool = True) -> XY:
    place = from_local_m(*(_bend(point) if bend else point), CENTRE)
    return round(place.lng, 5 if not bend else 6), round(place.lat, 5 if not bend else 6)


def _steps(line: Sequence[XY], step_m: float) -> list[XY]:
    """The same line with a point at least every so many metres."""
    points = [line[0]]
    for (ax, ay), (bx, by) in pairwise(line):
        count = max(1, ceil(hypot(bx - ax, by - ay) / step_m))
        points += [(ax + (bx - ax) * k / count, ay + (by - ay) * k / count) for k in range(1, count + 1)]
    return points


def _bent(line: Sequence[XY], step_m: float) -> list[XY]:
    return [_degrees(point) for point in _steps(line, step_m)]


def _spot(point: XY) -> dict[str, float]:
    lng, lat = _degrees(point)
    return {"lng": lng, "lat": lat}


def _polygon(ring: list[XY]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def _feature(kind: str, shape: str, coordinates: Any, **properties: str) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": shape, "coordinates": coordinates},
        "properties": {"kind": kind, **properties},
    }


if __name__ == "__main__":
    write()
