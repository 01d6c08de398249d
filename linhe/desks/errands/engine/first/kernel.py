"""The first version's inner loops: routes with slack, exact best insertion, and the grid that finds who is near.

A route is a row of nodes: the person's start, the stops, the person's end. For every node the row keeps when
service begins, the latest begin that still lets everything after it be in time (a backward pass), the load after it and
the leg to the next. An insertion is then checked exactly in constant time a position.

References
----------
M. W. P. Savelsbergh (1992), The vehicle routing problem with time windows: minimizing route duration,
doi:10.1287/ijoc.4.2.146 (forward time slack).
"""

# All compiled functions stand in one file on purpose: numba's cache does not notice a change in a callee elsewhere.

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

EARTH_M = 6_371_008.8
EPS = 1e-6  # [s, m] lets a stop that is exactly on its limit pass
NEVER = np.inf
# typed constants, since each literal would be compiled once more
YES = cast(bool, np.bool_(True))
NONE = cast(int, np.int64(-1))
MOST_RUINED = cast(int, np.int64(3))  # people emptied in one turn
MOST_FILLED = 4  # unserved requests tried again with each of them
TURNS_A_REQUEST = 200
OVERLOOKED = cast(int, np.int64(12))  # one in so many places is skipped, so that the search does not repeat itself

