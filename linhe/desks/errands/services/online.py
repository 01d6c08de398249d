"""One new errand is answered at once: planned into the route of somebody near, before the next plan of the district."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from linhe.core.loop.models import Matter
from linhe.desks.errands.engine import Params, Problem, Result, result, solve
from linhe.desks.errands.models import ErrandDetail
from linhe.desks.errands.queries.expected import place_of
from linhe.desks.errands.queries.nearby import near_shifts
from linhe.desks.errands.queries.problem import params_of, problem_of
from linhe.desks.errands.queries.state import errand_of, stops_ahead

Plan = Callable[[Problem, Params], Result]


def answer_at_once(matter: Matter, *, at: datetime) -> result.Offer | None:
    """The best place for a new errand among couriers near it, kept for the next plan to go on from; None when it fits
    nowhere there, and the next plan looks further."""
    errand = errand_of(matter)
    offer = best_near(errand, at=at)
    if offer is not None:
        ErrandDetail.objects.filter(pk=errand.pk).update(looked_at=at, planned_for=offer.person_id)
    return offer


def best_near(errand: ErrandDetail, *, at: datetime, plan: Plan = solve) -> result.Offer | None:
    """The engine's answer from a few narrow reads; nothing is written."""
    shifts, waiting = near_shifts(errand, at=at)
    left_out = {o.courier_id for o in waiting if place_of(o) is None}
    shifts = [s for s in shifts if s.courier_id not in left_out]
    if not shifts:
        return None
    waiting = [o for o in waiting if o.courier_id not in left_out]
    ahead = stops_ahead(s.pk for s in shifts)
    place_code = errand.matter.place.code
    problem = problem_of(
        shifts, [errand], at=at, place_code=place_code, waiting=waiting, ahead=ahead, at_once=True,
    )  # fmt: skip
    found = plan(problem, at_once(params_of(at=at, place_code=place_code)))
    return found.offers[0] if found.offers else None


def at_once(params: Params) -> Params:
    """No search: the best insertion of the one errand."""
    return Params(
        unserved_m=params.unserved_m, urgent_unserved_m=params.urgent_unserved_m, fairness_m=params.fairness_m,
        iterations=0, threads=1,
    )  # fmt: skip
