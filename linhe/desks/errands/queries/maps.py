"""Points of the live map, for staff: couriers coarsely, errands at their building."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.loop.access import visible_to
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place, within
from linhe.desks.errands.loop import ERRAND
from linhe.desks.errands.models import ErrandDetail, Shift

COARSE_DEGREES = 0.002
"""Couriers are shown on a grid of about 200 m: enough to see who is near, too little to follow a person."""
_MOST = 500


@dataclass(frozen=True, slots=True)
class CourierPoint:
    """A courier on duty, somewhere in this cell of the grid."""

    lat: float
    lng: float
    errands: int


@dataclass(frozen=True, slots=True)
class ErrandPoint:
    """An open errand at its building."""

    lat: float
    lng: float
    stage: str
    tone: str
    matter_id: int
    building: str


@dataclass(frozen=True, slots=True)
class MapPoints:
    """What the live map shows."""

    couriers: list[CourierPoint]
    errands: list[ErrandPoint]


def map_points(account: Account, *, at: datetime, place: Place | None = None) -> MapPoints:
    """Couriers on duty in the districts of a staff member's posts, and open errands that they may read."""
    districts = {p.place.district_id for p in posts_of(account, at=at) if p.role in ERRAND.reads}
    shifts = Shift.objects.filter(district__in=districts, ended_at__isnull=True, until_at__gt=at)
    rows = ErrandDetail.objects.filter(
        matter__in=visible_to(account, at=at).filter(kind="errand", closed_at__isnull=True)
    )
    if place is not None:
        shifts = shifts.filter(district=place.district_id)
        rows = rows.filter(matter__in=visible_to(account, at=at).filter(within(place)))
    return MapPoints(
        couriers=[
            CourierPoint(_coarse(lat), _coarse(lng), used)
            for lat, lng, used in shifts.values_list("lat", "lng", "extra_used")[:_MOST]
        ],
        errands=[
            ErrandPoint(e.lat, e.lng, e.matter.stage, e.matter.stage_declared.tone, e.matter_id, e.matter.place.name)
            for e in rows.select_related("matter__place").order_by("-matter_id")[:_MOST]
        ],
    )


def _coarse(degrees: float) -> float:
    return round(round(degrees / COARSE_DEGREES) * COARSE_DEGREES, 4)
