"""The feeder as flat arrays: branches that open and close, and what a fault takes out of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from .network import UNDER_LOAD, Line, Switch, Transformer
from .problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Complex = NDArray[np.complex128]

BASE_MVA = 1.0
NONE = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class Grid:
    """Buses and branches of a feeder in per unit of ``BASE_MVA`` and of each bus's base voltage.

    A branch is a line, a transformer or a switch between two buses; it conducts when all its switches are closed.
    ``switches_of[k]`` are the rows (in ``problem.feeder.switches``) of the switches of branch ``k``.

    Attributes
    ----------
    bus_ids, branch_ids : names by row.
    f, t : (M,) end buses. r, x, b, ratio, g0, b0 : (M,) series, charging, off-nominal ratio and shunt at ``f`` [pu].
    rate : (M,) limit of current, inf = none [pu]. p, q, weight : (N,) load and its worth [pu].
    source_bus, source_v : (S,) fixed voltages.
    start, edge : adjacency; the branches at bus ``i`` are ``edge[start[i]:start[i+1]]``.
    """

    problem: Problem
    bus_ids: tuple[str, ...]
    branch_ids: tuple[str, ...]
    bus_row: Mapping[str, int]
    branch_row: Mapping[str, int]
    switches_of: tuple[tuple[int, ...], ...]
    branch_of: Ints
    f: Ints
    t: Ints
    r: Floats
    x: Floats
    b: Floats
    ratio: Floats
    g0: Floats
    b0: Floats
    rate: Floats
    p: Floats
    q: Floats
    weight: Floats
    source_bus: Ints
    source_v: Floats
    start: Ints
    edge: Ints
    switch_row: Mapping[str, int] = field(default_factory=dict)

    @property
    def buses(self) -> int:
        """Number of buses."""
        return len(self.bus_ids)

    @property
    def branches(self) -> int:
        """Number of branches."""
        return len(self.branch_ids)

    @property
    def base(self) -> tuple[NDArray[np.generic], ...]:
        """What the sweeps read."""
        return (self.f, self.t, self.r, self.x, self.b, self.ratio, self.g0, self.b0, self.start, self.edge)

    def conducting(self, closed: Bools) -> Bools:
        """(M,) which branches conduct when the switches are in the state ``closed``."""
        found = np.ones(self.branches, dtype=np.bool_)
        found[self.branch_of[~closed]] = False
        return found


def build(problem: Problem, weights: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Grid:
    """The arrays of a problem's feeder."""
    feeder = problem.feeder
    bus_row = {one.id: row for row, one in enumerate(feeder.buses)}
    kv = np.array([one.kv for one in feeder.buses])
    between = [one for one in feeder.switches if one.element is None]
    elements: list[Line | Transformer | Switch] = [*feeder.lines, *feeder.transformers, *between]
    branch_row = {one.id: row for row, one in enumerate(elements)}
    ends = [
        (bus_row[one.bus], bus_row[str(one.to_bus)])
        if isinstance(one, Switch)
        else (bus_row[one.from_bus], bus_row[one.to_bus])
        for one in elements
    ]
    f, t = (np.array([one[side] for one in ends], dtype=np.int64) for side in (0, 1))
    z_base = kv[t] ** 2 / BASE_MVA if len(ends) else np.empty(0)
    wired = [one if isinstance(one, Line | Transformer) else None for one in elements]
    iron = [one if isinstance(one, Transformer) else None for one in elements]
    switch_row = {one.id: row for row, one in enumerate(feeder.switches)}
    branch_of = np.array([branch_row[one.element or one.id] for one in feeder.switches], dtype=np.int64)
    switches_of: list[list[int]] = [[] for _ in elements]
    for row, branch in enumerate(branch_of):
        switches_of[branch].append(row)
    p, q, weight = (np.zeros(len(kv)) for _ in range(3))
    for load in feeder.loads:
        at = bus_row[load.bus]
        p[at] += load.kw / 1000.0 / BASE_MVA
        q[at] += load.kvar / 1000.0 / BASE_MVA
        weight[at] += weights[load.priority - 1] * load.kw / 1000.0 / BASE_MVA
    start, edge = adjacency(len(kv), f, t)
    micro = 1e-6
    return Grid(
        problem=problem,
        bus_ids=tuple(bus_row),
        branch_ids=tuple(branch_row),
        bus_row=bus_row,
        branch_row=branch_row,
        switches_of=tuple(map(tuple, switches_of)),
        branch_of=branch_of,
        f=f,
        t=t,
        r=np.array([one.r_ohm if one else 0.0 for one in wired]) / z_base,
        x=np.array([one.x_ohm if one else 0.0 for one in wired]) / z_base,
        b=np.array([one.b_us * micro if isinstance(one, Line) else 0.0 for one in elements]) * z_base,
        ratio=np.array([one.ratio if one else 1.0 for one in iron]),
        g0=np.array([one.g_us * micro if one else 0.0 for one in iron]) * z_base,
        b0=np.array([one.b_us * micro if one else 0.0 for one in iron]) * z_base,
        rate=_rates(problem, elements),
        p=p,
        q=q,
        weight=weight,
        source_bus=np.array([bus_row[one.bus] for one in feeder.sources], dtype=np.int64),
        source_v=np.array([one.v_pu for one in feeder.sources]),
        start=start,
        edge=edge,
        switch_row=switch_row,
    )


