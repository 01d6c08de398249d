"""The order of a round: as good as trying every order, judged by a checker that shares no code with it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linhe.desks.care import engine
from linhe.desks.care.engine import Params, Problem, Result, solve
from linhe.desks.care.engine.checker import violations

CASE = json.loads((Path(engine.__file__).with_name("case.json")).read_text(encoding="utf-8"))
DEGREE = st.integers(0, 60).map(lambda n: n / 5000)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A small round of an hour or two, with windows tight enough to matter."""
    stops = []
    for n in range(draw(st.integers(0, 6))):
        first = draw(st.integers(0, 5400))
        last = first + draw(st.sampled_from([0, 300, 900, 2400, 7200]))
        stops.append({
            "id": n, "at": [112.7 + draw(DEGREE), 38.4 + draw(DEGREE)],
            "window_s": draw(st.sampled_from([None, [first, last], [None, last], [first, None]])),
            "service_s": draw(st.sampled_from([0, 60, 600])),
        })  # fmt: skip
    return {"start": [112.705, 38.405], "start_s": draw(st.integers(0, 1800)), "stops": stops}


def best_by_trying(problem: Problem, *, late_allowed: bool) -> tuple[int, int, int] | None:
    """(lateness, end, walked seconds) of the best of all orders; None when none keeps the windows."""
    found = []
    for order in itertools.permutations(problem.stops):
        here, clock, late, walked = problem.start, problem.start_s, 0, 0
        for stop in order:
            way = problem.way_s(here, stop.at)
            clock, walked = max(clock + way, stop.earliest_s), walked + way
            late += max(0, clock - stop.latest_s)
            clock, here = clock + stop.service_s, stop.at
        if late_allowed or not late:
            found.append((late, clock, walked))
    return min(found, default=None)


def told(problem: Problem, result: Result) -> tuple[int, int, int]:
    """The same three figures of a result."""
    stops = {stop.id: stop for stop in problem.stops}
    here, walked = problem.start, 0
    for call in result.calls:
        walked, here = walked + problem.way_s(here, stops[call.id].at), stops[call.id].at
    return result.late_s, result.finish_s, walked


@settings(max_examples=60)
@given(case=cases(), late_allowed=st.booleans())
def test_no_order_is_better(case: dict[str, Any], late_allowed: bool) -> None:
    problem = Problem.from_json(case)
    result = solve(problem, Params(late_allowed=late_allowed))
    assert violations(case, result.to_json(), late_allowed=late_allowed) == []
    best = best_by_trying(problem, late_allowed=late_allowed)
    if not case["stops"]:
        assert result.status == "empty"
    elif best is None:
        assert (result.status, result.calls) == ("infeasible", ())
    else:
        assert (result.status, result.proven) == ("solved", True)
        assert told(problem, result) == best


def test_eight_doors_are_walked_in_the_best_order() -> None:
    stops = [
        {"id": n, "at": [112.7 + (n * 37 % 11) / 1000, 38.4 + (n * 53 % 13) / 1000], "service_s": 120} for n in range(8)
    ]
    problem = Problem.from_json({"start": [112.7, 38.4], "start_s": 0, "stops": stops})
    result = solve(problem, Params())
    assert told(problem, result) == best_by_trying(problem, late_allowed=False)


def test_the_case_beside_the_format_is_solved_and_the_same_again() -> None:
    problem = Problem.from_json(CASE)
    result = solve(problem, Params())
    assert result.status == "solved"
    assert violations(CASE, result.to_json()) == []
    assert solve(problem, Params()) == result


def test_thirty_doors_take_no_more_than_the_work_allows() -> None:
    stops = [
        {"id": n, "at": [112.7 + (n * 37 % 101) / 9000, 38.4 + (n * 53 % 97) / 9000], "service_s": 300,
         "window_s": [(n % 5) * 1800, 30_000]}
        for n in range(30)
    ]  # fmt: skip
    case = {"start": [112.7, 38.4], "start_s": 0, "stops": stops}
    result = solve(Problem.from_json(case), Params(late_allowed=True, work=1.0))
    assert violations(case, result.to_json(), late_allowed=True) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"stops": 3}, "stops: must be a list"),
        ({"stops": [3]}, r"stops\[0\]: must be an object"),
        ({"stops": [{"id": 1}]}, r"stops\[0\]: \['at'\] missing"),
        ({"stops": [{"id": 1, "at": [0, 0], "colour": 1}]}, r"unknown \['colour'\]"),
        ({"stops": [{"id": 1, "at": [0, 99]}]}, "out of range"),
        ({"stops": [{"id": 1, "at": [0, 0], "window_s": [5, 4]}]}, "in order"),
        ({"stops": [{"id": 1, "at": [0, 0]}] * 2}, "occurs twice"),
        ({"start_s": "early"}, "whole number"),
        ({"speed_kmh": 0}, "positive"),
        ({"way_factor": 0.5}, "at least 1"),
        ({"weather": "fine"}, "unknown"),
    ],
)
def test_a_wrong_case_says_what_is_wrong(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Problem.from_json(CASE | change)


@pytest.mark.parametrize("wrong", ["leaves one out", "comes too early", "hides lateness", "ends earlier"])
def test_the_checker_finds_a_wrong_round(wrong: str) -> None:
    result = solve(Problem.from_json(CASE), Params()).to_json()
    if wrong == "leaves one out":
        result["calls"].pop()
    elif wrong == "comes too early":
        result["calls"][1]["reached_s"] -= 400
    elif wrong == "hides lateness":
        result["calls"][0]["begins_s"] += 9000
    else:
        result["finish_s"] -= 1
    assert violations(CASE, result) != []
