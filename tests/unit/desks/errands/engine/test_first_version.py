"""The first version still plans as it did: feasible plans, constructions that do not beat its own improvement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.errands.engine import Params
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.first import METHODS, solve
from tests.unit.desks.errands.engine.test_solve_oracle import drawn
from tests.unit.desks.errands.engine.worlds import changed, greedy, optimum, world

BRIEF = Params(deadline_s=0.01)


@drawn(15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 14), st.sampled_from(METHODS))
def test_plans_are_feasible(seed: int, people: int, requests: int, method: str) -> None:
    problem = world(seed, people, requests, most_stops=4)
    assert violations(problem, solve(problem, BRIEF, method=method)) == []


def test_greedy_is_plain_greedy_and_the_rest_is_no_worse() -> None:
    for seed in range(8):
        problem = world(seed, 3, 4, size=0.012)
        problem = changed(problem, person_extra_max=np.minimum(problem.person_extra_max, problem.person_extra_used + 2))
        plain = solve(problem, BRIEF, method="greedy").objective_m
        assert plain == pytest.approx(greedy(problem, BRIEF), abs=1e-3)
        assert optimum(problem, BRIEF) - 1e-3 <= solve(problem, BRIEF).objective_m <= plain + 1e-3


def test_nobody_and_nothing() -> None:
    result = solve(world(1, 3, 0), BRIEF)
    assert (result.status, result.offers) == ("empty", ())


def test_what_it_does_not_know_is_refused() -> None:
    problem = world(1, 2, 2)
    places = len(problem.stop_lon) + 8
    with pytest.raises(ValueError, match="road_m"):
        solve(changed(problem, road_m=np.ones((places, places))), BRIEF)
    with pytest.raises(ValueError, match="method"):
        solve(problem, BRIEF, method="best")
