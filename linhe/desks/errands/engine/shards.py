"""Dispatch on several machines: people and requests of a round fall into areas that are planned apart.

Every person and every request is in exactly one area of a round, so nothing is offered twice; the borders turn from
round to round, so what lies on a border in one round lies inside an area in the next.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from .areas import split
from .dispatcher import Dispatcher
from .jit import Bools, Floats, Ints
from .problem import Params, Problem
from .result import Offer, Result, Unserved
from .rows import EARTH_M
from .solver import solve

Task = tuple[Problem, Params, Result | None, tuple[float, float]]
Runner = Callable[[Callable[[Task], Result], list[Task]], Iterable[Result]]


def settle(people: Floats, requests: Floats, areas: int, round_: int) -> tuple[Ints, Ints]:
    """The area of each person and each request in a round.

    Parameters
    ----------
    people : (P, 2) longitude and latitude of the middle of each route. [degree]
    requests : (R, 2) where each errand begins. [degree]
    areas : >= 1
    round_ : >= 0, turns the borders.

    Returns
    -------
    (P,) and (R,) numbers in 0..areas-1; a request goes with the person nearest to it. The same everywhere for the
    same places, so that workers need not ask each other.
    """
    if not len(people):
        return np.zeros(0, dtype=np.int64), np.zeros(len(requests), dtype=np.int64)
    scale = np.radians(1) * EARTH_M * np.array([np.cos(np.radians(float(people[:, 1].mean()))), 1.0])
    area = split(people * scale, areas, round_)
    nearest = cKDTree(people * scale).query(requests * scale)[1] if len(requests) else np.zeros(0, dtype=np.int64)
    return area, area[nearest]


def middles(problem: Problem) -> Floats:
    """(P, 2) the middle of start, stops and end of each route. [degree]"""
    own = np.diff(problem.stop_offset)
    person = np.repeat(np.arange(problem.people), own)
    sides = []
    for name in ("lon", "lat"):
        total = np.bincount(person, weights=getattr(problem, f"stop_{name}"), minlength=problem.people)
        total += getattr(problem, f"person_{name}") + getattr(problem, f"person_end_{name}")
        sides.append(total / (own + 2))
    return np.column_stack(sides)


def part_of(problem: Problem, people: Bools, requests: Bools) -> Problem:
    """The problem of some people and some requests."""
    if problem.road_m.size:
        raise ValueError("road_m: a problem with a table of roads is not divided")
    values: dict[str, Any] = {item.name: getattr(problem, item.name) for item in fields(problem)}
    own = np.diff(problem.stop_offset)
    stops = np.repeat(people, own)
    for name, value in values.items():
        if name.startswith("person_"):
            values[name] = value[people]
        elif name.startswith("request_"):
            values[name] = value[requests]
        elif name.startswith("stop_") and name != "stop_offset":
            values[name] = value[stops]
    values["stop_offset"] = np.concatenate([[0], np.cumsum(own[people])])
    return Problem(**values)


def plan_in_areas(
    problem: Problem, params: Params, areas: int, rounds: int, run: Runner = map, warm: Result | None = None
) -> Result:
    """Plan a city in ``rounds``, each in ``areas`` that are planned apart.

    Parameters
    ----------
    problem : Problem
    params : Params
        Of each area in each round.
    areas, rounds : >= 1
    run : callable
        Like ``map``; that of a pool plans the areas of a round side by side.
    warm : Result, optional
    """
    middle = middles(problem)
    visits = problem.visits
    begin = np.column_stack(
        [
            np.where(visits, problem.request_dropoff_lon, problem.request_pickup_lon),
            np.where(visits, problem.request_dropoff_lat, problem.request_pickup_lat),
        ]
    )
    row = {key: at for at, key in enumerate(problem.person_id.tolist())}
    asked = {key: at for at, key in enumerate(problem.request_id.tolist())}
    taker = _takers(problem, warm, row)
    for number in range(rounds):
        share = (number / rounds, (number + 1) / rounds)
        area, ground = settle(middle, begin, areas, number)
        ground = np.where(taker >= 0, area[np.maximum(taker, 0)], ground)
        tasks: list[Task] = []
        for here in range(areas):
            part = part_of(problem, area == here, ground == here)
            known = _plan_so_far(problem, taker, ground == here) if warm is not None or number else None
            tasks.append((part, replace(params, seed=params.seed + 7_919 * number + here), known, share))
        for result in run(_solve_part, tasks):
            for entry in result.unserved:
                taker[asked[entry.request_id]] = -1
            for offer in result.offers:
                taker[asked[offer.request_id]] = row[offer.person_id]
    everything = np.ones(problem.requests, dtype=np.bool_)
    return solve(problem, replace(params, iterations=0), warm=_plan_so_far(problem, taker, everything))


def _solve_part(task: Task) -> Result:
    problem, params, known, share = task
    dispatcher = Dispatcher(problem, params, known, spare=0)
    dispatcher.improve(part=share)
    return dispatcher.result()


def _takers(problem: Problem, warm: Result | None, row: dict[int, int]) -> Ints:
    chosen = {o.request_id: row[o.person_id] for o in warm.offers if o.person_id in row} if warm else {}
    return np.array([chosen.get(key, -1) for key in problem.request_id.tolist()], dtype=np.int64)


def _plan_so_far(problem: Problem, taker: Ints, rows: Bools) -> Result:
    """A plan that says only who has what, to start from."""
    served = np.flatnonzero(rows & (taker >= 0)).tolist()
    left = np.flatnonzero(rows & (taker < 0)).tolist()
    offers = tuple(
        Offer(
            request_id=int(problem.request_id[r]), person_id=int(problem.person_id[taker[r]]), pickup_after=None,
            dropoff_after=-1, detour_m=0.0, detour_s=0.0, slack_s=0.0, eta_pickup_s=None, eta_dropoff_s=0.0,
            reasons=(), runners_up=(),
        )
        for r in served
    )  # fmt: skip
    unserved = tuple(Unserved(request_id=int(problem.request_id[r]), reasons=()) for r in left)
    return Result(
        status="solved", offers=offers, unserved=unserved, routes=(), broken=(), detour_m=0.0, objective_m=0.0
    )
