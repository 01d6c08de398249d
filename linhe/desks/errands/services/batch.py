"""A district is planned every few seconds: each plan starts from the last one, and puts to couriers what is ripe."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.errands.engine import Params, Problem, Result, result, solve
from linhe.desks.errands.models import ErrandDetail, Offer
from linhe.desks.errands.queries.expected import PLACE, place_of, places_in, waiting_offers, with_expected
from linhe.desks.errands.queries.problem import params_of, problem_of
from linhe.desks.errands.queries.state import (
    NO_TO_THIS,
    Ahead,
    Duty,
    open_errands,
    open_shifts,
    refusals_of,
    stops_ahead,
)
from linhe.desks.errands.services.holding import holding_of

Checker = Callable[[Problem, Result], list[str]]
_OUTDATED = ("out_of_step", "wrong_stage", "said_no", "own_errand", "skill_needed", "invalid")
"""What may have changed while the plan was computed; such an offer is skipped and the next plan tries again."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How districts are planned: ``continuous`` plans go on from one another, count on offers not yet answered, move
    errands in hand within their route and hold new ones back a while; others plan each batch for itself."""

    plan: Callable[[Problem, Params, Result | None], Result]
    continuous: bool = True


CONTINUOUS = Manner(solve)


@dataclass(frozen=True, slots=True)
class Share:
    """One of the areas into which a district falls in a round; ``round`` turns the borders."""

    area: int
    areas: int
    round: int


@dataclass(slots=True)
class BatchReport:
    """What one dispatch of a district came to. ``plan_ms`` is reading and planning, without the offers, by the clock;
    ``plan_cpu_ms`` what this process worked meanwhile, which says more on a busy machine; ``held`` are
    planned and not yet offered, the first of them at ``ripe_at`` if no later plan changes it."""

    shifts: int = 0
    errands: int = 0
    offered: int = 0
    held: int = 0
    ripe_at: datetime | None = None
    skipped: int = 0
    plan_ms: float = 0.0
    plan_cpu_ms: float = 0.0
    unserved: dict[int, list[tuple[str, dict[str, float]]]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What was read for one plan."""

    errands: list[ErrandDetail]
    shifts: list[Duty]
    waiting: list[Offer]
    ahead: dict[int, list[Ahead]]


def dispatch_batch(
    *,
    district: Place,
    at: datetime,
    params: Params | None = None,
    check: Checker | None = None,
    manner: Manner = CONTINUOUS,
    share: Share | None = None,
) -> BatchReport:
    """Plan a district and offer what is ripe. Reads, then plans with no transaction held, then acts match by match on
    the version that was read; what has moved on meanwhile is skipped and counted.

    Everything a plan goes on from is in the database, so that any process may do the next one. ``check`` judges the
    plan independently. With ``share`` only one area is planned: each errand and each courier is in exactly one.
    """
    begun, worked = time.perf_counter(), time.process_time()
    ground = _read(district, at, manner, share)
    report = BatchReport(errands=len(ground.errands), shifts=len(ground.shifts))
    if not ground.errands:
        return report
    problem = problem_of(
        ground.shifts, ground.errands, at=at, place_code=district.code, waiting=ground.waiting, ahead=ground.ahead,
        refused=refusals_of(ground.errands, ground.shifts, at=at, states=(*NO_TO_THIS, Offer.State.LAPSED)),
        movable=manner.continuous, at_once=manner.continuous,
    )  # fmt: skip
    params = params or params_of(at=at, place_code=district.code, seed=int(at.timestamp()), errands=len(ground.errands))
    plan = manner.plan(problem, params, _last_plan(ground.errands) if manner.continuous else None)
    report.plan_ms = 1000 * (time.perf_counter() - begun)
    report.plan_cpu_ms = 1000 * (time.process_time() - worked)
    if check:
        report.violations = check(problem, plan)
    known = {e.matter_id: e for e in ground.errands}
    places = _places(plan, ground)
    ripe = _ripe(plan, known, at, district, report) if manner.continuous else list(plan.offers)
    _offer_all(ripe, places, {key: e.matter for key, e in known.items()}, at, report)
    _remember(plan, {o.request_id for o in ripe}, known, at, report)
    return report


def _ripe(
    plan: Result, known: dict[int, ErrandDetail], at: datetime, district: Place, report: BatchReport
) -> list[result.Offer]:
    """What is put to couriers now; how many are held back, and when the first of them is due."""
    rules = holding_of(at=at, place_code=district.code)
    due = [(o, rules.ripe_at(known[o.request_id], o, at)) for o in plan.offers]
    held = [moment for _, moment in due if moment > at]
    report.held, report.ripe_at = len(held), min(held, default=None)
    return [offer for offer, moment in due if moment <= at]


def _read(district: Place, at: datetime, manner: Manner, share: Share | None) -> _Ground:
    errands, shifts = open_errands(district), open_shifts(district, at=at)
    if share is not None:
        errands, shifts = _of_share(errands, shifts, share)
    waiting = waiting_offers(district) if errands else []
    left_out = {o.courier_id for o in waiting if not manner.continuous or place_of(o) is None}
    shifts = [s for s in shifts if s.courier_id not in left_out]
    here = {s.courier_id for s in shifts}
    counted = [o for o in waiting if o.courier_id in here]
    return _Ground(errands, shifts, counted, stops_ahead(s.pk for s in shifts) if errands else {})