F = TypeVar("F", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def compiled(function: F) -> F:
    """Numba's compiler with a disk cache, keeping the function's type."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


class Model(NamedTuple):
    """Constants. Nodes: own stops, pick-ups, drop-offs, starts, ends (S + 2R + 2P rows)."""

    xyz: Floats  # (N, 3) on the sphere [m]
    earliest: Floats
    latest: Floats
    service: Floats
    change: Ints
    speed: Floats  # (P,)
    capacity: Ints
    room_m: Floats  # detour that is left
    room_n: Ints  # errands that are left
    used_n: Ints
    skills: Ints
    fit: NDArray[np.bool_]  # may be offered anything
    visit: NDArray[np.bool_]  # (R,)
    needs: Ints
    penalty: Floats
    declined: Ints  # sorted request_row * P + person_row
    key: Floats  # (R, 2) lon, lat where the errand begins
    place: Floats  # (N, 2) lon, lat
    stops: int
    people: int
    requests: int
    road: float
    fairness: float


class Plan(NamedTuple):
    """Routes under change; ``first`` is where a person's row begins."""

    first: Ints  # (P + 1,)
    size: Ints  # (P,) nodes in the row, start and end included
    nodes: Ints
    begin: Floats
    late: Floats
    load: Ints
    leg: Floats  # road metres to the next node
    length: Floats  # (P,)
    base: Floats  # (P,) length before any errand
    extra: Ints  # (P,) errands added
    taker: Ints  # (R,) person row or -1


class Pairs(NamedTuple):
    """Every (person, request) that is feasible alone, by person, with its present best insertion.

    Adding stops never shortens a route, arrives no earlier and frees no capacity, so no other pair can become
    feasible later.
    """

    start: Ints  # (P + 1,)
    request: Ints
    person: Ints
    cost: Floats  # detour now, inf when taken or no longer possible
    pickup: Ints  # slot after which
    dropoff: Ints
    of_request: Ints  # (R + 1,)
    by_request: Ints  # pair rows by request


@compiled
def metres(m: Model, a: int, b: int) -> float:
    """Great circle between nodes times the road factor."""
    x, y, z = m.xyz[a, 0] - m.xyz[b, 0], m.xyz[a, 1] - m.xyz[b, 1], m.xyz[a, 2] - m.xyz[b, 2]
    half = np.sqrt(x * x + y * y + z * z) / (2 * EARTH_M)
    return float(2 * EARTH_M * np.arcsin(min(half, 1.0)) * m.road)


@compiled
def refresh(m: Model, plan: Plan, p: int) -> int:
    """Recompute the row of a person; the first slot that breaks a limit, or -1."""
    o, n = plan.first[p], plan.size[p]
    broken = -1
    total = 0.0
    time = m.earliest[plan.nodes[o]]
    load = 0
    for k in range(o, o + n):
        node = plan.nodes[k]
        if k > o:
            plan.leg[k - 1] = metres(m, plan.nodes[k - 1], node)
            total += plan.leg[k - 1]
            time += plan.leg[k - 1] / m.speed[p]
        time = max(time, m.earliest[node])
        load += m.change[node]
        plan.begin[k] = time
        plan.load[k] = load
        if broken < 0 and (time > m.latest[node] + EPS or load > m.capacity[p]):
            broken = k - o
        time += m.service[node]
    late = NEVER
    for k in range(o + n - 1, o - 1, -1):
        node = plan.nodes[k]
        if k < o + n - 1:
            late = late - plan.leg[k] / m.speed[p] - m.service[node]
        late = min(late, m.latest[node])
        plan.late[k] = late
    plan.length[p] = total
    return broken


@compiled
def best_insertion(m: Model, plan: Plan, p: int, r: int, timed: bool, carried: bool) -> tuple[float, int, int]:
    """Least detour of request ``r`` in the route of ``p``: (metres, pick-up slot, drop-off slot), exact.

    ``timed`` and ``carried`` switch the checks of time and capacity, to tell why a request does not fit.
    O(n^2) positions at O(1) each.
    """
    o, n = plan.first[p], plan.size[p]
    room = m.room_m[p] - (plan.length[p] - plan.base[p]) + EPS
    speed = m.speed[p]
    pick, drop = m.stops + r, m.stops + m.requests + r
    to_drop = np.empty(n)
    for k in range(n):
        to_drop[k] = metres(m, plan.nodes[o + k], drop)
    best, best_i, best_j = NEVER, NONE, NONE
    if m.visit[r]:
        for i in range(n - 1):
            add = to_drop[i] + to_drop[i + 1] - plan.leg[o + i]
            if add > room or add >= best:
                continue
            time = plan.begin[o + i] + m.service[plan.nodes[o + i]] + to_drop[i] / speed
            time = max(time, m.earliest[drop])
            if timed and time > m.latest[drop] + EPS:
                break
            time += m.service[drop] + to_drop[i + 1] / speed
            if timed and time > plan.late[o + i + 1] + EPS:
                continue
            best, best_i, best_j = add, i, i
        return best, best_i, best_j
    load = m.change[pick]
    between = metres(m, pick, drop)
    to_pick = metres(m, plan.nodes[o], pick)
    for i in range(n - 1):
        after = metres(m, plan.nodes[o + i + 1], pick)
        here, to_pick = to_pick, after
        time = plan.begin[o + i] + m.service[plan.nodes[o + i]] + here / speed
        time = max(time, m.earliest[pick])
        if timed and time > m.latest[pick] + EPS:
            break
        if carried and plan.load[o + i] + load > m.capacity[p]:
            continue
        time += m.service[pick]
        add = here + between + to_drop[i + 1] - plan.leg[o + i]
        if add <= room and add < best:
            done = max(time + between / speed, m.earliest[drop])
            back = done + m.service[drop] + to_drop[i + 1] / speed
            if not timed or (done <= m.latest[drop] + EPS and back <= plan.late[o + i + 1] + EPS):
                best, best_i, best_j = add, i, i
        first = here + after - plan.leg[o + i]
        time += after / speed
        for j in range(i + 1, n - 1):
            # the pick-up is on board when j is reached: check j itself, then try the drop-off after it
            if first > room or first >= best or (timed and time > plan.late[o + j] + EPS):
                break
            if carried and plan.load[o + j] + load > m.capacity[p]:
                break
            time = max(time, m.earliest[plan.nodes[o + j]]) + m.service[plan.nodes[o + j]]
            add = first + to_drop[j] + to_drop[j + 1] - plan.leg[o + j]
            if add <= room and add < best:
                done = max(time + to_drop[j] / speed, m.earliest[drop])
                back = done + m.service[drop] + to_drop[j + 1] / speed
                if not timed or (done <= m.latest[drop] + EPS and back <= plan.late[o + j + 1] + EPS):
                    best, best_i, best_j = add, i, j
            time += plan.leg[o + j] / speed
    return best, best_i, best_j


@compiled
def insert(m: Model, plan: Plan, p: int, r: int, i: int, j: int) -> None:
    """Put request ``r`` into the route after slots ``i`` and ``j``."""
    o, n = plan.first[p], plan.size[p]
    pick, drop = m.stops + r, m.stops + m.requests + r
    added = 1 if m.visit[r] else 2
    for k in range(n - 1, i, -1):
        plan.nodes[o + k + (added if k > j else 1)] = plan.nodes[o + k]
    if not m.visit[r]:
        plan.nodes[o + i + 1] = pick
    plan.nodes[o + j + added] = drop
    plan.size[p] = n + added
    plan.extra[p] += 1
    plan.taker[r] = p
    refresh(m, plan, p)


@compiled
def remove(m: Model, plan: Plan, r: int) -> int:
    """Take request ``r`` out of its route; the person who had it."""
    p = plan.taker[r]
    o, kept = plan.first[p], 0
    for k in range(plan.size[p]):
        node = plan.nodes[o + k]
        if node != m.stops + r and node != m.stops + m.requests + r:
            plan.nodes[o + kept] = node
            kept += 1
    plan.size[p] = kept
    plan.extra[p] -= 1
    plan.taker[r] = -1
    refresh(m, plan, p)
    return int(p)


class Grid(NamedTuple):
    """Requests by cell: those of cell ``c`` are ``items[start[c]:start[c + 1]]``."""

    west: float
    south: float
    wide: float  # [degree]
    high: float
    cells: int  # a side
    start: Ints
    items: Ints


@compiled
def is_declined(m: Model, r: int, p: int) -> bool:
    """Whether the person has declined the request (by halving)."""
    row, low, high = r * m.people + p, 0, len(m.declined)
    while low < high:
        middle = (low + high) // 2
        if m.declined[middle] < row:
            low = middle + 1
        else:
            high = middle
    return bool(low < len(m.declined) and m.declined[low] == row)


@compiled
def cells_around(grid: Grid, lon: float, lat: float, radius: float) -> tuple[int, int, int, int]:
    """First and last column and row of the cells that a circle [m] may touch; empty if first > last."""
    angle = radius / EARTH_M
    dlat = np.degrees(angle)
    dlon = 360.0
    if abs(lat) + dlat < 89.9 and angle < 1:
        dlon = np.degrees(np.arcsin(np.sin(angle) / np.cos(np.radians(lat)))) * (1 + 1e-9)
    if lon - dlon < -180 or lon + dlon > 180:
        dlon = 360.0
    left, right = np.floor((lon - dlon - grid.west) / grid.wide), np.floor((lon + dlon - grid.west) / grid.wide)
    low, top = np.floor((lat - dlat - grid.south) / grid.high), np.floor((lat + dlat - grid.south) / grid.high)
    last = grid.cells - 1  # holds its outer edge too, so a circle beyond it still looks there
    return int(min(max(left, 0), last)), int(min(right, last)), int(min(max(low, 0), last)), int(min(top, last))


@compiled
def near_pairs(m: Model, plan: Plan, grid: Grid, persons: Ints, found: Ints) -> int:
    """Fill (persons, requests) whose errand may begin inside the detour that is left, by person. Complete.

    A place that costs at most ``e`` metres more than the leg a-b lies within (|ab| + e) / 2 of a or of b; those two
    circles are looked up in the grid, then the ellipse itself is tested. Returns how many there are; if that is more
    than fit into the arrays, only the first are filled in.
    """
    count = 0
    seen = np.full(m.requests, -1)
    for p in range(m.people):
        if not m.fit[p]:
            continue
        more = m.room_m[p] + EPS
        for leg in range(plan.first[p], plan.first[p] + plan.size[p] - 1):
            a, b = plan.nodes[leg], plan.nodes[leg + 1]
            radius = (plan.leg[leg] + more) / m.road / 2 * (1 + 1e-9) + 0.01
            for end in range(2):
                node = b if end else a
                left, right, low, top = cells_around(grid, m.place[node, 0], m.place[node, 1], radius)
                if left > right:
                    continue
                for y in range(low, top + 1):
                    for k in range(grid.start[y * grid.cells + left], grid.start[y * grid.cells + right + 1]):
                        r = grid.items[k]
                        if seen[r] == p or m.needs[r] & ~m.skills[p]:
                            continue
                        begins = m.stops + r + (m.requests if m.visit[r] else 0)
                        if metres(m, a, begins) + metres(m, begins, b) - plan.leg[leg] > more:
                            continue
                        seen[r] = p
                        if is_declined(m, r, p):
                            continue
                        if count < len(found):
                            persons[count], found[count] = p, r
                        count += 1
    return count


@compiled
def insertions(
    m: Model, plan: Plan, persons: Ints, requests: Ints, timed: bool, carried: bool
) -> tuple[Floats, Ints, Ints]:
    """Best insertion of every pair given."""
    count = len(persons)
    cost, pickup, dropoff = np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64)
    for k in range(count):
        p, r = persons[k], requests[k]
        cost[k], pickup[k], dropoff[k] = best_insertion(m, plan, p, r, timed, carried)
    return cost, pickup, dropoff


