"""Routes with many errands: part of each route is held fast and the rest searched as bundles, again and again.

A bundle is small (``bundles.MOST``), a route need not be. In every round a few errands of each person, neighbours in
the route, come free; all others stay where they are and count as the person's own stops, in their order. What is free
or unserved is searched like any batch. The next round frees others.
"""

import time
from dataclasses import replace
from itertools import count as counted
from typing import TYPE_CHECKING

import numpy as np

from . import search as kernel
from .bundles import MOST, random_keys
from .jit import Ints
from .model import Model, find_pairs, lengths, refresh_all
from .near import listed
from .outcome import Routes, lay_out_all
from .problem import Params
from .rows import PRICE, ROOM_M, ROOM_N, USED
from .state import build_state, build_terms

if TYPE_CHECKING:
    from .planner import Planner

FREE = 3
MOST_FREE = 5  # errands of a bundle in a round
TURNS_A_ROUND = 40  # a request
HOT, COLD = 0.05, 0.002  # of the mean detour alone


def has_long_routes(planner: "Planner") -> bool:
    """Whether somebody may take more than a bundle holds."""
    city, pairs = planner.model.city, planner.pairs
    pinned = np.bincount(planner.model.owner, minlength=len(city.person))
    could = np.minimum(city.person[:, ROOM_N], np.diff(pairs.of_person)) + pinned
    return bool((could > MOST).any())


def improve(planner: "Planner", params: Params, turns: int, begun: float) -> None:
    """Spend ``turns`` in rounds, or the time until ``params.wall_s``; leaves the plan with every errand held fast."""
    random = np.random.default_rng([params.seed, planner.calls])
    model, first_pairs = planner.model, planner.pairs
    everybody, zeros = np.arange(len(planner.state.held)), np.zeros(len(planner.state.held), dtype=np.int64)
    ground = np.zeros(len(planner.state.taker), dtype=np.int64)
    scale = 1000 * float(np.mean(first_pairs.alone[: first_pairs.start[-1]]))
    rows = rows_of(lay_out_all(model.city, planner.stores[0], planner.terms, planner.state, everybody))
    best, kept = np.inf, rows
    a_round = TURNS_A_ROUND * model.requests
    rounds, limit_s = max(1, turns // a_round), params.wall_s
    by_clock = limit_s is not None and params.iterations is None  # long routes gain from more turns than others
    if limit_s is not None and by_clock:
        limit_s = min(limit_s, params.deadline_s)
    for number in counted() if by_clock else range(rounds):
        share = 0.0 if by_clock else number / rounds
        if limit_s is not None:
            share = max(share, (time.perf_counter() - begun) / limit_s)
        if share >= 1:
            break
        hold(planner, model, rows, random)
        city, pairs, terms, state = planner.model.city, planner.pairs, planner.terms, planner.state
        work = np.flatnonzero(np.diff(pairs.start) > 0)
        if len(work):
            heat = scale * HOT * (COLD / HOT) ** share
            kernel.search(
                city, planner.stores[0], terms, state, pairs, planner.columns, planner.desks[0], work, zeros, 0, ground,
                0, random_keys(1, int(random.integers(2**62))), a_round, heat, max(1.0, heat / 4), 2,
            )  # fmt: skip
            left = work[state.taker[work] < 0]
            kernel.fill(city, planner.stores[0], terms, state, pairs, left, zeros)
        rows = rows_of(lay_out_all(city, planner.stores[0], terms, state, everybody))
        hold(planner, model, rows, None)
        value = planner.objective_m()
        planner.trace.append((time.perf_counter() - begun, value))
        if value < best:
            best, kept = value, rows
    hold(planner, model, kept, None)
    planner.pairs = first_pairs
    planner.terms = planner.terms._replace(alone=np.zeros_like(first_pairs.person))


def rows_of(laid: Routes) -> list[Ints]:
    """The nodes of every route."""
    return [laid.nodes[a:b].copy() for a, b in zip(laid.first[:-1].tolist(), laid.first[1:].tolist(), strict=True)]


def hold(planner: "Planner", model: Model, rows: list[Ints], random: "np.random.Generator | None") -> None:
    """Make the planner's routes ``rows``, with a few errands of each free, or none without ``random``."""
    asked, people, count = model.city.asked, len(rows), len(model.city.request)
    free, fast, held = [], [], []
    taker = np.full(count, -1, dtype=np.int64)
    for p, row in enumerate(rows):
        errand = np.where(row >= asked, (row - asked) // 2, -1)
        mine = np.unique(errand[errand >= model.pinned])
        loose = chosen(errand[(errand >= model.pinned) & ((row - asked) % 2 == 1)], random)
        taker[errand[errand >= 0]] = p
        taker[loose] = -1
        fast.append(row[~np.isin(errand, loose) | (errand < 0)])
        free.append(loose)
        held.append(len(mine) - len(loose))
    number = np.array(held, dtype=np.int64)
    first = np.concatenate([[0], np.cumsum([len(row) for row in fast])]).astype(np.int64)
    nodes = np.concatenate(fast).astype(np.int64)
    person = model.city.person.copy()
    city = model.city._replace(first=first, nodes=nodes, row=np.zeros((len(nodes), 4)), person=person)
    refresh_all(city)
    fair = city.fairness * (number * person[:, USED] + number * (number + 1) / 2) + number * person[:, PRICE]
    planner.fair_m = float(fair.sum())
    person[:, ROOM_M] -= lengths(city) - lengths(model.city)
    person[:, ROOM_N] -= number
    person[:, USED] += number
    planner.model = replace(model, city=city)
    keys = random_keys(people + count, 0 if random is None else int(random.integers(2**62)))
    if random is not None:
        asked_rows = np.arange(model.pinned, model.pinned + model.requests)
        pairs = find_pairs(planner.model, asked_rows[taker[asked_rows] < 0], 0, people, True)
        planner.pairs = listed(*pairs, people, count)
    planner.terms = build_terms(city, keys, np.zeros(people, dtype=np.int64), planner.pairs)
    planner.terms.most[:] = np.clip(planner.terms.most, 0, MOST_FREE)
    planner.state = build_state(people, count, keys)
    planner.state.taker[:] = taker
    for p, loose in enumerate(free):
        if len(loose):
            kernel.assign(
                city, planner.stores[0], planner.terms, planner.state, loose, np.full(len(loose), p, dtype=np.int64)
            )
    planner.held = True


def chosen(errands: Ints, random: "np.random.Generator | None") -> Ints:
    """Some neighbours of a route."""
    if random is None or not len(errands):
        return np.asarray(errands[:0])
    count = int(random.integers(0, min(FREE, len(errands)) + 1))
    at = int(random.integers(len(errands) - count + 1))
    return np.asarray(errands[at : at + count])
