"""The ranking engine beside its checker, and its tie rules one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.volunteering.engine import Criterion, Entry, Measure, Params, Problem, solve
from linhe.desks.volunteering.engine.checker import faults

QUARTER = (Measure("points"), Measure("services"), Measure("reached"))
TIE_RULE = (Criterion("points"), Criterion("services"), Criterion("reached", "least"))
figures = st.integers(0, 4).map(Fraction) | st.fractions(0, 4, max_denominator=3)


@st.composite
def problems(draw: Any) -> Problem:
    measures = tuple(
        Measure(name, Fraction(draw(st.integers(0, 3))), draw(st.sampled_from(["sum", "max", "full"])), Fraction(4))
        for name in "abc"
    )
    criteria = draw(
        st.lists(
            st.builds(Criterion, st.sampled_from(["total", "a", "b", "c"]), st.sampled_from(["most", "least"])),
            min_size=1, max_size=4,
        )
    )  # fmt: skip
    rows = draw(st.lists(st.tuples(figures, figures, figures), min_size=1, max_size=8))
    entries = tuple(Entry(number, row) for number, row in enumerate(rows))
    return Problem(measures, tuple(criteria), draw(st.integers(0, 9)), entries)


@given(problems(), st.sampled_from(["share", "next"]))
def test_every_ranking_is_as_the_definition_wants_it(problem: Problem, edge: Any) -> None:
    assert list(faults(problem, Params(edge), solve(problem, Params(edge)))) == []


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_come_does_not_matter(problem: Problem, random: Any) -> None:
    shuffled = list(problem.entries)
    random.shuffle(shuffled)
    assert solve(replace(problem, entries=tuple(shuffled)), Params()) == solve(problem, Params())


def quarter(*rows: tuple[int, int, int], quota: int) -> Problem:
    entries = tuple(Entry(n, tuple(map(Fraction, row))) for n, row in enumerate(rows, start=1))
    return Problem(QUARTER, TIE_RULE, quota, entries)


def test_equal_points_are_decided_by_services_then_by_who_was_first() -> None:
    result = solve(quarter((90, 3, 5), (90, 4, 9), (90, 4, 7), (95, 1, 9), quota=3), Params())
    assert [(line.id, line.rank, line.decided_by) for line in result.lines] == [
        (4, 1, ""), (3, 2, "points"), (2, 3, "reached"), (1, 4, "services"),
    ]  # fmt: skip
    assert [line.chosen for line in result.lines] == [True, True, True, False]


@pytest.mark.parametrize(("edge", "chosen"), [("share", [1, 2, 3]), ("next", [1])])
def test_all_who_are_tied_across_the_edge_share_it_or_none_gets_it(edge: Any, chosen: list[int]) -> None:
    result = solve(quarter((90, 3, 5), (80, 2, 7), (80, 2, 7), (70, 2, 7), quota=2), Params(edge))
    assert result.to_json()["chosen"] == chosen
    assert [line.rank for line in result.lines] == [1, 2, 2, 4]


def test_the_case_beside_the_engine_is_solved_exactly() -> None:
    case = json.loads(files("linhe.desks.volunteering.engine").joinpath("case.json").read_text("utf-8"))
    problem = Problem.from_json(case)
    result = solve(problem, Params())
    assert list(faults(problem, Params(), result)) == []
    assert result.to_json()["chosen"] == [1, 2]
    assert result.lines[1].total == Fraction(40 * 90, 320) + Fraction(40 * 93, 100) + 20 == result.lines[2].total
    assert (result.lines[2].id, result.lines[2].tied, result.lines[2].decided_by) == (3, False, "nominated")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"quota": -1}, "quota"),
        ({"criteria": [["stars", "most"]]}, "criteria"),
        ({"criteria": [["a", "best"]]}, "criteria"),
        ({"measures": [{"name": "a", "scale": "log"}]}, "scale"),
        ({"measures": [{"name": "a", "weight": 0.5}]}, "whole numbers"),
        ({"entries": [{"id": 1, "a": -1}]}, "entry 1"),
        ({"entries": [{"id": 1, "a": 1}, {"id": 1, "a": 2}]}, "twice"),
        ({"entries": [{"id": 1}]}, "entries"),
        ({"surprise": 1}, "case"),
    ],
)
def test_a_wrong_case_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    right = {"measures": [{"name": "a"}], "criteria": [["a", "most"]], "quota": 1, "entries": [{"id": 1, "a": 1}]}
    assert solve(Problem.from_json(right), Params()).lines[0].chosen
    with pytest.raises(ValueError, match=named):
        Problem.from_json(right | change)
