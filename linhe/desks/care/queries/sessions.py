"""Sessions that can be booked, with how many seats are free, and one's own appointments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place, within
from linhe.desks.care.loop import ATTENDED, BOOKED, OFFERED, WAITING
from linhe.desks.care.models import Seat, Session
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the list in force."""

    code: str
    name: Text
    icon: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of a session."""

    number: int
    at: datetime
    free: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Card:
    """A session with its slots."""

    session: Session
    matter: Matter
    service: Service
    slots: list[Slot]
    booked: int
    attended: int

    @property
    def free(self) -> int:
        """Free seats in all slots."""
        return sum(slot.free for slot in self.slots)


def services(*, at: datetime) -> list[Service]:
    """The services of the list in force."""
    return [Service(r["code"], Text(r["zh"], r["en"]), r["icon"]) for r in value("care.services", at=at)]


def service_of(code: str, *, at: datetime) -> Service | None:
    """One service, None when the list in force has none of that code."""
    return next((one for one in services(at=at) if one.code == code), None)


def slot_at(session: Session, slot: int) -> datetime:
    """When a slot begins."""
    return session.starts_at + timedelta(minutes=slot * session.slot_minutes)


def ends_at(session: Session) -> datetime:
    """When a session ends."""
    return slot_at(session, session.slots)


def bookable(place: Place | None, *, at: datetime, couriers: bool, most: int = 40) -> list[Card]:
    """Sessions still to come in a district, the next first."""
    if place is None:
        return []
    district = place.district or place
    rows = Session.objects.filter(
        matter__stage=OFFERED, matter__closed_at__isnull=True, matter__at_district=district, starts_at__gt=at
    )
    if not couriers:
        rows = rows.filter(couriers_only=False)
    return cards(rows.select_related("matter__place").order_by("starts_at", "pk")[:most], at=at)


def sessions_at(places: Iterable[Place], *, at: datetime, most: int = 60) -> list[Card]:
    """Open sessions of some places, the next first, for those who hold them."""
    here = Q(pk__in=[])
    for place in places:
        here |= Q(matter__in=Matter.objects.filter(within(place), kind="care_session"))
    rows = Session.objects.filter(here, matter__closed_at__isnull=True)
    return cards(rows.select_related("matter__place").order_by("starts_at", "pk")[:most], at=at)


def cards(sessions: Iterable[Session], *, at: datetime) -> list[Card]:
    """Sessions with their slots; one query counts all seats."""
    found = list(sessions)
    counted = Seat.objects.filter(session__in=found, freed=False).values("session", "slot").annotate(
        held=Count("pk", filter=Q(number__isnull=False)), waits=Count("pk", filter=Q(matter__stage=WAITING)),
        came=Count("pk", filter=Q(matter__stage=ATTENDED)),
    )  # fmt: skip
    known = {(row["session"], row["slot"]): row for row in counted}
    return [_card(one, known, at) for one in found]


def _card(session: Session, known: Mapping[tuple[int, int], Mapping[str, Any]], at: datetime) -> Card:
    rows = [known.get((session.pk, n), {}) for n in range(session.slots)]
    slots = [
        Slot(n, slot_at(session, n), session.seats - row.get("held", 0), row.get("waits", 0))
        for n, row in enumerate(rows)
    ]
    service = service_of(session.service, at=at) or Service(session.service, Text(session.service, session.service), "")
    return Card(
        session,
        session.matter,
        service,
        slots,
        sum(r.get("held", 0) for r in rows),
        sum(r.get("came", 0) for r in rows),
    )


def my_seats(account: Account, *, at: datetime, most: int = 20) -> list[Seat]:
    """One's own appointments that are still to come, the next first."""
    rows = Seat.objects.filter(person=account, matter__stage__in=(BOOKED, WAITING))
    return list(rows.select_related("session__matter__place", "matter").order_by("session__starts_at")[:most])


def seats_of(session: Session) -> list[Seat]:
    """Everybody of a session by slot and turn."""
    rows = Seat.objects.filter(session=session, freed=False).select_related("person", "matter")
    return list(rows.order_by("slot", "matter"))


def district_of(account: Account, *, at: datetime) -> Place | None:
    """Where someone may book: the district of their home, else of their post."""
    if account.home is not None:
        return account.home.district or account.home
    post = next(iter(posts_of(account, at=at)), None)
    return (post.place.district or post.place) if post else None
