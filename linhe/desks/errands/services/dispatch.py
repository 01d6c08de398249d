"""Ways in, and dispatch by a person to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop import refusals, registry
from linhe.core.loop.access import standing
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.step import Outcome
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of
from linhe.core.places.models import Place
from linhe.desks.errands.models import ErrandDetail
from linhe.desks.errands.queries.way import best_way, shift_of
from linhe.desks.errands.services.batch import told_with
from linhe.desks.errands.services.online import answer_at_once


def raise_errand(
    *,
    by: Account,
    place: Place,
    data: dict[str, Any],
    at: datetime,
    key: str | None = None,
    beneficiary: Account | None = None,
) -> Outcome:
    """Ask for help: for oneself, as the confirmed delegate of someone, or as a worker on behalf of a resident. Who is
    near is found at once; the plans of the district go on from there."""
    place = place.building if place.kind == "unit" and place.building else place  # the unit is part of the door
    code = "request"
    if beneficiary is not None and beneficiary.pk != by.pk and beneficiary.pk not in principals_of(by, at=at):
        code = "request_for"
    outcome = begin("errand", code, by=by, place=place, data=data, key=key, at=at, beneficiary=beneficiary)
    if not outcome.repeated:
        answer_at_once(outcome.matter, at=at)
    return outcome


def take(*, by: Account, matter_id: int, at: datetime, key: str | None = None) -> Outcome:
    """A courier takes an open errand that lies on the way. The same answer whether it does not exist or is not theirs
    to see."""
    matter = Matter.objects.select_related("place").filter(pk=matter_id, kind="errand").first()
    if matter is None or standing(by, registry.kind("errand").action("take"), matter, at=at) is None:
        raise refusals.not_found()
    return act(matter, "take", by=by, at=at, key=key)


def dispatch_to(
    *, by: Account, matter: Matter, courier: Account, at: datetime, key: str | None = None, version: int | None = None
) -> Outcome:
    """A community worker puts an errand to a person; the engine adds what it costs when that person is on duty."""
    data: dict[str, Any] = {"courier_id": courier.pk}
    shift = shift_of(courier)
    errand = ErrandDetail.objects.select_related("matter__place").get(pk=matter.pk)
    if way := best_way(shift, errand, at=at, place_code=matter.place.code) if shift else None:
        data |= {
            "detour_m": round(way.detour_m),
            "detour_s": max(0, round(way.detour_s)),
            "reasons": told_with(way, None),
        }
    return act(matter, "offer", by=by, data=data, at=at, key=key, version=version)
