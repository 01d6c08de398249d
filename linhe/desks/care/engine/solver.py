"""The travelling salesman with time windows as a circuit with times, solved to proof by CP-SAT.

Least lateness first, then the earliest end, then the shortest walk. Source: Pesant et al., An exact constraint logic
programming algorithm for the TSPTW, doi 10.1287/trsc.32.1.12; solver: OR-Tools CP-SAT.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from .problem import Params, Problem
from .result import Call, Result


def solve(problem: Problem, params: Params) -> Result:
    """The best order of a round. Deterministic."""
    if not problem.stops:
        return Result("empty", finish_s=problem.start_s)
    legs = _legs(problem)
    model, arcs = _model(problem, legs, params)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = params.seed
    solver.parameters.max_deterministic_time = params.work
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Result("infeasible")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _timed(problem, _greedy(problem), proven=False)
    follows = {i: j for (i, j), literal in arcs.items() if solver.boolean_value(literal)}
    order, node = [], follows[0]
    while node:
        order.append(node - 1)
        node = follows[node]
    return _timed(problem, order, proven=status == cp_model.OPTIMAL)


def _legs(problem: Problem) -> list[list[int]]:
    """Seconds from everywhere (0 is the start) to every stop."""
    points = [problem.start, *(stop.at for stop in problem.stops)]
    return [[problem.way_s(a, b) for b in points] for a in points]


def _model(
    problem: Problem, legs: list[list[int]], params: Params
) -> tuple[cp_model.CpModel, dict[tuple[int, int], cp_model.IntVar]]:
    stops, model = problem.stops, cp_model.CpModel()
    longest_walk = sum(max(row) for row in legs)
    horizon = max(problem.start_s, *(s.earliest_s for s in stops)) + longest_walk + sum(s.service_s for s in stops)
    begins, lates = [], []
    for n, stop in enumerate(stops):
        latest = horizon if params.late_allowed else min(stop.latest_s, horizon)
        earliest = max(problem.start_s + legs[0][n + 1], stop.earliest_s)
        if earliest > latest:
            model.add_bool_or([])  # this door cannot be reached in time at all
            latest = earliest
        begins.append(model.new_int_var(earliest, latest, f"begins{n}"))
        lates.append(model.new_int_var(0, horizon, f"late{n}"))
        model.add(lates[n] >= begins[n] - stop.latest_s)
    arcs = {
        (i, j): model.new_bool_var(f"arc{i},{j}")
        for i in range(len(stops) + 1)
        for j in range(len(stops) + 1)
        if i != j
    }
    model.add_circuit([(i, j, literal) for (i, j), literal in arcs.items()])
    for (i, j), literal in arcs.items():
        if i and j:
            model.add(begins[j - 1] >= begins[i - 1] + stops[i - 1].service_s + legs[i][j]).only_enforce_if(literal)
    finish = model.new_int_var(0, horizon, "finish")
    for n, stop in enumerate(stops):
        model.add(finish >= begins[n] + stop.service_s)
    walk = sum(legs[i][j] * literal for (i, j), literal in arcs.items() if j)
    by_walk = longest_walk + 1
    model.minimize(by_walk * (horizon + 1) * sum(lates) + by_walk * finish + walk)
    return model, arcs


def _greedy(problem: Problem) -> list[int]:
    """By the end of the window: what is walked when the search found nothing in its time (late ones may occur)."""
    return sorted(range(len(problem.stops)), key=lambda n: (problem.stops[n].latest_s, problem.stops[n].id))


def _timed(problem: Problem, order: list[int], *, proven: bool) -> Result:
    here, clock, walked, calls = problem.start, problem.start_s, 0.0, []
    for stop in (problem.stops[n] for n in order):
        walked += problem.way_m(here, stop.at)
        reached = clock + problem.way_s(here, stop.at)
        begins = max(reached, stop.earliest_s)
        calls.append(Call(stop.id, reached, begins, max(0, begins - stop.latest_s)))
        here, clock = stop.at, begins + stop.service_s
    late_s = sum(call.late_s for call in calls)
    return Result("solved", tuple(calls), clock, walked, late_s, proven)
