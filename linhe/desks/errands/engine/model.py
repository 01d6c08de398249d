"""From a Problem to the packed arrays of the compiled kernels, and the people whose own route is broken."""

from dataclasses import dataclass

import numpy as np

from . import near, rows
from .jit import Bools, Floats, Ints
from .near import Allowed, Grid
from .problem import Params, Problem
from .result import Broken
from .rows import BEGIN, CAPACITY, CHANGE, LATEST, LOAD, PACE, PRICE, ROOM_M, ROOM_N, SERVICE, USED, City

MOST_CELLS = 1024


@dataclass(frozen=True)
class Model:
    """A problem in arrays. Movable stops of accepted errands are requests before the open ones: row ``k`` of the
    problem's requests is row ``pinned + k`` here."""

    city: City
    allowed: Allowed
    pinned: int
    requests: int  # open ones of the problem; empty rows may follow
    owner: Ints  # (pinned,) whose they are
    moved: Ints  # (pinned, 2) the problem's stop rows of pick-up (-1 = none) and drop-off
    stop: Ints  # (S',) the problem's stop row of each own stop's node
    given_m: Floats  # (P,) length of the route as given
    given_end_s: Floats  # (P,) arrival at its end
    broken: tuple[Broken, ...]
    off_duty: Bools  # (P,)


def build_model(problem: Problem, params: Params, spare: int = 0) -> Model:
    """Arrays of a problem: the routes as given judged first, then the rows without what may be moved.

    ``spare`` empty rows for requests are kept behind.
    """
    whole = _city(problem, params, np.arange(len(problem.stop_lon)), np.empty((0, 2), np.int64), spare)
    failures = refresh_all(whole)
    own = np.diff(problem.stop_offset)
    off = np.asarray((own == 0) & (problem.person_work_to_s <= problem.now_s))
    ends = whole.first[1:] - 1
    given_end_s = whole.row[ends, BEGIN].copy()
    given_m = lengths(whole)
    city, stop = whole, np.arange(len(problem.stop_lon))
    moved, owner = movable(problem)
    if len(moved):
        stop = np.flatnonzero(problem.stop_errand < 0)
        city = _city(problem, params, stop, moved, spare)
    room_s = problem.person_detour_max_s - problem.person_detour_used_s
    last = city.nodes[city.first[1:] - 1]
    city.node[last, LATEST] = np.minimum(city.node[last, LATEST], given_end_s + np.maximum(room_s, 0))
    city.fit[:] = (failures < 0) & ~off & (city.person[:, ROOM_N] > 0) & (city.person[:, ROOM_M] >= 0) & (room_s >= 0)
    refresh_all(city)
    city.person[:, ROOM_M] += given_m - lengths(city)
    broken = tuple(
        _broken(problem, whole, p, int(failures[p])) for p in np.flatnonzero((failures >= 0) & ~off).tolist()
    )
    return Model(
        city=city,
        allowed=_allowed(problem, len(moved), spare),
        pinned=len(moved),
        requests=problem.requests,
        owner=owner,
        moved=moved,
        stop=stop,
        given_m=given_m,
        given_end_s=given_end_s,
        broken=broken,
        off_duty=off,
    )


def movable(problem: Problem) -> tuple[Ints, Ints]:
    """The movable errands as (pick-up row or -1, drop-off row) among the stops, and whose they are."""
    rows_of: dict[int, list[int]] = {}
    for row in np.flatnonzero(problem.stop_errand >= 0).tolist():
        rows_of.setdefault(int(problem.stop_errand[row]), []).append(row)
    moved = np.array([[-1, *found][-2:] for found in rows_of.values()], dtype=np.int64).reshape(-1, 2)
    owner = np.searchsorted(problem.stop_offset, moved[:, 1], side="right") - 1
    return moved, owner.astype(np.int64)


