"""Where things are usually fetched: people's own earlier pick-up places, and compounds around a door."""

from __future__ import annotations

from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.errands.models import ErrandDetail
from linhe.lib.geography import Point, distance_m

_LOOKED_AT = 50


def pickups_of(account: Account, *, most: int) -> list[tuple[str, float, float]]:
    """Names and points of the places where someone's errands were collected before, the latest first."""
    rows = ErrandDetail.objects.filter(pickup_lat__isnull=False).exclude(pickup_name="")
    mine = rows.filter(matter__requester=account) | rows.filter(matter__beneficiary=account)
    found: dict[str, tuple[str, float, float]] = {}
    for name, lat, lng in mine.order_by("-matter_id").values_list("pickup_name", "pickup_lat", "pickup_lng")[
        :_LOOKED_AT
    ]:
        found.setdefault(name, (name, lat or 0.0, lng or 0.0))
    return list(found.values())[:most]


def pickup_places_near(place: Place, *, most: int = 30) -> list[Place]:
    """Compounds of the same subdistrict (or district), the nearest first: a rough place to fetch something from."""
    scope = {"subdistrict": place.subdistrict_id} if place.subdistrict_id else {"district": place.district_id}
    rows = list(Place.objects.filter(kind="compound", lat__isnull=False, lng__isnull=False, **scope))
    here = _point(place)
    if here is not None:
        rows.sort(key=lambda p: distance_m(here, Point(p.lng or 0.0, p.lat or 0.0)))
    return rows[:most]


def _point(place: Place) -> Point | None:
    at: Place | None = place
    while at is not None:
        if at.lat is not None and at.lng is not None:
            return Point(at.lng, at.lat)
        at = at.parent
    return None
