"""The drawn town: the same for the same seed, small, and sound."""

from __future__ import annotations

import itertools
from pathlib import Path

from linhe.core.demo import plan
from linhe.lib.geography import Point, distance_m


def test_the_committed_town_is_what_the_seed_draws(tmp_path: Path) -> None:
    plan.write(tmp_path)
    drawn = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert drawn == {file.name: file.read_bytes() for file in plan.FOLDER.iterdir()}
    assert sum(map(len, drawn.values())) < 500_000


def test_buildings_stand_inside_their_community_and_apart() -> None:
    places, ground = plan.draw()
    spots = []
    for community in places["communities"]:
        ring = community["boundary"]["coordinates"][0]
        for compound in community["compounds"]:
            for building in compound["buildings"]:
                spot = Point(building["lng"], building["lat"])
                assert _inside(spot, ring)
                spots.append(spot)
    assert len(spots) > 200
    assert min(distance_m(a, b) for n, a in enumerate(spots) for b in spots[:n]) > 20
    assert {one["properties"]["kind"] for one in ground["features"]} == {"water", "park", "main", "side", "lane"}


def _inside(point: Point, ring: list[tuple[float, float]]) -> bool:
    crossings = [
        (ay > point.lat) != (by > point.lat) and point.lng < ax + (point.lat - ay) / (by - ay) * (bx - ax)
        for (ax, ay), (bx, by) in itertools.pairwise(ring)
    ]
    return sum(crossings) % 2 == 1
