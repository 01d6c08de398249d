"""Where the buses of a radial feeder stand: the longest way on one line, every lateral on a free row beside it.

The places come from the feeder as built (its ties left out), never from what is switched now, so that nothing moves
while it is operated.
"""

from __future__ import annotations

from collections import defaultdict, deque
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


@dataclass(slots=True)
class Block:
    """Part of a feeder with rows counted from its own chain: where its buses stand, and which columns its rows take."""

    spots: dict[str, Spot]
    taken: dict[int, set[int]]


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
    for root in dict.fromkeys([*roots, *(node.code for node in net.nodes)]):
        if root not in found:
            block = _block(_tree(net, root, set(found)), root, 0)
            below = max((spot.row for spot in found.values()), default=-1) + 1 - min(block.taken)
            found |= {code: Spot(spot.column, spot.row + below) for code, spot in block.spots.items()}
    used = {row: place for place, row in enumerate(sorted({spot.row for spot in found.values()}))}
    return {code: Spot(spot.column, used[spot.row]) for code, spot in found.items()}


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


def _longest(tree: Tree, start: str) -> list[str]:
    way = [start]
    while below := tree.children[way[-1]]:
        way.append(max(below, key=lambda code: tree.height[code]))
    return way


def _block(tree: Tree, start: str, column: int) -> Block:
    """The longest way from a bus on row 0, and every lateral of it, whole, on the nearest free rows above or below.

    The laterals nearest to the end come first. Those before them stand further out, and begin further left: so no way
    to a lateral ever crosses a bus or another way.
    """
    chain = _longest(tree, start)
    block = Block(
        {bus: Spot(number, 0) for number, bus in enumerate(chain, column)},
        defaultdict(set, {0: set(range(column, column + len(chain) + 1))}),
    )
    on_it, down_first = set(chain), True
    for bus in reversed(chain):
        here, own = block.spots[bus].column, set[int]()
        for side in sorted((c for c in tree.children[bus] if c not in on_it), key=lambda c: -tree.height[c]):
            lateral = _block(tree, side, here + 1)
            row = _free_row(block, lateral, here, own, down_first=down_first)
            down_first = not down_first if abs(row) == 1 else down_first
            own |= _join(block, lateral, here, row)
    return block


def _free_row(block: Block, lateral: Block, column: int, own: set[int], *, down_first: bool) -> int:
    """The row nearest to the chain where a lateral fits, all of it on one side, with a straight way to it; on the
    rows ``own`` laterals of the same bus have their way there already."""
    reach = 0
    while True:  # beyond all others there is always room
        reach += 1
        for sign in (1, -1) if down_first else (-1, 1):
            row = sign * reach
            if any((one + row) * sign <= 0 or columns & block.taken.get(one + row, set())
                   for one, columns in lateral.taken.items()):  # fmt: skip
                continue
            if not any(column in block.taken.get(one, ()) and one not in own for one in range(sign, row, sign)):
                return row


def _join(block: Block, lateral: Block, column: int, row: int) -> set[int]:
    """Put a lateral on its row, and keep its way there free: the rows of the way."""
    block.spots |= {code: Spot(spot.column, spot.row + row) for code, spot in lateral.spots.items()}
    for one, columns in lateral.taken.items():
        block.taken[one + row] |= columns
    step = 1 if row > 0 else -1
    way = set(range(step, row + step, step))
    for one in way:
        block.taken[one].add(column)
    return way
