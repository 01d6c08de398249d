"""Who lives where, who keeps the books of a place, who sits in a body: what effects and pages ask before anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.councils.loop import READERS, SECRETARY
from linhe.desks.councils.models import Body, Membership


def lives_in(account: Account | None, place: Place) -> bool:
    """Whether someone's registered home lies in a place."""
    return account is not None and account.home is not None and place.contains(account.home)


def keeps(account: Account, place: Place, *, at: datetime) -> bool:
    """Whether someone is the secretary of bodies at a place: convenes, keeps minutes, publishes."""
    return place.pk in kept_among(account, [place], at=at)


def kept_among(account: Account, places: Iterable[Place], *, at: datetime) -> set[int]:
    """The places, by id, of whose bodies someone is the secretary."""
    held = [post.place for post in posts_of(account, at=at) if post.role in SECRETARY]
    return {place.pk for place in places if any(one.contains(place) for one in held)}


def reads(account: Account, place: Place, *, at: datetime) -> bool:
    """Whether a post lets someone read what the desk holds at a place."""
    return any(post.role in READERS and post.place.contains(place) for post in posts_of(account, at=at))


def running(*, at: datetime) -> Q:
    """Memberships whose term runs at a moment."""
    return Q(from_at__lte=at, until_at__gt=at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=at))


def members_of(body: Body, *, at: datetime) -> QuerySet[Membership]:
    """Who sits in a body at a moment, the chair first."""
    found = Membership.objects.filter(running(at=at), body=body, account__is_active=True)
    return found.select_related("account", "organisation").order_by("function", "id")


def chair_of(body: Body, *, at: datetime) -> Account | None:
    """Who chairs a body at a moment."""
    found = members_of(body, at=at).filter(function=Membership.Function.CHAIR).first()
    return found.account if found else None
