"""What a plan is made from: open shifts, their stops ahead, errands that want a courier, and who may not have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from django.db import connection
from django.db.models import Q, QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.models import Delegation, Post
from linhe.core.places.models import Place
from linhe.desks.errands.loop import COURIER, OPEN
from linhe.desks.errands.models import ErrandDetail, Offer, Qualification, Shift
from linhe.desks.errands.queries.menu import SKILL_NAMES

PICKUP_SERVICE_S = 120
NO_TO_THIS = (Offer.State.DECLINED, Offer.State.LEFT)
"""Answers after which an errand is never put to the same person again."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A stop still to come."""

    stop_id: int
    kind: str
    matter_id: int | None
    label: str
    lat: float
    lng: float
    earliest_at: datetime | None
    latest_at: datetime | None
    service_s: int
    load_change: int
    planned_at: datetime | None = None


_STOPS_AHEAD = """
SELECT shift_id, id, kind, matter_id, label, lat, lng, earliest_at, latest_at, service_s, load_change, planned_at
FROM errands_stop WHERE shift_id = ANY(%s) AND done_at IS NULL ORDER BY shift_id, seq
"""


def stops_ahead(shift_ids: Iterable[int]) -> dict[int, list[Ahead]]:
    """The stops still to come of some shifts, in driving order. Asked in plain words: every plan and answer waits."""
    found: dict[int, list[Ahead]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_STOPS_AHEAD, [list(shift_ids)])
        for shift_id, *rest in cursor.fetchall():
            found[shift_id].append(Ahead(*rest))
    return found


def open_shifts(district: Place, *, at: datetime) -> list[Shift]:
    """Who is on duty in a district, with a courier's post that holds now."""
    shifts = Shift.objects.filter(district_id=district.pk, ended_at__isnull=True, until_at__gt=at).order_by("id")
    return list(shifts.filter(courier__is_active=True, courier__in=_courier_posts(at).values("account")))


def open_errands(district: Place) -> list[ErrandDetail]:
    """The errands of a district that wait for a courier, each with its matter."""
    return list(
        ErrandDetail.objects.filter(
            matter__kind="errand", matter__stage=OPEN, matter__closed_at__isnull=True, matter__at_district=district.pk
        )
        .select_related("matter")
        .order_by("matter_id")
    )


def refusals_of(
    errands: Sequence[ErrandDetail], shifts: Sequence[Shift], *, at: datetime, states: Sequence[str] = NO_TO_THIS
) -> list[tuple[int, int]]:
    """Pairs (matter, person) that must not be put together: said no before, asked for it themselves, act for whoever
    asked, or hold no courier's post where it is. An offer to them would be refused, batch after batch."""
    pairs = set(
        Offer.objects.filter(matter__in=[e.matter_id for e in errands], state__in=states).values_list(
            "matter_id", "courier_id"
        )
    )
    sides = {e.matter_id: [p for p in (e.matter.requester_id, e.matter.beneficiary_id) if p] for e in errands}
    acting = _delegates_of({person for side in sides.values() for person in side}, at=at)
    pairs |= {(matter_id, one) for matter_id, side in sides.items() for p in side for one in (p, *acting[p])}
    return sorted(pairs | _outside(errands, shifts, at=at))


def _outside(errands: Sequence[ErrandDetail], shifts: Sequence[Shift], *, at: datetime) -> set[tuple[int, int]]:
    """Pairs (matter, courier) where the matter lies in none of the courier's places."""
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in _courier_posts(at).filter(account__in=[s.courier_id for s in shifts]).select_related("place"):
        posts[post.account_id].append(post)
    # Most couriers have the whole district: only for the others every errand is looked at.
    narrow = [s.courier_id for s in shifts if s.district_id not in {p.place_id for p in posts[s.courier_id]}]
    return {
        (errand.matter_id, courier_id)
        for errand, courier_id in product(errands, narrow)
        if not any(p.place.contains(errand.matter) for p in posts[courier_id])
    }


def _delegates_of(people: Iterable[int], *, at: datetime) -> dict[int, set[int]]:
    """Who acts for each of these people now."""
    found: dict[int, set[int]] = defaultdict(set)
    running = Delegation.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), confirmed_at__lte=at)
    for principal_id, delegate_id in running.filter(principal__in=list(people)).values_list("principal", "delegate"):
        found[principal_id].add(delegate_id)
    return found


def _courier_posts(at: datetime) -> QuerySet[Post]:
    return Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), role=COURIER, valid_from__lte=at)


def skills_of(account_ids: Iterable[int], *, at: datetime) -> dict[int, int]:
    """The skill bits of people, from qualifications that hold now."""
    bits: dict[int, int] = defaultdict(int)
    held = Qualification.objects.filter(account__in=list(account_ids), valid_from__lte=at, skill__in=SKILL_NAMES)
    for account_id, skill, valid_to in held.values_list("account_id", "skill", "valid_to"):
        if valid_to is None or valid_to > at:
            bits[account_id] |= bit_of(skill)
    return bits


def bit_of(skill: str) -> int:
    """The bit of a skill, 0 for none."""
    return 1 << SKILL_NAMES.index(skill) if skill in SKILL_NAMES else 0


def errand_of(matter: Matter) -> ErrandDetail:
    """The detail of an errand, sharing the matter object."""
    detail = ErrandDetail.objects.get(matter_id=matter.pk)
    detail.matter = matter
    return detail
