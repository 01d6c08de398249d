"""The most load that any radial state can feed: branch and bound over trees that grow from the sources, compiled.

Each branch at the edge of the tree is taken or left out. What is not decided yet is counted where all its ways into the
tree meet, so that losses (by tangents) and voltage drops of the tree are bounded from below by linear functions of the
loads. Where the load that may still be dropped cannot relieve a broken limit (a fractional knapsack), no state beyond
is better; a tree that is complete is solved in full.

It holds where nothing lifts a voltage: no charging, no taps, no load that gives power.

References
----------
M. E. Baran, F. F. Wu (1989), doi:10.1109/61.25627 (the flow equations: squared currents are convex in the loads, so
their tangents are bounds); G. B. Dantzig (1957), doi:10.1287/opre.5.2.266 (the bound of a knapsack).
"""

# All that it calls stands in this file, too: numba's cache does not notice a change in a callee elsewhere.

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .grid import Bools, Floats, Grid, Ints, Outage
from .sweep import compiled

TURNS = 60
SLACK = 1e-9
"""Limits are held to this by the power flow, too. [pu]"""

SURELY = 1e-7
"""What is broken by a smaller share is left to the full solution."""

VOLTS, AMPERES = 0, 1
FREE, OUT = 0, 1
NOWHERE = -1

BUS, BRANCH, UP, DEEP, AT = range(5)
"""Rows of a tree: by place its bus, the branch and the place above it and its depth; by bus its place."""

P, Q, R, X, RATE, TOP = range(6)
"""Rows of its figures: load, the branch above, its rating and the squared voltage of the root."""

