"""The rounds of a search: areas whose borders turn, searched and packed anew side by side on several threads."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from . import packing
from . import search as kernel
from .areas import split
from .bundles import random_keys
from .columns import build_columns
from .jit import Ints
from .problem import Params
from .shelf import FIRST_PRICE, build_shelf
from .state import State, total

if TYPE_CHECKING:
    from .planner import Planner

AREA_PEOPLE, LEAST_PEOPLE = 1_250, 200  # few areas have few borders; but two threads want two
LEAST_ROUNDS, MOST_ROUNDS = 8, 60
TURNS_A_ROUND = 4  # a request
FIRST_TURNS_PER_S = 40_000
PLENTY = 400  # turns a request from which more people are emptied at a time
IN_TIME = 0.97  # of the time by the clock; the rest is for the last steps
LAST_STEP = 0.2  # of a round, below which it is not worth one
PACKINGS = 4  # after the last turn


def areas_of(planner: "Planner") -> int:
    """Into how many areas a search divides the people."""
    people = len(planner.state.held)
    return max(1, min(2, people // LEAST_PEOPLE), round(people / AREA_PEOPLE))


def improve(
    planner: "Planner",
    params: Params,
    work: Ints,
    turns: int,
    begun: float,
    heat_m: tuple[float, float],
    to_the_end: bool,
) -> None:
    """Spend ``turns`` on the requests at ``work`` in rounds, each with other borders; the clock may end it sooner.

    ``heat_m`` falls from the first to the second; the best plan met is kept and packed a few times more, or left
    ``to_the_end`` as it is. The number of areas, their random numbers and the turns of each depend on nothing but the
    problem and the budget.
    """
    wall_s = None if params.wall_s is None else IN_TIME * params.wall_s
    best, kept = total(planner.terms, planner.state), copied(planner.state)
    entered = time.perf_counter()
    done, share, number, expected = 0.0, 0.0, 0, float(turns)
    with _Desks(planner, params, work) as desks:
        while share < 1 - 1e-9:
            clock = time.perf_counter()
            if wall_s is not None:  # what the clock allows, by the speed so far
                speed = done / (clock - entered) if number else FIRST_TURNS_PER_S
                share = max(share, (clock - begun) / wall_s)
                expected = min(turns, wall_s * speed)
            whole_step = 1 / rounds_of(expected, len(work))
            step = min(whole_step, max(0.0, 1 - share))
            spend = step * expected
            if spend < 1 or step < LAST_STEP * whole_step:
                break
            desks.round(number, spend, (share, share + step), heat_m, expected > PLENTY * len(work))
            done += spend
            number += 1
            share = max(share if wall_s is not None else share + step, done / turns)
            value = total(planner.terms, planner.state)
            planner.trace.append((time.perf_counter() - begun, value / 1000))
            if value < best:
                best, kept = value, copied(planner.state)
        if to_the_end:
            return
        planner.state = kept
        for _ in range(PACKINGS):
            if wall_s is not None and time.perf_counter() - begun > wall_s:
                break
            desks.round(number, 0, (1.0, 1.0), heat_m, False)
            number += 1


def rounds_of(turns: float, requests: int) -> int:
    """How many rounds are worth it."""
    return int(np.clip(turns / (TURNS_A_ROUND * requests), LEAST_ROUNDS, MOST_ROUNDS))


class _Desks:
    """The threads of a search, and what each of them needs."""

    def __init__(self, planner: "Planner", params: Params, work: Ints) -> None:
        people, requests = planner.state.members.shape[0], len(planner.state.taker)
        self.planner, self.params, self.work, self.areas = planner, params, work, areas_of(planner)
        self.loose = np.bincount(planner.model.owner, minlength=people) == 0
        planner.columns = build_columns(people, kept=True)
        room, most = planner.columns.key.shape[1], people // self.areas + self.areas
        self.shelves = [build_shelf(people, requests, most, room) for _ in range(params.threads)]
        self.prices = planner.terms.penalty * FIRST_PRICE // 100
        self.pool = ThreadPoolExecutor(params.threads)

    def __enter__(self) -> "_Desks":
        return self

    def __exit__(self, *failure: object) -> None:
        self.pool.shutdown()
        self.planner.columns = build_columns(0, kept=False)

    def round(
        self, number: int, turns: float, share: tuple[float, float], heat_m: tuple[float, float], plenty: bool
    ) -> None:
        """Search every area, then pack the bundles met there."""
        planner, work = self.planner, self.work
        area = split(planner.centre, self.areas, number)
        ground = ground_of(planner, area, number)
        groups, edges = _by_area(work, ground[work], self.areas)
        people = np.flatnonzero(self.loose)
        packed, cuts = _by_area(people, area[people], self.areas)
        heat = [1000 * heat_m[0] * (heat_m[1] / heat_m[0]) ** x for x in share]
        free = list(range(self.params.threads))

        def run(here: int) -> None:
            mine = groups[edges[here] : edges[here + 1]]
            if not len(mine):
                return
            thread = free.pop()
            seed = self.params.seed * 1_000_003 + planner.calls * 10_007 + number * 4_099 + here
            kernel.search(
                planner.model.city, planner.stores[thread], planner.terms, planner.state, planner.pairs,
                planner.columns, planner.desks[thread], mine, area, here, ground, planner.model.pinned,
                random_keys(1, seed), int(turns * len(mine) / len(work)), heat[0], heat[1], 2 + int(plenty),
            )  # fmt: skip
            packing.pack(
                planner.columns, planner.terms, planner.state, self.shelves[thread], self.prices,
                packed[cuts[here] : cuts[here + 1]], mine, ground, here,
            )  # fmt: skip
            free.append(thread)

        list(self.pool.map(run, np.argsort(-np.diff(edges), kind="stable").tolist()))  # the largest first


def _by_area(rows: Ints, area: Ints, areas: int) -> tuple[Ints, Ints]:
    """Rows area by area, and where each area begins."""
    order = np.argsort(area, kind="stable")
    return rows[order], np.searchsorted(area[order], np.arange(areas + 1))


def ground_of(planner: "Planner", area: Ints, round_: int) -> Ints:
    """(R,) the area each request is searched in: its taker's, or that of one of those who could take it; -1 = none."""
    pairs, taker = planner.pairs, planner.state.taker
    width = np.diff(pairs.start)
    which = (np.arange(len(taker)) * 7919 + round_ * 104_729) % np.maximum(width, 1)
    some = (
        pairs.person[np.minimum(pairs.start[:-1] + which, max(len(pairs.person) - 1, 0))]
        if len(pairs.person)
        else taker
    )
    ground = np.where(taker >= 0, area[np.maximum(taker, 0)], np.where(width > 0, area[some], -1)).astype(np.int64)
    ground[: planner.model.pinned] = -1
    return ground


def copied(state: State) -> State:
    """An independent copy."""
    return State._make(array.copy() for array in state)
