"""What lies on one person's way: each open request alone in the present route, the least detour first."""

import numpy as np

from . import explain, outcome, planner
from .model import build_model
from .problem import Params, Problem
from .result import Offer
from .search import assign

DEFAULT_LIMIT = 20


def list_for(problem: Problem, person_id: int, limit: int = DEFAULT_LIMIT) -> tuple[Offer, ...]:
    """The requests that this person could take now, each judged alone; urgent ones first, then by detour.

    Parameters
    ----------
    problem : Problem
        May hold other people too; they are left out of account.
    person_id : int
    limit : int
        At most so many offers.

    Raises
    ------
    ValueError
        If nobody has this id.

    Notes
    -----
    The same exact insertion as ``solve``. Any one of the offers is feasible, not all of them together.
    """
    mine = problem.only(person_id)
    params = Params(threads=1, fairness_m=0)
    model = build_model(mine, params)
    if model.broken or not mine.requests:
        return ()
    plan = planner.build_planner(model, params)
    pinned, own = model.pinned, plan.state.cost[0]
    found = []
    for r in plan.pairs.request.tolist():
        state = planner.copied(plan.state)
        assign(model.city, plan.stores[0], plan.terms, state, np.array([r]), np.zeros(1, dtype=np.int64))
        if state.taker[r] == 0:
            found.append(
                (not mine.request_urgent[r - pinned], int(state.cost[0] - own), mine.request_id[r - pinned], state)
            )
    found.sort(key=lambda entry: entry[:3])
    index = explain.present_rows(mine, model)
    given, given_first = explain.present_nodes(mine, model)
    offers: list[Offer] = []
    for *_, state in found[:limit]:
        plan.state = state
        laid = outcome.lay_out_all(model.city, plan.stores[0], plan.terms, state)
        told = outcome.tell_offers(
            model.city, plan.stores[0], plan.terms, state, plan.pairs, laid, given, given_first, pinned, 0
        )
        offers += explain.offers_of(mine, plan, laid, told, index)
    return tuple(offers)
