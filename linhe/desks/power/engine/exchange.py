"""Full restoration by the fewest operations: close some ties, open a branch of each cycle, in every way.

References
----------
Base exchange in the graphic matroid: every radial state that closes the ties C arises from the present one by closing
them one after another and opening one branch of each cycle, whatever the order (A. Merlin, H. Back (1975); the proof of
fewest operations is the order of enumeration).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from . import grow, reach, sweep
from .grid import Bools, Floats, Grid, Ints, Outage
from .reach import components

WAYS = 8
"""How many of the best ways are kept, should the independent check refuse one."""

DEEPEST = 6
QUICK = 2_000_000
"""So many buses may be visited to see that there is no way at all."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Way:
    """One radial state: the branches that conduct, and what was closed and opened for it."""

    live: Bools
    closes: tuple[int, ...]
    opens: tuple[int, ...]
    loss: float
    low: float
    hot: float
    fed: Bools
    worth: float

    @property
    def operations(self) -> int:
        """Switch operations."""
        return len(self.closes) + len(self.opens)


@dataclass(frozen=True, eq=False, kw_only=True)
class Search:
    """The ways found, all with the same fewest ties."""

    ways: tuple[Way, ...]
    tried: int


def limits_of(grid: Grid) -> Floats:
    """What ``sweep`` compares with, for the grid's own sources."""
    return np.array([grid.problem.limits.v_min, grid.problem.limits.v_max, np.inf, np.inf])


def search(grid: Grid, outage: Outage, most: int) -> Search:
    """The ways of restoring all healthy load with fewest operations, that with least losses first."""
    label = components(grid, outage.live)
    usable = ~outage.dead_source
    alive = {int(label[bus]): place for place, bus in enumerate(grid.source_bus) if usable[place]}
    loaded = {int(one) for one in np.unique(label[(grid.weight > 0) & ~outage.lost])}
    wanted = loaded - set(alive)
    needed = np.isin(label, list(wanted)) & ((grid.p != 0) | (grid.q != 0)) & ~outage.lost
    if not wanted:
        return Search(ways=(way_of(grid, outage, outage.live, 0.0, 1.0, 0.0),), tried=0)
    ties = [int(one) for one in np.flatnonzero(outage.closable)]
    links = {one: (int(label[grid.f[one]]), int(label[grid.t[one]])) for one in ties}
    most_ties = grid.problem.limits.most_ties
    deepest = min(len(ties), DEEPEST if most_ties is None else most_ties)
    tried = 0
    for count in range(len(wanted), deepest + 1):
        ways: list[Way] = []
        for chosen in combinations(_near(ties, links, wanted, count), count):
            touched = {end for one in chosen for end in links[one]}
            if not wanted <= touched or not _joined([links[one] for one in chosen], alive, wanted):
                continue
            roots = [alive[one] for one in sorted(touched & set(alive))]
            found, more = _ways(grid, outage, chosen, needed, roots, most - tried)
            tried += more
            ways += found
            if tried > most:
                return Search(ways=_best(ways), tried=tried)
        if ways:
            return Search(ways=_best(ways), tried=tried)
        if count < deepest and not possible(grid, outage):
            break
    return Search(ways=(), tried=tried)


def possible(grid: Grid, outage: Outage) -> bool:
    """Whether any radial state could feed all healthy load; False only when that is sure."""
    if not grow.applies(grid, outage):
        return True
    found = grow.better(grid, outage, float(grid.weight[~outage.lost].sum()) - grow.grain(grid), QUICK)
    return found.live is not None or not found.whole


def _best(ways: list[Way]) -> tuple[Way, ...]:
    return tuple(sorted(ways, key=lambda one: (one.operations, one.loss))[:WAYS])


Link = tuple[int, int]
"""The parts that a tie joins."""


def _near(ties: list[int], links: dict[int, Link], wanted: set[int], count: int) -> list[int]:
    """The ties that a chain of so many could contain."""
    near, found = set(wanted), ties
    for _ in range(count):
        found = [one for one in ties if links[one][0] in near or links[one][1] in near]
        near |= {end for one in found for end in links[one]}
    return found


def _joined(links: list[Link], alive: dict[int, int], wanted: set[int]) -> bool:
    """Whether the ties hang together and reach a source: a tie between two untouched feeders helps nobody."""
    reach, left = set(wanted), links
    while True:
        more = [one for one in left if one[0] in reach or one[1] in reach]
        if not more:
            break
        left = [one for one in left if one not in more]
        reach |= {end for one in more for end in one}
    return not left and bool(reach & set(alive))


def _ways(
    grid: Grid, outage: Outage, ties: tuple[int, ...], needed: Bools, sources: list[int], most: int
) -> tuple[list[Way], int]:
    kept, state = np.zeros((WAYS, 4)), np.zeros((WAYS, grid.branches), dtype=np.bool_)
    count, tried = _exchange(grid, outage, ties, needed, np.array(sources), False, most, kept, state)
    ways = [way_of(grid, outage, state[place], *map(float, kept[place, :3])) for place in range(count)]
    return ways, tried


def trees(grid: Grid, outage: Outage, ties: tuple[int, ...], count: int) -> Bools:
    """The first spanning trees that close these ties, whether they hold the limits or not."""
    state = np.zeros((count, grid.branches), dtype=np.bool_)
    sources = np.flatnonzero(~outage.dead_source)
    none = np.zeros(grid.buses, dtype=np.bool_)
    found, _ = _exchange(grid, outage, ties, none, sources, True, count, np.zeros((0, 4)), state)
    return state[:found]


def _exchange(
    grid: Grid, outage: Outage, ties: tuple[int, ...], needed: Bools, sources: Ints, listing: bool, most: int,
    kept: Floats, state: Bools,
) -> tuple[int, int]:  # fmt: skip
    is_root = np.zeros(grid.buses, dtype=np.bool_)
    is_root[grid.source_bus[~outage.dead_source]] = True
    found: tuple[int, int] = sweep.exchange(
        grid.base, grid.p, grid.q, grid.weight, grid.rate, outage.live, outage.openable, outage.closable,
        np.array(ties, dtype=np.int64), needed, is_root, grid.source_bus[sources], grid.source_v[sources],
        limits_of(grid), listing, most, kept, state,
    )  # fmt: skip
    return found


def way_of(grid: Grid, outage: Outage, live: Bools, key: float, low: float, hot: float) -> Way:
    """A state as the operations that lead to it: branches between dead buses stay as they are."""
    fed = fed_buses(grid, outage, live)
    worth = float(grid.weight[fed].sum())
    touched = fed[grid.f] | fed[grid.t]
    full = np.where(touched, live, outage.live)
    closes = tuple(map(int, np.flatnonzero(full & ~outage.live)))
    opens = tuple(map(int, np.flatnonzero(outage.live & ~full)))
    return Way(live=full, closes=closes, opens=opens, loss=key, low=low, hot=hot, fed=fed, worth=worth)


def fed_buses(grid: Grid, outage: Outage, live: Bools) -> Bools:
    """(N,) buses that some source reaches."""
    return reach.reached(grid, live, grid.source_bus[~outage.dead_source]) & ~outage.lost
