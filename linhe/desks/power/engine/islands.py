"""What trucks can feed: every feasible tree round every connection point, and the best choice of one a truck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from . import sweep
from .grid import Bools, Floats, Grid, Ints
from .network import Truck

MOST_COLUMNS = 30_000
MOST_NODES = 3_000_000
SOME = 60
AN_OPERATION, A_TRUCK, A_MINUTE = 1e-6, 1e-8, 1e-11
"""What breaks ties between plans of the same worth, in its unit (MW)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Column:
    """A tree that one truck feeds from one site."""

    truck: str
    site: str
    member: Bools
    chosen: Bools
    worth: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Packing:
    """The chosen trees; ``bound`` is the most that any choice could be worth, equal to ``worth`` when proven."""

    columns: tuple[Column, ...]
    worth: float
    bound: float
    tried: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """Where islands may be made: branches that conduct now, those that must stay, those usable, and free buses."""

    live: Bools
    fixed: Bools
    usable: Bools
    free: Bools


def trucks_of(grid: Grid) -> list[Truck]:
    """The trucks that may still be sent."""
    problem = grid.problem
    return [one for one in problem.trucks if one.id not in problem.unavailable and one.id not in problem.placed]


Row = tuple[float, int, int, Bools, Bools, float]
"""Score, truck's and site's place, buses, branches, worth."""


class Trees:
    """Every feasible tree of every truck on one ground, and choices among them."""

    def __init__(self, grid: Grid, ground: Ground, most: int) -> None:
        problem = grid.problem
        self.grid, self.trucks = grid, trucks_of(grid)
        taken = set(problem.placed.values())
        self.sites = [
            one
            for one in problem.sites
            if one.id not in problem.unavailable and one.id not in taken and ground.free[grid.bus_row[one.bus]]
        ]
        reach = _reach(grid, ground, [grid.bus_row[one.bus] for one in self.sites])
        self.everything = float(grid.weight[reach].sum())
        self.rows: list[Row] = []
        self.tried, self.whole = 0, True
        for number, truck in enumerate(self.trucks):
            for place, site in enumerate(self.sites):
                found, more, complete = _columns(grid, ground, truck, grid.bus_row[site.bus], most)
                self.tried += more
                self.whole = self.whole and complete
                extra = A_TRUCK + A_MINUTE * (truck.arrival_min + site.hookup_min)
                self.rows += [
                    (worth - AN_OPERATION * steps - extra, number, place, member, chosen, worth)
                    for worth, steps, member, chosen in found
                    if worth > 0
                ]
        self.rows.sort(key=lambda one: (one[1], -one[0]))

    def best(self, names: Iterable[str] | None = None, barred: int | None = None) -> Packing:
        """The choice that feeds the most; ties by fewest operations, trucks and minutes."""
        able = [place for place, one in enumerate(self.trucks) if names is None or one.id in set(names)]
        rows = [one for one in self.rows if one[1] in able and one[2] != barred]
        chosen, nodes = _packed(rows, able, self.grid.buses)
        columns = tuple(self._column(rows[k]) for k in chosen)
        worth = sum(one.worth for one in columns)
        proven = self.whole and nodes <= MOST_NODES
        bound = worth if proven else max(worth, min(self.everything, self._most(able)))
        return Packing(columns=columns, worth=worth, bound=bound, tried=self.tried)

    def good(self, names: Iterable[str]) -> list[Packing]:
        """Some good choices of just these trucks, the best first."""
        chosen = set(names)
        if len(chosen) == 1:
            place = next(place for place, one in enumerate(self.trucks) if one.id in chosen)
            rows = [one for one in self.rows if one[1] == place][:SOME]
            return [Packing(columns=(self._column(one),), worth=one[5], bound=one[5], tried=0) for one in rows]
        first = self.best(chosen)
        used = {one.site for one in first.columns}
        barred = [place for place, one in enumerate(self.sites) if one.id in used]
        return [first, *(self.best(chosen, place) for place in barred)]

    def _column(self, row: Row) -> Column:
        _, truck, site, member, chosen, worth = row
        return Column(truck=self.trucks[truck].id, site=self.sites[site].id, member=member, chosen=chosen, worth=worth)

    def _most(self, able: list[int]) -> float:
        """What the trucks could feed at most if all of it were the worthiest load."""
        loaded = self.grid.p > 0
        worthiest = float(np.max(self.grid.weight[loaded] / self.grid.p[loaded], initial=1.0))
        return sum(self.trucks[place].mw for place in able) * worthiest


def _reach(grid: Grid, ground: Ground, sites: Iterable[int]) -> Bools:
    """Free buses joined to some site by usable branches."""
    seen = np.zeros(grid.buses, dtype=np.bool_)
    todo = list(sites)
    while todo:
        at = todo.pop()
        if seen[at] or not ground.free[at]:
            continue
        seen[at] = True
        for branch in grid.edge[grid.start[at] : grid.start[at + 1]]:
            if ground.usable[branch] or ground.fixed[branch]:
                todo += [int(grid.t[branch] if grid.f[branch] == at else grid.f[branch])]
    return seen


def _columns(
    grid: Grid, ground: Ground, truck: Truck, site: int, most: int
) -> tuple[list[tuple[float, int, Bools, Bools]], int, bool]:
    """(worth, operations, buses, branches) of every tree, trees tried, whether these are all."""
    limits = np.array([grid.problem.limits.v_min, grid.problem.limits.v_max, truck.mw, truck.mva])
    room = min(most, MOST_COLUMNS)
    value, steps = np.zeros(room), np.zeros(room, dtype=np.int64)
    member = np.zeros((room, grid.buses), dtype=np.bool_)
    chosen = np.zeros((room, grid.branches), dtype=np.bool_)
    count, tried = sweep.islands(
        grid.base, grid.p, grid.q, grid.weight, grid.rate, ground.live, ground.fixed, ground.usable, ground.free,
        site, limits, truck.v_pu, room, value, steps, member, chosen,
    )  # fmt: skip
    found = [(float(value[k]), int(steps[k]), member[k], chosen[k]) for k in range(count)]
    return found, min(int(tried), room), tried <= room


def _packed(rows: list[Row], trucks: list[int], buses: int) -> tuple[list[int], int]:
    """(rows chosen, nodes tried)."""
    if not rows:
        return [], 0
    score: Floats = np.array([one[0] for one in rows])
    truck: Ints = np.array([trucks.index(one[1]) for one in rows])
    site: Ints = np.array([one[2] for one in rows])
    words = (buses + 63) // 64
    bits = np.zeros((len(rows), words * 64), dtype=np.bool_)
    bits[:, :buses] = np.array([one[3] for one in rows])
    member = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
    first = np.searchsorted(truck, np.arange(len(trucks) + 1))
    highest = [float(score[first[k]]) if first[k] < first[k + 1] else 0.0 for k in range(len(trucks))]
    ahead = np.array([sum(highest[k:]) for k in range(len(trucks) + 1)])
    best = np.full(len(trucks), -1)
    _, nodes = sweep.pack(score, truck, site, member, first, ahead, MOST_NODES, best)
    return [int(one) for one in best if one >= 0], int(nodes)
