"""The first version: matching in rounds, regret and greedy insertion, and a bounded ruin and recreate of the best.

References
----------
J. Schrimpf et al. (2000), Record breaking optimization results using the ruin and recreate principle,
doi:10.1006/jcph.1999.6413; S. Ropke, D. Pisinger (2006), doi:10.1287/trsc.1050.0135 (regret insertion).
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from linhe.desks.errands.engine.problem import Params, Problem
from linhe.desks.errands.engine.result import Result

from . import kernel
from .kernel import Model, Pairs, Plan
from .model import build_model, build_pairs, build_plan, copied, find_near
from .telling import nothing, told

TRIES_PER_S = 500_000
METHODS = ("first", "greedy", "regret")


def solve(problem: Problem, params: Params | None = None, *, method: str = "first") -> Result:
    """Plan as the first version did, or by one of its constructions alone.

    Parameters
    ----------
    problem : Problem
        Straight-line distances only; stops of accepted errands keep their order.
    params : Params, optional
    method : str
        ``first``, ``greedy`` (the pair that saves most) or ``regret`` (the request that would lose most by waiting).

    Raises
    ------
    ValueError
        For an unknown method, and for tables of roads.
    """
    params = params or Params()
    if method not in METHODS:
        raise ValueError(f"method: {method!r} is not one of {', '.join(METHODS)}")
    if problem.road_m.size:
        raise ValueError("road_m: the first version knows straight lines only")
    m, base, broken = build_plan(problem, build_model(problem, params))
    if not problem.people or not problem.requests:
        return nothing(problem, broken, float(m.penalty.sum()))
    pairs, _ = build_pairs(m, base, find_near(m, base))
    if method == "first":
        plan = best_start(m, base, pairs)
        if params.deadline_s > 0:
            kernel.improve(m, plan, copied(plan), pairs, params.seed, int(params.deadline_s * TRIES_PER_S))
    else:
        plan = copied(base)
        (insert_by_saving if method == "greedy" else insert_by_regret)(m, plan, pairs)
    return told(problem, m, plan, broken, float(kernel.objective(m, plan)))


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
