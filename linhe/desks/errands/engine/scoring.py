"""One measure for every solver's plan: its stops are driven again, what cannot be driven is dropped, the rest counted.

Independent of the solver like the checker. A plan is, for each person, the stops in driving order as (kind, ref):
``own`` with the row among the person's present stops, ``pickup`` and ``dropoff`` with the request's id.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan

from .driving import Stop, added_limits, limits, order_faults, own_count, own_stops, rows_of, simulate, stop_of
from .problem import Params, Problem
from .result import Result

Visits = Sequence[tuple[str, int]]


@dataclass
class Score:
    """What a plan is worth. ``dropped`` lists the requests that were planned but cannot be driven so."""

    objective_m: float = 0.0
    detour_m: float = 0.0
    served: dict[int, int] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)
    routes: dict[int, list[tuple[str, int]]] = field(default_factory=dict)


def score(problem: Problem, params: Params, plan: Mapping[int, Visits]) -> Score:
    """Judge a plan of any solver.

    Own stops that a solver has put out of their order stand again in it, in the places that own stops have; an errand
    that is planned twice, for somebody who may not have it, or without both of its stops in order is dropped; then,
    while a limit is broken, the errand whose loss breaks the fewest limits, ties by metres.
    """
    people, requests = rows_of(problem)
    told = Score()
    taken: set[int] = set()
    for person in sorted(plan):
        if person not in people:
            raise ValueError(f"plan: nobody has the id {person}")
        row = people[person]
        errands = [key for kind, key in plan[person] if kind == "dropoff" and key in requests]
        good = {
            key for key in errands if _may_have(problem, row, key) and _is_whole(problem, plan[person], key)
        } - taken
        kept = _kept(problem, row, _in_order(problem, row, plan[person]), good)
        told.dropped += sorted(set(errands) - {key for kind, key in kept if kind == "dropoff"})
        taken |= {key for kind, key in kept if kind == "dropoff"}
        told.routes[person] = kept
        _count(problem, params, row, kept, told)
    for key, row in requests.items():
        if key not in taken:
            told.objective_m += params.urgent_unserved_m if problem.request_urgent[row] else params.unserved_m
    told.objective_m += told.detour_m
    told.dropped = sorted(set(told.dropped) - taken)
    return told


def plan_of(result: Result) -> dict[int, list[tuple[str, int]]]:
    """The stops of our own result."""
    return {route.person_id: [(visit.kind, visit.ref) for visit in route.visits] for route in result.routes}


def _count(problem: Problem, params: Params, row: int, visits: Visits, told: Score) -> None:
    """Detour, fairness and price of one person; the n-th errand costs n times, points of the last days counting too."""
    errands = [key for kind, key in visits if kind == "dropoff"]
    person = int(problem.person_id[row])
    told.served |= dict.fromkeys(errands, person)
    drive = simulate(problem, row, _stops(problem, row, visits))
    told.detour_m += drive.distance - simulate(problem, row, own_stops(problem, row)).distance
    done = float(problem.person_extra_used[row]) + float(problem.person_points[row]) / params.points_an_errand
    told.objective_m += sum(params.fairness_m * (done + n) for n in range(1, len(errands) + 1))
    told.objective_m += len(errands) * float(problem.person_price_m[row])


def _stops(problem: Problem, row: int, visits: Visits) -> list[Stop]:
    return [stop_of(problem, row, kind, ref) for kind, ref in visits]


def _may_have(problem: Problem, row: int, key: int) -> bool:
    needed = int(problem.request_skills[rows_of(problem)[1][key]])
    pair = (key, int(problem.person_id[row]))
    off = own_count(problem, row) == 0 and problem.person_work_to_s[row] <= problem.now_s
    declined = any((int(r), int(p)) == pair for r, p in problem.declined)
    return not off and not declined and needed & int(problem.person_skills[row]) == needed


def _is_whole(problem: Problem, visits: Visits, key: int) -> bool:
    """Both stops once, the pick-up first; a visit has only one."""
    mine = [kind for kind, ref in visits if kind != "own" and ref == key]
    one_place = isnan(float(problem.request_pickup_lon[rows_of(problem)[1][key]]))
    return mine == (["dropoff"] if one_place else ["pickup", "dropoff"])


def _in_order(problem: Problem, row: int, visits: Visits) -> list[tuple[str, int]]:
    """The own stops in their order again where a solver has not kept it; missing ones at the end."""
    refs = [ref for kind, ref in visits if kind == "own"]
    if not order_faults(problem, row, refs):
        return list(visits)
    count = own_count(problem, row)
    own = iter(range(count))
    placed = [("own", next(own, -1)) if kind == "own" else (kind, ref) for kind, ref in visits]
    return [visit for visit in placed if visit != ("own", -1)] + [("own", ref) for ref in own]


def _kept(problem: Problem, row: int, visits: Visits, errands: set[int]) -> list[tuple[str, int]]:
    """The visits without the errands that must go; a person with nothing left drives as before."""
    left = set(errands)
    while left:
        if not _broken(problem, row, visits, left)[0]:
            return _only(visits, left)
        left.remove(min(sorted(left), key=lambda key: _broken(problem, row, visits, left - {key})))
    return [("own", ref) for ref in range(own_count(problem, row))]


def _only(visits: Visits, errands: set[int]) -> list[tuple[str, int]]:
    return [(kind, ref) for kind, ref in visits if kind == "own" or ref in errands]


def _broken(problem: Problem, row: int, visits: Visits, errands: set[int]) -> tuple[int, float]:
    """How many limits are broken with these errands, and the metres."""
    stops = _stops(problem, row, _only(visits, errands))
    drive = simulate(problem, row, stops)
    without = simulate(problem, row, own_stops(problem, row))
    texts = limits(problem, row, stops, drive) + added_limits(problem, row, len(errands), drive, without)
    return len(texts), drive.distance


def fair_share(served: Mapping[int, int], people: int) -> float:
    """Gini coefficient of errands a person, 0 = all the same."""
    counts = sorted([*Counter(served.values()).values()])
    counts = [0] * (people - len(counts)) + counts
    total = sum(counts)
    return (
        0.0 if not total else 2 * sum(n * c for n, c in enumerate(counts, 1)) / (people * total) - (people + 1) / people
    )