def adjacency(buses: int, f: Ints, t: Ints) -> tuple[Ints, Ints]:
    """(offsets, branch rows) of the branches at each bus."""
    at = np.concatenate([f, t])
    order = np.argsort(at, kind="stable")
    start = np.zeros(buses + 1, dtype=np.int64)
    np.cumsum(np.bincount(at, minlength=buses), out=start[1:])
    return start, (order % max(len(f), 1)).astype(np.int64)


def _rates(problem: Problem, elements: Iterable[Line | Transformer | Switch]) -> Floats:
    limits = problem.limits
    rates = []
    for one in elements:
        rate = one.rating_mva if limits.thermal else None
        if limits.thermal and limits.emergency and not isinstance(one, Switch) and one.emergency_mva is not None:
            rate = one.emergency_mva
        rates.append(np.inf if rate is None else rate * limits.loading / BASE_MVA)
    return np.array(rates)


@dataclass(frozen=True, eq=False, kw_only=True)
class Outage:
    """The state after the fault is isolated and the tripped breaker closed again, and what may still be switched.

    ``closed`` (switches) and ``live`` (branches that conduct among healthy buses) are that state. ``isolate`` are rows
    of switches that must be opened for it, ``guard`` all switches round the zone, which stay open. ``usable``: branches
    outside the zone; ``openable``, ``closable``: those that may change. ``tripped`` is the breaker's row or ``NONE``;
    ``dark`` buses have lost supply by the trip; ``lost`` buses lie in the zone.
    """

    closed: Bools
    live: Bools
    isolate: tuple[int, ...]
    guard: tuple[int, ...]
    openable: Bools
    closable: Bools
    lost: Bools
    lost_branch: Bools
    dead_source: Bools
    tripped: int
    dark: Bools
    before: Bools


def switch_state(grid: Grid) -> Bools:
    """(switches,) closed now: the normal state, changed by ``present``."""
    present = grid.problem.present
    return np.array([present.get(one.id, one.closed) for one in grid.problem.feeder.switches], dtype=np.bool_)


def isolate(grid: Grid) -> Outage:
    """Find the faulted zone, the switches round it and what can be done with the rest."""
    problem = grid.problem
    before = switch_state(grid)
    stuck = np.array([one.id in problem.unavailable for one in problem.feeder.switches], dtype=np.bool_)
    lost, lost_branch = _zone(grid, before, stuck)
    guard = tuple(row for row in range(len(before)) if _borders(grid, row, lost, lost_branch))
    to_open = tuple(row for row in guard if before[row])
    closed = before.copy()
    closed[list(to_open)] = False
    normal = np.array([one.closed for one in problem.feeder.switches], dtype=np.bool_)
    tripped, dark = _trip(grid, before | normal, lost, lost_branch)
    if (
        tripped != NONE
        and not stuck[tripped]
        and tripped not in guard
        and not _inside(grid, tripped, lost, lost_branch)
    ):
        closed[tripped] = True
    out = np.array([name in problem.unavailable for name in grid.branch_ids], dtype=np.bool_)
    healthy = ~lost_branch & ~lost[grid.f] & ~lost[grid.t]
    conducting = grid.conducting(closed)
    free = np.zeros(grid.branches, dtype=np.bool_)
    shut = np.ones(grid.branches, dtype=np.bool_)
    able = np.array([one.kind in UNDER_LOAD for one in problem.feeder.switches], dtype=np.bool_) & ~stuck
    for branch, rows in enumerate(grid.switches_of):
        dead = bool(dark[grid.f[branch]] and dark[grid.t[branch]])
        free[branch] = any(closed[row] and (able[row] or (dead and not stuck[row])) for row in rows)
        shut[branch] = all(closed[row] or (able[row] and row not in guard) for row in rows)
    return Outage(
        closed=closed,
        live=conducting & healthy,
        isolate=to_open,
        guard=guard,
        openable=healthy & conducting & free,
        closable=healthy & ~conducting & shut & ~out,
        lost=lost,
        lost_branch=lost_branch,
        dead_source=lost[grid.source_bus],
        tripped=tripped,
        dark=dark,
        before=before,
    )