@compiled
def weight(m: Model, plan: Plan, p: int, r: int, detour: float) -> float:
    """What serving costs beside leaving ``r`` unserved, fairness included; negative = worth it."""
    return float(detour + m.fairness * (m.used_n[p] + plan.extra[p] + 1) - m.penalty[r])


@compiled
def reprice(m: Model, plan: Plan, pairs: Pairs, p: int) -> None:
    """Best insertions of a person's pairs after the route has changed."""
    for k in range(pairs.start[p], pairs.start[p + 1]):
        r = pairs.request[k]
        pairs.cost[k] = NEVER
        if plan.taker[r] < 0 and plan.extra[p] < m.room_n[p]:
            cost, i, j = best_insertion(m, plan, p, r, YES, YES)
            if weight(m, plan, p, r, cost) < 0:
                pairs.cost[k], pairs.pickup[k], pairs.dropoff[k] = cost, i, j


@compiled
def take(m: Model, plan: Plan, pairs: Pairs, chosen: Ints) -> None:
    """Insert the chosen pairs (different persons, different requests) and reprice those persons."""
    for k in chosen:
        insert(m, plan, pairs.person[k], pairs.request[k], pairs.pickup[k], pairs.dropoff[k])
    for k in chosen:
        reprice(m, plan, pairs, pairs.person[k])
        r = pairs.request[k]
        for x in range(pairs.of_request[r], pairs.of_request[r + 1]):
            pairs.cost[pairs.by_request[x]] = NEVER


