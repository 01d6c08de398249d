"""From a Problem to the arrays of the compiled kernels: the model, the routes as driven now, and the feasible pairs."""

import numpy as np

from linhe.desks.errands.engine.problem import Params, Problem
from linhe.desks.errands.engine.result import Broken

from . import kernel
from .kernel import Floats, Grid, Ints, Model, Pairs, Plan

MOST_CELLS = 512
FIRST_PAIRS = 20_000


def build_model(problem: Problem, params: Params) -> Model:
    """The constants of the kernels; everybody is still marked fit."""
    people, requests, visits = problem.people, problem.requests, problem.visits
    picks = np.column_stack([problem.request_pickup_lon, problem.request_pickup_lat])
    drops = np.column_stack([problem.request_dropoff_lon, problem.request_dropoff_lat])
    picks[visits] = drops[visits]
    place = np.concatenate(
        [
            np.column_stack([problem.stop_lon, problem.stop_lat]),
            picks,
            drops,
            np.column_stack([problem.person_lon, problem.person_lat]),
            np.column_stack([problem.person_end_lon, problem.person_end_lat]),
        ]
    )
    depart = np.maximum(problem.now_s, problem.person_work_from_s)
    never, ever, zero = np.full(people, -np.inf), np.full(people, np.inf), np.zeros(people)
    row_of_request = {int(key): row for row, key in enumerate(problem.request_id)}
    row_of_person = {int(key): row for row, key in enumerate(problem.person_id)}
    declined = [
        row_of_request[r] * people + row_of_person[p]
        for r, p in problem.declined.tolist()
        if r in row_of_request and p in row_of_person
    ]
    return Model(
        xyz=_on_sphere(place),
        earliest=_nodes(
            problem.stop_earliest_s,
            np.where(visits, -np.inf, problem.request_pickup_earliest_s),
            problem.request_dropoff_earliest_s,
            depart,
            never,
        ),
        latest=_nodes(
            problem.stop_latest_s,
            np.where(visits, np.inf, problem.request_pickup_latest_s),
            problem.request_dropoff_latest_s,
            ever,
            np.minimum(problem.person_end_latest_s, problem.person_work_to_s),
        ),
        service=_nodes(
            problem.stop_service_s,
            np.where(visits, 0, problem.request_pickup_service_s),
            problem.request_dropoff_service_s,
            zero,
            zero,
        ),
        change=np.concatenate(
            [
                problem.stop_load_change,
                problem.request_load,
                -problem.request_load,
                problem.person_load,
                np.zeros(people, dtype=np.int64),
            ]
        ),
        speed=problem.person_speed_mps,
        capacity=problem.person_capacity,
        room_m=problem.person_detour_max_m - problem.person_detour_used_m,
        room_n=problem.person_extra_max - problem.person_extra_used,
        used_n=problem.person_extra_used,
        skills=problem.person_skills,
        fit=np.ones(people, dtype=np.bool_),
        visit=visits,
        needs=problem.request_skills,
        penalty=np.where(problem.request_urgent, params.urgent_unserved_m, params.unserved_m).astype(np.float64),
        declined=np.array(sorted(declined), dtype=np.int64),
        key=picks,
        place=place,
        stops=len(problem.stop_lon),
        people=people,
        requests=requests,
        road=float(problem.road_factor),
        fairness=float(params.fairness_m),
    )


def _nodes(*parts: Floats) -> Floats:
    return np.concatenate(parts).astype(np.float64)


def _on_sphere(place: Floats) -> Floats:
    lon, lat = np.radians(place[:, 0]), np.radians(place[:, 1])
    unit = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return np.ascontiguousarray(kernel.EARTH_M * unit)


