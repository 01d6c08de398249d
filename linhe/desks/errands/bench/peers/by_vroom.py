"""VROOM (BSD-2-Clause): own stops pinned by a skill that only their person has.

Modelled: windows, service, capacity, skills, longest route, penalties as priorities. Left out: the order of own stops
(its order of steps is only a start, so windows alone keep it) and the number of errands (only a number of tasks, two
for a carried errand); VROOM serves what has most priority first and then drives least, which is near to our objective
since a detour is always shorter than a penalty.
"""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from linhe.desks.errands.bench.peers import common
from linhe.desks.errands.engine import Params, Problem

FIRST_PIN = 100  # skills below are those of the problem
OWN_PRIORITY, URGENT_PRIORITY, PRIORITY = 100, 20, 10
VISIT = 10_000_000  # ids of visits and of own stops are those of jobs
THREADS = 2
EXPLORATION = 5


def solve(problem: Problem, params: Params, seconds: float) -> dict[int, list[tuple[str, int]]]:
    """Ask VROOM."""
    vroom = import_module("vroom")
    places = common.places_of(problem)
    asked = vroom.Input()
    asked.set_durations_matrix("car", places.seconds)
    asked.set_distances_matrix("car", places.metres)
    asked.add_vehicle([_vehicle(vroom, problem, places, p) for p in range(problem.people)])
    asked.add_job([_own(vroom, problem, p, s) for p in range(problem.people) for s in common.own_rows(problem, p)])
    for r in range(problem.requests):
        asked.add_job(_request(vroom, problem, places, r))
    answer = asked.solve(exploration_level=EXPLORATION, nb_threads=THREADS, timeout=timedelta(seconds=seconds))
    return _plan(problem, answer.routes)


def _skills(bits: int) -> set[int]:
    return {bit for bit in range(bits.bit_length()) if bits >> bit & 1}


def _windows(vroom: Any, problem: Problem, earliest: float, latest: float) -> list[Any]:
    return [vroom.TimeWindow(*common.window(problem, earliest, latest))]


def _vehicle(vroom: Any, problem: Problem, places: common.Places, p: int) -> Any:
    handed_over = sum(max(0, -int(problem.stop_load_change[s])) for s in common.own_rows(problem, p))
    kept = int(problem.person_load[p]) - handed_over
    return vroom.Vehicle(
        p,
        start=places.start(p),
        end=places.end(p),
        capacity=[int(problem.person_capacity[p]) - kept],
        skills={FIRST_PIN + p} | _skills(int(problem.person_skills[p])),
        time_window=vroom.TimeWindow(*common.window(problem, common.depart(problem, p), common.end_latest(problem, p))),
        max_tasks=len(common.own_rows(problem, p)) + 2 * common.room_left(problem, p),
        max_distance=common.longest(problem, places, p),
    )


def _own(vroom: Any, problem: Problem, p: int, s: int) -> Any:
    change = int(problem.stop_load_change[s])
    return vroom.Job(
        s,
        location=s,
        default_service=common.tenths(float(problem.stop_service_s[s])),
        delivery=vroom.Amount([max(0, -change)]),
        pickup=vroom.Amount([max(0, change)]),
        skills={FIRST_PIN + p},
        priority=OWN_PRIORITY,
        time_windows=_windows(vroom, problem, float(problem.stop_earliest_s[s]), float(problem.stop_latest_s[s])),
    )


def _request(vroom: Any, problem: Problem, places: common.Places, r: int) -> Any:
    skills = _skills(int(problem.request_skills[r]))
    priority = URGENT_PRIORITY if problem.request_urgent[r] else PRIORITY
    dropoff = _windows(
        vroom, problem, float(problem.request_dropoff_earliest_s[r]), float(problem.request_dropoff_latest_s[r])
    )
    done_s = common.tenths(float(problem.request_dropoff_service_s[r]))
    if problem.visits[r]:
        return vroom.Job(
            VISIT + r, location=places.dropoff(r), default_service=done_s, delivery=vroom.Amount([0]),
            pickup=vroom.Amount([0]), skills=skills, priority=priority, time_windows=dropoff,
        )  # fmt: skip
    pickup = _windows(
        vroom, problem, float(problem.request_pickup_earliest_s[r]), float(problem.request_pickup_latest_s[r])
    )
    begun_s = common.tenths(float(problem.request_pickup_service_s[r]))
    return vroom.Shipment(
        vroom.ShipmentStep(r, location=places.pickup(r), default_service=begun_s, time_windows=pickup),
        vroom.ShipmentStep(r, location=places.dropoff(r), default_service=done_s, time_windows=dropoff),
        amount=vroom.Amount([int(problem.request_load[r])]),
        skills=skills,
        priority=priority,
    )


def _plan(problem: Problem, steps: Any) -> dict[int, list[tuple[str, int]]]:
    plan: dict[int, list[tuple[str, int]]] = {}
    for vehicle, kind, key in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        p = int(vehicle)
        visits = plan.setdefault(int(problem.person_id[p]), [])
        if kind in ("pickup", "delivery"):
            visits.append(("pickup" if kind == "pickup" else "dropoff", int(problem.request_id[int(key)])))
        elif kind == "job" and int(key) >= VISIT:
            visits.append(("dropoff", int(problem.request_id[int(key) - VISIT])))
        elif kind == "job":
            visits.append(("own", int(key) - int(problem.stop_offset[p])))
    return plan
