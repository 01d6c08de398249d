"""What the switches of a feeder with phases can make of it: blocks of buses, and every radial state that joins them.

A part is fed on all phases that its buses have or not at all, by one source or by one truck.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb, hypot

import numpy as np

from . import grid as grids
from .exchange import Way, way_of
from .grid import NONE, Bools, Floats, Grid, Outage
from .islands import Column, trucks_of
from .phases import ABC, carried
from .problem import Problem

MOST_CHOICES = 200
"""So many ways of sending trucks to the parts of one state."""

MOST_STATES = 20_000
"""So many combinations of switch positions are looked at; all of them, or those with fewest operations."""

Joined = dict[int, list[int]]
"""Block -> the closed branches between it and others."""

Island = tuple[str, str, frozenset[int]]
"""Truck, site and the blocks that it feeds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A radial state that feeds all phases: worth [MW], branches to change, what trucks feed, minutes of arrival."""

    worth: float
    flips: tuple[int, ...]
    islands: tuple[Island, ...] = ()
    minutes: float = 0.0

    @property
    def rank(self) -> tuple[float, int, int, float]:
        """The less, the better: a truck takes more than any switch."""
        return -round(self.worth, 9), len(self.islands), len(self.flips), self.minutes


def part_of(grid: Grid, live: Bools, first: int) -> Bools:
    """(N,) buses that these branches join to one bus."""
    seen = np.zeros(grid.buses, dtype=np.bool_)
    todo = [first]
    while todo:
        at = todo.pop()
        if not seen[at]:
            seen[at] = True
            onward = [e for e in grid.edge[grid.start[at] : grid.start[at + 1]] if live[e]]
            todo += [int(grid.t[e] if grid.f[e] == at else grid.f[e]) for e in onward]
    return seen


class Blocks:
    """The blocks of one outage and the branches that may be switched between them."""

    def __init__(self, problem: Problem, grid: Grid, outage: Outage) -> None:
        self.problem, self.grid, self.outage = problem, grid, outage
        self.phases = [frozenset(one.phases) for one in problem.feeder.buses]
        through = carried(problem.feeder)
        self.carried = [through[name] for name in grid.branch_ids]
        self.fixed = outage.live & ~outage.openable
        self.edges = [int(one) for one in np.flatnonzero((outage.live & outage.openable) | outage.closable)]
        self.block = self._numbers()
        count = max(self.block, default=NONE) + 1
        inside = [bus for bus, one in enumerate(self.block) if one != NONE]
        where = [self.block[bus] for bus in inside]
        sums: list[Floats] = [
            np.bincount(where, values[inside], minlength=count).astype(np.float64)
            for values in (grid.weight, grid.p, grid.q)
        ]
        self.worth, self.p, self.q = sums
        self.trucks = trucks_of(grid)
        taken = {*problem.unavailable, *problem.placed.values()}
        self.sites = [
            one for one in problem.sites
            if one.id not in taken and self.block[grid.bus_row[one.bus]] != NONE
            and self.phases[grid.bus_row[one.bus]] == ABC
        ]  # fmt: skip
        self._entered: dict[int, bool] = {}
        self.whole = 2 ** len(self.edges) <= MOST_STATES
        """Whether nothing was left out of ``candidates``."""

    def _numbers(self) -> list[int]:
        """The block of each bus, -1 in the failed zone."""
        grid = self.grid
        found = [NONE] * grid.buses
        count = 0
        for first in range(grid.buses):
            if not self.outage.lost[first] and found[first] == NONE:
                for bus in map(int, np.flatnonzero(part_of(grid, self.fixed, first))):
                    found[bus] = count
                count += 1
        return found

    def candidates(self) -> list[Candidate]:
        """Every state worth checking, the best first."""
        found = [one for flips in self._flips() for one in self._of(flips)]
        return sorted(found, key=lambda one: one.rank)

    def _flips(self) -> Iterator[tuple[int, ...]]:
        seen = 0
        for count in range(len(self.edges) + 1):
            seen += comb(len(self.edges), count)
            if seen > MOST_STATES and count > 2:
                return
            yield from combinations(self.edges, count)

    def _of(self, flips: tuple[int, ...]) -> Iterator[Candidate]:
        """States with these branches changed that are radial, feed all phases and need every change."""
        outage, grid, changed = self.outage, self.grid, set(flips)
        most = self.problem.limits.most_ties
        if most is not None and sum(not outage.live[e] for e in flips) > most:
            return
        joined: Joined = {}
        for e in self.edges:
            if bool(outage.live[e]) != (e in changed):
                for bus in (int(grid.f[e]), int(grid.t[e])):
                    joined.setdefault(self.block[bus], []).append(e)
        alive = zip(grid.source_bus, outage.dead_source, strict=True)
        fed = self._walk(joined, [int(bus) for bus, dead in alive if not dead])
        if fed is None:
            return
        touched = [{self.block[int(grid.f[e])], self.block[int(grid.t[e])]} for e in flips]
        arrival = {one.id: one.arrival_min for one in self.trucks}
        for islands in self._choices(joined, fed):
            reached = fed.union(*(blocks for _, _, blocks in islands))
            if all(pair & reached for pair in touched):
                yield Candidate(
                    worth=self._sum(self.worth, reached), flips=flips, islands=islands,
                    minutes=max((arrival[truck] for truck, _, _ in islands), default=0.0),
                )  # fmt: skip

    def state(self, candidate: Candidate) -> tuple[Way, tuple[Column, ...]]:
        """What conducts, and what trucks feed."""
        outage, grid = self.outage, self.grid
        live = outage.live.copy()
        live[list(candidate.flips)] ^= True
        columns = tuple(self._column(live, *one) for one in candidate.islands)
        held = np.zeros(grid.buses, dtype=np.bool_)
        for one in columns:
            held |= one.member
        rest = grids.without(grid, outage, held) if columns else outage
        return way_of(grid, rest, live & ~(held[grid.f] | held[grid.t]), 0.0, 1.0, 0.0), columns

    def _column(self, live: Bools, truck: str, site: str, blocks: frozenset[int]) -> Column:
        grid = self.grid
        member = np.isin(self.block, sorted(blocks))
        worth = float(grid.weight[member].sum())
        return Column(truck=truck, site=site, member=member, chosen=live & member[grid.f] & member[grid.t], worth=worth)

    def _walk(self, joined: Joined, roots: list[int]) -> set[int] | None:
        """The blocks that these buses reach, None when that is not radial or a phase is missing somewhere."""
        grid, fed = self.grid, set[int]()
        todo = [(bus, NONE) for bus in roots]
        while todo:
            bus, via = todo.pop()
            here = self.block[bus]
            if here in fed or not self.enters(bus, via):
                return None
            fed.add(here)
            onward = [e for e in joined.get(here, ()) if e != via]
            todo += [(int(grid.t[e] if self.block[int(grid.f[e])] == here else grid.f[e]), e) for e in onward]
        return fed

    def enters(self, bus: int, via: int) -> bool:
        """Whether a block that is fed at a bus, over a branch or from a source, gets all phases everywhere."""
        if via != NONE and not self.carried[via] >= self.phases[bus]:
            return False
        if bus not in self._entered:
            self._entered[bus] = self._complete(bus)
        return self._entered[bus]

    def _complete(self, entry: int) -> bool:
        grid, seen, todo = self.grid, {entry}, [entry]
        while todo:
            at = todo.pop()
            for e in map(int, grid.edge[grid.start[at] : grid.start[at + 1]]):
                other = int(grid.t[e] if grid.f[e] == at else grid.f[e])
                if self.fixed[e] and other not in seen:
                    if not self.carried[e] >= self.phases[other]:
                        return False
                    seen.add(other)
                    todo.append(other)
        return True

    def _choices(self, joined: Joined, fed: set[int]) -> list[tuple[Island, ...]]:
        """Trucks for what the grid does not feed, none of them included."""
        parts: dict[frozenset[int], list[str]] = {}
        for site in self.sites if self.trucks else ():
            bus = self.grid.bus_row[site.bus]
            if self.block[bus] not in fed:
                part = frozenset(self._walk(joined, [bus]) or ())
                if part and self._sum(self.worth, part) > 0:
                    parts.setdefault(part, []).append(site.id)
        found: list[tuple[Island, ...]] = [()]
        for part, sites in parts.items():
            p, q = self._sum(self.p, part), self._sum(self.q, part)
            able = [one.id for one in self.trucks if p <= one.mw and hypot(p, q) <= one.mva]
            more = [
                (*others, (truck, site, part))
                for others in found for truck in able for site in sites
                if all(truck != one[0] for one in others)
            ]  # fmt: skip
            self.whole = self.whole and len(more) <= MOST_CHOICES
            found += more[:MOST_CHOICES]
        return found

    @staticmethod
    def _sum(values: Floats, part: Iterable[int]) -> float:
        return float(sum(values[one] for one in part))
