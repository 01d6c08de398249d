"""Compiled: a route as a row of nodes with its slack, and the exact best insertion of a request.

A row holds the person's start, the stops and the person's end. For every node it keeps when service begins, the latest
begin that still lets everything after it be in time (a backward pass), the load after it and the leg to the next. An
insertion is then checked exactly in constant time a position.

References
----------
M. W. P. Savelsbergh (1992), The vehicle routing problem with time windows: minimizing route duration,
doi:10.1287/ijoc.4.2.146 (forward time slack).
"""

from typing import NamedTuple

import numpy as np

from .jit import Bools, Floats, Ints, inner, lean

EARTH_M = 6_371_008.8
EPS = 1e-6  # [s, m] lets a stop that is exactly on its limit pass
NEVER = np.inf
NEAR_M = 100_000.0  # below it two terms of the arc sine are exact to 0.1 mm

X, Y, Z, EARLIEST, LATEST, SERVICE, CHANGE = range(7)  # columns of City.node
PACE, CAPACITY, ROOM_M, ROOM_N, USED, PRICE = range(6)  # columns of City.person
BEGIN, LATE, LOAD, LEG = range(4)  # columns of a row
PENALTY, VISIT = range(2)  # columns of City.request


class City(NamedTuple):
    """Constants of one batch, packed so that a node is one line of the processor's cache.

    Nodes: own stops, starts, ends, then pick-up and drop-off of each request in turn (S + 2P + 2R). The rows of the
    present routes stand one after another.
    """

    node: Floats  # (N, 8) on the sphere [m], window [s], service [s], change of load
    person: Floats  # (P, 8) seconds a metre, capacity, metres left, errands left, done before, price [m]
    request: Floats  # (R, 2) penalty [m], 1 for a visit to one place
    first: Ints  # (P + 1,) where a person's row begins
    nodes: Ints  # (slots,)
    row: Floats  # (slots, 4)
    table: Floats  # (N, N) road metres, or (0, 0)
    fit: Bools  # (P,) may be offered anything
    asked: int  # the node of the first pick-up
    road: float  # road metres a straight metre
    fairness: float  # [m]


@inner
def metres(node: Floats, table: Floats, road: float, a: int, b: int) -> float:
    """Road metres between nodes: the table, or great circle times the road factor."""
    if table.shape[0]:
        given: float = table[a, b]
        return given
    x, y, z = node[a, 0] - node[b, 0], node[a, 1] - node[b, 1], node[a, 2] - node[b, 2]
    square = x * x + y * y + z * z
    chord = np.sqrt(square)
    if chord < NEAR_M:
        part = square * (1 / (24 * EARTH_M * EARTH_M))
        return float(road * chord * (1 + part * (1 + 5.4 * part)))
    return float(road * 2 * EARTH_M * np.arcsin(min(chord / (2 * EARTH_M), 1.0)))


@inner
def back_again(table: Floats, a: int, b: int, known: float) -> float:
    """Metres from ``a`` to ``b`` where those from ``b`` to ``a`` are known: the same, except on roads."""
    if table.shape[0]:
        given: float = table[a, b]
        return given
    return known


@lean
def refresh(city: City, p: int, nodes: Ints, row: Floats, o: int, n: int) -> int:
    """Recompute a row of ``n`` nodes from slot ``o``; the first slot that breaks a limit, or -1."""
    node, pace, capacity = city.node, city.person[p, PACE], city.person[p, CAPACITY]
    broken = -1
    time, load = node[nodes[o], EARLIEST], 0.0
    for k in range(o, o + n):
        at = nodes[k]
        if k > o:
            leg = metres(node, city.table, city.road, nodes[k - 1], at)
            row[k - 1, LEG] = leg
            time += leg * pace
        time = max(time, node[at, EARLIEST])
        load += node[at, CHANGE]
        row[k, BEGIN] = time
        row[k, LOAD] = load
        if broken < 0 and (time > node[at, LATEST] + EPS or load > capacity):
            broken = k - o
        time += node[at, SERVICE]
    row[o + n - 1, LEG] = 0.0
    late = NEVER
    for k in range(o + n - 1, o - 1, -1):
        at = nodes[k]
        if k < o + n - 1:
            late -= row[k, LEG] * pace + node[at, SERVICE]
        late = min(late, node[at, LATEST])
        row[k, LATE] = late
    return broken


@inner
def length_of(row: Floats, o: int, n: int) -> float:
    """Road metres of a row."""
    total = 0.0
    for k in range(o, o + n - 1):
        total += row[k, LEG]
    return total


@inner
def best_visit(
    city: City, p: int, nodes: Ints, row: Floats, o: int, n: int, drop: int, room: float, timed: bool, carried: bool
) -> tuple[float, int, int]:
    """Least detour of a stop at one place, of at most ``room`` metres: (metres, slot, slot), exact.

    A negative change of load hands over what has been on board from the start.
    """
    node, pace, capacity = city.node, city.person[p, PACE], city.person[p, CAPACITY]
    earliest, latest = node[drop, EARLIEST], node[drop, LATEST]
    service, change = node[drop, SERVICE], node[drop, CHANGE]
    best, best_i = NEVER, -1
    after = metres(node, city.table, city.road, nodes[o], drop)
    for i in range(n - 1):
        here = back_again(city.table, nodes[o + i], drop, after)
        after = metres(node, city.table, city.road, drop, nodes[o + i + 1])
        if carried and change < 0 and row[o + i, LOAD] > capacity:
            break
        add = here + after - row[o + i, LEG]
        if add > room or add >= best:
            continue
        time = max(row[o + i, BEGIN] + node[nodes[o + i], SERVICE] + here * pace, earliest)
        if timed and (time > latest + EPS or time + service + after * pace > row[o + i + 1, LATE] + EPS):
            continue
        if carried and change < 0 and not _fits_after(row, o, n, i, change, capacity):
            continue
        best, best_i = add, i
    return best, best_i, best_i


