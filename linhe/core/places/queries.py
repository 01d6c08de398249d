"""Reads of the territory tree: below a place, and near a point."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import h3
from django.db.models import QuerySet

from linhe.core.places.models import Place
from linhe.core.places.services import H3_RESOLUTION, cell_of
from linhe.lib.geography import Point, box_around, distance_m

NARROWEST_EDGE_M = 0.75 * h3.average_hexagon_edge_length(H3_RESOLUTION, unit="m")
"""Cells are squeezed by their place on the globe; no edge is as short as this one where people live in China."""
MOST_RINGS = 30
"""Beyond about 6 km a box of coordinates is cheaper than a list of thousands of cells."""


class NearPlace(NamedTuple):
    """A place and how far it is from the point asked about."""

    place: Place
    distance_m: float


def tree_below(place: Place) -> QuerySet[Place]:
    """The place itself and everything below it, in the order of their codes, parents at hand."""
    below = Place.objects.filter(pk=place.pk) if place.level == "unit" else Place.objects.filter(**{place.level: place})
    return below.select_related("parent").order_by("code")


def places_near(*, lng: float, lat: float, radius_m: float, kinds: Collection[str] = ()) -> list[NearPlace]:
    """Places within ``radius_m`` of a WGS-84 point, nearest first; ``kinds`` narrows them down."""
    if radius_m < 0:
        raise ValueError("radius_m: must not be negative")
    centre = Point(lng, lat)
    rings = rings_for(radius_m)
    if rings <= MOST_RINGS:
        found = Place.objects.filter(h3_cell__in=h3.grid_disk(cell_of(lat, lng), rings))
    else:
        box = box_around(centre, radius_m)
        found = Place.objects.filter(lng__range=(box.west, box.east), lat__range=(box.south, box.north))
    if kinds:
        found = found.filter(kind__in=kinds)
    near = [
        NearPlace(p, distance_m(centre, Point(p.lng, p.lat))) for p in found if p.lng is not None and p.lat is not None
    ]
    return sorted((n for n in near if n.distance_m <= radius_m), key=lambda n: (n.distance_m, n.place.code))


def rings_for(radius_m: float) -> int:
    """How many rings of cells hold a circle around any point of the middle cell.

    A cell in ring n lies at least 1.5 n edges from the middle, centre to centre; point and place may each be one edge
    off their centre.
    """
    return max(1, int((radius_m / NARROWEST_EDGE_M + 2) / 1.5) + 1)


def is_lowest(place: Place) -> bool:
    """Whether a door can be looked for here: a building, or a compound or community that has none below it."""
    if place.level in ("building", "unit"):
        return True
    if place.level not in ("community", "compound"):
        return False
    smaller = Place.objects.filter(**{place.level: place}, kind__in=("compound", "building"))
    return not smaller.exclude(pk=place.pk).exists()
