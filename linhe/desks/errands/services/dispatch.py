"""Ways in, and dispatch: by a person to a person, or a whole district planned by the engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from linhe.core.loop import refusals, registry
from linhe.core.loop.access import standing
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Outcome
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of
from linhe.core.places.models import Place
from linhe.desks.errands.engine import Params, Problem, Result, solve
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries.state import (
    NO_TO_THIS,
    open_errands,
    open_shifts,
    params_of,
    problem_of,
    refusals_of,
)
from linhe.desks.errands.queries.way import best_way, shift_of

Checker = Callable[[Problem, Result], list[str]]
Solver = Callable[[Problem, Params], Result]
_OUTDATED = ("out_of_step", "wrong_stage", "said_no", "own_errand", "skill_needed", "invalid")
"""What may have changed while the plan was computed; such an offer is skipped and the next plan tries again."""


@dataclass(slots=True)
class BatchReport:
    """What one dispatch of a district came to. ``plan_ms`` is reading and planning, without the offers."""

    shifts: int = 0
    errands: int = 0
    offered: int = 0
    skipped: int = 0
    plan_ms: float = 0.0
    unserved: dict[int, list[tuple[str, dict[str, float]]]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


def raise_errand(
    *,
    by: Account,
    place: Place,
    data: dict[str, Any],
    at: datetime,
    key: str | None = None,
    beneficiary: Account | None = None,
) -> Outcome:
    """Ask for help: for oneself, as the confirmed delegate of someone, or as a worker on behalf of a resident."""
    place = place.building if place.kind == "unit" and place.building else place  # the unit is part of the door
    code = "request"
    if beneficiary is not None and beneficiary.pk != by.pk and beneficiary.pk not in principals_of(by, at=at):
        code = "request_for"
    return begin("errand", code, by=by, place=place, data=data, key=key, at=at, beneficiary=beneficiary)


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
        data |= {"detour_m": round(way.detour_m), "detour_s": max(0, round(way.detour_s)), "reasons": way.reasons}
    return act(matter, "offer", by=by, data=data, at=at, key=key, version=version)


@dataclass(frozen=True, slots=True)
class Share:
    """One of the areas into which a district falls in a round; ``round`` turns the borders."""

    area: int
    areas: int
    round: int


def dispatch_batch(
    *,
    district: Place,
    at: datetime,
    params: Params | None = None,
    check: Checker | None = None,
    solver: Solver = solve,
    share: Share | None = None,
) -> BatchReport:
    """Plan a district and offer every match. Reads, then plans with no transaction held, then acts match by match on
    the version that was read; what has moved on meanwhile is skipped and counted.

    Whoever still has an offer to answer is left out, so that no two plans count on the same person. ``check`` judges
    the plan independently; ``solver`` is another version of the engine, to compare with. With ``share`` only one area
    is planned: each errand and each courier is in exactly one.
    """
    begun = time.perf_counter()
    errands, on_duty = open_errands(district), open_shifts(district, at=at)
    if share is not None:
        errands, on_duty = _of_share(errands, on_duty, share)
    report = BatchReport(errands=len(errands))
    if not errands:
        return report
    waiting = set(
        Offer.objects.filter(state=Offer.State.OFFERED, matter__at_district=district.pk).values_list(
            "courier_id", flat=True
        )
    )
    shifts = [s for s in on_duty if s.courier_id not in waiting]
    report.shifts = len(shifts)
    problem = problem_of(
        shifts, errands, at=at, place_code=district.code,
        refused=refusals_of(errands, shifts, at=at, states=(*NO_TO_THIS, Offer.State.LAPSED)),
    )  # fmt: skip
    plan = solver(problem, params or params_of(at=at, place_code=district.code, seed=int(at.timestamp())))
    report.plan_ms = 1000 * (time.perf_counter() - begun)
    if check:
        report.violations = check(problem, plan)
    _offer_all(plan, {e.matter_id: e.matter for e in errands}, at, report)
    _remember_unserved(plan, errands, report)
    return report


def _of_share(errands: list[ErrandDetail], shifts: list[Shift], share: Share) -> tuple[list[ErrandDetail], list[Shift]]:
    """What belongs to one area: by where the couriers are and go, and where the errands begin."""
    from linhe.desks.errands.engine.shards import settle  # noqa: PLC0415 - loads the compiler

    routes = np.array([((s.lng + s.end_lng) / 2, (s.lat + s.end_lat) / 2) for s in shifts]).reshape(-1, 2)
    begin = np.array(
        [(e.lng, e.lat) if e.pickup_lat is None else (e.pickup_lng, e.pickup_lat) for e in errands], dtype=float
    ).reshape(-1, 2)
    of_shift, of_errand = settle(routes, begin, share.areas, share.round)
    return (
        [e for e, area in zip(errands, of_errand.tolist(), strict=True) if area == share.area],
        [s for s, area in zip(shifts, of_shift.tolist(), strict=True) if area == share.area],
    )


def _offer_all(plan: Result, matters: dict[int, Matter], at: datetime, report: BatchReport) -> None:
    for offer in plan.offers:
        matter = matters[offer.request_id]
        data = {
            "courier_id": offer.person_id, "detour_m": max(0, round(offer.detour_m)),
            "detour_s": max(0, round(offer.detour_s)), "reasons": offer.reasons,
        }  # fmt: skip
        try:
            act(matter, "offer", by=None, data=data, at=at, version=matter.version)
            report.offered += 1
        except Refused as refused:
            if refused.code not in _OUTDATED:
                raise
            report.skipped += 1


def _remember_unserved(plan: Result, errands: list[ErrandDetail], report: BatchReport) -> None:
    """Keep why nobody was found with the errand, when the reasons are others than before."""
    known = {e.matter_id: e for e in errands}
    changed = []
    for entry in plan.unserved:
        report.unserved[entry.request_id] = list(entry.reasons)
        errand = known[entry.request_id]
        if [code for code, _ in entry.reasons] != [code for code, _ in errand.unserved]:
            errand.unserved = [[code, numbers] for code, numbers in entry.reasons]
            changed.append(errand)
    ErrandDetail.objects.bulk_update(changed, ["unserved"])
