"""Bundles put together anew: better, whole, and the same for any number of threads."""

from dataclasses import replace

import numpy as np
import pytest

from linhe.desks.errands.bench.instances import instance, pool_of
from linhe.desks.errands.engine import Params, Problem, choosing, planner
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.dispatcher import Dispatcher
from linhe.desks.errands.sample.city import city

PARAMS = Params(iterations=20_000, threads=1)


@pytest.fixture(scope="module")
def problem() -> Problem:
    return instance(pool_of(city()), 220, 110)


def plan(problem: Problem, params: Params = PARAMS) -> Dispatcher:
    dispatcher = Dispatcher(problem, params)
    dispatcher.improve()
    return dispatcher


@pytest.fixture
def choosy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small problems are put together anew too."""
    monkeypatch.setattr(planner, "CHOOSE_REQUESTS", 1)
    monkeypatch.setattr(planner, "CHOOSE_TURNS", 1)


@pytest.mark.usefixtures("choosy")
def test_putting_together_makes_the_plan_better_and_keeps_it_whole(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = plan(problem)
    monkeypatch.setattr(choosing, "improve", lambda *given: None)
    before = plan(problem)
    assert after.objective_m < before.objective_m
    assert violations(problem, after.result()) == []


@pytest.mark.usefixtures("choosy")
def test_any_number_of_threads_gives_the_same_plan(problem: Problem) -> None:
    plans = [plan(problem, replace(PARAMS, threads=threads)).result() for threads in (1, 2)]
    assert plans[0] == plans[1]


@pytest.mark.usefixtures("choosy")
def test_a_clock_that_has_run_out_leaves_the_plan_alone(problem: Problem) -> None:
    dispatcher = plan(problem)
    taker = dispatcher.planner.state.taker.copy()
    choosing.improve(dispatcher.planner, 1, 0.0, planner.ground_of)
    assert np.array_equal(dispatcher.planner.state.taker, taker)