def _zone(grid: Grid, closed: Bools, stuck: Bools) -> tuple[Bools, Bools]:
    """Buses and branches that no switch separates from the fault; a closed switch that is stuck separates nothing."""
    lost = np.zeros(grid.buses, dtype=np.bool_)
    lost_branch = np.zeros(grid.branches, dtype=np.bool_)
    walls = {
        (int(grid.branch_of[row]), _end(grid, row))
        for row, one in enumerate(grid.problem.feeder.switches)
        if not (stuck[row] and closed[row])
    }
    between = {int(grid.branch_of[row]) for row, one in enumerate(grid.problem.feeder.switches) if one.element is None}
    fault = grid.problem.fault
    todo: list[tuple[bool, int]] = []
    for name in fault.elements if fault else ():
        if name in grid.bus_row:
            todo.append((True, grid.bus_row[name]))
        else:
            row = grid.switch_row.get(name)
            todo.append((False, int(grid.branch_of[row]) if row is not None else grid.branch_row[name]))
    while todo:
        is_bus, at = todo.pop()
        seen = lost if is_bus else lost_branch
        if seen[at]:
            continue
        seen[at] = True
        if is_bus:
            for branch in map(int, grid.edge[grid.start[at] : grid.start[at + 1]]):
                if branch in between:
                    if (branch, int(grid.f[branch])) not in walls:
                        todo.append((False, branch))
                elif (branch, at) not in walls:
                    todo.append((False, branch))
        else:
            todo += [
                (True, end) for end in (int(grid.f[at]), int(grid.t[at])) if at in between or (at, end) not in walls
            ]
    return lost, lost_branch


def _end(grid: Grid, row: int) -> int:
    return grid.bus_row[grid.problem.feeder.switches[row].bus]


def _borders(grid: Grid, row: int, lost: Bools, lost_branch: Bools) -> bool:
    """Whether a switch stands between the zone and the rest."""
    one = grid.problem.feeder.switches[row]
    if one.element is None:
        sides = (bool(lost[grid.bus_row[one.bus]]), bool(lost[grid.bus_row[str(one.to_bus)]]))
    else:
        sides = (bool(lost[grid.bus_row[one.bus]]), bool(lost_branch[grid.branch_of[row]]))
    return sides[0] != sides[1]


def _inside(grid: Grid, row: int, lost: Bools, lost_branch: Bools) -> bool:
    return bool(lost_branch[grid.branch_of[row]] or lost[_end(grid, row)])


def _trip(grid: Grid, closed: Bools, lost: Bools, lost_branch: Bools) -> tuple[int, Bools]:
    """The breaker nearest to the fault on the way from its source, and the buses that it leaves without supply."""
    conducting = grid.conducting(closed)
    parent = np.full(grid.buses, NONE)
    root = np.full(grid.buses, NONE)
    order: list[int] = []
    for source in map(int, grid.source_bus):
        if root[source] == NONE:
            root[source] = source
            order.append(source)
    for at in order:
        for branch in map(int, grid.edge[grid.start[at] : grid.start[at + 1]]):
            other = int(grid.t[branch] if grid.f[branch] == at else grid.f[branch])
            if conducting[branch] and root[other] == NONE:
                root[other], parent[other] = root[at], branch
                order.append(other)
    breaker = _breaker(grid, order, parent, root, closed, lost, lost_branch)
    dark = np.zeros(grid.buses, dtype=np.bool_)
    if breaker == NONE:
        touched = {int(root[at]) for at in order if lost[at]}
        dark[[at for at in order if int(root[at]) in touched]] = True
        return NONE, dark
    cut = int(grid.branch_of[breaker])
    for at in order:
        via = int(parent[at])
        up = NONE if via == NONE else int(grid.t[via] if grid.f[via] == at else grid.f[via])
        dark[at] = via == cut or (up != NONE and dark[up])
    return breaker, dark


def _breaker(
    grid: Grid, order: list[int], parent: Ints, root: Ints, closed: Bools, lost: Bools, lost_branch: Bools
) -> int:
    """Row of the last closed breaker on the way to the first faulted place, or ``NONE``."""
    at = NONE
    for bus in order:
        via = int(parent[bus])
        if lost[bus] or (via != NONE and lost_branch[via]):
            at = bus
            break
    else:
        hit = [bus for bus in order if any(lost_branch[e] for e in grid.edge[grid.start[bus] : grid.start[bus + 1]])]
        at = hit[0] if hit else NONE
    while at != NONE and parent[at] != NONE:
        via = int(parent[at])
        up = int(grid.t[via] if grid.f[via] == at else grid.f[via])
        rows = sorted(grid.switches_of[via], key=lambda row: _end(grid, row) == up)
        for row in rows:
            if grid.problem.feeder.switches[row].kind == "breaker" and closed[row]:
                return row
        at = up
    return NONE


def part_of(grid: Grid, live: Bools, first: int) -> Bools:
    """(N,) buses that conducting branches join to one bus."""
    seen = np.zeros(grid.buses, dtype=np.bool_)
    todo = [first]
    while todo:
        at = todo.pop()
        if seen[at]:
            continue
        seen[at] = True
        for branch in grid.edge[grid.start[at] : grid.start[at + 1]]:
            if live[branch]:
                todo += [int(grid.t[branch] if grid.f[branch] == at else grid.f[branch])]
    return seen


def without(grid: Grid, outage: Outage, taken: Bools) -> Outage:
    """The outage when some buses are fed by trucks: they and all branches at them are no longer to be had."""
    touching = taken[grid.f] | taken[grid.t]
    return replace(
        outage,
        lost=outage.lost | taken,
        live=outage.live & ~touching,
        openable=outage.openable & ~touching,
        closable=outage.closable & ~touching,
    )
