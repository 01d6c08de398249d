"""The checker finds each kind of lie and each kind of breach, one seeded at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from linhe.desks.errands.engine import Params, Problem, Result, solve
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.result import Broken
from tests.unit.desks.errands.engine.worlds import changed, with_row, world

PARAMS = Params(deadline_s=0)
SEED = 15
Pair = tuple[Problem, Result]


@pytest.fixture(scope="module")
def good() -> Pair:
    problem = world(SEED, 8, 14, most_stops=4)
    return problem, solve(problem, PARAMS)


def with_offer(result: Result, at: int = 0, **values: Any) -> Result:
    offers = list(result.offers)
    offers[at] = replace(offers[at], **values)
    return replace(result, offers=tuple(offers))


def with_route(result: Result, at: int = 0, **values: Any) -> Result:
    routes = list(result.routes)
    routes[at] = replace(routes[at], **values)
    return replace(result, routes=tuple(routes))


def with_visit(result: Result, **values: Any) -> Result:
    visits = list(result.routes[0].visits)
    visits[-1] = replace(visits[-1], **values)
    return with_route(result, visits=tuple(visits))


def person_row(problem: Problem, result: Result) -> int:
    return problem.person_id.tolist().index(result.routes[0].person_id)


def request_row(problem: Problem, result: Result) -> int:
    return problem.request_id.tolist().index(result.offers[0].request_id)


def test_good_result_passes(good: Pair) -> None:
    problem, result = good
    assert len(result.offers) >= 3
    assert result.unserved
    assert violations(problem, result) == []


@pytest.mark.parametrize(
    "name", ["detour_m", "detour_s", "slack_s", "eta_dropoff_s", "pickup_after", "dropoff_after", "eta_pickup_s"]
)
def test_wrong_claim_of_an_offer_is_found(good: Pair, name: str) -> None:
    problem, result = good
    at = next(at for at, offer in enumerate(result.offers) if offer.pickup_after is not None)
    value = getattr(result.offers[at], name)
    value = 60.0 if value == float("inf") else value + 1
    assert any(name in text for text in violations(problem, with_offer(result, at, **{name: value})))


@pytest.mark.parametrize("name", ["distance_m", "detour_m", "end_arrive_s", "depart_s"])
def test_wrong_claim_of_a_route_is_found(good: Pair, name: str) -> None:
    problem, result = good
    wrong = with_route(result, **{name: getattr(result.routes[0], name) + 1})
    assert any(name in text for text in violations(problem, wrong))


@pytest.mark.parametrize("name", ["arrive_s", "begin_s", "leave_s", "load_after"])
def test_wrong_claim_of_a_visit_is_found(good: Pair, name: str) -> None:
    problem, result = good
    wrong = with_visit(result, **{name: getattr(result.routes[0].visits[-1], name) + 1})
    assert any(name in text for text in violations(problem, wrong))


MUTATIONS: dict[str, Callable[[Problem, Result], Result]] = {
    "unknown": lambda p, r: with_offer(r, request_id=999),
    "unknown person": lambda p, r: with_offer(r, person_id=999),
    "appears 2 times": lambda p, r: replace(r, offers=(*r.offers, r.offers[0])),
    "neither offered nor unserved": lambda p, r: replace(r, unserved=r.unserved[1:]),
    "named twice": lambda p, r: with_offer(r, runners_up=(_runner(r), _runner(r))),
    "a person appears twice": lambda p, r: replace(r, routes=(*r.routes, r.routes[0])),
    "disagree on who has errands": lambda p, r: replace(r, routes=r.routes[1:]),
    "own stops are not kept": lambda p, r: with_route(
        r, visits=tuple(visit for visit in r.routes[0].visits if visit.kind != "own")
    ),
    "errand stops are not those": lambda p, r: with_route(
        r, visits=tuple(visit for visit in r.routes[0].visits if visit.kind != "dropoff")
    ),
    "is not the sum": lambda p, r: replace(r, detour_m=r.detour_m + 1),
    "told otherwise": lambda p, r: replace(
        r, status="infeasible", broken=(Broken(person_id=r.routes[0].person_id, stop=0, code="window", over=1.0),)
    ),
    "does not fit": lambda p, r: replace(r, status="infeasible"),
}


def _runner(result: Result) -> Any:
    return next(offer.runners_up[0] for offer in result.offers if offer.runners_up)


@pytest.mark.parametrize("message", MUTATIONS)
def test_seeded_lie_is_found(good: Pair, message: str) -> None:
    problem, result = good
    assert any(message in text for text in violations(problem, MUTATIONS[message](problem, result)))


def test_dropoff_before_pickup_is_found(good: Pair) -> None:
    problem, result = good
    for at, route in enumerate(result.routes):
        kinds = [visit.kind for visit in route.visits]
        if "pickup" in kinds:
            visits = list(route.visits)
            first = kinds.index("pickup")
            pick = visits.pop(first)
            wrong = with_route(result, at, visits=(*visits, pick))
            assert any("before it is picked up" in text for text in violations(problem, wrong))
            return
    pytest.fail("the drawn world has no pick-up")


# The same plan judged against a stricter world.
WORLDS: dict[str, Callable[[Problem, Result], Problem]] = {
    "had declined": lambda p, r: changed(p, declined=[[r.offers[0].request_id, r.offers[0].person_id]]),
    "lacks a skill": lambda p, r: with_row(
        with_row(p, "person_skills", person_row(p, r), 0), "request_skills", request_row(p, r), 1
    ),
    "errands are beyond the limit": lambda p, r: with_row(p, "person_extra_max", person_row(p, r), 0),
    "is beyond the limit": lambda p, r: with_row(p, "person_detour_used_m", person_row(p, r), 1e6),
    "s late": lambda p, r: replace(p, now_s=p.now_s + 7200),
    "carries": lambda p, r: with_row(p, "person_capacity", person_row(p, r), 0),
    "reaches the end": lambda p, r: with_row(p, "person_end_latest_s", person_row(p, r), p.now_s),
    "broken own route": lambda p, r: with_row(p, "person_end_latest_s", person_row(p, r), p.now_s),
}


@pytest.mark.parametrize("message", WORLDS)
def test_breach_of_a_limit_is_found(good: Pair, message: str) -> None:
    problem, result = good
    assert any(message in text for text in violations(WORLDS[message](problem, result), result))
