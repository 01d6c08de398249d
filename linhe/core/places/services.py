"""Writes of the territory tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import h3
from django.db import transaction
from django.db.models import F

from linhe.core.places.kinds import LEVEL_OF, LEVELS, PARENT_KINDS, code_fits
from linhe.core.places.models import Place

H3_RESOLUTION = 9
"""Cells of about 0.1 km2 (edge near 200 m): a few rings of them cover an errand's detour."""


class InvalidPlace(ValueError):
    """A place breaks a rule of the tree; the message names the field."""


@transaction.atomic
def add_place(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Place | None = None,
    name_en: str = "",
    lat: float | None = None,
    lng: float | None = None,
    datum: str = Place.Datum.WGS84,
    address: str = "",
    boundary: dict[str, object] | None = None,
) -> Place:
    """Add one place below ``parent`` (WGS-84 degrees; ``datum`` is that of the source) and set its ancestors."""
    if kind not in LEVEL_OF:
        raise InvalidPlace(f"kind: unknown kind {kind!r}")
    if not code_fits(kind, code):
        raise InvalidPlace(f"code: {code!r} does not fit a {kind}")
    if (parent.kind if parent else None) not in (PARENT_KINDS[kind] or (None,)):
        raise InvalidPlace(f"parent: a {kind} cannot stand below a {parent.kind if parent else 'nothing'}")
    place = Place(
        code=code, name=name, name_en=name_en, kind=kind, parent=parent, lat=lat, lng=lng, datum=datum,
        address=address, boundary=boundary, h3_cell=cell_of(lat, lng),
    )  # fmt: skip
    if parent:
        for level in LEVELS:
            setattr(place, f"{level}_id", getattr(parent, f"{level}_id"))
    place.save()
    if place.level in LEVELS:
        setattr(place, f"{place.level}_id", place.pk)
        place.save(update_fields=[f"{place.level}_id"])
    return place


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be added below a parent that is known; WGS-84 degrees."""

    code: str
    name: str
    parent: Place | None
    name_en: str = ""
    lat: float | None = None
    lng: float | None = None
    datum: str = Place.Datum.WGS84
    address: str = ""
    boundary: dict[str, Any] | None = None
    kind: str = ""
    """When it is not the one that the whole call is for (a town among subdistricts)."""


@transaction.atomic
def add_places(kind: str, rows: Sequence[NewPlace]) -> list[Place]:
    """Add many places of one level in two statements, in the given order. The caller answers for codes and kinds."""
    level, made = LEVEL_OF[kind], []
    for row in rows:
        above = {f"{one}_id": getattr(row.parent, f"{one}_id") for one in LEVELS} if row.parent else {}
        made.append(
            Place(
                code=row.code, name=row.name, name_en=row.name_en, kind=row.kind or kind, parent=row.parent,
                lat=row.lat, lng=row.lng, datum=row.datum, address=row.address, boundary=row.boundary,
                h3_cell=cell_of(row.lat, row.lng), **above,
            )
        )  # fmt: skip
    Place.objects.bulk_create(made, batch_size=2000)
    if level in LEVELS:
        Place.objects.filter(pk__in=[place.pk for place in made]).update(**{f"{level}_id": F("id")})
        for place in made:
            setattr(place, f"{level}_id", place.pk)
    return made


def cell_of(lat: float | None, lng: float | None) -> str:
    """The H3 cell of a WGS-84 coordinate, empty when there is none."""
    return "" if lat is None or lng is None else h3.latlng_to_cell(lat, lng, H3_RESOLUTION)
