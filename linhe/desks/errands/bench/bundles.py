"""Compiled: the least detour of a bundle of at most three errands, and the bundles worth most at some prices.

The least detour is exact: a dynamic programme over (own stops served, state of each errand, last place) that keeps
every pair of distance and time that no other one beats in both. Written apart from the engine, since it judges it.

References
----------
Y. Dumas, J. Desrosiers, F. Soumis (1991), The pickup and delivery problem with time windows,
doi:10.1016/0377-2217(91)90319-Q.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

EARTH_M = 6_371_008.8
EPS = 1e-6  # [m, s] in favour of what is on a limit, so that a bound stays one
LABELS = 24
FEWEST = 1e-9
KEPT = 8  # bundles told a person and a look
NONE = cast(int, np.int64(-1))
NEVER = np.inf

F = TypeVar("F", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def compiled(function: F) -> F:
    """Numba's compiler with a disk cache, keeping the function's type."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


class Routes(NamedTuple):
    """All people; the nodes of one are start, own stops, end."""

    first: Ints  # (P + 1,) first own node (start) in lon ... change
    lon: Floats
    lat: Floats
    early: Floats
    late: Floats
    service: Floats
    change: Ints
    depart: Floats  # (P,)
    load: Ints
    capacity: Ints
    speed: Floats
    room_m: Floats
    room_s: Floats
    most: Ints  # errands that are left
    copies: Ints  # of a bundle of three that are needed to hold them all
    fair: Floats  # (P, 4) what the fairness term adds for 0, 1, 2, 3 errands
    near: Ints  # (P + 1,) first entry in asked
    asked: Ints  # request rows near enough, by person


class Asked(NamedTuple):
    """All requests: pick-up in column 0, drop-off in column 1."""

    lon: Floats  # (R, 2)
    lat: Floats
    early: Floats
    late: Floats
    service: Floats
    load: Ints
    visit: NDArray[np.bool_]


class Local(NamedTuple):
    """One person's nodes with all distances between them; errand ``c`` has nodes own + 2c and own + 2c + 1."""

    own: int  # start, stops, end
    apart: Floats  # road metres
    early: Floats
    late: Floats  # of own stops: so that all later own stops are in time too
    service: Floats
    carried: Ints  # after each own node
    ahead: Floats  # metres from each own node to the end
    load: Ints  # of each errand
    visit: NDArray[np.bool_]
    depart: float
    capacity: int
    speed: float
    room: float


class Labels(NamedTuple):
    """Room for the dynamic programme, used again and again."""

    metres: Floats  # (states, LABELS)
    time: Floats
    filled: Ints


@compiled
def new_labels(stops: int) -> Labels:
    """Room for a route of so many own stops."""
    states = (stops + 1) * 27 * 4
    return Labels(np.empty((states, LABELS)), np.empty((states, LABELS)), np.zeros(states, np.int64))


