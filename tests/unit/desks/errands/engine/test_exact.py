"""Few requests: nothing beats the plan, and what is told of it stays true when more comes in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.errands.engine import Params, solve
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.dispatcher import Dispatcher
from linhe.desks.errands.engine.exact import MOST_REQUESTS
from tests.unit.desks.errands.engine.test_dispatcher import of_requests
from tests.unit.desks.errands.engine.test_solve_oracle import drawn, few_errands
from tests.unit.desks.errands.engine.worlds import changed, optimum, world

PARAMS = Params(iterations=500, fairness_m=0)


def test_a_route_that_no_single_insertion_finds() -> None:
    problem = few_errands(world(32482411, 2, 4, 0.01))
    assert solve(problem, PARAMS).objective_m == pytest.approx(8_182.7356, abs=0.01)


@drawn(12)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2), st.integers(2, 4))
def test_three_errands_of_one_person_are_in_their_best_order(seed: int, people: int, requests: int) -> None:
    drawn_world = world(seed, people, requests, 0.015)
    priced = changed(drawn_world, person_price_m=np.random.default_rng(seed).uniform(0, 3000, people))
    for problem, params in ((drawn_world, PARAMS), (priced, Params(iterations=500))):
        assert solve(problem, params).objective_m == pytest.approx(optimum(problem, params), abs=0.01)


@drawn(20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_an_exact_plan_can_be_searched_answered_and_told_again(seed: int, people: int) -> None:
    problem = world(seed, people, MOST_REQUESTS + 2, 0.02)
    dispatcher = Dispatcher(of_requests(problem, np.arange(MOST_REQUESTS)), PARAMS)
    dispatcher.improve()
    assert violations(dispatcher.problem, dispatcher.result()) == []
    before = dispatcher.objective_m
    dispatcher.improve()
    assert dispatcher.objective_m <= before + 0.01
    for row in (MOST_REQUESTS, MOST_REQUESTS + 1):
        dispatcher.answer(of_requests(problem, [row], people=False))
    assert violations(dispatcher.problem, dispatcher.result()) == []
    dispatcher.improve()
    assert violations(problem, dispatcher.result()) == []
