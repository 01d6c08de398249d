"""A replay district made from a folder's places: communities by map cells, one building a spot. Codes begin with 99."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import h3
from django.db import transaction

from linhe.core.places.models import Place
from linhe.core.places.services import NewPlace, add_place, add_places
from linhe.lib.geography import Point

SUBDISTRICT_CELLS, COMMUNITY_CELLS, COMPOUND_CELLS = 6, 8, 10
"""H3 resolutions: about 36 km2, 0.7 km2 and 0.015 km2."""


def lay_district(spots: dict[str, Point], *, name: str) -> tuple[Place, dict[str, Place]]:
    """The district of these spots and the building of each; laid once, found again by the same spots."""
    code = _district_code(spots)
    district = Place.objects.filter(code=f"{code}000000").first()
    if district is None:
        district = _lay(code, spots, name)
    buildings = Place.objects.filter(district=district, kind="building").select_related("parent")
    return district, {b.name_en: b for b in buildings}


def _district_code(spots: dict[str, Point]) -> str:
    listed = "".join(f"{key}:{p.lng:.6f},{p.lat:.6f};" for key, p in sorted(spots.items()))
    return f"99{int(hashlib.sha256(listed.encode()).hexdigest(), 16) % 9000 + 1000}"


@transaction.atomic
def _lay(code: str, spots: dict[str, Point], name: str) -> Place:
    middle = Point(_mean(p.lng for p in spots.values()), _mean(p.lat for p in spots.values()))
    district = add_place(code=f"{code}000000", name=name, kind="district", lat=middle.lat, lng=middle.lng)
    tree: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for key, point in sorted(spots.items()):
        small = h3.latlng_to_cell(point.lat, point.lng, COMPOUND_CELLS)
        sub, community = (h3.cell_to_parent(small, r) for r in (SUBDISTRICT_CELLS, COMMUNITY_CELLS))
        tree[sub][community][small].append(key)
    subs = _add("subdistrict", [(f"{code}{n:03}000", f"第{n}街道", "", district, cell) for n, cell in _numbered(tree)])
    communities = _add(
        "community",
        [
            (f"{parent.code[:9]}{n:03}", f"{parent.name}第{n}社区", "", parent, cell)
            for sub, parent in subs.items()
            for n, cell in _numbered(tree[sub])
        ],
    )
    below = {cell: tree[sub][cell] for sub in tree for cell in tree[sub]}
    compounds = _add(
        "compound",
        [
            (f"{parent.code}-{n:03}", f"{n}号院", "", parent, cell)
            for community, parent in communities.items()
            for n, cell in _numbered(below[community])
        ],
    )
    doors = {cell: below[community][cell] for community in below for cell in below[community]}
    _add(
        "building",
        [
            (f"{parent.code}-{n:03}", f"{parent.name}{n}号楼", key, parent, key)
            for compound, parent in compounds.items()
            for n, key in enumerate(doors[compound], 1)
        ],
        spots,
    )
    return district


def _numbered(cells: Iterable[str]) -> list[tuple[int, str]]:
    return list(enumerate(cells, 1))


def _add(
    kind: str, rows: list[tuple[str, str, str, Place, str]], spots: dict[str, Point] | None = None
) -> dict[str, Place]:
    """One level of the tree at once: (code, name, English name, parent, key) each; the places by key."""
    new = []
    for code, name, name_en, parent, key in rows:
        lng, lat = spots[key] if spots else reversed(h3.cell_to_latlng(key))
        new.append(NewPlace(code, name, parent, name_en=name_en, lat=lat, lng=lng))
    return dict(zip([key for *_, key in rows], add_places(kind, new), strict=True))


def _mean(numbers: Iterable[float]) -> float:
    listed = list(numbers)
    return sum(listed) / len(listed)
