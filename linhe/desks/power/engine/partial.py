"""The most load when not all can be fed: shedding on many trees, then a search or a program that proves or improves.

Where nothing lifts a voltage, growing trees (``grow``) settle it. Elsewhere a mixed-integer program does: the linear
DistFlow model with losses bounded from below by tangents of the cone ``l >= (P^2 + Q^2) / v`` and line charging granted
in full, so that every feasible radial state fits it: its optimum bounds all plans. A solution that the power flow
refuses gives new tangents, until bound and plan meet.

References
----------
M. E. Baran, F. F. Wu (1989), doi:10.1109/61.25627; R. A. Jabr, R. Singh, B. C. Pal (2012),
doi:10.1109/TPWRS.2012.2197227 (radial reconfiguration as a mixed-integer program); Q. Huangfu, J. A. J. Hall (2018),
doi:10.1007/s12532-017-0130-5 (HiGHS).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from . import sweep
from .exchange import Way, limits_of, trees, way_of
from .grid import Bools, Complex, Grid, Ints, Outage, without
from .grow import applies, better, grain
from .program import Berth, Program, Tangents
from .reach import components

SHED_TREES, FEW = 20, 3
"""Shedding is tried on so many trees of a choice of ties, and on one of every choice of few."""

HOPS = 2
ROUNDS = 40
MOST_VISITS = 40_000_000
"""So many buses are looked at before growing trees give way to the program: about a second."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Partial:
    """The best state found and the most that any could feed, in worth (MW)."""

    way: Way
    bound: float
    tried: int
    method: str = "columns and program"


def best_partial(grid: Grid, outage: Outage, time_limit_s: float) -> Partial:
    """The state that feeds the most, with a bound."""
    start = way_of(grid, outage, outage.live, 0.0, 1.0, 0.0)
    reach = reachable(grid, outage)
    most = float(grid.weight[reach].sum())
    base_fits, _ = flow_of(grid, outage, outage.live)
    if base_fits and start.worth >= most - 1e-9:
        return Partial(way=start, bound=start.worth, tried=0)
    far = _far(grid, outage)
    if far.any():
        return _nearby(grid, outage, far, most, time_limit_s)
    best, tried = _by_shedding(grid, outage, start if base_fits else None, most)
    if time_limit_s <= 0 or best.worth >= most - 1e-9:
        return Partial(way=best, bound=most, tried=tried)
    if applies(grid, outage):
        found = better(grid, outage, best.worth, MOST_VISITS)
        tried += found.nodes
        sure = found.live is None or flow_of(grid, outage, found.live)[0]
        if found.live is not None and sure:
            best = way_of(grid, outage, found.live, 0.0, 1.0, 0.0)
        if found.whole and sure:
            return Partial(way=best, bound=best.worth, tried=tried, method="trees")
    return _proven(grid, outage, best, most, tried, time_limit_s)


def _far(grid: Grid, outage: Outage) -> Bools:
    """(N,) buses of feeders that lie more than ``HOPS`` ties away from what is dead: they stay as they are."""
    label = components(grid, outage.live)
    alive = np.isin(label, label[grid.source_bus[~outage.dead_source]])
    near = set(map(int, np.unique(label[~alive & (grid.weight > 0) & ~outage.lost])))
    ties = np.flatnonzero(outage.closable)
    links = np.stack([label[grid.f[ties]], label[grid.t[ties]]], axis=1)
    for _ in range(HOPS):
        near |= {int(end) for link in links if near & set(map(int, link)) for end in link}
    found: Bools = ~np.isin(label, sorted(near)) & ~outage.lost
    return found


def _nearby(grid: Grid, outage: Outage, far: Bools, most: float, time_limit_s: float) -> Partial:
    """The best state when feeders far away are left alone; the bound also covers what they might help."""
    inner = replace(without(grid, outage, far), dead_source=outage.dead_source | far[grid.source_bus])
    part = best_partial(grid, inner, time_limit_s)
    way = way_of(grid, outage, part.way.live | (outage.live & far[grid.f] & far[grid.t]), 0.0, 1.0, 0.0)
    allowed = grid.problem.limits.most_ties
    sure = allowed is not None and allowed <= HOPS
    bound = part.bound + float(grid.weight[far].sum()) if sure else most
    return replace(part, way=way, bound=max(bound, way.worth))


def reachable(grid: Grid, outage: Outage) -> Bools:
    """(N,) buses that some source could reach through branches that may be closed."""
    label = components(grid, outage.live | outage.closable | outage.openable)
    return np.isin(label, label[grid.source_bus[~outage.dead_source]]) & ~outage.lost


def flow_of(
    grid: Grid, outage: Outage, live: Bools, berths: tuple[Berth, ...] = ()
) -> tuple[bool, tuple[Complex, Complex, Ints, Ints]]:
    """Whether a state keeps the limits, and (voltage, current into each bus, parent branch, root or -1)."""
    n = grid.buses
    v, flow = np.zeros(n, dtype=np.complex128), np.zeros(n, dtype=np.complex128)
    order, parent, mark = (np.zeros(n, dtype=np.int64) for _ in range(3))
    roots = np.concatenate([grid.source_bus[~outage.dead_source], [one.bus for one in berths]]).astype(np.int64)
    volts = np.concatenate([grid.source_v[~outage.dead_source], [one.v_pu for one in berths]]).astype(np.float64)
    verdict, *_ = sweep.sweep(
        grid.base, grid.p, grid.q, grid.rate, live, roots, volts, limits_of(grid), v, order, parent, mark, flow,
        False, np.inf, sweep.CLOSE, False,
    )  # fmt: skip
    fits = verdict == sweep.OK
    for one in berths:
        power = v[one.bus] * np.conj(flow[one.bus])
        fits = fits and bool(power.real <= one.mw and abs(power) <= one.mva)
    return fits, (v, flow, parent, mark)


