"""Few requests: the plan that nothing beats, by every bundle in its best order and every way to share them out.

The search reads a bundle's detour from memory, where each request stands at its best place in the best route of the
others; now and then another order is shorter. With few requests all orders are tried, and all shares: a dynamic
programme over people and sets of requests, as in a knapsack.
"""

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from .bundles import IMPOSSIBLE, MILLI, MOST, Store, work_out
from .jit import NO, YES, ZERO, Floats, Ints, Keys, inner, lean
from .outcome import Routes, lay_out_all
from .rows import CHANGE, EPS, LEG, NEVER, ROOM_M, VISIT, City, best_insertion, length_of, metres, put_in, refresh
from .search import assign
from .state import State

if TYPE_CHECKING:
    from .planner import Planner

MOST_REQUESTS = 8
MOST_BUNDLES = 400
MOST_TRIED = 200_000  # rows of all bundles together; more are not worth the time, and the search's plan stands


class Ways:
    """The bundles of one person, as sets of bits: what each costs [mm], and its row of nodes."""

    def __init__(self, person: int) -> None:
        self.person = person
        self.cost: dict[int, int] = {0: 0}
        self.nodes: dict[int, Ints] = {}


@inner
def _longer(city: City, nodes: Ints, row: Floats, r: int, i: int, j: int) -> float:
    """How much longer [m] a row gets by request ``r`` after slots ``i`` and ``j``."""
    pick, table = city.asked + 2 * r, city.table
    drop = pick + 1
    away = metres(city.node, table, city.road, nodes[j], drop) if i < j or city.request[r, VISIT] > 0 else 0.0
    more = away + metres(city.node, table, city.road, drop, nodes[j + 1]) - row[j, LEG]
    if city.request[r, VISIT] > 0:
        return float(more)
    more += metres(city.node, table, city.road, nodes[i], pick)
    if i == j:
        return float(more + metres(city.node, table, city.road, pick, drop))
    return float(more + metres(city.node, table, city.road, pick, nodes[i + 1]) - row[i, LEG])


@inner
def _all_fit(city: City, p: int, members: Ints, begin: int, nodes: Ints, row: Floats, n: int, room: float) -> bool:
    """Whether each of the members from ``begin`` on fits into a row by at most ``room`` metres."""
    fit = True
    for k in range(begin, len(members)):
        if best_insertion(city, p, nodes, row, ZERO, n, members[k], room, YES, YES)[0] == NEVER:
            fit = False
            break
    return fit


@inner
def _dearest_first(city: City, p: int, members: Ints, alone: Floats) -> None:
    """Sort the members by their detour alone, the longest first: with these in place little else is below the limit.
    Before all of them what is on board from the start: until it is handed over there may be no room for the others."""
    o, n = city.first[p], city.first[p + 1] - city.first[p]
    for k in range(len(members)):
        r = members[k]
        metres_alone = NEVER
        if city.node[city.asked + 2 * r, CHANGE] + city.node[city.asked + 2 * r + 1, CHANGE] >= 0:
            metres_alone = best_insertion(city, p, city.nodes, city.row, o, n, r, NEVER, NO, NO)[0]
        at = k
        while at > 0 and alone[at - 1] < metres_alone:
            members[at], alone[at] = members[at - 1], alone[at - 1]
            at -= 1
        members[at], alone[at] = r, metres_alone


