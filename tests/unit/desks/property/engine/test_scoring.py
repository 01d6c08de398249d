"""Points and grades, exactly: both sides of every bound, parts nobody counted, a second look by the checker."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.property import engine
from linhe.desks.property.engine import Params, Problem, scoring, solve
from linhe.desks.property.engine.checker import violations
from linhe.desks.property.engine.problem import PARTIES, Item, Stratum

EXAMPLE = Path(engine.__file__).with_name("case.json")
PARAMS = Params()


def flat(tenths: int, **more: Any) -> Problem:
    """A sheet of one item of 100 points that all three score alike."""
    items = (Item(code="1", group="g", most_tenths=1000),)
    return Problem(items=items, scores={party: {"1": tenths} for party in PARTIES}, **more)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    items = tuple(
        Item(code=str(n), group=draw(st.sampled_from("abc")), most_tenths=draw(st.integers(1, 60)))
        for n in range(draw(st.integers(1, 6)))
    )
    parties = draw(st.sets(st.sampled_from(PARTIES)))
    scores = {p: {i.code: draw(st.integers(0, i.most_tenths)) for i in items} for p in sorted(parties)}
    strata = []
    for n in range(draw(st.integers(0, 4))):
        homes = draw(st.integers(1, 30))
        asked = draw(st.integers(0, homes))
        answers = draw(st.integers(0, asked))
        satisfied = draw(st.integers(0, answers))
        strata.append(Stratum(code=str(n), homes=homes, asked=asked, answers=answers, satisfied=satisfied))
    due = draw(st.integers(1, 10**9))
    return Problem(
        items=items, scores=scores, strata=tuple(strata), households=draw(st.integers(1, 2000)),
        complaints=draw(st.none() | st.integers(0, 300)), due_fen=due,
        collected_fen=draw(st.none() | st.integers(0, 2 * due)),
    )  # fmt: skip


@given(problem=problems())
def test_the_checker_finds_nothing_and_the_case_reads_back(problem: Problem) -> None:
    result = solve(problem, PARAMS)
    assert violations(problem, PARAMS, result) == []
    assert (result.status == "solved") == (set(problem.scores) == set(PARTIES))
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem
    json.dumps(result.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    "change",
    [
        {"score_tenths": 500}, {"grade": "A"}, {"passed": False}, {"grade": "D"}, {"score_tenths": None},
    ],
)  # fmt: skip
def test_the_checker_sees_a_wrong_result(change: dict[str, Any]) -> None:
    problem = flat(755)
    result = solve(problem, PARAMS)
    assert violations(problem, PARAMS, result) == []
    assert violations(problem, PARAMS, replace(result, **change)) != []


def test_the_example_is_solved_as_its_title_says() -> None:
    result = solve(Problem.from_json(json.loads(EXAMPLE.read_text(encoding="utf-8"))))
    assert {p.code: p.percent for p in result.parts} == {
        "sheet": Fraction(363, 5), "approval": Fraction(175, 2), "hotline": Fraction(700, 11), "fees": Fraction(81),
    }  # fmt: skip
    assert (result.score_tenths, result.grade, [d.group for d in result.disagreements]) == (755, "B", ["clean"])
    assert result.estimate is not None
    assert result.estimate.silent == ("3",)


@pytest.mark.parametrize(
    ("tenths", "grade", "passed"),
    [
        (1000, "A", True), (850, "A", True), (849, "B", True), (700, "B", True), (699, "C", True), (600, "C", True),
        (599, "D", False), (0, "D", False),
    ],
)  # fmt: skip
def test_grades_on_both_sides_of_each_bound(tenths: int, grade: str, passed: bool) -> None:
    result = solve(flat(tenths), PARAMS)
    assert (result.score_tenths, result.grade, result.passed) == (tenths, grade, passed)


def test_what_nobody_counted_is_shared_out_and_never_zero() -> None:
    alone = solve(flat(800), PARAMS)
    assert alone.score_tenths == 800
    assert [p.code for p in alone.parts if p.percent is None] == ["approval", "hotline", "fees"]
    with_zero = solve(flat(800, due_fen=100, collected_fen=0), PARAMS)
    assert with_zero.score_tenths == 686  # 80 * 60 / 70 = 68.57


def test_half_a_tenth_is_rounded_up() -> None:
    params = replace(PARAMS, part_weights={"sheet": 1, "approval": 0, "hotline": 0, "fees": 1})
    assert solve(flat(601, due_fen=10, collected_fen=6), params).score_tenths == 601  # 60.05
    assert solve(flat(600, due_fen=1000, collected_fen=599), params).score_tenths == 600  # 59.95


@pytest.mark.parametrize(
    ("complaints", "percent"),
    [(0, 100), (5, 100), (6, Fraction(5400, 55)), (59, Fraction(100, 55)), (60, 0), (99, 0)],
)
def test_complaints_cost_points_between_the_bounds(complaints: int, percent: Fraction) -> None:
    assert scoring.hotline_percent(flat(0, households=1000, complaints=complaints), PARAMS) == percent


def test_fees_beyond_what_was_due_earn_nothing_more() -> None:
    assert scoring.fees_percent(flat(0, due_fen=100, collected_fen=130)) == 100
    assert scoring.fees_percent(flat(0, due_fen=100, collected_fen=81)) == 81


@pytest.mark.parametrize(("high", "named"), [(799, False), (800, False), (801, True)])
def test_parties_explain_what_lies_beyond_the_margin(high: int, named: bool) -> None:
    problem = replace(flat(0), scores={"community": {"1": 500}, "committee": {"1": 600}, "company": {"1": high}})
    found = scoring.disagreements(problem, PARAMS)
    assert [(d.lowest, d.highest) for d in found] == ([("community", "company")] if named else [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"items": []}, "items"), ({"items": {}}, "items: must be a list"), ({"speed": 1}, "case.speed"),
        ({"scores": {"mayor": {}}}, "scores: 'mayor'"), ({"scores": {"company": {"1.1": 1}}}, "scores.company"),
        ({"scores": []}, "scores: must be"), ({"households": "many"}, "households"),
        ({"complaints": True}, "complaints"),
        ({"strata": [{"code": "1"}]}, r"strata\[0\]"), ({"strata": [3]}, r"strata\[0\]: must be an object"),
        ({"due_fen": 0}, "collected_fen"), ({"households": 0}, "complaints"),
        ({"strata": [{"code": "1", "homes": 2, "asked": 3, "answers": 1, "satisfied": 1}]}, r"strata\.1"),
    ],
)  # fmt: skip
def test_a_wrong_case_is_refused_with_its_place(change: dict[str, Any], message: str) -> None:
    data = json.loads(EXAMPLE.read_text(encoding="utf-8")) | change
    with pytest.raises(ValueError, match="^" + message):
        Problem.from_json(data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"party_weights": {"community": 1}},
        {"part_weights": dict.fromkeys(("sheet", "approval", "hotline", "fees"), 0)},
        {"confidence": 1.0}, {"hotline_full": 60}, {"grades": (("A", 1), ("B", 2))},
    ],
)  # fmt: skip
def test_wrong_params_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong)) + ":"):
        replace(PARAMS, **wrong)


def test_case_must_be_an_object() -> None:
    with pytest.raises(ValueError, match="case: must be an object"):
        Problem.from_json([])
