"""Small drawn districts, and a slow oracle that tries everything, for the tests of the errands engine."""

from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.engine.checker import Stop, limits, own_stops, simulate, stop_of

NOW_S = 36_000.0
NEVER = float("inf")


def world(seed: int, people: int, requests: int, size: float = 0.03, most_stops: int = 2) -> Problem:
    """A drawn district of ``size`` degrees, with windows that the own routes just keep."""
    draw = np.random.default_rng(seed)
    count = draw.integers(0, most_stops + 1, people)
    stops = int(count.sum())

    def lon(rows: int) -> Any:
        return 112.70 + size * draw.random(rows)

    def lat(rows: int) -> Any:
        return 38.40 + size * draw.random(rows)

    visits = draw.random(requests) < 0.25
    earliest = NOW_S + draw.uniform(-600, 1800, requests)
    latest = earliest + draw.uniform(900, 5400, requests)
    problem = Problem(
        now_s=NOW_S,
        person_id=draw.permutation(people) + 1,
        person_lon=lon(people),
        person_lat=lat(people),
        person_end_lon=lon(people),
        person_end_lat=lat(people),
        person_end_latest_s=np.full(people, np.inf),
        person_work_from_s=NOW_S + draw.integers(-2, 2, people) * 300.0,
        person_work_to_s=np.full(people, np.inf),
        person_speed_mps=draw.uniform(3, 6, people),
        person_capacity=most_stops + draw.integers(0, 4, people),
        person_load=np.full(people, most_stops),
        person_skills=draw.integers(0, 4, people),
        person_detour_max_m=draw.uniform(500, 4000, people),
        person_detour_used_m=draw.uniform(0, 300, people),
        person_extra_max=draw.integers(1, 5, people),
        person_extra_used=draw.integers(0, 2, people),
        stop_offset=np.concatenate([[0], np.cumsum(count)]),
        stop_lon=lon(stops),
        stop_lat=lat(stops),
        stop_earliest_s=np.where(draw.random(stops) < 0.3, NOW_S + draw.uniform(0, 2400, stops), -np.inf),
        stop_latest_s=np.full(stops, np.inf),
        stop_service_s=draw.uniform(0, 300, stops),
        stop_load_change=draw.integers(-1, 1, stops),
        stop_ref=np.full(stops, -1),
        request_id=draw.permutation(requests) + 100,
        request_pickup_lon=np.where(visits, np.nan, lon(requests)),
        request_pickup_lat=np.where(visits, np.nan, lat(requests)),
        request_pickup_earliest_s=earliest,
        request_pickup_latest_s=latest,
        request_pickup_service_s=draw.uniform(0, 200, requests),
        request_dropoff_lon=lon(requests),
        request_dropoff_lat=lat(requests),
        request_dropoff_earliest_s=earliest,
        request_dropoff_latest_s=latest + draw.uniform(0, 1800, requests),
        request_dropoff_service_s=draw.uniform(0, 200, requests),
        request_load=np.where(visits, 0, draw.integers(0, 3, requests)),
        request_skills=np.where(draw.random(requests) < 0.2, draw.integers(1, 4, requests), 0),
        request_urgent=draw.random(requests) < 0.2,
        declined=np.array([[100, 1], [101, 2]]),
        skill_names=("medicine", "care"),
    )
    return _with_own_limits(problem, draw)


def _with_own_limits(problem: Problem, draw: np.random.Generator) -> Problem:
    """Latest times a little behind what the own routes need."""
    latest, ends = [], []
    for row in range(problem.people):
        drive = simulate(problem, row, own_stops(problem, row))
        latest += [begin + draw.uniform(0, 3600) for begin in drive.begin]
        ends.append(drive.end + draw.uniform(0, 7200))
    return changed(problem, stop_latest_s=latest, person_end_latest_s=ends)


def changed(problem: Problem, **values: Any) -> Problem:
    """The problem with other arrays."""
    return replace(problem, **{name: np.asarray(value) for name, value in values.items()})


def with_row(problem: Problem, name: str, row: int, value: Any) -> Problem:
    """The problem with one entry changed."""
    array = getattr(problem, name).copy()
    array[row] = value
    return replace(problem, **{name: array})


def arrays(problem: Problem) -> dict[str, Any]:
    """All fields by name."""
    return {item.name: getattr(problem, item.name) for item in fields(problem)}


