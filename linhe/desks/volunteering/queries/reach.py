"""Where somebody belongs: the places of their posts, and the district that their announcements come from."""

from __future__ import annotations

from datetime import datetime

from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop.roles import READERS


def places_read(account: Account, *, at: datetime, roles: tuple[str, ...] = READERS) -> list[Place]:
    """The places of somebody's posts that read this desk's matters, each once."""
    held = [post for post in posts_of(account, at=at) if post.role in roles]
    return list({post.place_id: post.place for post in held}.values())


def neighbourhood(account: Account, *, at: datetime) -> Place | None:
    """The district whose announcements somebody sees: of their home, else of a post of theirs."""
    if account.home is not None:
        return account.home.district or account.home
    post = next(iter(posts_of(account, at=at)), None)
    return (post.place.district or post.place) if post else None


def own_community(account: Account) -> Place | None:
    """The community that somebody lives in."""
    return account.home.community if account.home is not None else None


def below(
    place: Place, *, kinds: tuple[str, ...] = ("community", "village", "compound"), most: int = 600
) -> list[Place]:
    """The place itself and what lies below it of these kinds, in the order of their codes."""
    if place.level == "unit":
        return [place]
    rows = Place.objects.filter(**{place.level: place}, kind__in=kinds).exclude(pk=place.pk)
    return [place, *rows.select_related("parent").order_by("code")[:most]]
