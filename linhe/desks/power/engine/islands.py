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


def best_islands(grid: Grid, ground: Ground, most: int) -> Packing:
    """The choice of trees that feeds the most; ties by fewest operations, trucks and minutes."""
    problem = grid.problem
    trucks = trucks_of(grid)
    taken = set(problem.placed.values())
    sites = [
        one
        for one in problem.sites
        if one.id not in problem.unavailable and one.id not in taken and ground.free[grid.bus_row[one.bus]]
    ]
    if not trucks or not sites:
        return Packing(columns=(), worth=0.0, bound=0.0, tried=0)
    reach = _reach(grid, ground, [grid.bus_row[one.bus] for one in sites])
    everything = float(grid.weight[reach].sum())
    rows: list[tuple[float, int, int, Bools, Bools, float]] = []
    tried, whole = 0, True
    for number, truck in enumerate(trucks):
        for place, site in enumerate(sites):
            found, more, complete = _columns(grid, ground, truck, grid.bus_row[site.bus], most)
            tried += more
            whole = whole and complete
            extra = A_TRUCK + A_MINUTE * (truck.arrival_min + site.hookup_min)
            rows += [
                (worth - AN_OPERATION * steps - extra, number, place, member, chosen, worth)
                for worth, steps, member, chosen in found
                if worth > 0
            ]
    rows.sort(key=lambda one: (one[1], -one[0]))
    chosen_rows, top, nodes = _packed(rows, len(trucks), grid.buses)
    columns = tuple(
        Column(truck=trucks[n].id, site=sites[s].id, member=member, chosen=chosen, worth=worth)
        for _, n, s, member, chosen, worth in (rows[k] for k in chosen_rows)
    )
    worth = sum(one.worth for one in columns)
    proven = whole and nodes <= MOST_NODES
    most_power = float(sum(one.mw for one in trucks)) * float(
        np.max(grid.weight / np.maximum(grid.p, 1e-12), initial=1.0)
    )
    bound = worth if proven else min(everything, max(most_power, worth))
    return Packing(columns=columns, worth=worth, bound=bound, tried=tried)


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
                todo.append(int(grid.t[branch] if grid.f[branch] == at else grid.f[branch]))
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


def _packed(
    rows: list[tuple[float, int, int, Bools, Bools, float]], trucks: int, buses: int
) -> tuple[list[int], float, int]:
    if not rows:
        return [], 0.0, 0
    score: Floats = np.array([one[0] for one in rows])
    truck: Ints = np.array([one[1] for one in rows])
    site: Ints = np.array([one[2] for one in rows])
    words = (buses + 63) // 64
    bits = np.zeros((len(rows), words * 64), dtype=np.bool_)
    bits[:, :buses] = np.array([one[3] for one in rows])
    member = np.packbits(bits, axis=1, bitorder="little").view(np.uint64)
    first = np.searchsorted(truck, np.arange(trucks + 1))
    highest = [float(score[first[k]]) if first[k] < first[k + 1] else 0.0 for k in range(trucks)]
    ahead = np.array([sum(highest[k:]) for k in range(trucks + 1)])
    best = np.full(trucks, -1)
    top, nodes = sweep.pack(score, truck, site, member, first, ahead, MOST_NODES, best)
    return [int(one) for one in best if one >= 0], float(top), int(nodes)
