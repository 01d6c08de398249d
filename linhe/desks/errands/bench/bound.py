"""A lower bound of the objective that no plan can beat, by column generation over bundles of errands.

The linear programme chooses for every person a bundle of at most three errands and pays for the unserved. Whatever
prices the requests have, ``sum of prices + sum over people of the least reduced cost of any bundle`` is at most the
optimum (Lagrangian relaxation of "each request once"); the programme is used to find prices at which that is largest.
So the bound holds at any moment, also when the time is over before the prices are the best.

It holds for straight-line distances, own stops in their order and any number of errands a person: somebody who may
take more than three is given several bundles of three at a fraction of their detour, which is never dearer (a bundle
costs at least as much as each part of it). Movable accepted stops and tables of roads are refused.

References
----------
G. Desaulniers, J. Desrosiers, M. M. Solomon (eds.) (2005), Column Generation, doi:10.1007/b135457;
A. A. Farley (1990), A note on bounding a class of linear programming problems, doi:10.1287/opre.38.5.922.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linhe.desks.errands.bench import bundles
from linhe.desks.errands.bench.bundles import Asked, Routes
from linhe.desks.errands.bench.master import Master
from linhe.desks.errands.engine import Params, Problem

MOST = 3
THREADS = 2
NEAR_ENOUGH = 1e-6
SAFE = 1e-9

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Told = Callable[[int, float, float], None]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Bound:
    """``metres`` is a bound; ``tight`` when no prices give a better one; ``prices`` of the requests that gave it."""

    metres: float
    tight: bool
    seconds: float
    rounds: int
    prices: Floats


def lower_bound(problem: Problem, params: Params, *, seconds: float = 600.0, told: Told | None = None) -> Bound:
    """Bound the objective of every plan from below.

    Parameters
    ----------
    problem : Problem
    params : Params
        Penalties and fairness.
    seconds : float
        Stop then with the best bound so far. [s]
    told : callable, optional
        Hears (round, bound so far, value of the restricted programme).

    Raises
    ------
    ValueError
        For movable accepted stops and tables of roads, for which it does not hold.
    """
    begun = time.perf_counter()
    pricing = Pricing(problem, params)
    penalty = np.where(problem.request_urgent, params.urgent_unserved_m, params.unserved_m).astype(np.float64)
    master = Master(penalty, pricing.routes.copies)
    best, best_prices, rounds, tight = -np.inf, penalty, 0, False
    value, prices, dues = np.inf, penalty / 3, np.zeros(problem.people)  # any prices do for a start
    while not tight:
        rounds += 1
        worth, new, costs = pricing.look(prices, dues)
        at_prices = float(prices.sum() + (pricing.routes.copies * worth).sum())
        if at_prices > best:
            best, best_prices = at_prices, prices
        if told:
            told(rounds, best, value)
        added = master.add(new, costs)
        tight = (rounds > 1 and not added) or value - best <= NEAR_ENOUGH * abs(best)
        if time.perf_counter() - begun > seconds:
            break
        value, prices, dues = master.solve()
        prices = np.minimum(prices, penalty)
    bound = best - SAFE * abs(best)
    return Bound(bound, tight, time.perf_counter() - begun, rounds, best_prices)


class Pricing:
    """Everything that does not change from round to round: who is near whom, and the detours of one and two errands."""

    def __init__(self, problem: Problem, params: Params) -> None:
        if (problem.stop_errand >= 0).any():
            raise ValueError("stop_errand: the bound needs own stops in their order")
        if problem.road_m.size:
            raise ValueError("road_m: the bound needs straight-line distances")
        self.road = float(problem.road_factor)
        self.asked = _asked(problem)
        self.routes = _routes(problem, params)
        near, asked = _near(problem, self.routes, self.asked)
        self.routes = self.routes._replace(near=near, asked=asked)
        self.alone = np.empty(len(self.routes.asked))
        self._each(lambda low, high: bundles.count_alone(self.routes, self.asked, self.road, low, high, self.alone))
        self._only_possible()
        counts = np.diff(self.routes.near)
        self.square = np.concatenate([[0], np.cumsum(counts * counts)]).astype(np.int64)
        self.pairs = np.full(int(self.square[-1]), np.inf)
        self._each(
            lambda low, high: bundles.count_pairs(
                self.routes, self.asked, self.road, low, high, self.square, self.pairs
            )
        )

    def look(self, prices: Floats, dues: Floats) -> tuple[Floats, Ints, Floats]:
        """(worth (P,), bundles (n, 4), their costs) at these prices."""
        people = len(self.routes.depart)
        worth = np.zeros(people)
        results = self._each(lambda low, high: self._look(low, high, prices, dues, worth))
        return worth, np.concatenate([new for new, _ in results]), np.concatenate([cost for _, cost in results])

    def _look(self, low: int, high: int, prices: Floats, dues: Floats, worth: Floats) -> tuple[Ints, Floats]:
        room = max(1, (high - low) * bundles.KEPT)
        new, costs = np.full((room, 4), -1), np.empty(room)
        count = bundles.price(
            self.routes, self.asked, self.road, low, high, self.alone, self.square, self.pairs, prices, dues, worth,
            new, costs,
        )  # fmt: skip
        return new[:count], costs[:count]

    def _only_possible(self) -> None:
        """Forget the requests that do not fit even alone."""
        possible = np.isfinite(self.alone)
        person = np.repeat(np.arange(len(self.routes.depart)), np.diff(self.routes.near))[possible]
        near = np.searchsorted(person, np.arange(len(self.routes.depart) + 1)).astype(np.int64)
        self.routes = self.routes._replace(near=near, asked=self.routes.asked[possible])
        self.alone = self.alone[possible]

    def _each(self, work: Callable[[int, int], Found]) -> list[Found]:
        people = len(self.routes.depart)
        cuts = [people * k // (8 * THREADS) for k in range(8 * THREADS + 1)]
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(work, cuts[:-1], cuts[1:]))


def _asked(problem: Problem) -> Asked:
    visits = problem.visits

    def both(pickup: Floats, dropoff: Floats) -> Floats:
        return np.ascontiguousarray(np.column_stack([np.where(visits, dropoff, pickup), dropoff]).astype(np.float64))

    return Asked(
        lon=both(problem.request_pickup_lon, problem.request_dropoff_lon),
        lat=both(problem.request_pickup_lat, problem.request_dropoff_lat),
        early=both(problem.request_pickup_earliest_s, problem.request_dropoff_earliest_s),
        late=both(problem.request_pickup_latest_s, problem.request_dropoff_latest_s),
        service=both(problem.request_pickup_service_s, problem.request_dropoff_service_s),
        load=problem.request_load.copy(),
        visit=visits,
    )


def _routes(problem: Problem, params: Params) -> Routes:
    """Start, own stops and end of each person in one row of nodes."""
    people, own = problem.people, np.diff(problem.stop_offset)
    first = np.concatenate([[0], np.cumsum(own + 2)]).astype(np.int64)
    stop = np.arange(len(problem.stop_lon)) + 2 * np.repeat(np.arange(people), own) + 1
    start, end = first[:-1], first[1:] - 1
    depart = np.maximum(problem.now_s, problem.person_work_from_s)

    def nodes(at_start: Floats | float, at_stops: Floats | Ints, at_end: Floats | float) -> Floats:
        values = np.empty(int(first[-1]))
        values[start], values[stop], values[end] = at_start, at_stops, at_end
        return values

    off = (own == 0) & (problem.person_work_to_s <= problem.now_s)
    most = np.where(off, 0, np.maximum(problem.person_extra_max - problem.person_extra_used, 0))
    copies = np.maximum(1, -(-most // MOST)).astype(np.int64)
    done = problem.person_extra_used + problem.person_points / params.points_an_errand
    price = problem.person_price_m
    fair = np.stack([params.fairness_m * (n * done + n * (n + 1) / 2) + n * price for n in range(MOST + 1)], axis=1)
    return Routes(
        first=first,
        lon=nodes(problem.person_lon, problem.stop_lon, problem.person_end_lon),
        lat=nodes(problem.person_lat, problem.stop_lat, problem.person_end_lat),
        early=nodes(depart, problem.stop_earliest_s, -np.inf),
        late=nodes(np.inf, problem.stop_latest_s, np.minimum(problem.person_end_latest_s, problem.person_work_to_s)),
        service=nodes(0.0, problem.stop_service_s, 0.0),
        change=nodes(0.0, problem.stop_load_change, 0.0).astype(np.int64),
        depart=depart,
        load=problem.person_load.copy(),
        capacity=problem.person_capacity.copy(),
        speed=problem.person_speed_mps.copy(),
        room_m=problem.person_detour_max_m - problem.person_detour_used_m,
        room_s=problem.person_detour_max_s - problem.person_detour_used_s,
        most=most.astype(np.int64),
        copies=copies,
        fair=fair,
        near=np.empty(0, dtype=np.int64),
        asked=np.empty(0, dtype=np.int64),
    )


def _near(problem: Problem, routes: Routes, asked: Asked) -> tuple[Ints, Ints]:
    """For each person the requests that one place near the route does not exclude, skills and refusals counted.

    A place that costs at most e metres more than some leg lies within (leg + e) / 2 of an end of it.
    """
    here = _on_sphere(routes.lon, routes.lat)
    tree = cKDTree(_on_sphere(asked.lon[:, 1], asked.lat[:, 1]))
    declined: dict[int, set[int]] = {}
    for request, person in problem.declined.tolist():
        declined.setdefault(person, set()).add(request)
    rows = []
    for p in range(problem.people):
        nodes = here[routes.first[p] : routes.first[p + 1]]
        if routes.most[p] < 1 or routes.room_m[p] < 0:
            rows.append(np.empty(0, dtype=np.int64))
            continue
        legs = np.linalg.norm(np.diff(nodes, axis=0), axis=1)
        # chords are a little shorter than arcs; a leg of 1,000 km is 0.1 % shorter
        reach = (float(legs.max()) * 1.001 + float(routes.room_m[p]) / float(problem.road_factor)) / 2 + 1
        mine = np.unique(np.concatenate([np.empty(0), *map(np.array, tree.query_ball_point(nodes, reach))])).astype(
            np.int64
        )
        able = (problem.request_skills[mine] & ~problem.person_skills[p]) == 0
        refused = declined.get(int(problem.person_id[p]), set())
        rows.append(mine[able & ~np.isin(problem.request_id[mine], list(refused))])
    near = np.concatenate([[0], np.cumsum([len(mine) for mine in rows])]).astype(np.int64)
    return near, np.concatenate([np.empty(0, dtype=np.int64), *rows])


def _on_sphere(lon: Floats, lat: Floats) -> Floats:
    east, north = np.radians(lon), np.radians(lat)
    unit = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    return np.asarray(bundles.EARTH_M * unit)
