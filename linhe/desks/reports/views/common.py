"""What several pages of the desk share: where a request came from, which place is meant, who is looking."""

from __future__ import annotations

from django.conf import settings
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Replace
from django.http import HttpRequest, QueryDict

from linhe.core.loop.pages import text_in
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.places.queries import places_near
from linhe.desks.reports.queries.public import name_of

PLACE_KINDS = ("compound", "building")
MOST_FOUND = 8
TAP_M = 250
"""A tap on the map offers the buildings within this distance: what is nearest comes first."""


def visitor(request: HttpRequest) -> Account | None:
    """Who is signed in, None when nobody is."""
    return request.user if isinstance(request.user, Account) else None


def address_of(request: HttpRequest) -> str:
    """The network address of a request, as the proxy in front of us tells it when there is one."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def degrees_in(sent: QueryDict, name: str, most: float) -> float | None:
    """A coordinate that was sent, None when it is missing or none."""
    try:
        number = float(sent.get(name, ""))
    except ValueError:
        return None
    return number if -most <= number <= most else None


def point_in(sent: QueryDict) -> tuple[float, float] | None:
    """Latitude and longitude that were sent, None when one of them is missing."""
    lat, lng = degrees_in(sent, "lat", 90), degrees_in(sent, "lng", 180)
    return None if lat is None or lng is None else (lat, lng)


def place_in(sent: QueryDict, name: str = "place") -> Place | None:
    """A place that was sent by its code."""
    code = text_in(sent, name, 32)
    return Place.objects.select_related("parent").filter(code=code).first() if code else None


def places_like(sought: str, *, district_id: int | None = None) -> list[Place]:
    """Compounds and buildings by name or address, also by both names in one word (``安居小区1号楼``)."""
    words = sought.replace(" ", "")
    whole = Concat(F("parent__name"), F("name"))
    rows = Place.objects.filter(kind__in=PLACE_KINDS).annotate(whole=Replace(whole, Value(" "), Value("")))
    fits = Q(whole__icontains=words) | Q(address__icontains=sought) | Q(name_en__icontains=sought)
    rows = rows.filter(fits)
    if district_id is not None:
        rows = rows.filter(district=district_id)
    return list(rows.select_related("parent").order_by("code")[:MOST_FOUND])


def places_around(lat: float, lng: float) -> list[Place]:
    """Buildings and compounds around a point, nearest first."""
    near = places_near(lng=lng, lat=lat, radius_m=TAP_M, kinds=PLACE_KINDS)[:MOST_FOUND]
    found = {p.pk: p for p in Place.objects.select_related("parent").filter(pk__in=[n.place.pk for n in near])}
    return [found[n.place.pk] for n in near]


def whole_name(place: Place) -> str:
    """A place's name with that of its compound."""
    return str(name_of(place))
