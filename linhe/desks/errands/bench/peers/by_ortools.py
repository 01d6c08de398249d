"""OR-Tools routing (Apache-2.0): guided local search from the routes as driven now.

Modelled exactly: windows, service, capacity at every point, skills, own stops with their person and in their order,
longest route, number of errands, detour and penalties as the objective.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from linhe.desks.errands.bench.peers import common
from linhe.desks.errands.engine import Params, Problem


def solve(problem: Problem, params: Params, seconds: float) -> dict[int, list[tuple[str, int]]]:
    """Ask OR-Tools."""
    places = common.places_of(problem)
    used = _used(problem, places)
    manager = pywrapcp.RoutingIndexManager(
        len(used), problem.people, [used[places.start(p)] for p in range(problem.people)],
        [used[places.end(p)] for p in range(problem.people)],
    )  # fmt: skip
    routing = pywrapcp.RoutingModel(manager)
    index = {place: manager.NodeToIndex(node) for place, node in used.items() if not _is_end(places, place)}
    _dimensions(problem, places, routing, used)
    _own_stops(problem, places, routing, index)
    _requests(problem, params, places, routing, index)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(seconds * 1000))
    routing.CloseModelWithParameters(search)
    now = [[index[s] for s in common.own_rows(problem, p)] for p in range(problem.people)]
    answer = routing.SolveFromAssignmentWithParameters(routing.ReadAssignmentFromRoutes(now, True), search)
    return _plan(problem, places, routing, manager, answer, list(used)) if answer else {}


def _is_end(places: common.Places, place: int) -> bool:
    return place >= places.end(0)


def _used(problem: Problem, places: common.Places) -> dict[int, int]:
    """Places in use, each with its node: a visit has no pick-up."""
    skipped = {places.pickup(int(r)) for r in np.flatnonzero(problem.visits)}
    return {place: node for node, place in enumerate(p for p in range(len(places.metres)) if p not in skipped)}


def _dimensions(problem: Problem, places: common.Places, routing: Any, used: dict[int, int]) -> None:
    rows = np.array(list(used))
    service = np.zeros(len(places.metres), dtype=np.int64)
    change, first = np.zeros(len(service), dtype=np.int64), np.zeros(len(service), dtype=np.int64)
    stops, requests = places.stops, places.requests
    service[:stops] = [common.tenths(value) for value in problem.stop_service_s]
    service[stops : stops + requests] = [common.tenths(value) for value in problem.request_pickup_service_s]
    service[stops + requests : stops + 2 * requests] = [common.tenths(v) for v in problem.request_dropoff_service_s]
    change[:stops] = problem.stop_load_change
    change[stops : stops + requests] = problem.request_load
    change[stops + requests : stops + 2 * requests] = -problem.request_load
    first[stops + requests : stops + 2 * requests] = 1
    metres = routing.RegisterTransitMatrix(places.metres[np.ix_(rows, rows)].astype(np.int64).tolist())
    seconds = (places.seconds[np.ix_(rows, rows)].astype(np.int64) + service[rows][:, None]).tolist()
    routing.SetArcCostEvaluatorOfAllVehicles(metres)
    routing.AddDimension(metres, 0, common.FOREVER, True, "metres")
    routing.AddDimension(routing.RegisterTransitMatrix(seconds), common.FOREVER, 2 * common.FOREVER, False, "time")
    room = [int(capacity) for capacity in problem.person_capacity]
    load = routing.RegisterUnaryTransitVector(change[rows].tolist())
    routing.AddDimensionWithVehicleCapacity(load, 0, room, False, "load")
    errands = [common.room_left(problem, p) for p in range(problem.people)]
    routing.AddDimensionWithVehicleCapacity(
        routing.RegisterUnaryTransitVector(first[rows].tolist()), 0, errands, True, "errands"
    )
    time, far, carried = (routing.GetDimensionOrDie(name) for name in ("time", "metres", "load"))
    for p in range(problem.people):
        start, end = routing.Start(p), routing.End(p)
        begun = common.window(problem, common.depart(problem, p), np.inf)[0]
        time.CumulVar(start).SetRange(begun, begun)
        time.CumulVar(end).SetMax(common.window(problem, problem.now_s, common.end_latest(problem, p))[1])
        far.CumulVar(end).SetMax(common.longest(problem, places, p))
        carried.CumulVar(start).SetValue(int(problem.person_load[p]))


def _own_stops(problem: Problem, places: common.Places, routing: Any, index: dict[int, int]) -> None:
    time, solver = routing.GetDimensionOrDie("time"), routing.solver()
    for p in range(problem.people):
        before = None
        for s in common.own_rows(problem, p):
            here = index[s]
            routing.VehicleVar(here).SetValue(p)
            window = common.window(problem, float(problem.stop_earliest_s[s]), float(problem.stop_latest_s[s]))
            time.CumulVar(here).SetRange(*window)
            if before is not None:
                solver.Add(time.CumulVar(before) <= time.CumulVar(here))
            before = here


def _requests(problem: Problem, params: Params, places: common.Places, routing: Any, index: dict[int, int]) -> None:
    time, solver = routing.GetDimensionOrDie("time"), routing.solver()
    able = {
        int(needs): [p for p in range(problem.people) if int(needs) & ~int(problem.person_skills[p]) == 0]
        for needs in np.unique(problem.request_skills)
    }
    for r in range(problem.requests):
        drop = index[places.dropoff(r)]
        penalty = common.tenths(params.urgent_unserved_m if problem.request_urgent[r] else params.unserved_m)
        routing.AddDisjunction([drop], penalty)
        early, late = float(problem.request_dropoff_earliest_s[r]), float(problem.request_dropoff_latest_s[r])
        time.CumulVar(drop).SetRange(*common.window(problem, early, late))
        mine = [drop]
        if not problem.visits[r]:
            pick = index[places.pickup(r)]
            routing.AddDisjunction([pick], 0)
            routing.AddPickupAndDelivery(pick, drop)
            solver.Add(routing.VehicleVar(pick) == routing.VehicleVar(drop))
            solver.Add(time.CumulVar(pick) <= time.CumulVar(drop))
            early, late = float(problem.request_pickup_earliest_s[r]), float(problem.request_pickup_latest_s[r])
            time.CumulVar(pick).SetRange(*common.window(problem, early, late))
            mine.append(pick)
        if problem.request_skills[r]:
            for node in mine:
                routing.VehicleVar(node).SetValues([-1, *able[int(problem.request_skills[r])]])


def _plan(
    problem: Problem, places: common.Places, routing: Any, manager: Any, answer: Any, rows: list[int]
) -> dict[int, list[tuple[str, int]]]:
    plan: dict[int, list[tuple[str, int]]] = {}
    for p in range(problem.people):
        visits: list[tuple[str, int]] = []
        at = answer.Value(routing.NextVar(routing.Start(p)))
        while not routing.IsEnd(at):
            place = rows[manager.IndexToNode(at)]
            if place < places.stops:
                visits.append(("own", place - int(problem.stop_offset[p])))
            else:
                kind = "pickup" if place < places.stops + places.requests else "dropoff"
                visits.append((kind, int(problem.request_id[(place - places.stops) % places.requests])))
            at = answer.Value(routing.NextVar(at))
        plan[int(problem.person_id[p])] = visits
    return plan
