"""The count of votes: both sides of every threshold, exact at any size, equal to a plain count of the ballots."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.councils.engine import Params, Problem, solve
from linhe.desks.councils.engine.checker import Ballot, decide, faults
from linhe.desks.councils.engine.problem import Share
from linhe.desks.councils.engine.weight import Weight

CASE = Path("linhe/desks/councils/engine/case.json")
BIG = 10**12 * 3 * 4


def owners(rule: str, whole: Weight, part: Weight, yes: Weight) -> str:
    """The status of a vote of owners in which all who did not agree were against."""
    no = Weight(part.number - yes.number, part.area_dm2 - yes.area_dm2)
    problem = Problem(rule=rule, entitled=whole, taking_part=part, yes=yes, no=no)
    result = solve(problem, Params())
    assert faults(problem, Params(), result) == []
    return result.status


@pytest.mark.parametrize(
    ("rule", "whole", "part", "yes", "status"),
    [
        # taking part: at least two thirds of number and of area
        ("ordinary", (300, 30000), (200, 20000), (200, 20000), "carried"),
        ("ordinary", (300, 30000), (199, 20000), (199, 20000), "inquorate"),
        ("ordinary", (300, 30000), (200, 19999), (200, 19999), "inquorate"),
        ("ordinary", (301, 30001), (201, 20001), (201, 20001), "carried"),
        ("ordinary", (301, 30001), (200, 20001), (200, 20001), "inquorate"),
        ("ordinary", (301, 30001), (201, 20000), (201, 20000), "inquorate"),
        # ordinary: more than half of number and of area of those taking part
        ("ordinary", (300, 30000), (200, 20000), (101, 10001), "carried"),
        ("ordinary", (300, 30000), (200, 20000), (100, 10001), "lost"),
        ("ordinary", (300, 30000), (200, 20000), (101, 10000), "lost"),
        ("ordinary", (300, 30000), (201, 20001), (101, 10001), "carried"),
        # special: at least three quarters of each
        ("special", (300, 30000), (200, 20000), (150, 15000), "carried"),
        ("special", (300, 30000), (200, 20000), (149, 15000), "lost"),
        ("special", (300, 30000), (200, 20000), (150, 14999), "lost"),
        ("special", (300, 30000), (201, 20001), (151, 15001), "carried"),
        ("special", (300, 30000), (201, 20001), (150, 15001), "lost"),
        # sizes at which a float no longer tells the sides apart
        ("special", (BIG, BIG), (BIG, BIG), (BIG * 3 // 4, BIG * 3 // 4), "carried"),
        ("special", (BIG, BIG), (BIG, BIG), (BIG * 3 // 4, BIG * 3 // 4 - 1), "lost"),
        ("ordinary", (BIG, BIG), (BIG, BIG), (BIG // 2 + 1, BIG // 2), "lost"),
    ],
)
def test_owners_decide_on_both_sides_of_every_threshold(
    rule: str, whole: tuple[int, int], part: tuple[int, int], yes: tuple[int, int], status: str
) -> None:
    assert owners(rule, Weight(*whole), Weight(*part), Weight(*yes)) == status


@pytest.mark.parametrize(
    ("members", "present", "yes", "status"),
    [
        (10, 6, 4, "carried"), (10, 5, 5, "inquorate"), (11, 6, 4, "carried"), (11, 5, 5, "inquorate"),
        (10, 6, 3, "lost"), (10, 7, 4, "carried"), (10, 7, 3, "lost"), (0, 0, 0, "inquorate"), (1, 1, 1, "carried"),
    ],
)  # fmt: skip
def test_a_council_needs_more_than_half_present_and_more_than_half_of_them(
    members: int, present: int, yes: int, status: str
) -> None:
    problem = Problem(rule="simple", entitled=Weight(members), taking_part=Weight(present), yes=Weight(yes))
    assert solve(problem, Params()).status == status


BALLOTS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from([None, "yes", "yes", "yes", "no", "abstain"]), st.booleans()).map(
        lambda b: (b[0], b[1], b[2] or b[1] is not None)
    ),
    max_size=14,
)
SHARES = st.tuples(st.integers(0, 4), st.integers(1, 4), st.booleans()).map(
    lambda s: Share(min(s[0], s[1]), s[1], strict=s[2])
)


@given(rule=st.sampled_from(["simple", "ordinary", "special"]), ballots=BALLOTS, asked=SHARES, part=SHARES)
def test_the_count_equals_a_plain_count_of_the_ballots(
    rule: str, ballots: list[Ballot], asked: Share, part: Share
) -> None:
    voters = [
        {"id": n, "area_m2": f"{area // 100}.{area % 100:02}", "vote": vote, "present": present}
        for n, (area, vote, present) in enumerate(ballots)
    ]
    problem = Problem.from_json({"rule": rule, "voters": voters})
    for params in (Params(), Params(quorum=part, simple=asked, participation=part, ordinary=asked, special=asked)):
        result = solve(problem, params)
        assert result.status == decide(rule, ballots, params)
        assert faults(problem, params, result) == []


@given(share=SHARES, whole=st.integers(0, 500), data=st.data())
def test_what_is_missing_is_the_least_that_would_do(share: Share, whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    missing = share.missing(part, whole)
    assert share.met(part + missing, whole) == (whole > 0)
    assert missing == 0 or not share.met(part + missing - 1, whole)


def test_the_case_file_counts() -> None:
    result = solve(Problem.from_json(json.loads(CASE.read_text())), Params())
    assert result.to_json()["status"] == "lost"
    assert [(c["code"], c["by"], c["missing"]) for c in result.to_json()["checks"]] == [
        ("participation", "number", 0), ("participation", "area", 0), ("approval", "number", 1),
        ("approval", "area", 6797),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rule": "loud"}, "rule"), ({"more": 1}, "more"), ({"voters": 3}, "voters"),
        ({"voters": [{"id": 1, "area_m2": 1.005}]}, "area_m2"), ({"voters": [{"id": 1, "vote": "maybe"}]}, "vote"),
        ({"voters": [{"id": 1}, {"id": 1}]}, "id"),
        ({"voters": [{"id": 1, "vote": "no", "present": False}]}, "present"),
        ({"voters": [{"id": 1, "area_m2": "NaN"}]}, "area_m2"), ({"voters": ["x"]}, "voters[0]"),
    ],
)  # fmt: skip
def test_a_wrong_case_names_the_place(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named.replace("[", r"\[").replace("]", r"\]")):
        Problem.from_json({"rule": "ordinary", "voters": [], **change})


def test_sums_that_contradict_each_other_are_refused() -> None:
    right = Problem(rule="ordinary", entitled=Weight(5, 50), taking_part=Weight(2, 20), yes=Weight(2, 20))
    for wrong in (
        {"yes": Weight(3, 20)}, {"entitled": Weight(1, 50)}, {"entitled": Weight(5, 19)}, {"yes": Weight(1, 20)},
        {"no": Weight(-1, 0)}, {"taking_part": Weight(3, 20)},
    ):  # fmt: skip
        with pytest.raises(ValueError):  # noqa: PT011  the field is named, which of them does not matter here
            replace(right, **wrong)
    with pytest.raises(ValueError, match="share"):
        Share(3, 2)
