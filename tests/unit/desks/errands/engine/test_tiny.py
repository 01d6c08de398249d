"""An instance that can be judged by eye: one road along the equator, 0.01 degree = 1,112 m."""

from math import hypot
from typing import Any

import pytest

from linhe.desks.errands.engine import Params, Problem, solve
from linhe.desks.errands.engine.checker import violations

STEP_M = 1111.95  # 0.01 degree of the equator


def case(**more: Any) -> dict[str, Any]:
    """A courier at km 0 with stops at 2 and 4, home at 6; errand from 1 to 3, all on the road."""
    return {
        "now_s": 0,
        "road_factor": 1,
        "couriers": [
            {
                "id": 1,
                "at": [0.00, 0],
                "end": {"at": [0.06, 0]},
                "speed_kmh": 36,
                "capacity": 3,
                "detour_max_m": 1500,
                "extra_max": 1,
                "stops": [{"at": [0.02, 0], "service_s": 60}, {"at": [0.04, 0], "service_s": 60}],
                **more,
            }
        ],
        "requests": [
            {"id": 9, "pickup": {"at": [0.01, 0], "service_s": 30}, "dropoff": {"at": [0.03, 0], "service_s": 30}}
        ],
    }


def first_code(data: dict[str, Any]) -> str:
    result = solve(Problem.from_json(data))
    assert result.offers == ()
    return result.unserved[0].reasons[0][0]


def test_errand_along_the_road_costs_only_its_service() -> None:
    result = solve(Problem.from_json(case()))
    (offer,) = result.offers
    assert (offer.pickup_after, offer.dropoff_after) == (-1, 0)
    assert offer.detour_m == pytest.approx(0, abs=1e-3)
    assert offer.detour_s == pytest.approx(60)
    assert offer.eta_pickup_s == pytest.approx(STEP_M / 10, abs=0.01)
    assert offer.eta_dropoff_s == pytest.approx(3 * STEP_M / 10 + 30 + 60, abs=0.01)
    assert offer.slack_s == float("inf")
    assert [(visit.kind, visit.ref) for visit in result.routes[0].visits] == [
        ("pickup", 9),
        ("own", 0),
        ("dropoff", 9),
        ("own", 1),
    ]
    assert result.to_json()["offers"][0]["slack_s"] is None


def test_side_street_costs_two_sides_of_the_triangle() -> None:
    data = case()
    data["requests"] = [{"id": 9, "dropoff": {"at": [0.02, 0.005]}}]
    (offer,) = solve(Problem.from_json(data)).offers
    assert offer.detour_m == pytest.approx((hypot(2, 0.5) + 0.5 - 2) * STEP_M, rel=1e-3)
    assert offer.eta_pickup_s is None


def test_waiting_for_the_window_uses_the_slack() -> None:
    data = case()
    data["couriers"][0]["end"]["latest_s"] = 1000
    data["requests"][0]["pickup"]["window_s"] = [200, None]
    (offer,) = solve(Problem.from_json(data)).offers
    assert offer.eta_pickup_s == 200
    # 200 waiting, 30 + 60 + 30 + 60 service, five steps more
    assert offer.slack_s == pytest.approx(1000 - 200 - 180 - 5 * STEP_M / 10, abs=0.05)


@pytest.mark.parametrize(
    ("courier", "request_", "code"),
    [
        ({"capacity": 0}, {}, "capacity"),
        ({"end": {"at": [0.06, 0], "latest_s": 800}}, {}, "window"),
        ({"extra_used": 1}, {}, "limits_used_up"),
        ({"work_s": [None, 0], "stops": []}, {}, "off_duty"),
        ({}, {"skills": ["care"]}, "none_with_skill"),
        ({}, {"dropoff": {"at": [0.03, 0.015]}}, "detour_limit"),
        ({}, {"pickup": {"at": [0.03, 0.1]}}, "no_courier_within"),
        ({"detour_max_m": 90000}, {"dropoff": {"at": [0.03, 0.05]}}, "too_costly"),
        ({}, {"pickup": {"at": [0.01, 0], "window_s": [None, -5]}}, "window_passed"),
    ],
)
def test_unserved_names_the_limit_that_binds(courier: dict[str, Any], request_: dict[str, Any], code: str) -> None:
    data = case(**courier)
    data["requests"][0].update(request_)
    assert first_code(data) == code