@lean
def best_order(
    city: City, store: Store, keys: Keys, p: int, members: Ints, nodes: Ints, row: Floats, size: Ints, at: Ints,
    longer: Floats, best_nodes: Ints, most: int,
) -> float:  # fmt: skip
    """Least detour [m] of a person with all ``members``, whose row of nodes is left in ``best_nodes``; inf if none.

    All places of all but the last, and the best place of the last, in rows of ``nodes`` (members, slots): a part of a
    route that can be driven can be driven too, so that nothing is missed within ``most`` rows. What the memory knows
    is a limit from the start; ``size[-1]`` is left with the number of rows tried.
    """
    o, n = city.first[p], city.first[p + 1] - city.first[p]
    base = length_of(city.row, o, n)
    best = city.person[p, ROOM_M] + EPS
    found = NEVER
    count = len(members)
    known = work_out(city, store, keys, p, members, count)
    if known != IMPOSSIBLE:
        best = min(best, (known + 1) / MILLI)
    _dearest_first(city, p, members, longer)
    size[0] = n
    for k in range(n):
        nodes[0, k] = city.nodes[o + k]
        for column in range(4):
            row[0, k, column] = city.row[o + k, column]
    level, tried = ZERO, ZERO
    at[0, 0], at[0, 1], longer[0] = 0, -1, 0.0
    while level >= 0 and tried < most:
        r, m = members[level], size[level]
        if level == count - 1:
            so_far = longer[level]
            add, i, j = best_insertion(city, p, nodes[level], row[level], ZERO, m, r, best - so_far, YES, YES)
            if so_far + add < best or (found == NEVER and so_far + add <= best):
                best, found = so_far + add, so_far + add
                for k in range(m):
                    best_nodes[k] = nodes[level, k]
                put_in(city, best_nodes, ZERO, m, r, i, j)
            level -= 1
            continue
        i, j = at[level, 0], at[level, 1] + 1
        if j > m - 2:
            i, j = i + 1, i + 1
        if city.request[r, VISIT] > 0:
            i = j
        if i > m - 2:
            level -= 1
            continue
        at[level, 0], at[level, 1] = i, j
        if longer[level] + _longer(city, nodes[level], row[level], r, i, j) > best:
            continue
        tried += 1
        for k in range(m):
            nodes[level + 1, k] = nodes[level, k]
        size[level + 1] = put_in(city, nodes[level + 1], ZERO, m, r, i, j)
        if refresh(city, p, nodes[level + 1], row[level + 1], ZERO, size[level + 1]) >= 0:
            continue
        so_far = length_of(row[level + 1], ZERO, size[level + 1]) - base
        if not _all_fit(city, p, members, level + 1, nodes[level + 1], row[level + 1], size[level + 1], best - so_far):
            continue
        level += 1
        at[level, 0], at[level, 1], longer[level] = 0, -1, so_far
    size[count] = tried
    return found


def finish(planner: "Planner") -> None:
    """Put the best plan of all in place where there are few requests and few bundles; else leave the plan alone."""
    pairs, pinned = planner.pairs, planner.model.pinned
    able = np.flatnonzero(np.diff(pairs.start) > 0)
    able = able[able >= pinned]
    if planner.held or not 0 < len(able) <= MOST_REQUESTS:
        return
    ways = _all_ways(planner, able)
    if ways is None:
        return
    shares, value = _share(ways, [int(x) for x in planner.terms.penalty[able]])
    terms, state = planner.terms, planner.state
    others = int(sum(state.cost)) - sum(int(state.cost[way.person]) for way in ways)
    if value + others > int(sum(state.cost)) + int(terms.penalty[able][state.taker[able] < 0].sum()):
        return
    state.taker[able] = -1
    for way, mine in zip(ways, shares, strict=True):
        _give(planner, way, mine, able)


def loosen(planner: "Planner") -> None:
    """Before a search: those whose row is kept get their errands in the order that the memory knows."""
    state, model = planner.state, planner.model
    for p in planner.rows:
        mine = state.members[p, : state.held[p]].copy()
        state.taker[mine] = -1
        state.held[p], state.cost[p], state.key[p] = 0, 0, planner.terms.keys[p]
        assign(model.city, planner.stores[0], planner.terms, state, mine, np.full(len(mine), p))
    planner.rows = {}


def _all_ways(planner: "Planner", able: Ints) -> list[Ways] | None:
    """Every bundle of every person, None when they are too many. A bundle is tried when all its parts fit."""
    pairs, terms, owner = planner.pairs, planner.terms, planner.model.owner
    bit = {int(r): k for k, r in enumerate(able.tolist())}
    left, rows, ways = MOST_BUNDLES, MOST_TRIED, []
    for p in range(len(planner.state.held)):
        mine = [bit[r] for r in pairs.request[pairs.of_person[p] : pairs.of_person[p + 1]].tolist() if r in bit]
        if not mine:
            continue
        kept = np.flatnonzero(owner == p)
        room = int(terms.most[p]) - len(kept)
        if len(kept) + min(room, len(mine)) > MOST:
            return None
        way = Ways(p)
        if len(kept):
            rows -= _try(planner, way, 0, kept, rows)
            if 0 not in way.nodes:
                return None
        for size in range(1, min(room, len(mine)) + 1):
            for chosen in combinations(sorted(mine), size):
                mask = sum(1 << k for k in chosen)
                if size > 1 and any(mask ^ (1 << k) not in way.cost for k in chosen):
                    continue
                left -= 1
                if left < 0 or rows <= 0:
                    return None
                rows -= _try(planner, way, mask, np.concatenate([kept, able[list(chosen)]]), rows)
        ways.append(way)
    return ways if rows > 0 else None