def build_plan(problem: Problem, m: Model) -> tuple[Model, Plan, tuple[Broken, ...]]:
    """The routes as driven now, the people whose own route is broken, and the model with who is fit for offers."""
    own = np.diff(problem.stop_offset)
    extra = np.clip(m.room_n, 0, m.requests)
    first = np.concatenate([[0], np.cumsum(own + 2 + 2 * extra)]).astype(np.int64)
    slots = int(first[-1])
    plan = Plan(
        first=first,
        size=own + 2,
        nodes=np.zeros(slots, dtype=np.int64),
        begin=np.zeros(slots),
        late=np.zeros(slots),
        load=np.zeros(slots, dtype=np.int64),
        leg=np.zeros(slots),
        length=np.zeros(m.people),
        base=np.zeros(m.people),
        extra=np.zeros(m.people, dtype=np.int64),
        taker=np.full(m.requests, -1),
    )
    starts = m.stops + 2 * m.requests
    person_of_stop = np.repeat(np.arange(m.people), own)
    within = np.arange(m.stops) - problem.stop_offset[person_of_stop]
    plan.nodes[first[person_of_stop] + 1 + within] = np.arange(m.stops)
    plan.nodes[first[:-1]] = starts + np.arange(m.people)
    plan.nodes[first[:-1] + own + 1] = starts + m.people + np.arange(m.people)
    failures = kernel.refresh_all(m, plan)
    plan.base[:] = plan.length
    off = off_duty(problem)
    fit = (failures < 0) & ~off & (m.room_n > 0) & (m.room_m >= 0)
    broken = tuple(_broken(problem, m, plan, int(p), int(failures[p])) for p in np.flatnonzero((failures >= 0) & ~off))
    return m._replace(fit=fit), plan, broken


def off_duty(problem: Problem) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """(P,) people without stops whose working hours are over."""
    own = np.diff(problem.stop_offset)
    return np.asarray((own == 0) & (problem.person_work_to_s <= problem.now_s))


def _broken(problem: Problem, m: Model, plan: Plan, p: int, slot: int) -> Broken:
    at = int(plan.first[p]) + slot
    late = float(plan.begin[at] - m.latest[plan.nodes[at]])
    over = float(plan.load[at] - m.capacity[p])
    code = "window" if late > kernel.EPS else "capacity"
    stop = max(slot - 1, 0)
    return Broken(person_id=int(problem.person_id[p]), stop=stop, code=code, over=late if code == "window" else over)


def copied(plan: Plan) -> Plan:
    """An independent copy."""
    return Plan._make(array.copy() for array in plan)


def build_grid(m: Model) -> Grid:
    """The requests by where their errand begins, about one a cell."""
    lon, lat = m.key[:, 0], m.key[:, 1]
    cells = int(np.clip(np.sqrt(m.requests), 1, MOST_CELLS))
    wide, high = max(float(np.ptp(lon)) / cells, 1e-9), max(float(np.ptp(lat)) / cells, 1e-9)
    column = np.minimum(((lon - lon.min()) / wide).astype(np.int64), cells - 1)
    row = np.minimum(((lat - lat.min()) / high).astype(np.int64), cells - 1)
    cell = row * cells + column
    items = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[items], np.arange(cells * cells + 1)).astype(np.int64)
    return Grid(float(lon.min()), float(lat.min()), wide, high, cells, start, items)


def find_near(m: Model, plan: Plan) -> tuple[Ints, Ints]:
    """(persons, requests) rows of every pair that distance alone does not exclude."""
    if not m.people or not m.requests:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    grid = build_grid(m)
    fit_in = FIRST_PAIRS
    while True:
        persons, requests = np.empty(fit_in, dtype=np.int64), np.empty(fit_in, dtype=np.int64)
        count = kernel.near_pairs(m, plan, grid, persons, requests)
        if count <= fit_in:
            return persons[:count].copy(), requests[:count].copy()
        fit_in = count


def build_pairs(m: Model, plan: Plan, near: tuple[Ints, Ints]) -> tuple[Pairs, Floats]:
    """The pairs of ``near`` that are feasible alone, with their best insertion, and their detours.

    A pair that is not worth it alone stays in, without a price: beside another errand it may be.
    """
    alone, pickup, dropoff = kernel.insertions(m, plan, near[0], near[1], True, True)
    good = np.flatnonzero(np.isfinite(alone))
    person, request, alone = near[0][good], near[1][good], alone[good]
    worth = alone + m.fairness * (m.used_n[person] + 1) < m.penalty[request]
    by_request = np.argsort(request, kind="stable")
    pairs = Pairs(
        start=np.searchsorted(person, np.arange(m.people + 1)).astype(np.int64),
        request=request,
        person=person,
        cost=np.where(worth, alone, np.inf),
        pickup=pickup[good],
        dropoff=dropoff[good],
        of_request=np.searchsorted(request[by_request], np.arange(m.requests + 1)).astype(np.int64),
        by_request=by_request,
    )
    return pairs, alone