def _of_share(errands: list[ErrandDetail], shifts: list[Duty], share: Share) -> tuple[list[ErrandDetail], list[Duty]]:
    """What belongs to one area: by where the couriers are and go, where the errands begin, and who is to have them."""
    from linhe.desks.errands.engine.shards import settle  # noqa: PLC0415 - loads the compiler

    routes = np.array([((s.lng + s.end_lng) / 2, (s.lat + s.end_lat) / 2) for s in shifts]).reshape(-1, 2)
    begin = np.array(
        [(e.lng, e.lat) if e.pickup_lat is None else (e.pickup_lng, e.pickup_lat) for e in errands], dtype=float
    ).reshape(-1, 2)
    of_shift, of_errand = (areas.tolist() for areas in settle(routes, begin, share.areas, share.round))
    of_courier = {s.courier_id: area for s, area in zip(shifts, of_shift, strict=True)}
    return (
        [e for e, area in zip(errands, of_errand, strict=True)
         if of_courier.get(e.planned_for_id or 0, area) == share.area],
        [s for s, area in zip(shifts, of_shift, strict=True) if area == share.area],
    )  # fmt: skip


def _last_plan(errands: Sequence[ErrandDetail]) -> Result | None:
    """What the last plan had in mind, for the search to start from; what no plan has looked at yet is left out."""
    seen = [e for e in errands if e.looked_at is not None]
    if not seen:
        return None
    offers = tuple(
        result.Offer(
            request_id=e.matter_id, person_id=e.planned_for_id, pickup_after=None, dropoff_after=-1, detour_m=0.0,
            detour_s=0.0, slack_s=0.0, eta_pickup_s=None, eta_dropoff_s=0.0, reasons=(), runners_up=(),
        )
        for e in seen
        if e.planned_for_id is not None
    )  # fmt: skip
    left = tuple(result.Unserved(request_id=e.matter_id, reasons=()) for e in seen if e.planned_for_id is None)
    return Result(
        status="solved", offers=offers, unserved=left, routes=(), broken=(), detour_m=0.0, objective_m=0.0
    )  # fmt: skip


def _places(plan: Result, ground: _Ground) -> dict[int, dict[str, float]]:
    """Where in the routes the new errands stand."""
    routes = with_expected(ground.ahead, ground.shifts, ground.waiting)
    of_courier = {s.courier_id: routes.get(s.pk, ()) for s in ground.shifts}
    found: dict[int, dict[str, float]] = {}
    for route in plan.routes:
        found |= places_in(route.visits, of_courier[route.person_id])
    return found


def told_with(offer: result.Offer, place: dict[str, float] | None) -> list[tuple[str, dict[str, float]]]:
    """All that is kept with an offer: why this person, where in the route, what time is left, and the next best two,
    of whom nothing is kept but the detour."""
    told: list[tuple[str, dict[str, float]]] = [*offer.reasons]
    if place:
        told.append((PLACE, place))
    if offer.slack_s < float("inf"):
        told.append(("slack", {"slack_s": round(offer.slack_s)}))
    for rank, other in enumerate(offer.runners_up, 1):
        told.append(
            (
                "runner_up",
                {
                    "rank": rank,
                    "detour_m": max(0, round(other.detour_m, -2)),
                    "detour_s": max(0, round(other.detour_s)),
                },
            )
        )
    return told


def offer_data(offer: result.Offer, place: dict[str, float] | None) -> dict[str, Any]:
    """What the action ``offer`` is told."""
    return {
        "courier_id": offer.person_id, "detour_m": max(0, round(offer.detour_m)),
        "detour_s": max(0, round(offer.detour_s)), "reasons": told_with(offer, place),
    }  # fmt: skip


def why_nobody(entry: result.Unserved) -> list[tuple[str, dict[str, float]]]:
    """All that is kept with an errand that nobody was found for: who passes near, the limits in the way, and when
    somebody could begin. Distances and times are told coarsely by the engine already."""
    told: list[tuple[str, dict[str, float]]] = []
    if entry.passing:
        told.append(("passing", {"people": entry.passing, "within_m": entry.within_m}))
    told += entry.reasons
    if entry.next_window_s is not None:
        told.append(("next_window", {"at_s": entry.next_window_s}))
    return told


def _offer_all(
    offers: Sequence[result.Offer], places: dict[int, dict[str, float]], matters: dict[int, Matter], at: datetime,
    report: BatchReport,
) -> None:  # fmt: skip
    for offer in offers:
        matter = matters[offer.request_id]
        data = offer_data(offer, places.get(offer.request_id))
        try:
            act(matter, "offer", by=None, data=data, at=at, version=matter.version)
            report.offered += 1
        except Refused as refused:
            if refused.code not in _OUTDATED:
                raise
            report.skipped += 1


def _remember(plan: Result, ripe: set[int], known: dict[int, ErrandDetail], at: datetime, report: BatchReport) -> None:
    """Keep with the errands what the next plan goes on from: whom they are meant for, or why nobody was found."""
    meant: dict[int, int | None] = {o.request_id: o.person_id for o in plan.offers if o.request_id not in ripe}
    reasons: dict[int, list[Any]] = {}
    for entry in plan.unserved:
        report.unserved[entry.request_id] = list(entry.reasons)
        reasons[entry.request_id] = [[code, numbers] for code, numbers in why_nobody(entry)]
    changed = []
    for key, errand in known.items():
        why = reasons.get(key, [])
        same = why == errand.unserved
        if same and errand.looked_at is not None and errand.planned_for_id == meant.get(key):
            continue
        errand.looked_at, errand.planned_for_id = errand.looked_at or at, meant.get(key)
        errand.unserved = errand.unserved if same else why
        changed.append(errand)
    ErrandDetail.objects.bulk_update(changed, ["unserved", "looked_at", "planned_for"])
