"""Who looks after whom: the neighbour, the chief of the unit, the family; and what a post lets someone see."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from linhe.core.people.models import Account, Delegation, Post
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.care.loop import STAFF
from linhe.desks.care.models import Enrolment

UNIT_CHIEF, BUILDING_CHIEF = "unit_chief", "building_chief"


def enrolment_of(person: Account) -> Enrolment | None:
    """The standing enrolment of a person."""
    return (
        Enrolment.objects.filter(person=person, ended_at__isnull=True)
        .select_related("person", "home__parent", "community", "neighbour")
        .first()
    )


def chief_of(enrolment: Enrolment, *, at: datetime) -> Account | None:
    """The chief of the unit, else of the building; never the neighbour again, nor the person."""
    home = enrolment.home
    if home is None:
        return None
    places = [place for place in (home, home.building) if place is not None]
    held = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at), role__in=(UNIT_CHIEF, BUILDING_CHIEF), valid_from__lte=at,
        place__in=places, account__is_active=True,
    ).exclude(account__in=[i for i in (enrolment.neighbour_id, enrolment.person_id) if i])  # fmt: skip
    posts = sorted(held.select_related("account"), key=lambda p: (p.role != UNIT_CHIEF, p.pk))
    return posts[0].account if posts else None


def family_of(enrolment: Enrolment, *, at: datetime) -> list[int]:
    """The accounts that act for the person."""
    running = Delegation.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at), principal=enrolment.person_id, confirmed_at__lte=at
    )
    return list(running.values_list("delegate_id", flat=True))


def care_places(account: Account, *, at: datetime) -> list[Place]:
    """Where someone works for the community."""
    return [post.place for post in posts_of(account, at=at) if post.role in STAFF]


def works_at(account: Account, place: Place, *, at: datetime) -> bool:
    """Whether someone works for the community at a place."""
    return any(one.contains(place) for one in care_places(account, at=at))


def communities_below(places: list[Place]) -> Q:
    """Rows whose ``community`` lies in one of these places."""
    found = Q(pk__in=[])
    for place in places:
        if place.level == "community":
            found |= Q(community=place)
        elif place.level in ("district", "subdistrict"):
            found |= Q(**{f"community__{place.level}": place})
        elif place.community_id:
            found |= Q(community=place.community_id) & (Q(home=place) | Q(**{f"home__{place.level}": place}))
    return found
