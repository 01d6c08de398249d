"""Every solver is measured by one rule: what cannot be driven is dropped, the rest is counted."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.errands.engine import Params, Problem, solve
from linhe.desks.errands.engine.scoring import fair_share, plan_of, score
from tests.unit.desks.errands.engine.test_solve_oracle import drawn
from tests.unit.desks.errands.engine.worlds import changed, with_row, world

PARAMS = Params(deadline_s=0)
Plan = dict[int, list[tuple[str, int]]]


@pytest.fixture(scope="module")
def solved() -> tuple[Problem, Plan, float]:
    problem = world(15, 8, 14, most_stops=4)
    result = solve(problem, PARAMS)
    return problem, plan_of(result), result.objective_m


@drawn(25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 14))
def test_our_own_plans_score_what_they_claim(seed: int, people: int, requests: int) -> None:
    problem = world(seed, people, requests)
    for params in (PARAMS, Params(deadline_s=0.01, fairness_m=0)):
        result = solve(problem, params)
        told = score(problem, params, plan_of(result))
        assert told.dropped == []
        assert told.objective_m == pytest.approx(result.objective_m, abs=0.01)
        assert told.served == {offer.request_id: offer.person_id for offer in result.offers}


def _busy(plan: Plan) -> int:
    return next(person for person in plan if any(kind == "pickup" for kind, _ in plan[person]))


def _key(plan: Plan, person: int) -> int:
    return next(key for kind, key in plan[person] if kind == "pickup")


def spoilt(problem: Problem, plan: Plan, how: str) -> tuple[Problem, Plan]:
    person = _busy(plan)
    key = _key(plan, person)
    mine = {other: list(visits) for other, visits in plan.items()}
    row, request = problem.person_id.tolist().index(person), problem.request_id.tolist().index(key)
    if how == "reversed":
        mine[person] = [
            ({"pickup": "dropoff", "dropoff": "pickup"}.get(k, k) if r == key else k, r) for k, r in mine[person]
        ]
    elif how == "half":
        mine[person].remove(("pickup", key))
    elif how == "late":
        problem = with_row(problem, "request_dropoff_latest_s", request, problem.request_dropoff_earliest_s[request])
        problem = with_row(problem, "request_pickup_latest_s", request, problem.request_pickup_earliest_s[request])
    elif how == "detour":
        problem = with_row(problem, "person_detour_max_m", row, problem.person_detour_used_m[row])
    elif how == "later":
        problem = with_row(problem, "person_detour_max_s", row, 0.0)
    elif how == "full":
        problem = with_row(problem, "person_capacity", row, 0)
    elif how == "declined":
        problem = changed(problem, declined=np.array([[key, person]]))
    elif how == "unskilled":
        problem = with_row(with_row(problem, "request_skills", request, 1), "person_skills", row, 0)
    elif how == "too many":
        problem = with_row(problem, "person_extra_max", row, problem.person_extra_used[row])
    return problem, mine


@pytest.mark.parametrize(
    "how", ["reversed", "half", "late", "detour", "later", "full", "declined", "unskilled", "too many"]
)
def test_what_cannot_be_driven_is_dropped(solved: tuple[Problem, Plan, float], how: str) -> None:
    problem, plan, objective = solved
    problem, mine = spoilt(problem, plan, how)
    told = score(problem, PARAMS, mine)
    assert _key(plan, _busy(plan)) in told.dropped
    assert told.objective_m > objective


def test_errand_that_two_people_have_counts_once(solved: tuple[Problem, Plan, float]) -> None:
    problem, plan, objective = solved
    first, second = sorted(plan)[:2]
    key = next(key for kind, key in plan[first] if kind == "dropoff")
    stops = [visit for visit in plan[first] if visit[0] != "own" and visit[1] == key]
    told = score(problem, PARAMS, plan | {second: plan[second] + stops})
    assert told.served[key] == first
    assert told.objective_m == pytest.approx(objective)


def test_own_stops_out_of_order_stand_in_order_again(solved: tuple[Problem, Plan, float]) -> None:
    problem, plan, _ = solved
    person = next(p for p in plan if sum(kind == "own" for kind, _ in plan[p]) >= 2)
    own = iter([visit for visit in reversed(plan[person]) if visit[0] == "own"])
    turned: Any = [next(own) if kind == "own" else (kind, ref) for kind, ref in plan[person]]
    assert turned != plan[person]
    assert score(problem, PARAMS, plan | {person: turned}).routes[person] == plan[person]


def test_unknown_person_is_refused(solved: tuple[Problem, Plan, float]) -> None:
    with pytest.raises(ValueError, match="nobody has the id 999"):
        score(solved[0], PARAMS, {999: []})


def test_gini() -> None:
    assert fair_share({}, 3) == 0
    assert fair_share({1: 1, 2: 2, 3: 3}, 3) == pytest.approx(0)
    assert fair_share({1: 1, 2: 1}, 2) == pytest.approx(0.5)
