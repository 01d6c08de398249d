"""Compiled: the bundles of an area side by side with what they cost at prices of the requests.

The prices come from Lagrangian relaxation of "each request once": at any prices the plan of an area costs at least the
least reduced cost of each person's bundles less the prices of all requests; they are moved to where that is most.

References
----------
M. L. Fisher (1981), The Lagrangian relaxation method for solving integer programming problems,
doi:10.1287/mnsc.27.1.1.
"""

from typing import NamedTuple

import numpy as np

from .bundles import MOST
from .columns import Columns
from .jit import ZERO, Floats, Ints, Shorts, inner, whole
from .state import State, Terms

FIRST_PRICE = 66  # percent of the penalty
MOVES = 30  # of the prices
PATIENCE = 5  # steps without a better bound after which they are made shorter
KEEP = 0.6  # of the last direction
CLOSE = 800_000  # [mm] bundles of a greater reduced cost are left out
WINDOW = 12  # people
BITS = 63  # requests of a window
CHOICES = 64  # of each person in a window


class Shelf(NamedTuple):
    """Room to work, of one thread."""

    place: Ints  # (P,) of each person in the area, or -1
    first: Ints  # (P + 1,) where the bundles of a place begin, the most promising first
    last: Ints  # (P,)
    now: Ints  # (P,) the bundle each place has, -1 = none
    member: Shorts  # (room, MOST)
    saves: Ints  # (room,) cost less penalties [mm]
    due: Ints  # (room,) reduced cost [mm]
    least: Ints  # (P,) of each place
    way: Floats  # (R,) direction of the prices
    bit: Ints  # (R,) of a request in the window, or -1
    tried: Ints  # (P,) window in which a place was
    window: Ints  # (WINDOW,) places
    begin: Ints  # (WINDOW + 1,) where the choices of each begin
    choice: Ints  # (WINDOW * CHOICES,) bundles
    mask: Ints
    floor: Ints  # (WINDOW,) least reduced cost within the window
    cover: Ints  # (WINDOW + 1,) requests that this and later places could take
    fee: Ints  # (BITS,) price of each bit
    asked: Ints  # (BITS,) its request
    at: Ints  # (WINDOW + 1,)
    used: Ints
    gap: Ints
    best: Ints  # (WINDOW,)


def build_shelf(people: int, requests: int, area: int, room: int) -> Shelf:
    """Room for an area of at most ``area`` people with ``room`` bundles each."""

    def ints(count: int, value: int = 0) -> Ints:
        return np.full(count, value, dtype=np.int64) if value else np.zeros(count, dtype=np.int64)

    cap = area * (room + 1)
    return Shelf(
        place=ints(people, -1), first=ints(area + 1), last=ints(area), now=ints(area),
        member=np.zeros((cap, MOST), dtype=np.int32), saves=ints(cap), due=ints(cap), least=ints(area),
        way=np.zeros(requests), bit=ints(requests, -1), tried=ints(area), window=ints(WINDOW), begin=ints(WINDOW + 1),
        choice=ints(WINDOW * CHOICES), mask=ints(WINDOW * CHOICES), floor=ints(WINDOW), cover=ints(WINDOW + 1),
        fee=ints(BITS), asked=ints(BITS), at=ints(WINDOW + 1), used=ints(WINDOW + 1), gap=ints(WINDOW + 1),
        best=ints(WINDOW),
    )  # fmt: skip


@inner
def gather(columns: Columns, terms: Terms, state: State, ground: Ints, here: int, people: Ints, shelf: Shelf) -> None:
    """Put the bundles of these people on the shelf, what each has now first."""
    room, top = columns.key.shape[1], ZERO
    for i in range(len(people)):
        p = people[i]
        shelf.place[p] = i
        shelf.first[i] = top
        shelf.now[i] = -1
        if state.held[p]:
            shelf.now[i] = top
            saves = state.cost[p]
            for k in range(MOST):
                shelf.member[top, k] = state.members[p, k] if k < state.held[p] else -1
                if k < state.held[p]:
                    saves -= terms.penalty[state.members[p, k]]
            shelf.saves[top] = saves
            top += 1
        for x in range(room):
            key = columns.key[p, x]
            if key == 0 or key == state.key[p]:
                continue
            saves, able = columns.cost[p, x], True
            for k in range(MOST):
                r = columns.members[p, x, k]
                shelf.member[top, k] = r
                if r < 0:
                    break
                if ground[r] != here:
                    able = False
                    break
                saves -= terms.penalty[r]
            if able and saves < 0:
                shelf.saves[top] = saves
                top += 1
    shelf.first[len(people)] = top