@inner
def _fits_after(row: Floats, o: int, n: int, i: int, change: float, capacity: float) -> bool:
    most = 0.0
    for k in range(o + i, o + n):
        most = max(most, row[k, LOAD])
    return bool(most + change <= capacity)


@inner
def best_errand(
    city: City, p: int, nodes: Ints, row: Floats, o: int, n: int, pick: int, room: float, timed: bool, carried: bool
) -> tuple[float, int, int]:
    """Least detour of pick-up and drop-off, of at most ``room`` metres: (metres, pick-up slot, drop-off slot), exact.

    ``timed`` and ``carried`` switch the checks of time and capacity, to tell why a request does not fit.
    O(n^2) positions at O(1) each.
    """
    node, table, road = city.node, city.table, city.road
    pace, capacity = city.person[p, PACE], city.person[p, CAPACITY]
    drop, load = pick + 1, node[pick, CHANGE]
    between = metres(node, table, road, pick, drop)
    best, best_i, best_j = NEVER, -1, -1
    after = metres(node, table, road, nodes[o], pick)
    for i in range(n - 1):
        here = back_again(table, nodes[o + i], pick, after)
        after = metres(node, table, road, pick, nodes[o + i + 1])
        time = max(row[o + i, BEGIN] + node[nodes[o + i], SERVICE] + here * pace, node[pick, EARLIEST])
        if timed and time > node[pick, LATEST] + EPS:
            continue
        if carried and row[o + i, LOAD] + load > capacity:
            continue
        first = here + after - row[o + i, LEG]
        if first > room or first >= best:  # no drop-off makes it shorter
            continue
        time += node[pick, SERVICE]
        onward = metres(node, table, road, drop, nodes[o + i + 1])
        add = here + between + onward - row[o + i, LEG]
        if add <= room and add < best:
            done = max(time + between * pace, node[drop, EARLIEST])
            back = done + node[drop, SERVICE] + onward * pace
            if not timed or (done <= node[drop, LATEST] + EPS and back <= row[o + i + 1, LATE] + EPS):
                best, best_i, best_j = add, i, i
        time += after * pace
        for j in range(i + 1, n - 1):
            # the pick-up is on board when j is reached: check j itself, then try the drop-off after it
            at = o + j
            if first > room or first >= best or (timed and time > row[at, LATE] + EPS):
                break
            if carried and row[at, LOAD] + load > capacity:
                break
            time = max(time, node[nodes[at], EARLIEST]) + node[nodes[at], SERVICE]
            to_drop = back_again(table, nodes[at], drop, onward)
            onward = metres(node, table, road, drop, nodes[at + 1])
            add = first + to_drop + onward - row[at, LEG]
            if add <= room and add < best:
                done = max(time + to_drop * pace, node[drop, EARLIEST])
                back = done + node[drop, SERVICE] + onward * pace
                if not timed or (done <= node[drop, LATEST] + EPS and back <= row[at + 1, LATE] + EPS):
                    best, best_i, best_j = add, i, j
            time += row[at, LEG] * pace
    return best, best_i, best_j


@inner
def best_insertion(
    city: City, p: int, nodes: Ints, row: Floats, o: int, n: int, r: int, room: float, timed: bool, carried: bool
) -> tuple[float, int, int]:
    """Least detour of request ``r`` in a row: (metres, pick-up slot, drop-off slot); inf and -1 if none."""
    pick = city.asked + 2 * r
    if city.request[r, VISIT] > 0:
        return best_visit(city, p, nodes, row, o, n, pick + 1, room, timed, carried)
    return best_errand(city, p, nodes, row, o, n, pick, room, timed, carried)


@inner
def put_in(city: City, nodes: Ints, o: int, n: int, r: int, i: int, j: int) -> int:
    """Put request ``r`` into a row of nodes after slots ``i`` and ``j``; the new number of nodes."""
    pick = city.asked + 2 * r
    if city.request[r, VISIT] > 0:
        for k in range(n - 1, j, -1):
            nodes[o + k + 1] = nodes[o + k]
        nodes[o + j + 1] = pick + 1
        return n + 1
    for k in range(n - 1, j, -1):
        nodes[o + k + 2] = nodes[o + k]
    nodes[o + j + 2] = pick + 1
    for k in range(j, i, -1):
        nodes[o + k + 1] = nodes[o + k]
    nodes[o + i + 1] = pick
    return n + 2


@lean
def refresh_rows(city: City, broken: Ints) -> None:
    """Refresh every row of the present routes; ``broken`` (P,) gets the first broken slot of each, or -1."""
    for p in range(len(city.person)):
        o = city.first[p]
        broken[p] = refresh(city, p, city.nodes, city.row, o, city.first[p + 1] - o)
