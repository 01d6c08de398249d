"""The kept plan: same for any number of threads, warm starts, one new request at once, and one person's list."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.errands.engine import Params, Problem, solve
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.dispatcher import Dispatcher
from linhe.desks.errands.engine.listing import list_for
from linhe.desks.errands.engine.result import Offer
from linhe.desks.errands.engine.scoring import plan_of, score
from tests.unit.desks.errands.engine.test_solve_oracle import drawn, few_errands
from tests.unit.desks.errands.engine.test_tiny import STEP_M, case
from tests.unit.desks.errands.engine.worlds import arrays, changed, optimum, world

THOROUGH = Params(iterations=4_000, fairness_m=0)
SEEDS = st.integers(0, 2**32 - 1)


def of_requests(problem: Problem, rows: Any, *, people: bool = True) -> Problem:
    """The problem with some of its requests, and with or without its people."""
    values = arrays(problem)
    for name, value in values.items():
        if name.startswith("request_"):
            values[name] = value[rows]
        elif not people and name.startswith(("person_", "stop_")):
            values[name] = value[:0]
    if not people:
        values["stop_offset"] = np.zeros(1)
    return Problem(**values)


def without_person(problem: Problem, row: int) -> Problem:
    """The problem without one of its people."""
    values = arrays(problem)
    keep = np.arange(problem.people) != row
    own = np.diff(problem.stop_offset)
    for name, value in values.items():
        if name.startswith("person_"):
            values[name] = value[keep]
        elif name.startswith("stop_") and name != "stop_offset":
            values[name] = value[np.repeat(keep, own)]
    values["stop_offset"] = np.concatenate([[0], np.cumsum(own[keep])])
    return Problem(**values)


@pytest.mark.parametrize("size", [0.03, 0.3])
def test_plan_is_the_same_for_any_number_of_threads(size: float) -> None:
    problem = world(3, 900, 300, size, most_stops=3)
    plans = [solve(problem, Params(iterations=6_000, threads=threads)) for threads in (1, 2, 3)]
    assert plans[0] == plans[1] == plans[2]
    assert violations(problem, plans[0]) == []


@drawn(25)
@given(SEEDS, st.integers(1, 3), st.integers(1, 4), st.sampled_from([0.01, 0.02]))
def test_small_instances_equal_brute_force(seed: int, people: int, requests: int, size: float) -> None:
    problem = few_errands(world(seed, people, requests, size))
    assert solve(problem, THOROUGH).objective_m == pytest.approx(optimum(problem, THOROUGH), abs=0.01)


@drawn(20)
@given(SEEDS, st.integers(2, 4), st.integers(1, 4))
def test_one_more_person_never_makes_the_optimum_worse(seed: int, people: int, requests: int) -> None:
    problem = few_errands(world(seed, people, requests, 0.015))
    fewer = without_person(problem, people - 1)
    assert solve(problem, THOROUGH).objective_m <= solve(fewer, THOROUGH).objective_m + 0.01


@drawn(20)
@given(SEEDS, st.integers(1, 5), st.integers(2, 8))
def test_without_one_request_the_others_stay_feasible(seed: int, people: int, requests: int) -> None:
    problem = world(seed, people, requests)
    before = solve(problem, THOROUGH)
    fewer = of_requests(problem, np.arange(requests - 1))
    after = Dispatcher(fewer, THOROUGH, warm=before).result()
    kept = {(o.request_id, o.person_id) for o in before.offers if o.request_id != problem.request_id[-1]}
    assert kept <= {(o.request_id, o.person_id) for o in after.offers}
    assert violations(fewer, after) == []


def test_warm_start_is_no_worse_than_the_plan_it_starts_from() -> None:
    problem = world(11, 40, 80, most_stops=4)
    first = solve(problem, Params(iterations=2_000))
    again = Dispatcher(problem, Params(iterations=0), warm=first)
    assert again.objective_m == pytest.approx(first.objective_m, abs=0.5)
    again.improve()
    assert again.objective_m <= first.objective_m + 0.5
    assert violations(problem, again.result()) == []


def test_new_requests_are_answered_at_once_and_stay_in_the_plan() -> None:
    problem = world(12, 30, 60, most_stops=4)
    dispatcher = Dispatcher(of_requests(problem, np.arange(40)), Params(iterations=2_000), spare=8)
    dispatcher.improve()
    answers = [dispatcher.answer(of_requests(problem, [row], people=False)) for row in range(40, 60)]
    result = dispatcher.result()
    joined = dispatcher.problem
    assert violations(joined, result) == []
    by_request = {offer.request_id: offer for offer in result.offers}
    offered = [answer for answer in answers if isinstance(answer, Offer)]
    assert 0 < len(offered) < len(answers)
    assert all(by_request[offer.request_id].person_id == offer.person_id for offer in offered)
    before = dispatcher.objective_m
    dispatcher.improve()
    assert dispatcher.objective_m <= before
    assert violations(joined, dispatcher.result()) == []


def test_an_answer_is_what_a_batch_of_one_would_say() -> None:
    problem = world(13, 25, 30, most_stops=4)
    for row in range(30):
        one = of_requests(problem, [row])
        dispatcher = Dispatcher(of_requests(problem, []), Params(fairness_m=0))
        answer = dispatcher.answer(of_requests(problem, [row], people=False))
        batch = solve(one, Params(fairness_m=0))
        if isinstance(answer, Offer):
            (offer,) = batch.offers
            assert (offer.person_id, offer.pickup_after, offer.dropoff_after) == (
                answer.person_id, answer.pickup_after, answer.dropoff_after,
            )  # fmt: skip
            assert [one.person_id for one in offer.runners_up] == [one.person_id for one in answer.runners_up]
            assert offer.detour_m == pytest.approx(answer.detour_m)
        else:
            assert (answer,) == batch.unserved


def test_requests_can_be_added_to_the_plan() -> None:
    problem = world(14, 30, 60, most_stops=4)
    dispatcher = Dispatcher(of_requests(problem, np.arange(50)), Params(iterations=2_000))
    dispatcher.improve()
    dispatcher.add(of_requests(problem, np.arange(50, 60), people=False))
    dispatcher.improve()
    assert violations(problem, dispatcher.result()) == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (lambda problem: of_requests(problem, [0], people=False), "request_id: row 0: duplicate id"),
        (lambda problem: of_requests(problem, [0]), "request: must be a problem of one request and nobody"),
        (lambda problem: of_requests(problem, [0, 1], people=False), "request: must be a problem of one request"),
    ],
)
def test_a_wrong_new_request_is_refused(more: Any, message: str) -> None:
    problem = world(15, 5, 6)
    with pytest.raises(ValueError, match=message):
        Dispatcher(problem).answer(more(problem))


def test_list_of_the_kept_plan_is_that_of_the_problem() -> None:
    problem = world(16, 12, 40, most_stops=4)
    dispatcher = Dispatcher(problem, Params(iterations=500, fairness_m=0))
    dispatcher.improve()
    for person in problem.person_id.tolist():
        ours, plain = dispatcher.list_for(person), list_for(problem, person)
        assert [(o.request_id, round(o.detour_m, 3)) for o in ours] == [
            (o.request_id, round(o.detour_m, 3)) for o in plain
        ]
    with pytest.raises(ValueError, match="nobody has the id"):
        dispatcher.list_for(10_000)


def test_detour_limit_of_time_binds() -> None:
    data = case(detour_max_s=59)
    assert solve(Problem.from_json(data)).offers == ()
    data["couriers"][0]["detour_max_s"] = 61
    result = solve(Problem.from_json(data))
    assert result.offers[0].detour_s == pytest.approx(60)
    assert violations(Problem.from_json(data), result) == []
    data["couriers"][0]["detour_used_s"] = 2
    assert solve(Problem.from_json(data)).offers == ()


def test_points_of_the_last_days_count_for_fairness() -> None:
    data = case(points=50)
    data["couriers"].append({**data["couriers"][0], "id": 2, "points": 0})
    assert [o.person_id for o in solve(Problem.from_json(data), Params(fairness_m=100)).offers] == [2]


def test_whoever_has_a_price_leaves_errands_to_others() -> None:
    data = case(price_m=400)
    data["couriers"].append({**data["couriers"][0], "id": 2, "price_m": 0})
    problem = Problem.from_json(data)
    assert [o.person_id for o in solve(problem, Params(fairness_m=0)).offers] == [2]
    only = problem.only(1)
    plan = solve(only, Params(fairness_m=0))
    assert plan.objective_m == pytest.approx(plan.detour_m + 400)
    assert score(only, Params(fairness_m=0), plan_of(plan)).objective_m == pytest.approx(plan.objective_m)
    assert solve(only, Params(fairness_m=0, unserved_m=300)).offers == ()


def test_stops_of_an_accepted_errand_may_be_moved() -> None:
    data = case(extra_used=1, extra_max=2)
    # accepted before: from km 5 back to km 1, put in at the end of the row; the present order goes there and back
    data["couriers"][0]["stops"] += [{"at": [0.01, 0.0], "errand": 7}]
    data["requests"] = [{"id": 9, "dropoff": {"at": [0.05, 0]}}]
    problem = Problem.from_json(data)
    result = solve(problem)
    assert [(visit.kind, visit.ref) for visit in result.routes[0].visits][:2] == [("own", 2), ("own", 0)]
    assert result.routes[0].detour_m == pytest.approx(-6 * STEP_M, rel=1e-3)
    fixed = changed(problem, stop_errand=np.full(len(problem.stop_errand), -1))
    assert solve(fixed).routes[0].detour_m == pytest.approx(0, abs=1e-3)


def test_errands_that_do_not_fit_back_one_by_one_stay_in_place() -> None:
    """With both drop-offs taken out the load would stay for ever, and with either of them nothing more would fit."""
    data = case(extra_used=2, extra_max=3, capacity=10, load=8)
    data["couriers"][0]["stops"] = [
        {"at": [0.01, 0], "load_change": -4, "errand": 7},
        {"at": [0.015, 0], "load_change": -4, "errand": 8},
        {"at": [0.02, 0], "load_change": 8},
        {"at": [0.04, 0], "load_change": -8},
    ]
    data["requests"] = [{"id": 9, "dropoff": {"at": [0.03, 0]}}]
    problem = Problem.from_json(data)
    result = solve(problem)
    assert violations(problem, result) == []
    assert len(result.offers) == 1
    assert [visit.ref for visit in result.routes[0].visits if visit.kind == "own"] == [0, 1, 2, 3]


def test_many_errands_fit_into_one_route() -> None:
    data = case(extra_max=20, detour_max_m=90_000, capacity=20)
    data["requests"] = [{"id": key, "dropoff": {"at": [0.06 * key / 20, 0.001]}} for key in range(20)]
    problem = Problem.from_json(data)
    result = solve(problem, Params(iterations=20_000, fairness_m=0))
    assert len(result.offers) == 20
    assert violations(problem, result) == []
    assert solve(problem, Params(iterations=20_000, fairness_m=0)) == result


def test_table_of_roads_is_followed() -> None:
    problem = Problem.from_json(case())
    places = len(problem.stop_lon) + 2 * (problem.requests + problem.people)
    table = np.zeros((places, places))
    lon = np.concatenate(
        [
            problem.stop_lon, problem.request_pickup_lon, problem.request_dropoff_lon, problem.person_lon,
            problem.person_end_lon,
        ]
    )  # fmt: skip
    table = np.abs(lon[:, None] - lon) * 100 * STEP_M * 3
    result = solve(replace(problem, road_m=table))
    assert result.routes[0].distance_m == pytest.approx(18 * STEP_M)
