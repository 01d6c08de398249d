"""Points of the live map besides the errands, for staff: couriers, coarsely."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.desks.errands.loop import ERRAND
from linhe.desks.errands.models import Shift

COARSE_DEGREES = 0.002
"""Couriers are shown on a grid of about 200 m: enough to see who is near, too little to follow a person."""
_MOST = 500


@dataclass(frozen=True, slots=True)
class CourierCell:
    """A cell of the grid and how many couriers on duty are in it."""

    lat: float
    lng: float
    couriers: int


@dataclass(frozen=True, slots=True)
class MapPoints:
    """What the live map shows besides matters."""

    couriers: list[CourierCell]


def map_points(account: Account, *, at: datetime) -> MapPoints:
    """Couriers on duty in the districts of a staff member's posts; none for anyone else."""
    districts = {p.place.district_id for p in posts_of(account, at=at) if p.role in ERRAND.reads}
    shifts = Shift.objects.filter(district__in=districts, ended_at__isnull=True, until_at__gt=at)
    cells = Counter((_coarse(lat), _coarse(lng)) for lat, lng in shifts.values_list("lat", "lng")[:_MOST])
    return MapPoints([CourierCell(lat, lng, count) for (lat, lng), count in sorted(cells.items())])


def _coarse(degrees: float) -> float:
    return round(round(degrees / COARSE_DEGREES) * COARSE_DEGREES, 4)
