"""Compiled walks over what conducts: parts that hang together, and the way from the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .sweep import Bools, Ints, compiled

if TYPE_CHECKING:
    from .grid import Grid


@compiled
def _trace(
    f: Ints, t: Ints, start: Ints, edge: Ints, live: Bools, roots: Ints, order: Ints, parent: Ints, mark: Ints
) -> int:
    """Buses in the order in which the roots reach them, each once; their number. ``mark`` holds the root's place."""
    count = 0
    for k in range(len(roots)):
        if mark[roots[k]] < 0:
            mark[roots[k]] = k
            order[count] = roots[k]
            count += 1
    at = 0
    while at < count:
        i = order[at]
        at += 1
        for k in range(start[i], start[i + 1]):
            e = edge[k]
            j = t[e] if f[e] == i else f[e]
            if live[e] and mark[j] < 0:
                mark[j] = mark[i]
                parent[j] = e
                order[count] = j
                count += 1
    return count


@compiled
def _label(f: Ints, t: Ints, live: Bools, root: Ints) -> None:
    """The lowest bus of the part that each bus belongs to."""
    for i in range(len(root)):
        root[i] = i
    for e in range(len(live)):
        if live[e]:
            a, b = f[e], t[e]
            while root[a] != a:
                root[a] = root[root[a]]
                a = root[a]
            while root[b] != b:
                root[b] = root[root[b]]
                b = root[b]
            if a < b:
                root[b] = a
            elif b < a:
                root[a] = b
    for i in range(len(root)):
        root[i] = root[root[i]]


def walked(f: Ints, t: Ints, start: Ints, edge: Ints, live: Bools, roots: Ints) -> tuple[Ints, Ints, Ints]:
    """(buses in the order of reach, branch into each bus or -1, place of its root in ``roots`` or -1)."""
    buses = len(start) - 1
    order, parent, mark = np.empty(buses, np.int64), np.full(buses, -1), np.full(buses, -1)
    count = _trace(f, t, start, edge, live, roots, order, parent, mark)
    return order[:count], parent, mark


def trace(grid: Grid, live: Bools, roots: Ints) -> tuple[Ints, Ints, Ints]:
    """``walked`` on a grid."""
    return walked(grid.f, grid.t, grid.start, grid.edge, live, roots)


def reached(grid: Grid, live: Bools, roots: Ints) -> Bools:
    """(N,) buses that some root reaches."""
    found: Bools = trace(grid, live, roots)[2] >= 0
    return found


def components(grid: Grid, live: Bools) -> Ints:
    """(N,) the lowest bus of the connected part of each bus."""
    label = np.empty(grid.buses, np.int64)
    _label(grid.f, grid.t, live, label)
    return label
