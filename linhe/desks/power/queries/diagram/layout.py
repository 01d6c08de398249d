"""Where the buses of a radial feeder stand: the longest way on one line, every lateral on a free row beside it.

The places come from the feeder as built (its ties left out), never from what is switched now, so that nothing moves
while it is operated.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass

from linhe.desks.power.queries.diagram.net import Net


@dataclass(frozen=True, slots=True)
class Spot:
    """Column and row of a bus: the substation is in column 0, rows grow downwards."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The feeder as a tree: parents, children, and the longest way below each bus."""

    root: str
    parent: dict[str, str]
    children: dict[str, list[str]]
    height: dict[str, int]


@dataclass(frozen=True, slots=True)
class Chain:
    """Buses that stand on one row, and the bus from which they branch off (empty for the trunk)."""

    start: str
    buses: list[str]


def places(net: Net) -> dict[str, Spot]:
    """A spot for every bus, no two on the same; buses that only ties reach stand in rows of their own below.

    Raises
    ------
    ValueError : there is no bus, or no substation to begin at.
    """
    roots = [s.bus for s in net.supplies if not s.truck] or [node.code for node in net.nodes[:1]]
    if not roots:
        raise ValueError("nodes: at least one is needed")
    found: dict[str, Spot] = {}
    taken: dict[int, set[int]] = defaultdict(set)
    for root in dict.fromkeys([*roots, *(node.code for node in net.nodes)]):
        if root not in found:
            base = max(taken, default=-1) + 1
            _place(_tree(net, root, set(found)), base, found, taken)
    top = min(spot.row for spot in found.values())
    return {code: Spot(spot.column, spot.row - top) for code, spot in found.items()}


def _tree(net: Net, root: str, known: set[str]) -> Tree:
    around: dict[str, list[str]] = defaultdict(list)
    for branch in net.branches:
        if not branch.tie:
            around[branch.frm].append(branch.to)
            around[branch.to].append(branch.frm)
    parent: dict[str, str] = {}
    children: dict[str, list[str]] = defaultdict(list)
    order, queue = [root], deque([root])
    while queue:
        here = queue.popleft()
        for other in around[here]:
            if other != root and other not in parent and other not in known:
                parent[other] = here
                children[here].append(other)
                order.append(other)
                queue.append(other)
    height = dict.fromkeys(order, 0)
    for code in reversed(order[1:]):
        height[parent[code]] = max(height[parent[code]], height[code] + 1)
    return Tree(root, parent, children, height)


def _chains(tree: Tree) -> Iterator[Chain]:
    """The trunk first, then the laterals of each chain; the nearest to its end first, so that rows fill from there."""
    queue = deque([Chain("", _longest(tree, tree.root))])
    while queue:
        chain = queue.popleft()
        yield chain
        on_it = set(chain.buses)
        for bus in reversed(chain.buses):
            sides = sorted((c for c in tree.children[bus] if c not in on_it), key=lambda c: -tree.height[c])
            queue.extend(Chain(bus, _longest(tree, side)) for side in sides)


def _longest(tree: Tree, start: str) -> list[str]:
    way = [start]
    while below := tree.children[way[-1]]:
        way.append(max(below, key=lambda code: tree.height[code]))
    return way


def _place(tree: Tree, base: int, found: dict[str, Spot], taken: dict[int, set[int]]) -> None:
    """Put each chain on the free row nearest to where it branches off; ``base`` is the trunk's, none is above it
    unless it is the first tree's."""
    down_first = True
    for chain in _chains(tree):
        start = found.get(chain.start, Spot(-1, base))
        columns = range(start.column + bool(not chain.start), start.column + 1 + len(chain.buses))
        if not chain.start:
            row = base
        else:
            row = _free_row(start, columns, base if base else None, taken, down_first)
            down_first = not down_first if abs(row - start.row) == 1 else down_first
            for between in range(min(row, start.row) + 1, max(row, start.row)):
                taken[between].add(start.column)
        taken[row].update(columns)
        for number, bus in enumerate(chain.buses, start.column + 1):
            found[bus] = Spot(number, row)


def _free_row(
    start: Spot, columns: range, lowest: int | None, taken: dict[int, set[int]], down_first: bool
) -> int:  # fmt: skip
    """The nearest row with these columns free, to which a straight way leads from the start."""
    rows = sorted(taken)
    for reach in range(1, rows[-1] - rows[0] + 3):
        for sign in (1, -1) if down_first else (-1, 1):
            row = start.row + sign * reach
            if lowest is not None and row < lowest:
                continue
            between = range(min(row, start.row) + 1, max(row, start.row))
            wanted = {*columns, columns[-1] + 1}
            if not wanted & taken[row] and not any(start.column in taken[one] for one in between):
                return row
    return rows[-1] + 1  # shut in on both sides: below all the others, whatever is crossed