def allowed(problem: Problem, person: int, request: int) -> bool:
    """Skills, declined pairs and an own route that can be driven."""
    needs = int(problem.request_skills[request])
    pair = [int(problem.request_id[request]), int(problem.person_id[person])]
    own = own_stops(problem, person)
    return (
        needs & int(problem.person_skills[person]) == needs
        and pair not in problem.declined.tolist()
        and not limits(problem, person, own, simulate(problem, person, own))
    )


def insertions(problem: Problem, person: int, stops: list[Stop], request: int) -> Iterator[list[Stop]]:
    """Every way to put one request into a row of stops."""
    key = int(problem.request_id[request])
    drop = stop_of(problem, person, "dropoff", key)
    if problem.visits[request]:
        for place in range(len(stops) + 1):
            yield [*stops[:place], drop, *stops[place:]]
        return
    pick = stop_of(problem, person, "pickup", key)
    for first in range(len(stops) + 1):
        for last in range(first, len(stops) + 1):
            yield [*stops[:first], pick, *stops[first:last], drop, *stops[last:]]


def detour_if_feasible(problem: Problem, person: int, stops: list[Stop]) -> float:
    """Detour of a whole row of stops, or infinity when a limit of the person or a window breaks."""
    extra = len({stop.request for stop in stops} - {None})
    drive = simulate(problem, person, stops)
    detour = drive.distance - simulate(problem, person, own_stops(problem, person)).distance
    over = detour + problem.person_detour_used_m[person] > problem.person_detour_max_m[person] + 1e-6
    full = extra + problem.person_extra_used[person] > problem.person_extra_max[person]
    return NEVER if over or full or limits(problem, person, stops, drive) else detour


def best_added(problem: Problem, person: int, stops: list[Stop], request: int) -> tuple[float, list[Stop]]:
    """Least detour that one more request adds to a feasible row, by trying every position."""
    if not allowed(problem, person, request):
        return NEVER, stops
    before = detour_if_feasible(problem, person, stops)
    if before == NEVER:
        return NEVER, stops
    options = [(detour_if_feasible(problem, person, row), row) for row in insertions(problem, person, stops, request)]
    detour, row = min(options, key=lambda option: option[0])
    return detour - before, row


def penalty(problem: Problem, params: Params, request: int) -> float:
    """What an unserved request costs."""
    return params.urgent_unserved_m if problem.request_urgent[request] else params.unserved_m


def optimum(problem: Problem, params: Params) -> float:
    """The least objective over all assignments and all sequences (own stops in order)."""

    @cache
    def cost(person: int, mine: frozenset[int]) -> float:
        rows = [own_stops(problem, person)]
        for request in sorted(mine):
            if not allowed(problem, person, request):
                return NEVER
            grown = [new for row in rows for new in insertions(problem, person, row, request)]
            # a part of a feasible route is feasible, so what is infeasible already can go
            rows = [row for row in grown if detour_if_feasible(problem, person, row) < NEVER]
        detour = min((detour_if_feasible(problem, person, row) for row in rows), default=NEVER) if mine else 0.0
        used = int(problem.person_extra_used[person])
        fair = params.fairness_m * sum(used + place for place in range(1, len(mine) + 1))
        return detour + fair + len(mine) * float(problem.person_price_m[person])

    best = NEVER
    for takers in product(range(-1, problem.people), repeat=problem.requests):
        total = sum(penalty(problem, params, r) for r, taker in enumerate(takers) if taker < 0)
        for person in set(takers) - {-1}:
            total += cost(person, frozenset(r for r, taker in enumerate(takers) if taker == person))
        best = min(best, total)
    return best


def greedy(problem: Problem, params: Params) -> float:
    """Objective of plain greedy insertion: always the pair that saves most."""
    routes = {person: own_stops(problem, person) for person in range(problem.people)}
    loads = {person: int(problem.person_extra_used[person]) for person in routes}
    waiting = set(range(problem.requests))
    total = sum(penalty(problem, params, request) for request in waiting)
    while True:
        options = []
        for person, request in product(routes, sorted(waiting)):
            added, row = best_added(problem, person, routes[person], request)
            weight = added + params.fairness_m * (loads[person] + 1) - penalty(problem, params, request)
            options.append((weight, person, request, row))
        if not options or min(options, key=lambda option: option[0])[0] >= 0:
            return total
        weight, person, request, row = min(options, key=lambda option: option[0])
        routes[person] = row
        loads[person] += 1
        waiting.remove(request)
        total += weight
