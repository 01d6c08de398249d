"""Compiled: the routes that come of an assignment, and the figures of every offer and every near miss."""

from typing import NamedTuple

import numpy as np

from .bundles import IMPOSSIBLE, MOST, Store, lay_out, work_out
from .jit import NO, YES, ZERO, Bools, Floats, Ints, inner, lean, whole
from .near import Pairs, begins_at
from .rows import (
    BEGIN,
    EARLIEST,
    EPS,
    LATE,
    LATEST,
    NEVER,
    PACE,
    ROOM_M,
    SERVICE,
    VISIT,
    City,
    best_insertion,
    length_of,
    metres,
    refresh,
)
from .state import State, Terms, price_of

RUNNERS_UP = 2
# columns of Offers.figures
DETOUR_M, DETOUR_S, SLACK, ETA_PICKUP, ETA_DROPOFF, RANK, OF, ALONE = range(8)


class Routes(NamedTuple):
    """The routes of some people with their errands in them."""

    people: Ints  # (K,) person rows
    first: Ints  # (K + 1,)
    nodes: Ints
    row: Floats


class Offers(NamedTuple):
    """One line for each offer, by person and in the order of the first stops."""

    request: Ints
    person: Ints
    figures: Floats  # (offers, 8)
    runner: Ints  # (offers, RUNNERS_UP) person rows or -1
    runner_m: Floats
    runner_s: Floats


@inner
def drive(city: City, p: int, nodes: Ints, o: int, n: int) -> tuple[float, float]:
    """(road metres, arrival at the end) of a row of nodes driven by ``p``."""
    length, time = 0.0, city.node[nodes[o], EARLIEST]
    for k in range(o + 1, o + n):
        leg = metres(city.node, city.table, city.road, nodes[k - 1], nodes[k])
        length += leg
        time = max(time + leg * city.person[p, PACE], city.node[nodes[k], EARLIEST]) + city.node[nodes[k], SERVICE]
    return length, time


def lay_out_all(city: City, store: Store, terms: Terms, state: State, people: Ints) -> Routes:
    """The rows of ``people`` with their members in the best order known."""
    room = int((city.first[people + 1] - city.first[people] + 2 * state.held[people]).sum())
    nodes, row = np.empty(room, dtype=np.int64), np.zeros((room, 4))
    first = np.zeros(len(people) + 1, dtype=np.int64)
    end = _lay_out_rows(city, store, terms, state, Routes(people, first, nodes, row))
    return Routes(people, first, nodes[:end], row[:end])


@lean
def _lay_out_rows(city: City, store: Store, terms: Terms, state: State, routes: Routes) -> int:
    """Fill in the rows; how many slots they take."""
    at = ZERO
    for k in range(len(routes.people)):
        p = routes.people[k]
        routes.first[k] = at
        n = whole(city.first[p + 1] - city.first[p])
        if state.held[p]:
            work_out(city, store, terms.keys, p, state.members[p], state.held[p])
            n = lay_out(city, store, p, (1 << state.held[p]) - 1)
            for x in range(n):
                routes.nodes[at + x] = store.nodes[x]
        else:
            for x in range(n):
                routes.nodes[at + x] = city.nodes[city.first[p] + x]
        refresh(city, p, routes.nodes, routes.row, at, n)
        at += n
    routes.first[len(routes.people)] = at
    return at


@inner
def request_of(city: City, node: int) -> int:
    """The request of a node, -1 for the person's own."""
    return (node - city.asked) // 2 if node >= city.asked else -1


def tell_offers(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, routes: Routes, given: Ints, given_first: Ints,
    pinned: int, runners: int,
) -> Offers:  # fmt: skip
    """The figures of every offer. ``given`` are the rows of nodes of the routes as driven now."""
    row = (routes.nodes - city.asked) // 2
    asked = row >= pinned
    lone = city.request[row[asked], VISIT] > 0
    count = int((routes.nodes[asked] == city.asked + 2 * row[asked] + lone).sum())
    offers = Offers(
        np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64), np.full((count, 8), np.nan),
        np.full((count, RUNNERS_UP), -1), np.zeros((count, RUNNERS_UP)), np.zeros((count, RUNNERS_UP)),
    )  # fmt: skip
    part, scratch = np.empty(len(store.nodes) + 2, dtype=np.int64), np.empty(MOST + 1, dtype=np.int64)
    _tell(
        city, store, terms, state, pairs, routes, given, given_first, pinned, runners, offers, part, scratch,
        np.empty(RUNNERS_UP),
    )  # fmt: skip
    return offers