def _city(problem: Problem, params: Params, stop: Ints, moved: Ints, spare: int) -> City:
    """The packed arrays with ``stop`` as own stops and ``moved`` as the first requests."""
    people, stops = problem.people, len(stop)
    count = len(moved) + problem.requests
    asked = stops + 2 * people
    node = np.zeros((asked + 2 * (count + spare), 8))
    order = _source_rows(problem, stop, moved)
    for column, values in enumerate(_columns(problem)):
        node[: len(order), column] = values[order]
    lone = np.concatenate([moved[:, 0] < 0, problem.visits])
    picks = asked + 2 * np.flatnonzero(lone)
    node[picks] = node[picks + 1]  # the node of a missing pick-up stands where the drop-off is
    node[picks, SERVICE] = 0
    node[picks, CHANGE] = 0
    person = np.zeros((people, 8))
    person[:, PACE] = 1 / problem.person_speed_mps
    person[:, CAPACITY] = problem.person_capacity
    person[:, ROOM_M] = problem.person_detour_max_m - problem.person_detour_used_m
    person[:, ROOM_N] = problem.person_extra_max - problem.person_extra_used
    person[:, USED] = problem.person_extra_used + problem.person_points / params.points_an_errand
    person[:, PRICE] = problem.person_price_m
    request = np.zeros((count + spare, 2))
    request[len(moved) : count, 0] = np.where(problem.request_urgent, params.urgent_unserved_m, params.unserved_m)
    request[:count, 1] = lone
    person_of_stop = np.searchsorted(problem.stop_offset, stop, side="right") - 1
    own = np.bincount(person_of_stop, minlength=people)
    first = np.concatenate([[0], np.cumsum(own + 2)]).astype(np.int64)
    nodes = np.zeros(int(first[-1]), dtype=np.int64)
    within = np.arange(stops) - np.concatenate([[0], np.cumsum(own)])[person_of_stop]
    nodes[first[person_of_stop] + 1 + within] = np.arange(stops)
    nodes[first[:-1]] = stops + np.arange(people)
    nodes[first[1:] - 1] = stops + people + np.arange(people)
    table = np.ascontiguousarray(problem.road_m[np.ix_(order, order)]) if problem.road_m.size else np.empty((0, 0))
    return City(
        node=node,
        person=person,
        request=request,
        first=first,
        nodes=nodes,
        row=np.zeros((len(nodes), 4)),
        table=table,
        fit=np.ones(people, dtype=np.bool_),
        asked=asked,
        road=float(problem.road_factor),
        fairness=float(params.fairness_m),
    )


def _source_rows(problem: Problem, stop: Ints, moved: Ints) -> Ints:
    """For each node its row in the problem's order of places: stops, pick-ups, drop-offs, people, ends."""
    stops, asked, people = len(problem.stop_lon), problem.requests, problem.people
    starts = stops + 2 * asked
    pairs = np.column_stack([np.arange(asked) + stops, np.arange(asked) + stops + asked])
    known = np.where(moved < 0, moved[:, 1:], moved)
    return np.concatenate([stop, np.arange(starts, starts + 2 * people), known.ravel(), pairs.ravel()]).astype(np.int64)


def _columns(problem: Problem) -> list[Floats]:
    """X, Y, Z, EARLIEST, LATEST, SERVICE, CHANGE of all places in the problem's order."""
    people, visits = problem.people, problem.visits
    never, ever, zero = np.full(people, -np.inf), np.full(people, np.inf), np.zeros(people)
    depart = np.maximum(problem.now_s, problem.person_work_from_s)
    end = np.minimum(problem.person_end_latest_s, problem.person_work_to_s)

    def places(name: str) -> Floats:
        pick = np.where(visits, getattr(problem, f"request_dropoff_{name}"), getattr(problem, f"request_pickup_{name}"))
        people = [getattr(problem, f"person_{name}"), getattr(problem, f"person_end_{name}")]
        there: Floats = np.radians(
            np.concatenate(
                [getattr(problem, f"stop_{name}"), pick, getattr(problem, f"request_dropoff_{name}"), *people]
            )
        )
        return there

    lon, lat = places("lon"), places("lat")
    earliest = np.where(visits, -np.inf, problem.request_pickup_earliest_s)
    latest = np.where(visits, np.inf, problem.request_pickup_latest_s)
    service = np.where(visits, 0, problem.request_pickup_service_s)
    return [
        rows.EARTH_M * np.cos(lat) * np.cos(lon),
        rows.EARTH_M * np.cos(lat) * np.sin(lon),
        rows.EARTH_M * np.sin(lat),
        np.concatenate([problem.stop_earliest_s, earliest, problem.request_dropoff_earliest_s, depart, never]),
        np.concatenate([problem.stop_latest_s, latest, problem.request_dropoff_latest_s, ever, end]),
        np.concatenate([problem.stop_service_s, service, problem.request_dropoff_service_s, zero, zero]),
        np.concatenate(
            [problem.stop_load_change, problem.request_load, -problem.request_load, problem.person_load, zero]
        ).astype(np.float64),
    ]


def _allowed(problem: Problem, pinned: int, spare: int) -> Allowed:
    row_of_request = {key: row + pinned for row, key in enumerate(problem.request_id.tolist())}
    row_of_person = {key: row for row, key in enumerate(problem.person_id.tolist())}
    declined = [
        row_of_request[r] * problem.people + row_of_person[p]
        for r, p in problem.declined.tolist()
        if r in row_of_request and p in row_of_person
    ]
    needs = np.concatenate([np.zeros(pinned, np.int64), problem.request_skills, np.zeros(spare, np.int64)])
    # a copy can be written: one that came from another process can too, and would be compiled for once more
    return Allowed(problem.person_skills.copy(), needs, np.array(sorted(declined), dtype=np.int64))


