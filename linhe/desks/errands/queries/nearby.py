"""Who is near a new errand: a few couriers by the places they are at or go to, found by an index in one question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linhe.desks.errands.loop import COURIER
from linhe.desks.errands.models import ErrandDetail, Offer
from linhe.desks.errands.queries.state import DUTY, Duty
from linhe.lib.prepared import rows_of

NEAREST_STOPS, NEAREST_COURIERS, MOST = 48, 16, 24
"""Limits written into the statement: with them as values its plan would be made anew each time."""

_NEAR = f"""
WITH near AS (
    (SELECT t.shift_id AS id, point(t.lng, t.lat) <-> point(%(lng)s, %(lat)s) AS away
     FROM errands_stop AS t JOIN errands_shift AS s ON s.id = t.shift_id AND s.ended_at IS NULL
     WHERE t.done_at IS NULL ORDER BY point(t.lng, t.lat) <-> point(%(lng)s, %(lat)s) LIMIT {NEAREST_STOPS})
    UNION ALL
    (SELECT s.id, point(s.lng, s.lat) <-> point(%(lng)s, %(lat)s)
     FROM errands_shift AS s
     WHERE s.ended_at IS NULL ORDER BY point(s.lng, s.lat) <-> point(%(lng)s, %(lat)s) LIMIT {NEAREST_COURIERS})
), nearest AS (SELECT id FROM near GROUP BY id ORDER BY min(away) LIMIT {MOST})
SELECT {DUTY}, TRUE, EXISTS (
    SELECT 1 FROM errands_offer AS o WHERE o.courier_id = s.courier_id AND o.state = 'offered'
) AS asked
FROM errands_shift AS s JOIN nearest AS n ON n.id = s.id
WHERE s.district_id = %(district)s AND s.until_at > %(at)s AND s.courier_id <> ALL(%(people)s) AND EXISTS (
    SELECT 1 FROM people_post AS p JOIN people_account AS a ON a.id = p.account_id AND a.is_active
    WHERE p.account_id = s.courier_id AND p.role = %(role)s AND p.place_id = s.district_id
      AND p.valid_from <= %(at)s AND (p.valid_to IS NULL OR p.valid_to > %(at)s)
) AND NOT EXISTS (
    SELECT 1 FROM people_delegation AS d WHERE d.principal_id = ANY(%(people)s) AND d.delegate_id = s.courier_id
      AND d.confirmed_at <= %(at)s AND (d.ended_at IS NULL OR d.ended_at > %(at)s)
) ORDER BY s.id
"""


def near_shifts(errand: ErrandDetail, *, at: datetime) -> tuple[list[Duty], list[Offer]]:
    """Open shifts whose courier is near where the errand begins, or goes near it, and their unanswered offers.

    Of couriers with a post for the whole district, without whoever asked, for whom, and who acts for them. All others
    are met by the next plan of the district.
    """
    visit = errand.pickup_lat is None or errand.pickup_lng is None
    matter = errand.matter
    where = {
        "lng": errand.lng if visit else errand.pickup_lng, "lat": errand.lat if visit else errand.pickup_lat,
        "district": matter.at_district_id, "at": at, "role": COURIER,
        "people": [p for p in (matter.requester_id, matter.beneficiary_id) if p],
    }  # fmt: skip
    rows = rows_of(_NEAR, where)
    shifts = [Duty._make(row[:-1]) for row in rows]
    asked = [duty.courier_id for duty, row in zip(shifts, rows, strict=True) if row[-1]]
    return shifts, _waiting_with(asked) if asked else []


def _waiting_with(couriers: Sequence[int]) -> list[Offer]:
    rows = Offer.objects.filter(courier__in=couriers, state=Offer.State.OFFERED)
    sealed = [f"matter__errand__{name}" for name in ("door", "note", "code")]
    return list(rows.select_related("matter__errand").defer(*sealed).order_by("id"))
