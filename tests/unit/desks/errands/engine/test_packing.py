"""Bundles put together anew: as good as every way to share them out, whole, and the same for any number of threads."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from linhe.desks.errands.bench.instances import instance, pool_of
from linhe.desks.errands.engine import Params, Problem, packing
from linhe.desks.errands.engine.bundles import MOST, random_keys
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.columns import Columns
from linhe.desks.errands.engine.dispatcher import Dispatcher
from linhe.desks.errands.engine.packing import pack
from linhe.desks.errands.engine.shelf import build_shelf
from linhe.desks.errands.engine.state import Terms, build_state, total
from linhe.desks.errands.sample.city import city

PEOPLE, REQUESTS, KEPT = 5, 9, 8
PARAMS = Params(iterations=20_000, threads=1)


def drawn_bundles(seed: int) -> tuple[Columns, Terms]:
    """Some bundles of one to three requests for each person, at random costs below what their requests are worth."""
    draw = np.random.default_rng(seed)
    keys = random_keys(PEOPLE + REQUESTS, 1)
    penalty = draw.choice([250_000, 500_000], REQUESTS)
    columns = Columns(
        key=np.zeros((PEOPLE, KEPT), dtype=np.uint64),
        cost=np.zeros((PEOPLE, KEPT), dtype=np.int64),
        members=np.full((PEOPLE, KEPT, MOST), -1, dtype=np.int32),
    )
    subsets = [np.array(s) for n in (1, 2, 3) for s in combinations(range(REQUESTS), n)]
    for p in range(PEOPLE):
        for x, which in enumerate(draw.choice(len(subsets), KEPT, replace=False).tolist()):
            mine = subsets[which]
            columns.members[p, x, : len(mine)] = mine
            columns.key[p, x] = np.bitwise_xor.reduce(np.concatenate([keys[p : p + 1], keys[PEOPLE + mine]]))
            columns.cost[p, x] = draw.integers(1, int(penalty[mine].sum()))
    nothing = np.zeros(PEOPLE, dtype=np.int64)
    return columns, Terms(keys, penalty, nothing, 0, nothing + MOST, np.zeros(0, dtype=np.int64))


def least(columns: Columns, terms: Terms) -> int:
    """The objective of the best way to share the bundles out, by all of them."""
    best = 2**60
    sets = [[frozenset(), *(frozenset(m[m >= 0].tolist()) for m in columns.members[p])] for p in range(PEOPLE)]
    costs = [[0, *columns.cost[p].tolist()] for p in range(PEOPLE)]
    for choice in product(range(KEPT + 1), repeat=PEOPLE):
        taken = [sets[p][x] for p, x in enumerate(choice)]
        served = frozenset().union(*taken)
        if sum(map(len, taken)) == len(served):
            left = sum(int(terms.penalty[r]) for r in range(REQUESTS) if r not in served)
            best = min(best, left + sum(costs[p][x] for p, x in enumerate(choice)))
    return best


def test_few_bundles_are_put_together_as_well_as_can_be() -> None:
    """Nearly always: a window holds only people who have what another one's good bundles need."""
    best = [pack_all(*drawn_bundles(seed)) for seed in range(12)]
    assert all(found >= least for found, least in best)
    assert sum(found == least for found, least in best) >= 9


def pack_all(columns: Columns, terms: Terms) -> tuple[int, int]:
    """The objective after packing from a plan in which everybody has the first bundle that goes, and the least."""
    state = build_state(PEOPLE, REQUESTS, terms.keys)
    shelf = build_shelf(PEOPLE, REQUESTS, PEOPLE, KEPT)
    ground, prices = np.zeros(REQUESTS, dtype=np.int64), terms.penalty // 2
    for p, x in product(range(PEOPLE), range(KEPT)):
        mine = columns.members[p, x][columns.members[p, x] >= 0]
        if state.held[p] == 0 and (state.taker[mine] < 0).all():
            state.taker[mine], state.held[p], state.members[p, : len(mine)] = p, len(mine), mine
            state.cost[p], state.key[p] = columns.cost[p, x], columns.key[p, x]
    before = total(terms, state)
    gained = pack(columns, terms, state, shelf, prices, np.arange(PEOPLE), np.arange(REQUESTS), ground, 0)
    assert total(terms, state) == before - gained
    for p in range(PEOPLE):
        assert (state.taker[state.members[p, : state.held[p]]] == p).all()
    assert (state.taker >= 0).sum() == state.held.sum()
    return before - gained, least(columns, terms)


def test_requests_of_other_areas_are_left_alone() -> None:
    columns, terms = drawn_bundles(1)
    state = build_state(PEOPLE, REQUESTS, terms.keys)
    shelf = build_shelf(PEOPLE, REQUESTS, PEOPLE, KEPT)
    ground = np.arange(REQUESTS) % 2
    mine = np.flatnonzero(ground == 0)
    assert pack(columns, terms, state, shelf, terms.penalty // 2, np.arange(2), mine, ground, 0) > 0
    assert (state.taker[1::2] == -1).all()
    assert (state.held[2:] == 0).all()


@pytest.fixture(scope="module")
def problem() -> Problem:
    return instance(pool_of(city()), 220, 110)


def plan(problem: Problem, params: Params = PARAMS) -> Dispatcher:
    dispatcher = Dispatcher(problem, params)
    dispatcher.improve()
    return dispatcher


def test_packing_makes_the_plan_better_and_keeps_it_whole(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    after = plan(problem)
    monkeypatch.setattr(packing, "pack", lambda *given: 0)
    before = plan(problem)
    assert after.objective_m < before.objective_m
    assert violations(problem, after.result()) == []


def test_any_number_of_threads_gives_the_same_plan(problem: Problem) -> None:
    large = instance(pool_of(city()), 600, 700)
    plans = [plan(large, replace(PARAMS, threads=threads)).result() for threads in (1, 2, 3)]
    assert plans[0] == plans[1] == plans[2]