def _broken(problem: Problem, city: City, p: int, slot: int) -> Broken:
    at = int(city.first[p]) + slot
    late = float(city.row[at, BEGIN] - city.node[city.nodes[at], LATEST])
    over = float(city.row[at, LOAD] - city.person[p, CAPACITY])
    code = "window" if late > rows.EPS else "capacity"
    over = late if code == "window" else over
    return Broken(person_id=int(problem.person_id[p]), stop=max(slot - 1, 0), code=code, over=over)


def refresh_all(city: City) -> Ints:
    """Refresh every row; the first broken slot of each, or -1."""
    broken = np.empty(len(city.person), dtype=np.int64)
    rows.refresh_rows(city, broken)
    return broken


def lengths(city: City) -> Floats:
    """(P,) road metres of every row."""
    total = np.concatenate([[0.0], np.cumsum(city.row[:, rows.LEG])])
    return np.asarray(total[city.first[1:]] - total[city.first[:-1]])


def build_grid(city: City, requests: Ints) -> Grid:
    """Some requests by where their errand begins, about one a cell."""
    begins = city.node[city.asked + 2 * requests + (city.request[requests, rows.VISIT] > 0)]
    lon = np.degrees(np.arctan2(begins[:, 1], begins[:, 0]))
    lat = np.degrees(np.arctan2(begins[:, 2], np.hypot(begins[:, 0], begins[:, 1])))
    cells = int(np.clip(np.sqrt(len(requests)), 1, MOST_CELLS))
    wide, high = max(float(np.ptp(lon)) / cells, 1e-9), max(float(np.ptp(lat)) / cells, 1e-9)
    column = np.minimum(((lon - lon.min()) / wide).astype(np.int64), cells - 1)
    row = np.minimum(((lat - lat.min()) / high).astype(np.int64), cells - 1)
    cell = row * cells + column
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(cells * cells + 1)).astype(np.int64)
    return Grid(float(lon.min()), float(lat.min()), wide, high, cells, start, requests[order].astype(np.int64))


def find_pairs(
    model: Model, requests: Ints, low: int, high: int, fits: bool, allowed: Allowed | None = None
) -> tuple[Ints, Ints, Floats]:
    """Person rows, request rows and detours of all near (or feasible) pairs of people ``low`` to ``high``."""
    if not len(requests) or low >= high:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    grid = build_grid(model.city, requests)
    room = 64 * (high - low) + 1024
    while True:
        persons, found, alone = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
        seen = np.full(len(model.city.request), -1)
        count = near.near_pairs(
            model.city, allowed or model.allowed, grid, low, high, fits, seen, persons, found, alone
        )
        if count <= room:
            return persons[:count], found[:count], alone[:count]
        room = count


def write_request(model: Model, more: Problem, params: Params, row: int) -> None:
    """Put the one request of ``more`` into an empty row."""
    city = model.city
    at = city.asked + 2 * row
    source = np.array([1, 1] if more.visits[0] else [0, 1])
    for column, values in enumerate(_columns(more)):
        city.node[at : at + 2, column] = values[source]
    if more.visits[0]:
        city.node[at, [SERVICE, CHANGE]] = 0
    city.request[row] = params.urgent_unserved_m if more.request_urgent[0] else params.unserved_m, more.visits[0]
    model.allowed.needs[row] = more.request_skills[0]


def present_rows(problem: Problem, model: Model) -> Ints:
    """For each node the index among its person's present stops, -1 when it is none of them."""
    city = model.city
    index = np.full(len(city.node), -1, dtype=np.int64)
    known = np.concatenate([model.stop, model.moved.ravel()])
    nodes = np.concatenate([np.arange(len(model.stop)), city.asked + np.arange(2 * model.pinned)])
    owner = np.searchsorted(problem.stop_offset, known, side="right") - 1
    index[nodes] = np.where(known >= 0, known - problem.stop_offset[np.maximum(owner, 0)], -1)
    return index


def present_nodes(problem: Problem, model: Model) -> tuple[Ints, Ints]:
    """The rows of nodes of the routes as given, and where each begins."""
    city, people = model.city, problem.people
    node_of_stop = np.zeros(len(problem.stop_lon), dtype=np.int64)
    node_of_stop[model.stop] = np.arange(len(model.stop))
    for side in range(2):
        there = model.moved[:, side] >= 0
        node_of_stop[model.moved[there, side]] = city.asked + 2 * np.flatnonzero(there) + side
    own = np.diff(problem.stop_offset)
    first = np.concatenate([[0], np.cumsum(own + 2)]).astype(np.int64)
    nodes = np.zeros(int(first[-1]), dtype=np.int64)
    person = np.repeat(np.arange(people), own)
    nodes[first[person] + 1 + np.arange(len(person)) - problem.stop_offset[person]] = node_of_stop
    nodes[first[:-1]] = len(model.stop) + np.arange(people)
    nodes[first[1:] - 1] = len(model.stop) + people + np.arange(people)
    return nodes, first
