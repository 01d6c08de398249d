"""From the state to a plan: near pairs, exact insertion, matching in rounds, and a bounded improvement.

Method: (1) a grid finds every pair that the detour limit allows; (2) every pair gets its exact best insertion;
(3) three first plans are built: rounds of a sparse minimum-cost matching (one errand a person a round), insertion by
largest regret, insertion by largest saving; (4) the best of them is improved by ruin and recreate.
The objective is the sum of detours, of penalties for the unserved and of a fairness term that grows with
the errands one person gets.

References
----------
J. Schrimpf et al. (2000), Record breaking optimization results using the ruin and recreate principle,
doi:10.1006/jcph.1999.6413; S. Ropke, D. Pisinger (2006), doi:10.1287/trsc.1050.0135 (regret insertion);
C. Archetti, M. Savelsbergh, M. G. Speranza (2016), The vehicle routing problem with occasional drivers,
doi:10.1016/j.ejor.2016.03.049.
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from . import kernel
from .explain import offers_of, routes_of, unserved_of
from .kernel import Model, Pairs, Plan
from .model import build_model, build_pairs, build_plan, copied, find_near
from .problem import Params, Problem
from .result import Result, Unserved

TRIES_PER_S = 500_000


def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan which person takes which request.

    Parameters
    ----------
    problem : Problem
    params : Params, optional

    Returns
    -------
    Result
        ``infeasible`` when some own route is already broken; the offers to the others stand.

    Notes
    -----
    Deterministic: no clock and no shared random state. The first call in a fresh installation compiles for some
    seconds. The plan is never worse than the better of the three constructions; it is not proven optimal.
    """
    params = params or Params()
    if not problem.people or not problem.requests:
        return _empty(problem, params)
    m, base, broken = build_plan(problem, build_model(problem, params))
    near = find_near(m, base)
    pairs, alone = build_pairs(m, base, near)
    plan = best_start(m, base, pairs)
    if params.deadline_s > 0:
        kernel.improve(m, plan, copied(plan), pairs, params.seed, int(params.deadline_s * TRIES_PER_S))
    routes = routes_of(problem, m, plan)
    return Result(
        status="infeasible" if broken else "solved",
        offers=offers_of(problem, m, base, plan, pairs, alone),
        unserved=unserved_of(problem, m, plan, near),
        routes=routes,
        broken=broken,
        detour_m=float(sum(route.detour_m for route in routes)),
        objective_m=float(kernel.objective(m, plan)),
    )


def _empty(problem: Problem, params: Params) -> Result:
    m, _, broken = build_plan(problem, build_model(problem, params))
    reasons = (("no_couriers", {"people": 0.0}),)
    return Result(
        status="infeasible" if broken else "empty",
        offers=(),
        unserved=tuple(Unserved(request_id=int(key), reasons=reasons) for key in problem.request_id),
        routes=(),
        broken=broken,
        detour_m=0.0,
        objective_m=float(m.penalty.sum()),
    )


def best_start(m: Model, base: Plan, pairs: Pairs) -> Plan:
    """The best of matching in rounds, regret and greedy insertion."""
    best, least = base, np.inf
    for build in (match_in_rounds, insert_by_regret, insert_by_saving):
        plan = copied(base)
        build(m, plan, pairs._replace(**{name: getattr(pairs, name).copy() for name in ("cost", "pickup", "dropoff")}))
        value = kernel.objective(m, plan)
        if value < least:
            best, least = plan, value
    return best


def insert_by_regret(m: Model, plan: Plan, pairs: Pairs) -> None:
    """One request at a time, the one that would lose most by waiting."""
    kernel.build_up(m, plan, pairs, True)


def insert_by_saving(m: Model, plan: Plan, pairs: Pairs) -> None:
    """One request at a time, the cheapest beside its penalty: plain greedy."""
    kernel.build_up(m, plan, pairs, False)


def match_in_rounds(m: Model, plan: Plan, pairs: Pairs) -> None:
    """Match requests to people at least weight, one a person; insert; price again; until nothing fits."""
    while True:
        open_pairs = np.flatnonzero(np.isfinite(pairs.cost))
        if not len(open_pairs):
            return
        chosen = match(m, plan, pairs, open_pairs)
        if not len(chosen):
            return
        kernel.take(m, plan, pairs, chosen)


def match(m: Model, plan: Plan, pairs: Pairs, open_pairs: kernel.Ints) -> kernel.Ints:
    """The pairs of a minimum-weight matching in which a request may also stay unserved."""
    persons, person = np.unique(pairs.person[open_pairs], return_inverse=True)
    requests, request = np.unique(pairs.request[open_pairs], return_inverse=True)
    taken = m.used_n[pairs.person[open_pairs]] + plan.extra[pairs.person[open_pairs]]
    serve = pairs.cost[open_pairs] + m.fairness * (taken + 1)
    rows, columns = len(requests), len(persons) + len(requests)
    # weight 0 would count as no edge, so all weights are raised by 1; column len(persons) + k leaves request k unserved
    stay = np.arange(rows)
    data = np.concatenate([serve, m.penalty[requests]]) + 1.0
    where = (np.concatenate([request, stay]), np.concatenate([person, len(persons) + stay]))
    graph = csr_array((data, where), shape=(rows, columns))
    order, column = min_weight_full_bipartite_matching(graph)
    served = column < len(persons)
    wanted = order[served] * len(persons) + column[served]
    keys = request * len(persons) + person
    by_key = np.argsort(keys)
    chosen: kernel.Ints = open_pairs[by_key[np.searchsorted(keys[by_key], wanted)]]
    return chosen