V, LOSS, FLOW_P, FLOW_Q, TAN_P, TAN_Q, DROP, BY_P, BY_Q, WAY_R, WAY_X, WORTH = range(12)
"""Rows of the working table."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Best:
    """The best state that was found (None: none better than asked for) and whether all others are known to be worse."""

    live: Bools | None
    whole: bool
    nodes: int


def applies(grid: Grid, outage: Outage) -> bool:
    """Whether nothing lifts a voltage above that of its source, and sources are within the limits."""
    alive = ~outage.dead_source
    v, limits = grid.source_v[alive], grid.problem.limits
    return grid.passive and bool(
        np.all((v > limits.v_min) & (v <= limits.v_max)) and len(np.unique(grid.source_bus[alive])) == len(v)
    )


def better(grid: Grid, outage: Outage, worth: float, visits: int) -> Best:
    """The radial state that feeds the most, if that is more than ``worth`` (MW); at most so many buses are visited."""
    alive, most_ties = ~outage.dead_source, grid.problem.limits.most_ties
    kept = np.zeros(grid.branches, dtype=np.bool_)
    target, most = worth + grain(grid) / 2, visits // max(1, grid.buses)
    reached, nodes, looks = search(
        grid.base, outage.live | outage.closable, outage.live & ~outage.openable, outage.closable,
        grid.source_bus[alive], grid.source_v[alive], grid.p, grid.q, grid.weight, grid.rate,
        grid.problem.limits.v_min, grid.branches if most_ties is None else most_ties, target,
        grain(grid), most, kept,
    )  # fmt: skip
    return Best(live=kept if reached > target else None, whole=looks <= most, nodes=nodes)


def grain(grid: Grid) -> float:
    """No two plans differ by less in worth, unless by nothing. (MW)"""
    kilo = grid.weight * 1000.0
    whole = np.rint(kilo).astype(np.int64)
    if np.any(np.abs(kilo - whole) > 1e-6):
        return 1e-5
    return float(np.gcd.reduce(whole[whole > 0])) / 1000.0 if whole.any() else 1.0


@compiled
def search(
    base: Any, usable: Bools, fixed: Bools, counted: Bools, roots: Ints, root_v: Floats, p: Floats, q: Floats,
    weight: Floats, rate: Floats, least: float, ties: int, target: float, step: float, most: int, kept: Bools,
) -> tuple[float, int, int]:  # fmt: skip
    """The most that a radial state of ``usable`` branches feeds, if it is ``target`` or more.

    ``fixed`` branches conduct as soon as one of their ends is fed; at most ``ties`` of the ``counted`` ones are taken;
    ``least`` is the lowest voltage [pu]. What is found is followed by what is better by a ``step``; ``kept`` (M,) takes
    its branches. Returns (the last target, nodes, looks at all buses); looks > ``most`` = given up.
    """
    f, t, r, x = base[0], base[1], base[2], base[3]
    n, m = len(p), len(f)
    tree, figures, work = np.full((5, n), NOWHERE), np.zeros((6, n)), np.zeros((12, n))
    hung, queue, stack = np.full(n, NOWHERE), np.zeros(n, np.int64), np.zeros((m + 1, 3), np.int64)
    status = np.full(m, OUT)
    status[usable] = FREE
    with_p, with_q = np.zeros(n), np.zeros(n)
    dear_p, dear_q = 0.0, 0.0
    for i in range(n):
        dear_p, dear_q = max(dear_p, p[i] / max(weight[i], 1e-9)), max(dear_q, q[i] / max(weight[i], 1e-9))
    count, grown, fed, taken, depth, nodes, looks = 0, 0, 0.0, 0, 0, 0, 0
    for k in range(len(roots)):
        join(tree, figures, count, roots[k], NOWHERE, NOWHERE, p, q)
        figures[TOP, count] = root_v[k] * root_v[k]
        fed += weight[roots[k]]
        count += 1
    while True:
        before = count
        count, good = follow(base, fixed, rate, p, q, tree, figures, grown, count)
        for k in range(before, count):
            fed += weight[tree[BUS, k]]
            taken += counted[tree[BRANCH, k]]
        pick = NOWHERE
        if good and taken <= ties:
            nodes += 1
            looks += 1
            pick, total = hang(base, status, weight, p, q, tree, figures, count, hung, queue, with_p, with_q)
            total += fed
            spare = total - target
            if spare < 0:
                pick = NOWHERE
            else:
                share = target / total if total > 0 else 1.0
                need = bounded(tree, figures, count, with_p, with_q, least, share, spare * dear_p, spare * dear_q, work)
                turns = relieved(p, q, weight, hung, spare, need, work) if need > 0 else 0
                looks += abs(turns)
                if turns < 0:
                    pick = NOWHERE
                elif pick < 0 and holds(tree, figures, count, least, work):
                    target = fed + step / 2
                    kept[:] = False
                    kept[tree[BRANCH, len(roots) : count]] = True
            if looks > most:
                return target, nodes, looks
        if pick < 0:
            while depth > 0 and stack[depth - 1, 2] == OUT:
                depth -= 1
                status[stack[depth, 0]] = FREE
            if depth == 0:
                return target, nodes, looks
            while count > stack[depth - 1, 1]:
                count -= 1
                fed -= weight[tree[BUS, count]]
                taken -= counted[tree[BRANCH, count]]
                tree[AT, tree[BUS, count]] = NOWHERE
            stack[depth - 1, 2] = OUT
            status[stack[depth - 1, 0]] = OUT
            grown = count
            continue
        stack[depth, 0], stack[depth, 1], stack[depth, 2] = pick, count, FREE
        depth += 1
        above = max(tree[AT, f[pick]], tree[AT, t[pick]])
        j = t[pick] if tree[BUS, above] == f[pick] else f[pick]
        join(tree, figures, count, j, pick, above, p, q)
        figures[R, count], figures[X, count], figures[RATE, count] = r[pick], x[pick], rate[pick]
        fed += weight[j]
        taken += counted[pick]
        grown = count
        count += 1


@compiled
def join(tree: Ints, figures: Floats, k: int, bus: int, branch: int, above: int, p: Floats, q: Floats) -> None:
    """Put a bus at a place of the tree."""
    tree[BUS, k], tree[BRANCH, k], tree[UP, k], tree[AT, bus] = bus, branch, above, k
    figures[P, k], figures[Q, k] = p[bus], q[bus]
    tree[DEEP, k] = 0
    if above >= 0:
        tree[DEEP, k] = tree[DEEP, above] + 1
        figures[TOP, k] = figures[TOP, above]


@compiled
def follow(
    base: Any, fixed: Bools, rate: Floats, p: Floats, q: Floats, tree: Ints, figures: Floats, grown: int, count: int
) -> tuple[int, bool]:
    """What cannot be parted from places ``grown`` and on joins them: (number of places, whether no loop closes)."""
    f, t, r, x, start, edge = base[0], base[1], base[2], base[3], base[8], base[9]
    while grown < count:
        i = tree[BUS, grown]
        for a in range(start[i], start[i + 1]):
            e = edge[a]
            if fixed[e] and e != tree[BRANCH, grown]:
                j = t[e] if f[e] == i else f[e]
                if tree[AT, j] >= 0:
                    return count, False
                join(tree, figures, count, j, e, grown, p, q)
                figures[R, count], figures[X, count], figures[RATE, count] = r[e], x[e], rate[e]
                count += 1
        grown += 1
    return count, True


@compiled
def hang(
    base: Any, status: Ints, weight: Floats, p: Floats, q: Floats, tree: Ints, figures: Floats, count: int, hung: Ints,
    queue: Ints, with_p: Floats, with_q: Floats,
) -> tuple[int, float]:  # fmt: skip
    """Count each undecided part where its ways into the tree meet: (the first branch to decide, worth of all parts).

    ``hung`` takes the place for each bus, ``with_p`` and ``with_q`` the load of each place with what is counted there.
    """
    f, t, start, edge = base[0], base[1], base[8], base[9]
    with_p[:count], with_q[:count] = figures[P, :count], figures[Q, :count]
    hung[:] = NOWHERE - 1
    pick, total = NOWHERE, 0.0
    for k in range(count):
        i = tree[BUS, k]
        for a in range(start[i], start[i + 1]):
            e = edge[a]
            first = t[e] if f[e] == i else f[e]
            if status[e] != FREE or tree[AT, first] >= 0:
                continue
            pick = e if pick < 0 else pick
            if hung[first] != NOWHERE - 1:
                continue
            queue[0], hung[first], size, at, common = first, NOWHERE, 1, 0, k
            more_p, more_q = 0.0, 0.0
            while at < size:
                c = queue[at]
                at += 1
                total += weight[c]
                more_p += p[c]
                more_q += q[c]
                for d in range(start[c], start[c + 1]):
                    g = edge[d]
                    if status[g] == FREE:
                        j = t[g] if f[g] == c else f[g]
                        if tree[AT, j] >= 0:
                            common = meet(tree, common, tree[AT, j])
                        elif hung[j] == NOWHERE - 1:
                            queue[size], hung[j] = j, NOWHERE
                            size += 1
            if common >= 0:
                hung[queue[:size]] = common
                with_p[common] += more_p
                with_q[common] += more_q
    return pick, total


@compiled
def meet(tree: Ints, a: int, c: int) -> int:
    """The last place on the ways from the source to both places, -1 where they have none in common."""
    while a != c:
        if a < 0 or c < 0:
            return NOWHERE
        if tree[DEEP, a] >= tree[DEEP, c]:
            a = tree[UP, a]
        else:
            c = tree[UP, c]
    return a


@compiled
def bounded(
    tree: Ints, figures: Floats, count: int, p: Floats, q: Floats, least: float, share: float, spare_p: float,
    spare_q: float, work: Floats,
) -> float:  # fmt: skip
    """By how much the limit that is broken most is broken for sure when nothing more is dropped, 0 where none is.

    ``share`` is about what will be kept of the load, ``spare_p`` and ``spare_q`` the most that may be dropped. ``work``
    takes, for each place, what a unit of load there adds to that limit (``BY_P``, ``BY_Q``).
    """
    up, r, x, rate, top = tree[UP], figures[R], figures[X], figures[RATE], figures[TOP]
    v, loss, flow_p, flow_q, drop = work[V], work[LOSS], work[FLOW_P], work[FLOW_Q], work[DROP]
    tan_p, tan_q = work[TAN_P], work[TAN_Q]
    flow_p[:count], flow_q[:count] = p[:count], q[:count]
    for k in range(count - 1, -1, -1):
        if up[k] >= 0:
            flow_p[up[k]] += flow_p[k]
            flow_q[up[k]] += flow_q[k]
    for k in range(count):
        if up[k] < 0:
            v[k] = top[k]
            continue
        # No voltage can be higher, and no loss lower than its tangent at the flows that are about to be.
        fall = r[k] * max(0.0, flow_p[k] - spare_p) + x[k] * max(0.0, flow_q[k] - spare_q)
        v[k] = max(least * least, v[up[k]] - 2 * fall)
        tan_p[k], tan_q[k] = 2 * share * flow_p[k] / v[k], 2 * share * flow_q[k] / v[k]
        loss[k] = (2 * share - share * share) * (flow_p[k] * flow_p[k] + flow_q[k] * flow_q[k]) / v[k]
    flow_p[:count], flow_q[:count] = p[:count], q[:count]
    for k in range(count - 1, -1, -1):
        if up[k] >= 0:
            flow_p[up[k]] += flow_p[k] + r[k] * loss[k]
            flow_q[up[k]] += flow_q[k] + x[k] * loss[k]
    kind, where, worst, by = VOLTS, NOWHERE, SURELY, 0.0
    for k in range(count):
        if up[k] < 0:
            drop[k] = 0.0
            continue
        z = r[k] * r[k] + x[k] * x[k]
        drop[k] = drop[up[k]] + 2 * (r[k] * flow_p[k] + x[k] * flow_q[k]) + z * loss[k]
        room = top[k] - least * least
        if drop[k] / room - 1 > worst:
            kind, where, worst, by = VOLTS, k, drop[k] / room - 1, drop[k] - room
        across, room = np.hypot(flow_p[k], flow_q[k]), rate[k] * v[k] ** 0.5
        if across / room - 1 > worst:
            kind, where, worst, by = AMPERES, k, across / room - 1, across - room
    if by > 0:
        effects(up, r, x, count, kind, where, work)
    return by


@compiled
def effects(up: Ints, r: Floats, x: Floats, count: int, kind: int, where: int, work: Floats) -> None:
    """What a unit of active and of reactive load at each place adds to a limit, by the tangents of ``bounded``."""
    by_p, by_q, way_r, way_x = work[BY_P], work[BY_Q], work[WAY_R], work[WAY_X]
    on_way = work[DROP]
    on_way[:count] = 0.0
    k = where
    while k >= 0:
        on_way[k] = 1.0
        k = up[k]
    across = np.hypot(work[FLOW_P, where], work[FLOW_Q, where])
    for k in range(count):
        i = up[k]
        if i < 0:
            by_p[k], by_q[k], way_r[k], way_x[k] = 0.0, 0.0, 0.0, 0.0
            continue
        by_p[k], by_q[k], way_r[k], way_x[k] = by_p[i], by_q[i], way_r[i], way_x[i]
        lost = r[k] * way_r[i] + x[k] * way_x[i]
        if kind == VOLTS:
            lost *= 2
            if on_way[k] > 0:
                lost += r[k] * r[k] + x[k] * x[k]
                by_p[k] += 2 * r[k]
                by_q[k] += 2 * x[k]
                way_r[k] += r[k]
                way_x[k] += x[k]
        elif k == where:
            by_p[k] = way_r[k] = work[FLOW_P, k] / across
            by_q[k] = way_x[k] = work[FLOW_Q, k] / across
            continue
        by_p[k] += lost * work[TAN_P, k]
        by_q[k] += lost * work[TAN_Q, k]


@compiled
def relieved(p: Floats, q: Floats, weight: Floats, hung: Ints, spare: float, need: float, work: Floats) -> int:
    """Looks at all buses until load worth ``spare`` takes ``need`` off a limit; negative where it cannot.

    Parts of loads count, too, but a load that is worth more than ``spare`` is not dropped at all.
    """
    ratio = work[WORTH]
    for i in range(len(p)):
        ratio[i] = 0.0
        if hung[i] >= 0 and weight[i] <= spare:
            relief = work[BY_P, hung[i]] * p[i] + work[BY_Q, hung[i]] * q[i]
            if weight[i] > 0:
                ratio[i] = relief / weight[i]
            else:
                need -= relief
    turns = 1
    while need > 0:
        best = np.argmax(ratio)
        turns += 1
        if ratio[best] * min(spare, weight[best]) >= need:
            break
        if ratio[best] <= 0 or weight[best] >= spare:
            return -turns
        need -= ratio[best] * weight[best]
        spare -= weight[best]
        ratio[best] = 0.0
    return turns


@compiled
def holds(tree: Ints, figures: Floats, count: int, least: float, work: Floats) -> bool:
    """Whether a tree keeps the limits, by a full power flow.

    Losses grow from none, so currents only rise and voltages only fall from turn to turn: what breaks a limit on the
    way breaks it in the end. What does not settle is not known to break one.
    """
    up, r, x, rate = tree[UP], figures[R], figures[X], figures[RATE]
    v, loss, flow_p, flow_q = work[V], work[LOSS], work[FLOW_P], work[FLOW_Q]
    v[:count], loss[:count] = figures[TOP, :count], 0.0
    for _ in range(TURNS):
        flow_p[:count], flow_q[:count] = figures[P, :count], figures[Q, :count]
        for k in range(count - 1, -1, -1):
            if up[k] >= 0:
                flow_p[up[k]] += flow_p[k] + r[k] * loss[k]
                flow_q[up[k]] += flow_q[k] + x[k] * loss[k]
        change = 0.0
        for k in range(count):
            if up[k] < 0:
                continue
            fall = 2 * (r[k] * flow_p[k] + x[k] * flow_q[k]) + (r[k] * r[k] + x[k] * x[k]) * loss[k]
            new = v[up[k]] - fall
            if new < (least - SLACK) ** 2:
                return False
            size = (flow_p[k] * flow_p[k] + flow_q[k] * flow_q[k]) / new
            if size > (rate[k] * (1 + 2 * SLACK)) ** 2:
                return False
            change = max(change, abs(new - v[k]))
            v[k], loss[k] = new, size
        if change < 1e-12:
            return True
    return True
