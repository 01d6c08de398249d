"""Reads of posts: how many there are, who holds them, where they are vacant. The database counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.places.models import Place, within
from linhe.desks.volunteering.loop.posts import HELD, LEAVING
from linhe.desks.volunteering.loop.roles import POST_KINDS, POST_ROLES
from linhe.desks.volunteering.models import PostDetail
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a checklist."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Stock:
    """The posts of one role at a place: how many are held now, and how many there could be."""

    role: str
    name: Text
    held: int
    seats: int
    appointed: int
    ended: int

    @property
    def vacant(self) -> int:
        """How many nobody holds."""
        return max(0, self.seats - self.held)


def handover_items(*, at: datetime, place_code: str = "") -> list[Item]:
    """The checklist of a hand-over in force."""
    rows = value("volunteering.handover_items", at=at, place_code=place_code)
    return [Item(row["code"], Text(row["zh"], row["en"])) for row in rows]


def seats_of(role: str, *, at: datetime, place_code: str = "") -> int:
    """How many may hold a role at one place at a time."""
    rows = value("volunteering.seats", at=at, place_code=place_code)
    return next((int(row["seats"]) for row in rows if row["role"] == role), 0)


def stocks(place: Place, *, at: datetime) -> list[Stock]:
    """Role by role: appointed minus ended is what is held. Counted in the database, two queries."""
    here = Matter.objects.filter(within(place), kind="posting").values("pk")
    counted = {
        row["role"]: row
        for row in PostDetail.objects.filter(matter__in=here, held_from__isnull=False)
        .values("role")
        .annotate(appointed=Count("pk"), ended=Count("pk", filter=Q(held_until__isnull=False)))
    }
    places = dict(
        places_below(place, tuple(POST_KINDS.values())).values_list("kind").annotate(n=Count("pk")).order_by("kind")
    )
    found = []
    for role, name in POST_ROLES:
        row = counted.get(role, {"appointed": 0, "ended": 0})
        seats = seats_of(role, at=at, place_code=place.code) * places.get(POST_KINDS[role], 0)
        found.append(Stock(role, name, row["appointed"] - row["ended"], seats, row["appointed"], row["ended"]))
    return found


def places_below(place: Place, kinds: tuple[str, ...]) -> QuerySet[Place]:
    """The place itself and everything below it of these kinds."""
    if place.level == "unit":
        return Place.objects.filter(pk=place.pk, kind__in=kinds)
    return Place.objects.filter(Q(pk=place.pk) | Q(**{place.level: place}), kind__in=kinds)


def vacancies(role: str, place: Place, *, after: str = "", most: int = 50) -> list[Place]:
    """Places with no holder of a role at all, in the order of their codes, a page at a time."""
    held = PostDetail.objects.filter(place=OuterRef("pk"), role=role, over=False, held_from__isnull=False)
    rows = places_below(place, (POST_KINDS[role],)).filter(~Exists(held), code__gt=after)
    return list(rows.select_related("parent", "compound").order_by("code")[:most])


def vacant_by_compound(role: str, place: Place, *, most: int = 600) -> list[tuple[Place, int]]:
    """Compounds with how many places of theirs have no holder, those with most first."""
    held = PostDetail.objects.filter(place=OuterRef("pk"), role=role, over=False, held_from__isnull=False)
    rows = places_below(place, (POST_KINDS[role],)).filter(~Exists(held))
    key = "pk" if POST_KINDS[role] == "compound" else "compound"
    counted = {found[key]: found["n"] for found in rows.values(key).annotate(n=Count("pk")).order_by("-n", key)[:most]}
    places = Place.objects.in_bulk([pk for pk in counted if pk is not None])
    return [(places[pk], n) for pk, n in counted.items() if pk in places]


def points_of(compounds: list[Place]) -> dict[int, tuple[float, float]]:
    """Where compounds are on a map: their own point, else the middle of their buildings. One query."""
    found = {one.pk: (one.lat, one.lng) for one in compounds if one.lat is not None and one.lng is not None}
    rows = Place.objects.filter(compound__in=[one.pk for one in compounds if one.pk not in found], kind="building")
    middles = rows.filter(lat__isnull=False).values("compound").annotate(mid_lat=Avg("lat"), mid_lng=Avg("lng"))
    return found | {row["compound"]: (row["mid_lat"], row["mid_lng"]) for row in middles if row["compound"]}


def holders(place: Place, role: str = "") -> QuerySet[PostDetail]:
    """Who holds posts at a place now, with the matter at hand."""
    here = Matter.objects.filter(within(place), kind="posting", stage__in=(HELD, LEAVING)).values("pk")
    rows = PostDetail.objects.filter(matter__in=here)
    return (rows.filter(role=role) if role else rows).select_related("matter__place", "account")