@inner
def due_of(shelf: Shelf, prices: Ints, b: int) -> int:
    """Reduced cost of a bundle."""
    due = shelf.saves[b]
    for k in range(MOST):
        r = shelf.member[b, k]
        if r < 0:
            break
        due += prices[r]
    return whole(due)


@inner
def set_prices(terms: Terms, state: State, shelf: Shelf, prices: Ints, mine: Ints, count: int) -> None:
    """Move the prices of the requests ``mine`` to where the bound of an area is high."""
    now = ZERO
    for i in range(count):
        if shelf.now[i] >= 0:
            now += shelf.saves[shelf.now[i]]
    for r in mine:
        shelf.way[r] = 0.0
    best, worse, length = whole(-(2**60)), ZERO, 1.0
    for _ in range(MOVES):
        bound = ZERO
        for r in mine:
            shelf.way[r] = KEEP * shelf.way[r] - (1 - KEEP)
            bound -= prices[r]
        for i in range(count):
            least, which = ZERO, whole(-1)
            for b in range(shelf.first[i], shelf.first[i + 1]):
                due = due_of(shelf, prices, b)
                if due < least:
                    least, which = due, b
            bound += least
            if which >= 0:
                for k in range(MOST):
                    r = shelf.member[which, k]
                    if r < 0:
                        break
                    shelf.way[r] += 1 - KEEP
        if bound > best:
            best, worse = bound, ZERO
        else:
            worse += 1
            if worse == PATIENCE:
                worse, length = ZERO, length * 0.6
        square = 0.0
        for r in mine:
            square += shelf.way[r] * shelf.way[r]
        if square < 1e-9 or bound >= now:
            break
        step = length * (now - bound) / square
        for r in mine:
            prices[r] = whole(min(max(prices[r] + step * shelf.way[r], 0.0), terms.penalty[r]))


@inner
def sort_out(shelf: Shelf, prices: Ints, count: int) -> None:
    """Keep the bundles of small reduced cost, the smallest first, and what each has now."""
    for i in range(count):
        least = ZERO
        for b in range(shelf.first[i], shelf.first[i + 1]):
            shelf.due[b] = due_of(shelf, prices, b)
            least = min(least, shelf.due[b])
        shelf.least[i] = least
        kept = shelf.first[i]
        now = shelf.now[i]
        for b in range(shelf.first[i], shelf.first[i + 1]):
            if shelf.due[b] - least > CLOSE and b != shelf.now[i]:
                continue
            due, saves = shelf.due[b], shelf.saves[b]
            m0, m1, m2, m3, m4, m5 = (
                shelf.member[b, 0],
                shelf.member[b, 1],
                shelf.member[b, 2],
                shelf.member[b, 3],
                shelf.member[b, 4],
                shelf.member[b, 5],
            )
            at = kept
            while at > shelf.first[i] and shelf.due[at - 1] > due:
                shelf.due[at], shelf.saves[at] = shelf.due[at - 1], shelf.saves[at - 1]
                for k in range(MOST):
                    shelf.member[at, k] = shelf.member[at - 1, k]
                if now == at - 1 and b != shelf.now[i]:
                    now = at
                at -= 1
            shelf.due[at], shelf.saves[at] = due, saves
            shelf.member[at, 0], shelf.member[at, 1], shelf.member[at, 2] = m0, m1, m2
            shelf.member[at, 3], shelf.member[at, 4], shelf.member[at, 5] = m3, m4, m5
            if b == shelf.now[i]:
                now = at
            kept += 1
        shelf.now[i] = now
        shelf.last[i] = kept