@lean
def _tell(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, routes: Routes, given: Ints, given_first: Ints,
    pinned: int, runners: int, offers: Offers, part: Ints, scratch: Ints, best: Floats,
) -> None:  # fmt: skip
    at = ZERO
    for place in range(len(routes.people)):
        p = routes.people[place]
        o, n = routes.first[place], routes.first[place + 1] - routes.first[place]
        length, end = 0.0, 0.0
        begun = at
        for k in range(o, o + n):
            r = request_of(city, routes.nodes[k])
            if r < pinned or routes.nodes[k] != begins_at(city, r):
                continue
            if at == begun:
                length, end = drive(city, p, given, given_first[p], given_first[p + 1] - given_first[p])
            offers.request[at], offers.person[at] = r, p
            # the route with this errand and those before it in the list only
            m = ZERO
            for x in range(o, o + n):
                s = request_of(city, routes.nodes[x])
                keep = s < pinned
                for y in range(begun, at + 1):
                    keep = keep or offers.request[y] == s
                if keep:
                    part[m] = routes.nodes[x]
                    m += 1
            now_m, now_s = drive(city, p, part, ZERO, m)
            figures = offers.figures[at]
            figures[DETOUR_M], figures[DETOUR_S] = now_m - length, now_s - end
            length, end = now_m, now_s
            figures[SLACK] = routes.row[k, LATE] - routes.row[k, BEGIN]
            figures[ETA_PICKUP] = routes.row[k, BEGIN]
            for x in range(k, o + n):
                if routes.nodes[x] == city.asked + 2 * r + 1:
                    figures[ETA_DROPOFF] = routes.row[x, BEGIN]
            _compare(city, store, terms, state, pairs, r, p, runners, at, offers, scratch, best)
            at += 1


@inner
def _compare(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, r: int, p: int, runners: int, at: int,
    offers: Offers, scratch: Ints, best: Floats,
) -> None:  # fmt: skip
    """Rank of the taker among all who could, and the next best of the others on top of the plan."""
    low, high = pairs.start[r], pairs.start[r + 1]
    alone = NEVER
    for k in range(low, high):
        if pairs.person[k] == p:
            alone = pairs.alone[k]
    rank = 1
    best[:] = NEVER
    for k in range(low, high):
        q = pairs.person[k]
        rank += pairs.alone[k] < alone - EPS
        if runners == 0 or q == p or state.held[q] >= terms.most[q]:
            continue
        value = price_of(city, store, terms, state, q, r, scratch)
        if value == IMPOSSIBLE:
            continue
        n = state.held[q]
        more = (value - state.cost[q] - terms.fair[q] - terms.step * n) / 1000.0
        for x in range(RUNNERS_UP):
            if more < best[x]:
                for y in range(RUNNERS_UP - 1, x, -1):
                    best[y], offers.runner[at, y] = best[y - 1], offers.runner[at, y - 1]
                best[x], offers.runner[at, x] = more, q
                break
    offers.figures[at, RANK], offers.figures[at, OF], offers.figures[at, ALONE] = rank, high - low, alone
    for x in range(RUNNERS_UP):
        q = offers.runner[at, x]
        if q < 0:
            continue
        n = state.held[q]
        for k in range(n):
            scratch[k] = state.members[q, k]
        scratch[n] = r
        work_out(city, store, terms.keys, q, scratch, n + 1)
        m = lay_out(city, store, q, (1 << (n + 1)) - 1)
        with_m, with_s = drive(city, q, store.nodes, ZERO, m)
        m = whole(city.first[q + 1] - city.first[q])
        for k in range(m):
            store.nodes[k] = city.nodes[city.first[q] + k]
        if n:
            work_out(city, store, terms.keys, q, state.members[q], n)
            m = lay_out(city, store, q, (1 << n) - 1)
        now_m, now_s = drive(city, q, store.nodes, ZERO, m)
        offers.runner_m[at, x], offers.runner_s[at, x] = with_m - now_m, with_s - now_s