def _by_shedding(grid: Grid, outage: Outage, start: Way | None, most: float) -> tuple[Way, int]:
    """The best state found by shedding on trees, and how many choices of ties were tried.

    First one tree for each choice of ties, then more trees of the two ties that did best, alone and together.
    """
    best = start or way_of(grid, outage, np.zeros(grid.branches, dtype=np.bool_), 0.0, 1.0, 0.0)
    if outage.dead_source.all():
        return best, 0
    ties = [int(one) for one in np.flatnonzero(outage.closable)]
    allowed = grid.problem.limits.most_ties
    deepest = min(len(ties), FEW if allowed is None else min(FEW, allowed))
    alone: dict[int, float] = {}
    rounds = [(chosen, 1) for number in range(deepest + 1) for chosen in combinations(ties, number)]
    for chosen, count in rounds:
        # The first tree of a choice was tried before its other ones.
        for tree in trees(grid, outage, chosen, count)[int(count > 1) :]:
            worth, way = shed_on(grid, outage, tree, best.worth)
            if way and (way.worth, -way.operations) > (best.worth + 1e-9 * (way.worth < best.worth), -best.operations):
                best = way
            if count == 1 and len(chosen) == 1:
                alone[chosen[0]] = worth
        if best.worth >= most - 1e-9:
            break
        if (chosen, count) == rounds[-1] and count == 1:
            two = sorted(sorted(alone, key=lambda tie: -alone[tie])[: min(2, deepest)])
            rounds += [(pick, SHED_TREES) for number in (1, 2) for pick in combinations(two, number)]
    return best, len(rounds)


def shed_on(grid: Grid, outage: Outage, tree: Bools, least: float) -> tuple[float, Way | None]:
    """What is left of a tree when load is shed until the limits hold: its worth, and the way if it is ``least``."""
    n, alive = grid.buses, ~outage.dead_source
    v, flow = np.zeros(n, dtype=np.complex128), np.zeros(n, dtype=np.complex128)
    order, parent, mark = (np.zeros(n, dtype=np.int64) for _ in range(3))
    now = tree.copy()
    allowed = grid.problem.limits.most_ties
    worth, low, hot = sweep.shed(
        grid.base, grid.p, grid.q, grid.weight, grid.rate, now, outage.openable, outage.closable,
        grid.source_bus[alive], grid.source_v[alive], limits_of(grid),
        grid.branches if allowed is None else allowed, least, v, order, parent, mark, flow,
    )  # fmt: skip
    return worth, way_of(grid, outage, now, 0.0, low, hot) if worth > 0 and worth >= least - 1e-9 else None


def _proven(grid: Grid, outage: Outage, best: Way, bound: float, tried: int, time_limit_s: float) -> Partial:
    """Improve a grid plan until the program finds nothing better, or time is up."""
    stand = Stand(live=best.live, berths=(), worth=best.worth)
    found = prove(grid, outage, stand, bound, (), time_limit_s)
    way = best if found.stand is stand else way_of(grid, outage, found.stand.live, 0.0, 1.0, 0.0)
    return Partial(way=way, bound=found.bound, tried=tried + found.nodes)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stand:
    """A state: branches that conduct, trucks at their sites, the worth fed (MW)."""

    live: Bools
    berths: tuple[Berth, ...]
    worth: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Proven:
    """The best state and the most that any could be worth."""

    stand: Stand
    bound: float
    nodes: int


def prove(
    grid: Grid, outage: Outage, stand: Stand, bound: float, berths: tuple[Berth, ...], time_limit_s: float
) -> Proven:
    """Improve a state until the program finds nothing better, or time is up; ``berths`` are the trucks to be had."""
    step = grain(grid)
    program = Program(grid, outage, berths)
    tangents = Tangents(program)
    tangents.add_flow(*flow_of(grid, outage, stand.live, stand.berths)[1])
    ends, nodes = time.monotonic() + time_limit_s, 0
    for _ in range(ROUNDS):
        left = ends - time.monotonic()
        if bound < stand.worth + step * (1 - 1e-6):
            return Proven(stand=stand, bound=stand.worth, nodes=nodes)
        if left <= 0:
            break
        found = program.solve(tangents, stand.worth + step / 2, left)
        nodes += found.nodes
        if found.nothing:
            return Proven(stand=stand, bound=stand.worth, nodes=nodes)
        bound = min(bound, found.bound)
        if found.live is None:
            break
        fits, state = flow_of(grid, outage, found.live, found.berths)
        if fits:
            fed = state[3] >= 0
            worth = float(grid.weight[fed & ~outage.lost].sum())
            stand = Stand(live=found.live, berths=found.berths, worth=worth) if worth > stand.worth else stand
        else:
            program.forbid(found.live)
        tangents.add_flow(*state)
        tangents.add_solution(found, 0.5)
    return Proven(stand=stand, bound=max(bound, stand.worth), nodes=nodes)