@compiled
def great_circle(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Metres between two places in degrees."""
    up = np.sin(np.radians(lat_b - lat_a) / 2) ** 2
    across = np.sin(np.radians(lon_b - lon_a) / 2) ** 2 * np.cos(np.radians(lat_a)) * np.cos(np.radians(lat_b))
    return float(2 * EARTH_M * np.arcsin(min(1.0, np.sqrt(up + across))))


@compiled
def local_of(routes: Routes, asked: Asked, p: int, road: float) -> Local:
    """One person's nodes, those of the requests near enough behind the own ones."""
    o, own = routes.first[p], routes.first[p + 1] - routes.first[p]
    rows = routes.asked[routes.near[p] : routes.near[p + 1]]
    count = own + 2 * len(rows)
    lon, lat = np.empty(count), np.empty(count)
    early, late, service = np.empty(count), np.empty(count), np.empty(count)
    for k in range(own):
        lon[k], lat[k] = routes.lon[o + k], routes.lat[o + k]
        early[k], late[k], service[k] = routes.early[o + k], routes.late[o + k], routes.service[o + k]
    for c in range(len(rows)):
        for side in range(2):
            k, r = own + 2 * c + side, rows[c]
            lon[k], lat[k] = asked.lon[r, side], asked.lat[r, side]
            early[k], late[k], service[k] = asked.early[r, side], asked.late[r, side], asked.service[r, side]
    apart = np.zeros((count, count))
    for a in range(count):
        for b in range(a):
            apart[a, b] = apart[b, a] = great_circle(lon[a], lat[a], lon[b], lat[b]) * road
    carried, ahead = np.empty(own, np.int64), np.zeros(own)
    load, time = routes.load[p], routes.depart[p]
    for k in range(own):
        load += routes.change[o + k]
        carried[k] = load
        time = max(time + apart[max(k - 1, 0), k] / routes.speed[p], early[k]) + service[k]
    late[own - 1] = min(late[own - 1], time + routes.room_s[p])
    for k in range(own - 2, -1, -1):
        ahead[k] = ahead[k + 1] + apart[k, k + 1]
        late[k] = min(late[k], late[k + 1] - apart[k, k + 1] / routes.speed[p] - service[k])
    return Local(
        own, apart, early, late, service, carried, ahead, asked.load[rows], asked.visit[rows],
        routes.depart[p], routes.capacity[p], routes.speed[p], routes.room_m[p],
    )  # fmt: skip


@compiled
def push(labels: Labels, state: int, metres: float, time: float) -> None:
    """Keep a label unless another is no longer and no later; if there is no room, the last becomes better than true."""
    kept = 0
    for k in range(labels.filled[state]):
        if labels.metres[state, k] <= metres and labels.time[state, k] <= time:
            return
        if not (metres <= labels.metres[state, k] and time <= labels.time[state, k]):
            labels.metres[state, kept], labels.time[state, kept] = labels.metres[state, k], labels.time[state, k]
            kept += 1
    if kept == LABELS:
        kept -= 1
        metres, time = min(metres, labels.metres[state, kept]), min(time, labels.time[state, kept])
    labels.metres[state, kept], labels.time[state, kept] = metres, time
    labels.filled[state] = kept + 1


@compiled
def least_detour(x: Local, labels: Labels, bundle: Ints, room: float) -> float:
    """Least metres that the errands of a bundle add to the route, infinite when it is above ``room`` or impossible."""
    m, own = len(bundle), x.own
    codes = 3**m
    labels.filled[: own * 27 * 4] = 0
    push(labels, 0, 0.0, x.depart + x.service[0])
    most, best = x.ahead[0] + room + EPS, NEVER
    for i in range(own - 1):
        for code in range(codes):
            load = x.carried[i]
            for e in range(m):
                if code // 3**e % 3 == 1:
                    load += x.load[bundle[e]]
            if load > x.capacity:
                continue
            for last in range(m + 1):
                state = (i * 27 + code) * 4 + last
                node = i
                if last:
                    node = own + 2 * bundle[last - 1] + (code // 3 ** (last - 1) % 3) - 1
                for k in range(labels.filled[state]):
                    metres, time = labels.metres[state, k], labels.time[state, k]
                    for e in range(m):
                        at = code // 3**e % 3
                        if at == 2:
                            continue
                        to = 2 if x.visit[bundle[e]] else at + 1
                        goal = own + 2 * bundle[e] + to - 1
                        far = metres + x.apart[node, goal]
                        if far + x.apart[goal, i + 1] + x.ahead[i + 1] > most:
                            continue
                        begin = max(time + x.apart[node, goal] / x.speed, x.early[goal])
                        if begin > x.late[goal] + EPS:
                            continue
                        done = begin + x.service[goal]
                        if done + x.apart[goal, i + 1] / x.speed > x.late[i + 1] + EPS:
                            continue
                        push(labels, (i * 27 + code + (to - at) * 3**e) * 4 + e + 1, far, done)
                    if i == own - 2:
                        if code == codes - 1 and time + x.apart[node, own - 1] / x.speed <= x.late[own - 1] + EPS:
                            best = min(best, metres + x.apart[node, own - 1])
                        continue
                    begin = max(time + x.apart[node, i + 1] / x.speed, x.early[i + 1])
                    if begin <= x.late[i + 1] + EPS:
                        done = begin + x.service[i + 1]
                        push(labels, ((i + 1) * 27 + code) * 4, metres + x.apart[node, i + 1], done)
    return best - x.ahead[0] if best <= most else NEVER


@compiled
def count_alone(routes: Routes, asked: Asked, road: float, low: int, high: int, alone: Floats) -> None:
    """Fill the least detour of every single errand of some people."""
    bundle = np.empty(1, np.int64)
    for p in range(low, high):
        x = local_of(routes, asked, p, road)
        labels = new_labels(x.own)
        for c in range(routes.near[p + 1] - routes.near[p]):
            bundle[0] = c
            alone[routes.near[p] + c] = least_detour(x, labels, bundle, x.room)


@compiled
def count_pairs(routes: Routes, asked: Asked, road: float, low: int, high: int, square: Ints, pairs: Floats) -> None:
    """Fill the least detour of every two errands of some people; the square of person ``p`` begins at ``square[p]``."""
    bundle = np.empty(2, np.int64)
    for p in range(low, high):
        near = routes.near[p + 1] - routes.near[p]
        x = local_of(routes, asked, p, road)
        labels = new_labels(x.own)
        for a in range(near):
            for b in range(a):
                bundle[0], bundle[1] = a, b
                least = least_detour(x, labels, bundle, x.room) if routes.most[p] > 1 else NEVER
                pairs[square[p] + a * near + b] = pairs[square[p] + b * near + a] = least


@compiled
def price(
    routes: Routes, asked: Asked, road: float, low: int, high: int, alone: Floats, square: Ints, pairs: Floats,
    prices: Floats, dues: Floats, worth: Floats, found: Ints, costs: Floats,
) -> int:  # fmt: skip
    """Fill the least reduced cost (at most 0) of each person, and bundles that lie below what the place costs.

    ``prices`` are what a request is worth, ``dues`` (P,) what a person's place costs (at least 0). A bundle is written
    as (person, request, request or -1, request or -1). Every bundle of at most three errands is looked at: those of
    three only if the dearest two of them leave a chance, since a third errand never shortens a route.
    """
    count = 0
    bundle = np.empty(3, np.int64)
    kept, values, sums = np.empty((KEPT, 3), np.int64), np.empty(KEPT), np.empty(KEPT)
    for p in range(low, high):
        o, near = routes.near[p], routes.near[p + 1] - routes.near[p]
        share, fair = 1.0 / routes.copies[p], routes.fair[p]
        value = prices[routes.asked[o : o + near]]
        values[:] = -dues[p] - FEWEST
        kept[:] = -1
        best = 0.0
        for a in range(near):
            cost = share * alone[o + a] + fair[1]
            best = min(best, cost - value[a])
            _keep(kept, values, sums, cost, cost - value[a], a, NONE, NONE)
        x = local_of(routes, asked, p, road)
        labels = new_labels(x.own)
        for a in range(near if routes.most[p] > 1 else 0):
            for b in range(a):
                two = pairs[square[p] + a * near + b]
                if two == NEVER:
                    continue
                cost = share * two + fair[2]
                best = min(best, cost - value[a] - value[b])
                _keep(kept, values, sums, cost, cost - value[a] - value[b], a, b, NONE)
        for a in range(near if routes.most[p] > 2 else 0):
            for b in range(a):
                two = pairs[square[p] + a * near + b]
                if two == NEVER:
                    continue
                for c in range(b):
                    sum_of_three = value[a] + value[b] + value[c]
                    least = max(two, pairs[square[p] + a * near + c], pairs[square[p] + b * near + c])
                    most = max(best, values[0])  # above this it is of no use, for the bound or as a column
                    if share * least + fair[3] - sum_of_three >= most:
                        continue
                    bundle[0], bundle[1], bundle[2] = a, b, c
                    room = min(x.room, (most + sum_of_three - fair[3]) / share)
                    cost = share * least_detour(x, labels, bundle, room) + fair[3]
                    best = min(best, cost - sum_of_three)
                    _keep(kept, values, sums, cost, cost - sum_of_three, a, b, c)
        worth[p] = best
        for k in range(KEPT):
            if kept[k, 0] >= 0:
                found[count, 0], costs[count] = p, sums[k]
                for place in range(3):
                    found[count, 1 + place] = -1 if kept[k, place] < 0 else routes.asked[o + kept[k, place]]
                count += 1
    return count


@compiled
def _keep(kept: Ints, values: Floats, sums: Floats, cost: float, value: float, a: int, b: int, c: int) -> None:
    """Keep the bundles of least reduced cost; the greatest of them stands first."""
    if value >= values[0]:
        return
    at = 0
    while at + 1 < KEPT and values[at + 1] > value:
        kept[at], values[at], sums[at] = kept[at + 1], values[at + 1], sums[at + 1]
        at += 1
    kept[at, 0], kept[at, 1], kept[at, 2] = a, b, c
    values[at], sums[at] = value, cost
