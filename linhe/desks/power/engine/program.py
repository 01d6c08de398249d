"""The mixed-integer program whose optimum bounds every radial state: linear DistFlow with tangents of the losses."""

from __future__ import annotations

import ctypes
import heapq
import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from .grid import Bools, Complex, Floats, Grid, Ints, Outage

ROOM = 1.25
"""Losses never add more than a quarter to the load while voltages hold."""

ANGLES = (0.3, 0.6, 0.9, 1.2)
"""Directions in which the power of a branch is kept within its rating, beside those of P and Q. [rad]"""

INFEASIBLE = 2
SIDES = 8


@dataclass(frozen=True, eq=False, kw_only=True)
class Berth:
    """A truck at a site: the bus, held at ``v_pu``, and what the truck can give."""

    truck: str
    site: str
    bus: int
    mw: float
    mva: float
    v_pu: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """What a run of the program gave."""

    live: Bools | None
    berths: tuple[Berth, ...] = ()
    bound: float
    nothing: bool
    nodes: int
    x: Floats | None = None


class Rows:
    """Sparse rows, gathered one by one."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.column: list[int] = []
        self.value: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        """One row ``low <= sum(value * x[column]) <= high``."""
        for column, value in terms:
            self.row.append(len(self.low))
            self.column.append(column)
            self.value.append(value)
        self.low.append(low)
        self.high.append(high)

    def constraint(self, columns: int) -> LinearConstraint:
        """All rows for the solver."""
        shape = (len(self.low), columns)
        return LinearConstraint(
            coo_array((self.value, (self.row, self.column)), shape=shape).tocsr(), self.low, self.high
        )


class Program:
    """Variables: for each arc whether it feeds (y), power at its head [pu] and squared current; for each bus whether
    it is fed (z), its squared voltage, and the charging granted to it; for each berth whether it is taken (u) and what
    the truck gives."""

    def __init__(self, grid: Grid, outage: Outage, berths: tuple[Berth, ...] = ()) -> None:
        self.grid, self.outage, self.berths = grid, outage, berths
        alive = ~outage.dead_source
        self.roots = dict(zip(map(int, grid.source_bus[alive]), map(float, grid.source_v[alive]), strict=True))
        used = np.flatnonzero((outage.live | outage.closable) & ~outage.lost[grid.f] & ~outage.lost[grid.t])
        both = [(int(e), int(grid.f[e]), int(grid.t[e])) for e in used]
        both += [(e, j, i) for e, i, j in both]
        self.arcs = [one for one in both if one[2] not in self.roots]
        count, buses = len(self.arcs), grid.buses
        self.y, self.p, self.q, self.loss = (k * count + np.arange(count) for k in range(4))
        self.z, self.v, self.charge = (4 * count + k * buses + np.arange(buses) for k in range(3))
        self.columns = 4 * count + 3 * buses + 3 * len(berths)
        self.u, self.give_p, self.give_q = (
            4 * count + 3 * buses + k * len(berths) + np.arange(len(berths)) for k in range(3)
        )
        self.berths_at: dict[int, list[int]] = defaultdict(list)
        for k, berth in enumerate(berths):
            self.berths_at[berth.bus].append(k)
        self.into: dict[int, list[int]] = defaultdict(list)
        self.out_of: dict[int, list[int]] = defaultdict(list)
        for a, (_, i, j) in enumerate(self.arcs):
            self.into[j].append(a)
            self.out_of[i].append(a)
        self.rows = Rows()
        self._bounds()
        self._balance()
        self._arcs()
        self._switching(used)
        self._trucks()

    def _bounds(self) -> None:
        grid, limits = self.grid, self.grid.problem.limits
        self.lower, self.upper = np.zeros(self.columns), np.full(self.columns, np.inf)
        self.whole = np.zeros(self.columns)
        # What is fed is whole by itself, but presolve has called feasible programs infeasible where that was not told.
        self.whole[self.y] = self.whole[self.u] = self.whole[self.z] = 1
        self.upper[self.y] = self.upper[self.z] = self.upper[self.u] = 1
        self.upper[self.z[self.outage.lost]] = 0
        self.top = self._top()
        self.lower[self.v], self.upper[self.v] = limits.v_min**2, self.top**2
        half = np.bincount(grid.f, grid.b, grid.buses) + np.bincount(grid.t, grid.b, grid.buses)
        self.upper[self.charge] = half / 2 * limits.v_max**2
        self.most_p = float(grid.p.sum()) * ROOM
        self.most_q = float(np.abs(grid.q).sum()) + 0.5 * float(grid.p.sum())
        self.back_q = float(self.upper[self.charge].sum() + np.maximum(-grid.q, 0).sum())
        self.lower[self.q] = -self.back_q
        for root, v in self.roots.items():
            self.lower[self.z[root]] = 1
            self.lower[self.v[root]] = self.upper[self.v[root]] = v * v

    def _top(self) -> float:
        """No voltage is higher: that of the sources where nothing lifts it (``level``)."""
        grid = self.grid
        lifted = np.any(grid.b) or np.any(grid.b0) or np.any(grid.q < 0) or np.any(grid.ratio != 1.0)
        self.level = not lifted
        highest = max([*self.roots.values(), *(one.v_pu for one in self.berths)], default=np.inf)
        return grid.problem.limits.v_max if lifted else min(grid.problem.limits.v_max, highest)

    def _far(self, ohms: Floats) -> dict[int, float]:
        """The least sum of ``ohms`` between each bus and a root or berth."""
        far = dict.fromkeys((*self.roots, *self.berths_at), 0.0)
        todo = [(0.0, bus) for bus in far]
        while todo:
            length, i = heapq.heappop(todo)
            if length > far[i]:
                continue
            for a in self.out_of[i]:
                e, _, j = self.arcs[a]
                if length + ohms[e] < far.get(j, np.inf):
                    far[j] = length + float(ohms[e])
                    heapq.heappush(todo, (far[j], j))
        return defaultdict(float, far)

    def _balance(self) -> None:
        grid = self.grid
        for i in range(grid.buses):
            if i in self.roots:
                continue
            feeding = [(self.y[a], 1.0) for a in self.into[i]] + [(self.u[k], 1.0) for k in self.berths_at[i]]
            self.rows.add([*feeding, (self.z[i], -1.0)], 0, 0)
            for power, load, ohm in ((self.p, grid.p[i], grid.r), (self.q, grid.q[i], grid.x)):
                terms = [(power[a], 1.0) for a in self.into[i]] + [(power[a], -1.0) for a in self.out_of[i]]
                terms += [(self.loss[a], -float(ohm[self.arcs[a][0]])) for a in self.into[i]]
                terms.append((self.z[i], -float(load)))
                given = self.give_p if power is self.p else self.give_q
                terms += [(given[k], 1.0) for k in self.berths_at[i]]
                if power is self.q and self.upper[self.charge[i]] > 0:
                    terms.append((self.charge[i], 1.0))
                self.rows.add(terms, 0, 0)

    def _arcs(self) -> None:
        grid, limits = self.grid, self.grid.problem.limits
        far_r, far_x = self._far(grid.r), self._far(grid.x)
        most_l = (self.most_p**2 + (self.most_q + self.back_q) ** 2) / limits.v_min**2
        for a, (e, i, j) in enumerate(self.arcs):
            rated = bool(np.isfinite(grid.rate[e])) and grid.ratio[e] == 1.0
            current = float(grid.rate[e] + grid.b[e] / 2 * limits.v_max) if rated else np.inf
            power = current * self.top
            self.rows.add([(self.p[a], 1.0), (self.y[a], -min(self.most_p, power))], -np.inf, 0)
            self.rows.add([(self.q[a], 1.0), (self.y[a], -min(self.most_q, power))], -np.inf, 0)
            if self.back_q > 0:
                self.rows.add([(self.q[a], 1.0), (self.y[a], min(self.back_q, power))], 0, np.inf)
            for angle in ANGLES if rated else ():
                across = [(self.p[a], float(np.cos(angle))), (self.q[a], float(np.sin(angle)))]
                self.rows.add([*across, (self.y[a], -power)], -np.inf, 0)
            self.rows.add([(self.y[a], 1.0), (self.z[i], -1.0)], -np.inf, 0)
            self.rows.add([(self.loss[a], 1.0), (self.y[a], -min(most_l, current**2))], -np.inf, 0)
            span = self.top**2 - limits.v_min**2 if grid.ratio[e] == 1.0 else (limits.v_max * 1.2) ** 2
            r, x = float(grid.r[e]), float(grid.x[e])
            forward = i == grid.f[e]
            seen = 1 / grid.ratio[e] ** 2 if forward else 1.0
            back = 1.0 if forward else 1 / grid.ratio[e] ** 2
            drop = [(self.v[j], back), (self.v[i], -seen), (self.p[a], 2 * r), (self.q[a], 2 * x)]
            drop.append((self.loss[a], -(r * r + x * x)))
            self.rows.add([*drop, (self.y[a], span)], -np.inf, span)
            self.rows.add([*drop, (self.y[a], -span)], -span, np.inf)
            if self.level:
                # What flows here has flown all the way from a source, and that way is no shorter than the shortest.
                way = [(self.p[a], far_r[i] + r), (self.q[a], far_x[i] + x), (self.loss[a], -(r * r + x * x))]
                self.rows.add([*way, (self.y[a], -span / 2)], -np.inf, 0)

    def _switching(self, used: Ints) -> None:
        outage = self.outage
        of_branch: dict[int, list[int]] = defaultdict(list)
        for a, (e, _, _) in enumerate(self.arcs):
            of_branch[e].append(a)
        self.of_branch = of_branch
        for e in map(int, used):
            ways = [(self.y[a], 1.0) for a in of_branch[e]]
            if not ways:
                continue
            self.rows.add(ways, -np.inf, 1)
            if not outage.openable[e] and not outage.closable[e]:
                for end in (int(self.grid.f[e]), int(self.grid.t[e])):
                    if end not in self.roots:
                        self.rows.add([*ways, (self.z[end], -1.0)], 0, 0)
        most = self.grid.problem.limits.most_ties
        if most is not None:
            ties = [(self.y[a], 1.0) for e in map(int, np.flatnonzero(outage.closable)) for a in of_branch[e]]
            if ties:
                self.rows.add(ties, -np.inf, most)

    def _trucks(self) -> None:
        """A truck stands at one site, a site takes one truck; what it gives stays in its rating (a polygon)."""
        groups: dict[str, list[int]] = defaultdict(list)
        for k, berth in enumerate(self.berths):
            groups[f"truck {berth.truck}"].append(k)
            groups[f"site {berth.site}"].append(k)
            span = max(berth.v_pu**2, self.grid.problem.limits.v_max**2)
            at = [(self.v[berth.bus], 1.0)]
            self.rows.add([*at, (self.u[k], span)], -np.inf, berth.v_pu**2 + span)
            self.rows.add([*at, (self.u[k], -span)], berth.v_pu**2 - span, np.inf)
            self.rows.add([(self.give_p[k], 1.0), (self.u[k], -berth.mw)], -np.inf, 0)
            for corner in range(SIDES):
                angle = np.pi / 2 * corner / (SIDES - 1)
                across = [(self.give_p[k], float(np.cos(angle))), (self.give_q[k], float(np.sin(angle)))]
                self.rows.add([*across, (self.u[k], -berth.mva)], -np.inf, 0)
        for members in groups.values():
            self.rows.add([(self.u[k], 1.0) for k in members], -np.inf, 1)

    def forbid(self, live: Bools) -> None:
        """Not all these branches together, nor more: a state beyond an infeasible one is infeasible."""
        ways = [(self.y[a], 1.0) for e in map(int, np.flatnonzero(live)) for a in self.of_branch[e]]
        self.rows.add(ways, -np.inf, int(sum(bool(self.of_branch[e]) for e in map(int, np.flatnonzero(live)))) - 1)

    def solve(self, tangents: Tangents, floor: float, seconds: float) -> Found:
        """A state that is worth at least ``floor`` in the program's eyes."""
        worth = LinearConstraint(-self._costs()[None, :], floor, np.inf)
        with _aside():
            found = milp(
                self._costs(), constraints=[self.rows.constraint(self.columns), worth, *tangents.constraint()],
                bounds=Bounds(self.lower, self.upper), integrality=self.whole,
                options={"time_limit": seconds, "mip_rel_gap": 1e-7},
            )  # fmt: skip
        bound = float(-found.mip_dual_bound) if found.mip_dual_bound is not None else np.inf
        nodes = int(found.mip_node_count or 0)
        if found.status == INFEASIBLE:
            return Found(live=None, bound=floor, nothing=True, nodes=nodes)
        if found.x is None:
            return Found(live=None, bound=bound, nothing=False, nodes=nodes)
        live = np.zeros(self.grid.branches, dtype=np.bool_)
        live[[e for a, (e, _, _) in enumerate(self.arcs) if found.x[self.y[a]] > 0.5]] = True
        berths = tuple(one for k, one in enumerate(self.berths) if found.x[self.u[k]] > 0.5)
        return Found(live=live, berths=berths, bound=bound, nothing=False, nodes=nodes, x=found.x)

    def _costs(self) -> Floats:
        costs = np.zeros(self.columns)
        costs[self.z] = -self.grid.weight
        return costs