def test_capacity_counts_at_every_point() -> None:
    data = case(capacity=1)
    data["couriers"][0]["stops"][0]["load_change"] = 1
    assert first_code(data) == "capacity"
    data["requests"][0]["dropoff"] = {"at": [0.015, 0]}
    assert len(solve(Problem.from_json(data)).offers) == 1


def test_declined_pair_is_never_offered() -> None:
    data = case()
    data["declined"] = [[9, 1]]
    assert first_code(data) == "declined"


def test_detour_used_before_counts() -> None:
    data = case(detour_used_m=1100)
    data["requests"] = [{"id": 9, "dropoff": {"at": [0.02, 0.004]}}]
    assert first_code(data) == "no_courier_within"
    data["couriers"][0]["detour_used_m"] = 0
    assert len(solve(Problem.from_json(data)).offers) == 1


def test_second_errand_is_stopped_by_the_extra_limit() -> None:
    data = case()
    data["requests"].append({"id": 10, "urgent": True, "dropoff": {"at": [0.05, 0]}})
    result = solve(Problem.from_json(data))
    assert [offer.request_id for offer in result.offers] == [10]
    assert result.unserved[0].reasons == (("extra_limit", {"people": 1.0}),)


def test_runners_up_are_the_next_best() -> None:
    data = case()
    for key, side in ((2, 0.002), (3, 0.001), (4, 0.003)):
        courier = {**data["couriers"][0], "id": key, "at": [0.0, side], "stops": [], "end": {"at": [0.06, side]}}
        data["couriers"].append(courier)
    (offer,) = solve(Problem.from_json(data)).offers
    assert offer.person_id == 1
    assert [other.person_id for other in offer.runners_up] == [3, 2]
    assert ("only_one", {}) not in offer.reasons
    assert offer.reasons[0] == ("nearest_route", {"rank": 1.0, "of": 4.0, "detour_m": pytest.approx(0, abs=1e-3)})


def test_fairness_shares_equal_errands() -> None:
    data = case(extra_max=3)
    data["couriers"].append({**data["couriers"][0], "id": 2})
    data["requests"] = [{"id": key, "dropoff": {"at": [key / 1000, 0]}} for key in (10, 20, 30, 40)]
    result = solve(Problem.from_json(data), Params(fairness_m=100))
    takers = [offer.person_id for offer in result.offers]
    assert (takers.count(1), takers.count(2)) == (2, 2)
    assert result.objective_m == pytest.approx(2 * 300, abs=1e-3)


@pytest.mark.parametrize(
    ("courier", "code", "stop"),
    [
        ({"capacity": 0, "load": 1}, "capacity", 0),
        ({"stops": [{"at": [0.02, 0]}, {"at": [0.04, 0], "window_s": [None, 100]}]}, "window", 1),
        ({"end": {"at": [0.06, 0], "latest_s": 100}}, "window", 2),
    ],
)
def test_broken_own_route_is_named_and_the_others_go_on(courier: dict[str, Any], code: str, stop: int) -> None:
    data = case(**courier)
    healthy = case()["couriers"][0]
    data["couriers"].append({**healthy, "id": 2})
    problem = Problem.from_json(data)
    result = solve(problem)
    assert result.status == "infeasible"
    assert [(entry.person_id, entry.code, entry.stop) for entry in result.broken] == [(1, code, stop)]
    assert [offer.person_id for offer in result.offers] == [2]
    assert violations(problem, result) == []


def test_nobody_or_nothing_is_a_valid_problem() -> None:
    nobody = {**case(), "couriers": []}
    result = solve(Problem.from_json(nobody))
    assert (result.status, result.unserved[0].reasons[0][0]) == ("empty", "no_couriers")
    nothing = {**case(), "requests": []}
    result = solve(Problem.from_json(nothing))
    assert (result.status, result.offers, result.unserved) == ("empty", (), ())
    assert violations(Problem.from_json(nothing), result) == []
