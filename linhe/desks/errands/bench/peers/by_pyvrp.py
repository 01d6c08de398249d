"""PyVRP (MIT): own stops pinned by tables of distances of their own for every person.

Modelled: windows, service, capacity, skills and pins (who may not go there finds it far beyond any longest route),
longest route, penalties as prizes. Left out: the order of own stops and the number of errands. A table a person is
many tables, so only small problems fit.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from linhe.desks.errands.bench.peers import common
from linhe.desks.errands.engine import Params, Problem

MOST_ENTRIES = 60_000_000  # of all tables together
FAR = 20_000_000  # tenths of a metre


def solve(problem: Problem, params: Params, seconds: float) -> dict[int, list[tuple[str, int]]]:
    """Ask PyVRP."""
    places = common.places_of(problem)
    if problem.people * len(places.metres) ** 2 > MOST_ENTRIES:
        raise common.TooLarge(f"own stops cannot be pinned: {problem.people:,} tables of {len(places.metres):,} places")
    vrp = import_module("pyvrp")
    data = vrp.ProblemData(
        locations=[vrp.Location(0, 0) for _ in places.metres],
        clients=[*_own(vrp, problem), *_visits(vrp, problem, params, places)],
        depots=[vrp.Depot(place) for place in range(places.start(0), places.end(problem.people))],
        vehicle_types=[_vehicle(vrp, problem, places, p) for p in range(problem.people)],
        distance_matrices=[_table(problem, places, p) for p in range(problem.people)],
        duration_matrices=[places.seconds.astype(np.int64)] * problem.people,
        shipments=_carried(vrp, problem, params, places),
    )
    answer = vrp.solve(data, stop=vrp.stop.MaxRuntime(seconds), seed=params.seed, collect_stats=False).best
    return _plan(problem, answer)


def _window(problem: Problem, earliest: float, latest: float) -> dict[str, int]:
    return dict(zip(("tw_early", "tw_late"), common.window(problem, earliest, latest), strict=True))


def _own(vrp: Any, problem: Problem) -> list[Any]:
    return [
        vrp.Client(
            s,
            delivery=[max(0, -int(problem.stop_load_change[s]))],
            pickup=[max(0, int(problem.stop_load_change[s]))],
            service_duration=common.tenths(float(problem.stop_service_s[s])),
            **_window(problem, float(problem.stop_earliest_s[s]), float(problem.stop_latest_s[s])),
        )
        for s in range(len(problem.stop_lon))
    ]


def _prize(problem: Problem, params: Params, r: int) -> int:
    return common.tenths(params.urgent_unserved_m if problem.request_urgent[r] else params.unserved_m)


def _visits(vrp: Any, problem: Problem, params: Params, places: common.Places) -> list[Any]:
    return [
        vrp.Client(
            places.dropoff(r),
            delivery=[0],
            pickup=[0],
            service_duration=common.tenths(float(problem.request_dropoff_service_s[r])),
            prize=_prize(problem, params, r),
            required=False,
            **_window(
                problem, float(problem.request_dropoff_earliest_s[r]), float(problem.request_dropoff_latest_s[r])
            ),
        )
        for r in map(int, np.flatnonzero(problem.visits))
    ]


def _carried(vrp: Any, problem: Problem, params: Params, places: common.Places) -> list[Any]:
    found = []
    for r in map(int, np.flatnonzero(~problem.visits)):
        pickup = common.window(
            problem, float(problem.request_pickup_earliest_s[r]), float(problem.request_pickup_latest_s[r])
        )
        dropoff = common.window(
            problem, float(problem.request_dropoff_earliest_s[r]), float(problem.request_dropoff_latest_s[r])
        )
        found.append(
            vrp.Shipment(
                places.pickup(r), places.dropoff(r), *pickup, common.tenths(float(problem.request_pickup_service_s[r])),
                *dropoff, common.tenths(float(problem.request_dropoff_service_s[r])), [int(problem.request_load[r])],
                prize=_prize(problem, params, r), required=False,
            )
        )  # fmt: skip
    return found


def _vehicle(vrp: Any, problem: Problem, places: common.Places, p: int) -> Any:
    begun = common.window(problem, common.depart(problem, p), np.inf)[0]
    handed_over = sum(max(0, -int(problem.stop_load_change[s])) for s in common.own_rows(problem, p))
    return vrp.VehicleType(
        capacity=[int(problem.person_capacity[p])],
        initial_load=[int(problem.person_load[p]) - handed_over],
        start_depot=p,
        end_depot=problem.people + p,
        tw_early=begun,
        tw_late=common.window(problem, problem.now_s, common.end_latest(problem, p))[1],
        start_late=begun,
        max_distance=common.longest(problem, places, p),
        profile=p,
    )


def _table(problem: Problem, places: common.Places, p: int) -> Any:
    """Distances of one person: places of others, and what needs a skill that is missing, are far away."""
    closed = np.zeros(len(places.metres), dtype=bool)
    closed[: places.stops] = True
    closed[common.own_rows(problem, p)] = False
    lacking = np.flatnonzero(problem.request_skills & ~problem.person_skills[p])
    closed[places.stops + lacking] = closed[places.stops + places.requests + lacking] = True
    table = places.metres.astype(np.int64)
    table[:, closed] = FAR
    table[closed, :] = FAR
    np.fill_diagonal(table, 0)
    return table


def _plan(problem: Problem, answer: Any) -> dict[int, list[tuple[str, int]]]:
    stops = len(problem.stop_lon)
    visited, carried = np.flatnonzero(problem.visits), np.flatnonzero(~problem.visits)
    plan: dict[int, list[tuple[str, int]]] = {}
    for route in answer.routes():
        p = route.vehicle_type()
        visits = plan.setdefault(int(problem.person_id[p]), [])
        for activity in route.schedule():
            if activity.is_depot():
                continue
            if activity.is_client() and activity.idx < stops:
                own = activity.idx - int(problem.stop_offset[p])
                visits += [("own", own)] if activity.idx in common.own_rows(problem, p) else []
            elif activity.is_client():
                visits.append(("dropoff", int(problem.request_id[visited[activity.idx - stops]])))
            else:
                key = int(problem.request_id[carried[activity.idx]])
                visits.append(("pickup" if activity.is_pickup() else "dropoff", key))
    return plan