ONE_AT_A_TIME = threading.Lock()


@contextmanager
def _aside() -> Iterator[None]:
    """Standard output goes to standard error meanwhile: the solver writes a line there that nobody can turn off."""
    with ONE_AT_A_TIME:
        kept = os.dup(1)
        os.dup2(2, 1)
        try:
            yield
        finally:
            ctypes.CDLL(None).fflush(None)
            os.dup2(kept, 1)
            os.close(kept)


class Tangents:
    """Lower bounds of squared currents: ``l >= 2 (p0 p + q0 q) / v0 - (p0^2 + q0^2) / v0^2 v``, true at any point."""

    def __init__(self, program: Program) -> None:
        self.program, self.rows = program, Rows()

    def add_flow(self, v: Complex, flow: Complex, parent: Ints, mark: Ints) -> None:
        """At the state of a power flow."""
        grid = self.program.grid
        for a, (e, i, j) in enumerate(self.program.arcs):
            if mark[j] >= 0 and parent[j] == e and abs(v[i]) > 0:
                power = v[i] * np.conj(flow[j])
                self._add(a, float(power.real), float(power.imag), float(abs(v[i]) ** 2), float(grid.ratio[e]))

    def add_solution(self, found: Found, least: float) -> None:
        """At a solution of the program."""
        program = self.program
        if found.x is None:
            return
        for a, (e, i, _) in enumerate(program.arcs):
            if found.x[program.y[a]] > least:
                p, q, v = (float(found.x[column]) for column in (program.p[a], program.q[a], program.v[i]))
                self._add(a, p, q, v, float(program.grid.ratio[e]))

    def _add(self, a: int, p: float, q: float, v: float, ratio: float) -> None:
        if ratio != 1.0 or v <= 0:
            return
        program = self.program
        terms = [(program.loss[a], 1.0), (program.p[a], -2 * p / v), (program.q[a], -2 * q / v)]
        self.rows.add([*terms, (program.v[program.arcs[a][1]], (p * p + q * q) / v**2)], 0, np.inf)

    def constraint(self) -> list[LinearConstraint]:
        """All rows for the solver."""
        return [self.rows.constraint(self.program.columns)] if self.rows.low else []