# codes of near misses, the order of limits
EXTRA_LIMIT, DETOUR_LIMIT, CAPACITY_LIMIT, WINDOW, TOO_COSTLY = range(5)


def tell_misses(
    city: City, store: Store, terms: Terms, state: State, routes: Routes,
    persons: Ints, requests: Ints, may: Bools,
) -> tuple[Ints, Floats, Floats]:  # fmt: skip
    """Of each near pair (by person): which limit stops it, -1 where the person may not; metres from the errand's begin
    to the route; when it could begin if its own window were open (inf = not at all)."""
    count = len(persons)
    code, away, begin = np.full(count, -1), np.empty(count), np.full(count, np.inf)
    scratch = np.empty(MOST + 1, dtype=np.int64)
    _judge(city, store, terms, state, routes, persons, requests, may, scratch, code, away, begin)
    return code, away, begin


@lean
def _judge(
    city: City, store: Store, terms: Terms, state: State, routes: Routes,
    persons: Ints, requests: Ints, may: Bools, scratch: Ints, code: Ints, away: Floats, begin: Floats,
) -> None:  # fmt: skip
    place = ZERO
    for k in range(len(persons)):
        p, r = persons[k], requests[k]
        while routes.people[place] != p:
            place += 1
        o, n = routes.first[place], routes.first[place + 1] - routes.first[place]
        away[k] = _away(city, routes, o, n, begins_at(city, r))
        if not may[k]:
            continue
        if state.held[p] >= terms.most[p]:
            code[k] = EXTRA_LIMIT
            continue
        if price_of(city, store, terms, state, p, r, scratch) != IMPOSSIBLE:
            code[k] = TOO_COSTLY
            continue
        base = length_of(city.row, city.first[p], city.first[p + 1] - city.first[p])
        room = city.person[p, ROOM_M] + EPS - (length_of(routes.row, o, n) - base)
        if best_insertion(city, p, routes.nodes, routes.row, o, n, r, room, NO, NO)[0] == NEVER:
            code[k] = DETOUR_LIMIT
            continue
        if best_insertion(city, p, routes.nodes, routes.row, o, n, r, room, NO, YES)[0] == NEVER:
            code[k] = CAPACITY_LIMIT
            continue
        code[k] = WINDOW
        pick = city.asked + 2 * r
        first, last = city.node[pick, LATEST], city.node[pick + 1, LATEST]
        city.node[pick, LATEST] = city.node[pick + 1, LATEST] = NEVER  # as if its window were open
        detour, i, _ = best_insertion(city, p, routes.nodes, routes.row, o, n, r, room, YES, YES)
        city.node[pick, LATEST], city.node[pick + 1, LATEST] = first, last
        if detour < NEVER:
            at = routes.nodes[o + i]
            leg = metres(city.node, city.table, city.road, at, begins_at(city, r))
            time = routes.row[o + i, BEGIN] + city.node[at, SERVICE] + leg * city.person[p, PACE]
            begin[k] = max(time, city.node[begins_at(city, r), EARLIEST])


@inner
def _away(city: City, routes: Routes, o: int, n: int, place: int) -> float:
    """Straight metres from a place to the nearest point of a route."""
    least = NEVER
    for k in range(o, o + n - 1):
        a, b = routes.nodes[k], routes.nodes[k + 1]
        along, size = 0.0, 0.0
        for axis in range(3):
            side = city.node[b, axis] - city.node[a, axis]
            along += side * (city.node[place, axis] - city.node[a, axis])
            size += side * side
        share = 0.0 if size == 0 else min(max(along / size, 0.0), 1.0)
        square = 0.0
        for axis in range(3):
            side = city.node[b, axis] - city.node[a, axis]
            gap = city.node[a, axis] + share * side - city.node[place, axis]
            square += gap * gap
        least = min(least, square)
    return float(np.sqrt(least))