@compiled
def rank_request(m: Model, plan: Plan, pairs: Pairs, r: int) -> tuple[float, float, int]:
    """(best weight, second weight or 0 = unserved, best pair) of one request."""
    best, second, at = 0.0, 0.0, -1
    for x in range(pairs.of_request[r], pairs.of_request[r + 1]):
        k = pairs.by_request[x]
        if pairs.cost[k] == NEVER:
            continue
        value = weight(m, plan, pairs.person[k], r, pairs.cost[k])
        if value < best:
            best, second, at = value, best, k
        elif value < second:
            second = value
    return best, second, at


@compiled
def build_up(m: Model, plan: Plan, pairs: Pairs, regret: bool) -> None:
    """Insert one request at a time: the largest regret (loss if its best place were gone), or the largest saving."""
    best, second = np.zeros(m.requests), np.zeros(m.requests)
    at = np.full(m.requests, -1)
    for r in range(m.requests):
        if plan.taker[r] < 0:
            best[r], second[r], at[r] = rank_request(m, plan, pairs, r)
    one = np.empty(1, np.int64)
    while True:
        chosen, value, tie = -1, -1.0, 0.0
        for r in range(m.requests):
            if at[r] < 0:
                continue
            gain = second[r] - best[r] if regret else -best[r]
            if gain > value or (gain == value and -best[r] > tie):
                chosen, value, tie = r, gain, -best[r]
        if chosen < 0:
            return
        one[0] = at[chosen]
        p = pairs.person[at[chosen]]
        take(m, plan, pairs, one)
        at[chosen] = -1
        for k in range(pairs.start[p], pairs.start[p + 1]):
            r = pairs.request[k]
            if plan.taker[r] < 0:
                best[r], second[r], at[r] = rank_request(m, plan, pairs, r)


@compiled
def objective(m: Model, plan: Plan) -> float:
    """Detours, penalties of the unserved, and fairness n (n + 1) / 2 beyond what was used before."""
    total = 0.0
    for p in range(m.people):
        n, used = plan.extra[p], m.used_n[p]
        total += plan.length[p] - plan.base[p] if n else 0.0
        total += m.fairness * ((used + n) * (used + n + 1) - used * (used + 1)) / 2
    for r in range(m.requests):
        if plan.taker[r] < 0:
            total += m.penalty[r]
    return total


@compiled
def draw(state: NDArray[np.uint64], below: int) -> int:
    """The next number of a splitmix64 sequence, in 0..below-1."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return int((z >> np.uint64(33)) % np.uint64(below))


@compiled
def copy_row(plan: Plan, kept: Plan, p: int) -> None:
    """Bring a person's row of ``plan`` to the state in ``kept``."""
    o = plan.first[p]
    for k in range(o, o + kept.size[p]):
        plan.nodes[k], plan.load[k], plan.leg[k] = kept.nodes[k], kept.load[k], kept.leg[k]
        plan.begin[k], plan.late[k] = kept.begin[k], kept.late[k]
    plan.size[p], plan.length[p], plan.extra[p] = kept.size[p], kept.length[p], kept.extra[p]


@compiled
def put_best(m: Model, plan: Plan, pairs: Pairs, r: int, state: NDArray[np.uint64]) -> tuple[int, int]:
    """Insert ``r`` where it weighs least now, a few people being overlooked; (person row or -1, insertions tried)."""
    best, person, best_i, best_j, tries = 0.0, NONE, NONE, NONE, 0
    for x in range(pairs.of_request[r], pairs.of_request[r + 1]):
        p = pairs.person[pairs.by_request[x]]
        if plan.extra[p] >= m.room_n[p] or draw(state, OVERLOOKED) == 0:
            continue
        tries += 1
        detour, i, j = best_insertion(m, plan, p, r, YES, YES)
        value = weight(m, plan, p, r, detour)
        if value < best:
            best, person, best_i, best_j = value, p, i, j
    if person >= 0:
        insert(m, plan, person, r, best_i, best_j)
    return person, tries


