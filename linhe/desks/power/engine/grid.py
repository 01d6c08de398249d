"""The feeder as flat arrays: branches that open and close, and what a fault takes out of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import reach
from .network import UNDER_LOAD, Feeder, Limits, Line, Switch, Transformer
from .problem import Problem
from .recent import Recent

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
    ``switches_of[k]`` are the rows (in ``problem.feeder.switches``) of the switches of branch ``k``. All but
    ``problem`` belongs to the network and is shared by the faults of it.

    Attributes
    ----------
    bus_ids, branch_ids : names by row.
    f, t : (M,) end buses. r, x, b, ratio, g0, b0 : (M,) series, charging, off-nominal ratio and shunt at ``f`` [pu].
    rate : (M,) limit of current, inf = none [pu]. p, q, weight : (N,) load and its worth [pu].
    by_priority : (3, N) load by priority [pu]. source_bus, source_v : (S,) fixed voltages.
    end, other_end : (switches,) the switch's bus, and its second one where it lies between two or ``NONE``.
    normal, able : (switches,) normally closed; may be moved under load. wall_at : row of the switch of (branch, bus).
    depth, from_source : (N,) buses between each and its source in the normal state, and the branch towards it.
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
    by_priority: Floats
    source_bus: Ints
    source_v: Floats
    start: Ints
    edge: Ints
    switch_row: Mapping[str, int]
    end: Ints
    other_end: Ints
    normal: Bools
    able: Bools
    wall_at: Mapping[tuple[int, int], int]
    depth: Ints
    from_source: Ints

    @property
    def buses(self) -> int:
        """Number of buses."""
        return len(self.bus_ids)

    @property
    def branches(self) -> int:
        """Number of branches."""
        return len(self.branch_ids)

    @property
    def passive(self) -> bool:
        """Whether nothing lifts a voltage: no charging, no taps, no load that gives power."""
        lifting = (self.b, self.g0, self.b0, self.ratio - 1.0, np.minimum(self.p, 0.0), np.minimum(self.q, 0.0))
        return not any(one.any() for one in lifting)

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
    return Grid(problem=problem, **_network(problem.feeder, problem.limits, weights))


@Recent
def _network(feeder: Feeder, limits: Limits, weights: tuple[float, float, float]) -> dict[str, Any]:
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
    by_priority, q = np.zeros((3, len(kv))), np.zeros(len(kv))
    for load in feeder.loads:
        by_priority[load.priority - 1, bus_row[load.bus]] += load.kw / 1000.0 / BASE_MVA
        q[bus_row[load.bus]] += load.kvar / 1000.0 / BASE_MVA
    start, edge = adjacency(len(kv), f, t)
    source_bus = np.array([bus_row[one.bus] for one in feeder.sources], dtype=np.int64)
    switches = _switches(feeder, bus_row, branch_row)
    live = np.ones(len(ends), dtype=np.bool_)
    live[switches["branch_of"][~switches["normal"]]] = False
    depth, from_source = _depths(f, t, start, edge, live, source_bus)
    micro = 1e-6
    return switches | {
        "bus_ids": tuple(bus_row),
        "branch_ids": tuple(branch_row),
        "bus_row": bus_row,
        "branch_row": branch_row,
        "f": f,
        "t": t,
        "r": np.array([one.r_ohm if one else 0.0 for one in wired]) / z_base,
        "x": np.array([one.x_ohm if one else 0.0 for one in wired]) / z_base,
        "b": np.array([one.b_us * micro if isinstance(one, Line) else 0.0 for one in elements]) * z_base,
        "ratio": np.array([one.ratio if one else 1.0 for one in iron]),
        "g0": np.array([one.g_us * micro if one else 0.0 for one in iron]) * z_base,
        "b0": np.array([one.b_us * micro if one else 0.0 for one in iron]) * z_base,
        "rate": _rates(limits, elements),
        "p": by_priority.sum(axis=0),
        "q": q,
        "weight": np.array(weights) @ by_priority,
        "by_priority": by_priority,
        "source_bus": source_bus,
        "source_v": np.array([one.v_pu for one in feeder.sources]),
        "start": start,
        "edge": edge,
        "depth": depth,
        "from_source": from_source,
    }


def _switches(feeder: Feeder, bus_row: Mapping[str, int], branch_row: Mapping[str, int]) -> dict[str, Any]:
    """What is known of each switch, and which switches each branch has."""
    branch_of = np.array([branch_row[one.element or one.id] for one in feeder.switches], dtype=np.int64)
    switches_of: list[list[int]] = [[] for _ in branch_row]
    for row, branch in enumerate(branch_of):
        switches_of[branch].append(row)
    end = [bus_row[one.bus] for one in feeder.switches]
    return {
        "switch_row": {one.id: row for row, one in enumerate(feeder.switches)},
        "branch_of": branch_of,
        "switches_of": tuple(map(tuple, switches_of)),
        "end": np.array(end, dtype=np.int64),
        "other_end": np.array(
            [NONE if one.to_bus is None else bus_row[one.to_bus] for one in feeder.switches], dtype=np.int64
        ),
        "normal": np.array([one.closed for one in feeder.switches], dtype=np.bool_),
        "able": np.array([one.kind in UNDER_LOAD for one in feeder.switches], dtype=np.bool_),
        "wall_at": {(int(branch_of[row]), bus): row for row, bus in enumerate(end)},
    }


def _depths(f: Ints, t: Ints, start: Ints, edge: Ints, live: Bools, roots: Ints) -> tuple[Ints, Ints]:
    order, parent, _ = reach.walked(f, t, start, edge, live, roots)
    depth = np.zeros(len(parent), dtype=np.int64)
    for at in order:
        e = parent[at]
        if e >= 0:
            depth[at] = depth[f[e] + t[e] - at] + 1
    return depth, parent


def adjacency(buses: int, f: Ints, t: Ints) -> tuple[Ints, Ints]:
    """(offsets, branch rows) of the branches at each bus."""
    at = np.concatenate([f, t])
    order = np.argsort(at, kind="stable")
    start = np.zeros(buses + 1, dtype=np.int64)
    np.cumsum(np.bincount(at, minlength=buses), out=start[1:])
    return start, (order % max(len(f), 1)).astype(np.int64)


def _rates(limits: Limits, elements: Iterable[Line | Transformer | Switch]) -> Floats:
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
    state = grid.normal.copy()
    for name, closed in grid.problem.present.items():
        state[grid.switch_row[name]] = closed
    return state


def isolate(grid: Grid) -> Outage:
    """Find the faulted zone, the switches round it and what can be done with the rest."""
    before = switch_state(grid)
    stuck, out = _marked(grid.switch_row, grid.problem.unavailable), _marked(grid.branch_row, grid.problem.unavailable)
    lost, lost_branch = _zone(grid, before, stuck)
    beyond = np.where(grid.other_end != NONE, lost[grid.other_end], lost_branch[grid.branch_of])
    is_guard = lost[grid.end] != beyond
    closed = before & ~is_guard
    tripped, dark = _trip(grid, before | grid.normal, lost, lost_branch)
    if (
        tripped != NONE
        and not stuck[tripped]
        and not is_guard[tripped]
        and not (lost_branch[grid.branch_of[tripped]] or lost[grid.end[tripped]])
    ):
        closed[tripped] = True
    healthy = ~lost_branch & ~lost[grid.f] & ~lost[grid.t]
    conducting = grid.conducting(closed)
    able = grid.able & ~stuck
    dead = dark[grid.f] & dark[grid.t]
    free, shut = np.zeros(grid.branches, dtype=np.bool_), np.ones(grid.branches, dtype=np.bool_)
    free[grid.branch_of[closed & (able | (dead[grid.branch_of] & ~stuck))]] = True
    shut[grid.branch_of[~closed & (~able | is_guard)]] = False
    return Outage(
        closed=closed,
        live=conducting & healthy,
        isolate=tuple(map(int, np.flatnonzero(is_guard & before))),
        guard=tuple(map(int, np.flatnonzero(is_guard))),
        openable=healthy & conducting & free,
        closable=healthy & ~conducting & shut & ~out,
        lost=lost,
        lost_branch=lost_branch,
        dead_source=lost[grid.source_bus],
        tripped=tripped,
        dark=dark,
        before=before,
    )


def _marked(row_of: Mapping[str, int], names: Iterable[str]) -> Bools:
    """Which rows are named."""
    found = np.zeros(len(row_of), dtype=np.bool_)
    found[[row_of[name] for name in names if name in row_of]] = True
    return found


def _zone(grid: Grid, closed: Bools, stuck: Bools) -> tuple[Bools, Bools]:
    """Buses and branches that no switch separates from the fault; a closed switch that is stuck separates nothing."""
    lost = np.zeros(grid.buses, dtype=np.bool_)
    lost_branch = np.zeros(grid.branches, dtype=np.bool_)
    first_between = len(grid.problem.feeder.wires)

    def parted(branch: int, bus: int) -> bool:
        row = grid.wall_at.get((branch, bus))
        return row is not None and not (stuck[row] and closed[row])

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
            todo += [
                (False, branch)
                for branch in map(int, grid.edge[grid.start[at] : grid.start[at + 1]])
                if not parted(branch, at if branch < first_between else int(grid.f[branch]))
            ]
        else:
            ends = (int(grid.f[at]), int(grid.t[at]))
            todo += [(True, end) for end in ends if at >= first_between or not parted(at, end)]
    return lost, lost_branch


def _trip(grid: Grid, closed: Bools, lost: Bools, lost_branch: Bools) -> tuple[int, Bools]:
    """The breaker nearest to the fault on the way from its source, and the buses that it leaves without supply."""
    conducting = grid.conducting(closed)
    order, parent, mark = reach.trace(grid, conducting, grid.source_bus)
    breaker = _breaker(grid, order, parent, closed, lost, lost_branch)
    if breaker == NONE:
        touched = np.unique(mark[lost & (mark != NONE)])
        return NONE, np.isin(mark, touched)
    tree = np.zeros(grid.branches, dtype=np.bool_)
    tree[parent[parent != NONE]] = True
    tree[grid.branch_of[breaker]] = False
    kept = reach.reached(grid, tree, grid.source_bus)
    return breaker, (mark != NONE) & ~kept


def _breaker(grid: Grid, order: Ints, parent: Ints, closed: Bools, lost: Bools, lost_branch: Bools) -> int:
    """Row of the last closed breaker on the way to the first faulted place, or ``NONE``."""
    via = parent[order]
    hit = order[lost[order] | ((via != NONE) & lost_branch[via])]
    if not len(hit):
        touching = np.zeros(grid.buses, dtype=np.bool_)
        touching[grid.f[lost_branch]] = touching[grid.t[lost_branch]] = True
        hit = order[touching[order]]
    at = int(hit[0]) if len(hit) else NONE
    while at != NONE and parent[at] != NONE:
        cut = int(parent[at])
        up = int(grid.t[cut] if grid.f[cut] == at else grid.f[cut])
        rows = sorted(grid.switches_of[cut], key=lambda row: grid.end[row] == up)
        for row in rows:
            if grid.problem.feeder.switches[row].kind == "breaker" and closed[row]:
                return row
        at = up
    return NONE


def fed_by_trucks(grid: Grid, outage: Outage) -> Bools:
    """(N,) buses that a placed truck feeds already."""
    bus_of = {one.id: one.bus for one in grid.problem.sites}
    roots = np.array([grid.bus_row[bus_of[site]] for site in grid.problem.placed.values()], dtype=np.int64)
    return reach.reached(grid, outage.live, roots)


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
