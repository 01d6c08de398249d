"""What a plan is made from: open shifts, their stops ahead, errands that want a courier, and who may not have them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import product
from math import inf
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.models import Delegation, Post
from linhe.core.places.models import Place
from linhe.desks.errands.loop import COURIER, OPEN
from linhe.desks.errands.models import ErrandDetail, Offer, Qualification, Shift
from linhe.desks.errands.queries.menu import SKILL_NAMES
from linhe.lib.prepared import rows_of

PICKUP_SERVICE_S = 120
NO_TO_THIS = (Offer.State.DECLINED, Offer.State.LEFT)
"""Answers after which an errand is never put to the same person again."""


class Ahead(NamedTuple):
    """A stop still to come. Its times are seconds since 1970, endless where there is no limit: thousands of stops are
    read for one plan, and a moment costs more to read than all else of a stop."""

    stop_id: int
    kind: str
    matter_id: int | None
    label: str
    lat: float
    lng: float
    earliest_s: float
    latest_s: float
    service_s: int
    load_change: int
    planned_s: float | None = None

    @property
    def earliest_at(self) -> datetime | None:
        """Not before this moment."""
        return None if self.earliest_s == -inf else datetime.fromtimestamp(self.earliest_s, UTC)

    @property
    def latest_at(self) -> datetime | None:
        """Not after this moment."""
        return None if self.latest_s == inf else datetime.fromtimestamp(self.latest_s, UTC)

    @property
    def planned_at(self) -> datetime | None:
        """When it begins by the last plan."""
        return None if self.planned_s is None else datetime.fromtimestamp(self.planned_s, UTC)


class Duty(NamedTuple):
    """What a plan needs to know of an open shift. ``whole`` tells that the courier has a post for the district."""

    pk: int
    courier_id: int
    district_id: int
    lat: float
    lng: float
    end_lat: float
    end_lng: float
    from_s: float
    until_s: float
    speed_kmh: float
    capacity: int
    load: int
    detour_max_m: int
    detour_used_m: int
    extra_max: int
    extra_used: int
    whole: bool = False


DUTY = """
s.id, s.courier_id, s.district_id, s.lat, s.lng, s.end_lat, s.end_lng,
extract(epoch FROM greatest(s.started_at, s.free_at))::float8, extract(epoch FROM s.until_at)::float8,
s.speed_kmh, s.capacity, s.load, s.detour_max_m, s.detour_used_m, s.extra_max, s.extra_used
"""
"""Columns of errands_shift AS s, as ``Duty`` has them."""

_OPEN_SHIFTS = f"""
SELECT {DUTY}, bool_or(p.place_id = s.district_id)
FROM errands_shift AS s
JOIN people_account AS a ON a.id = s.courier_id AND a.is_active
JOIN people_post AS p ON p.account_id = s.courier_id AND p.role = %(role)s
    AND p.valid_from <= %(at)s AND (p.valid_to IS NULL OR p.valid_to > %(at)s)
WHERE s.district_id = %(district)s AND s.ended_at IS NULL AND s.until_at > %(at)s
GROUP BY s.id ORDER BY s.id
"""

_STOPS_AHEAD = """
SELECT shift_id, id, kind, matter_id, label, lat, lng,
    coalesce(extract(epoch FROM earliest_at)::float8, '-infinity'),
    coalesce(extract(epoch FROM latest_at)::float8, 'infinity'),
    service_s, load_change, extract(epoch FROM planned_at)::float8
FROM errands_stop WHERE shift_id = ANY(%s::bigint[]) AND done_at IS NULL ORDER BY shift_id, seq
"""


def stops_ahead(shift_ids: Iterable[int]) -> dict[int, list[Ahead]]:
    """The stops still to come of some shifts, in driving order. Asked in plain words: every plan and answer waits."""
    found: dict[int, list[Ahead]] = defaultdict(list)
    for row in rows_of(_STOPS_AHEAD, [f"{{{','.join(map(str, shift_ids))}}}"]):  # a list is dumped one by one
        found[row[0]].append(Ahead._make(row[1:]))
    return found


def open_shifts(district: Place, *, at: datetime) -> list[Duty]:
    """Who is on duty in a district, with a courier's post that holds now."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_SHIFTS, {"district": district.pk, "at": at, "role": COURIER})
        return [Duty._make(row) for row in cursor.fetchall()]


def duty_of(shift: Shift) -> Duty:
    """A shift that has been read already."""
    return Duty(
        shift.pk, shift.courier_id, shift.district_id, shift.lat, shift.lng, shift.end_lat, shift.end_lng,
        max(shift.started_at, shift.free_at).timestamp(), shift.until_at.timestamp(), shift.speed_kmh, shift.capacity,
        shift.load, shift.detour_max_m, shift.detour_used_m, shift.extra_max, shift.extra_used,
    )  # fmt: skip


def open_errands(district: Place) -> list[ErrandDetail]:
    """The errands of a district that wait for a courier, each with its matter; door, note and code stay sealed."""
    return list(
        ErrandDetail.objects.filter(
            matter__kind="errand", matter__stage=OPEN, matter__closed_at__isnull=True, matter__at_district=district.pk
        )
        .select_related("matter")
        .defer("door", "note", "code")
        .order_by("matter_id")
    )


def refusals_of(
    errands: Sequence[ErrandDetail], shifts: Sequence[Duty], *, at: datetime, states: Sequence[str] = NO_TO_THIS
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


def _outside(errands: Sequence[ErrandDetail], shifts: Sequence[Duty], *, at: datetime) -> set[tuple[int, int]]:
    """Pairs (matter, courier) where the matter lies in none of the courier's places."""
    narrow = [s.courier_id for s in shifts if not s.whole]  # most couriers have the whole district
    if not narrow:
        return set()
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in _courier_posts(at).filter(account__in=narrow).select_related("place"):
        posts[post.account_id].append(post)
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