@compiled
def ruin(
    m: Model,
    plan: Plan,
    pairs: Pairs,
    state: NDArray[np.uint64],
    pool: Ints,
    in_pool: NDArray[np.bool_],
    changed: Ints,
) -> tuple[int, int]:
    """Draw a request and up to three people who could take it; take out it and their errands.

    Fills ``pool`` with these and up to four unserved requests a person, shuffled, and ``changed`` with the
    people; returns how many of each.
    """
    count, moved = 1, 0
    low, high = pairs.of_request[pool[0]], pairs.of_request[pool[0] + 1]
    in_pool[pool[0]] = True
    if plan.taker[pool[0]] >= 0:
        changed[0], moved = remove(m, plan, pool[0]), 1
    for _ in range(1 + draw(state, MOST_RUINED)):
        p = pairs.person[pairs.by_request[low + draw(state, high - low)]]
        changed[moved] = p
        moved += 1
        fill = MOST_FILLED
        width = pairs.start[p + 1] - pairs.start[p]
        offset = draw(state, width)
        for k in range(width):
            r = pairs.request[pairs.start[p] + (k + offset) % width]
            if in_pool[r] or (plan.taker[r] != p and (plan.taker[r] >= 0 or fill == 0)):
                continue
            if plan.taker[r] == p:
                remove(m, plan, r)
            else:
                fill -= 1
            pool[count] = r
            in_pool[r] = True
            count += 1
    for k in range(count - 1, 0, -1):
        other = draw(state, k + 1)
        pool[k], pool[other] = pool[other], pool[k]
    return count, moved


@compiled
def settle(target: Plan, source: Plan, persons: Ints, pool: Ints) -> None:
    """Bring some people's rows and some requests' takers of ``target`` to the state in ``source``."""
    for p in persons:
        copy_row(target, source, p)
    for r in pool:
        target.taker[r] = source.taker[r]


@compiled
def improve(m: Model, plan: Plan, kept: Plan, pairs: Pairs, seed: int, tries: int) -> None:
    """Ruin and recreate until ``tries`` insertions are spent; ``plan`` never gets worse. ``kept`` is an equal copy."""
    state = np.array([seed], dtype=np.uint64)
    able = np.flatnonzero(pairs.of_request[1:] > pairs.of_request[:-1])
    if len(able) == 0:
        return
    pool, touched = np.empty(m.requests, np.int64), np.empty(m.requests + 1 + MOST_RUINED, np.int64)
    in_pool = np.zeros(m.requests, np.bool_)
    turns = TURNS_A_REQUEST * len(able)
    while tries > 0 and turns > 0:
        turns -= 1
        pool[0] = able[draw(state, len(able))]
        count, moved = ruin(m, plan, pairs, state, pool, in_pool, touched)
        for k in range(count):
            in_pool[pool[k]] = False
            p, spent = put_best(m, plan, pairs, pool[k], state)
            tries -= spent + 1
            if p >= 0:
                touched[moved] = p
                moved += 1
        more = 0.0
        for k in range(moved):
            more += row_value(m, plan, touched, k) - row_value(m, kept, touched, k)
        for k in range(count):
            more += m.penalty[pool[k]] * ((plan.taker[pool[k]] < 0) - (kept.taker[pool[k]] < 0))
        if more <= 0:
            settle(kept, plan, touched[:moved], pool[:count])
        else:
            settle(plan, kept, touched[:moved], pool[:count])


@compiled
def row_value(m: Model, plan: Plan, persons: Ints, at: int) -> float:
    """A person's share of the objective, 0 when the person stands earlier in ``persons`` too."""
    p = persons[at]
    for k in range(at):
        if persons[k] == p:
            return 0.0
    n, used = plan.extra[p], m.used_n[p]
    detour = plan.length[p] - plan.base[p] if n else 0.0
    return float(detour + m.fairness * (n * (n + 1) / 2 + n * used))


@compiled
def refresh_all(m: Model, plan: Plan) -> Ints:
    """Refresh every row; the first broken slot of each, or -1."""
    broken = np.empty(m.people, np.int64)
    for p in range(m.people):
        broken[p] = refresh(m, plan, p)
    return broken