def _try(planner: "Planner", way: Ways, mask: int, members: Ints, most: int) -> int:
    """Write down what a bundle costs and its row, if its members fit; how many rows were tried."""
    city, terms, p, n = planner.model.city, planner.terms, way.person, len(members)
    slots = int(city.first[p + 1] - city.first[p]) + 2 * n
    nodes, row = np.zeros((n, slots), dtype=np.int64), np.zeros((n, slots, 4))
    best = np.zeros(slots, dtype=np.int64)
    size, at = np.zeros(n + 1, dtype=np.int64), np.zeros((n, 2), dtype=np.int64)
    longer = np.zeros(n)
    detour = best_order(city, planner.stores[0], terms.keys, p, members, nodes, row, size, at, longer, best, most)
    tried = int(size[n])
    if detour == NEVER:
        return tried
    visits = int((city.request[members, VISIT] > 0).sum())
    way.cost[mask] = round(max(detour, 0.0) * MILLI) + n * int(terms.fair[p]) + int(terms.step) * (n * (n - 1) // 2)
    way.nodes[mask] = best[: slots - visits]
    return tried


def _share(ways: list[Ways], penalty: list[int]) -> tuple[list[int], int]:
    """Which bundle each person gets, so that costs and penalties are least, and that least value."""
    masks = range(1 << len(penalty))
    unserved = [sum(cost for k, cost in enumerate(penalty) if not mask >> k & 1) for mask in masks]
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for way in ways:
        grown: dict[int, tuple[int, tuple[int, ...]]] = {}
        for given, (value, shares) in best.items():
            for mine, cost in way.cost.items():
                if given & mine:
                    continue
                known = grown.get(given | mine)
                if known is None or value + cost < known[0]:
                    grown[given | mine] = (value + cost, (*shares, mine))
        best = grown
    value, shares = min((value + unserved[given], shares) for given, (value, shares) in best.items())
    return list(shares), value


def _give(planner: "Planner", way: Ways, mine: int, able: Ints) -> None:
    """Make the bundle ``mine`` what a person has."""
    state, terms, p = planner.state, planner.terms, way.person
    kept = np.flatnonzero(planner.model.owner == p)
    members = np.concatenate([kept, able[[k for k in range(len(able)) if mine >> k & 1]]]).astype(np.int64)
    state.held[p] = len(members)
    state.members[p, : len(members)] = members
    state.taker[members] = p
    state.key[p] = terms.keys[p]
    for r in members.tolist():
        state.key[p] ^= terms.keys[len(state.held) + r]
    state.cost[p] = way.cost[mine]
    if len(members):
        planner.rows[p] = way.nodes[mine]


def lay_out(planner: "Planner", state: State, people: Ints) -> Routes:
    """The routes of some people; whoever still has what a row was found for drives that row."""
    city = planner.model.city
    rows = planner.rows if state is planner.state else {}
    kept = {
        place: rows[p]
        for place, p in enumerate(people.tolist())
        if p in rows and _in_row(city, rows[p]) == set(state.members[p, : state.held[p]].tolist())
    }
    others = np.delete(people, list(kept))
    laid = lay_out_all(city, planner.stores[0], planner.terms, state, others)
    if not kept:
        return laid
    parts = np.split(laid.nodes, laid.first[1:-1])[: len(others)]
    for place in sorted(kept):
        parts.insert(place, kept[place])
    first = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)
    whole = Routes(people, first, np.concatenate(parts), np.zeros((int(first[-1]), 4)))
    for place, p in enumerate(people.tolist()):
        refresh(city, p, whole.nodes, whole.row, int(first[place]), int(first[place + 1] - first[place]))
    return whole


def _in_row(city: City, nodes: Ints) -> set[int]:
    return set(((nodes[nodes >= city.asked] - city.asked) // 2).tolist())
