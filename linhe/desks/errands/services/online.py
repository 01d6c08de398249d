"""One new errand is answered at once: planned into the route of somebody near, before the next plan of the district."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.desks.errands.engine import Params, Problem, Result, result, solve
from linhe.desks.errands.models import ErrandDetail
from linhe.desks.errands.queries.expected import place_of, places_in, with_expected
from linhe.desks.errands.queries.nearby import near_shifts
from linhe.desks.errands.queries.problem import params_of, problem_of
from linhe.desks.errands.queries.state import errand_of, stops_ahead
from linhe.desks.errands.services.batch import OUTDATED, offer_data

Plan = Callable[[Problem, Params], Result]


def answer_at_once(matter: Matter, *, at: datetime) -> result.Offer | None:
    """The best place for a new errand among couriers near it, kept for the next plan to go on from; None when it fits
    nowhere there, and the next plan looks further. An urgent one is offered right away."""
    errand = errand_of(matter)
    found = best_near(errand, at=at)
    if found is None:
        return None
    offer, data = found
    ErrandDetail.objects.filter(pk=errand.pk).update(looked_at=at, planned_for=offer.person_id)
    if matter.urgent:
        try:
            act(matter, "offer", by=None, data=data, at=at, version=matter.version)
        except Refused as refused:
            if refused.code not in OUTDATED:
                raise
    return offer


def best_near(errand: ErrandDetail, *, at: datetime, plan: Plan = solve) -> tuple[result.Offer, dict[str, Any]] | None:
    """The engine's answer from a few narrow reads, and what an offer of it says; nothing is written."""
    shifts, waiting = near_shifts(errand, at=at)
    left_out = {o.courier_id for o in waiting if place_of(o) is None}
    shifts = [s for s in shifts if s.courier_id not in left_out]
    if not shifts:
        return None
    waiting = [o for o in waiting if o.courier_id not in left_out]
    ahead = stops_ahead(s.pk for s in shifts)
    place_code = errand.matter.place.code
    problem = problem_of(
        shifts, [errand], at=at, place_code=place_code, waiting=waiting, ahead=ahead
    )  # fmt: skip
    found = plan(problem, at_once(params_of(at=at, place_code=place_code)))
    if not found.offers:
        return None
    [offer] = found.offers
    shift = next(s for s in shifts if s.courier_id == offer.person_id)
    [route] = [route for route in found.routes if route.person_id == offer.person_id]
    driven = with_expected(ahead, [shift], [o for o in waiting if o.courier_id == offer.person_id])
    return offer, offer_data(offer, places_in(route.visits, driven.get(shift.pk, ())).get(offer.request_id))


def at_once(params: Params) -> Params:
    """No search: the best insertion of the one errand."""
    return Params(
        unserved_m=params.unserved_m, urgent_unserved_m=params.urgent_unserved_m, fairness_m=params.fairness_m,
        iterations=0, threads=1,
    )  # fmt: skip
