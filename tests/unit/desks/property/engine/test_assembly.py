"""Who decides in an owners' assembly: exact on both sides of two thirds and of a half, by number and by area."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.property.engine.assembly import Count, decide

RULE = {"quorum": Fraction(2, 3), "more_than": Fraction(1, 2)}
BASE = Count(owners=300, area_dm2=3_000_000, voted=240, voted_dm2=2_400_000, agreed=200, agreed_dm2=2_000_000)


@pytest.mark.parametrize(
    ("change", "decision"),
    [
        ({}, "carried"),
        ({"voted": 200}, "carried"), ({"voted": 199, "agreed": 199}, "no_quorum"),
        ({"voted_dm2": 2_000_000}, "carried"), ({"voted_dm2": 1_999_999, "agreed_dm2": 1_999_999}, "no_quorum"),
        ({"agreed": 121}, "carried"), ({"agreed": 120}, "lost"),
        ({"agreed_dm2": 1_200_001}, "carried"), ({"agreed_dm2": 1_200_000}, "lost"),
        ({"voted": 0, "agreed": 0, "voted_dm2": 0, "agreed_dm2": 0}, "no_quorum"),
    ],
)  # fmt: skip
def test_each_bound_on_both_sides(change: dict[str, int], decision: str) -> None:
    assert decide(replace(BASE, **change), **RULE) == decision


@given(data=st.data())
def test_the_decision_is_that_of_whole_numbers(data: st.DataObject) -> None:
    owners, area = data.draw(st.integers(1, 50)), data.draw(st.integers(1, 500))
    voted, voted_dm2 = data.draw(st.integers(0, owners)), data.draw(st.integers(0, area))
    agreed, agreed_dm2 = data.draw(st.integers(0, voted)), data.draw(st.integers(0, voted_dm2))
    count = Count(owners=owners, area_dm2=area, voted=voted, voted_dm2=voted_dm2, agreed=agreed, agreed_dm2=agreed_dm2)
    enough = 3 * voted >= 2 * owners and 3 * voted_dm2 >= 2 * area
    most = 2 * agreed > voted and 2 * agreed_dm2 > voted_dm2
    assert decide(count, **RULE) == ("carried" if enough and most else "lost" if enough else "no_quorum")


@pytest.mark.parametrize("change", [{"voted": 301}, {"agreed": 241}, {"agreed_dm2": -1}, {"owners": 0}])
def test_counts_that_cannot_be_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must hold"):
        replace(BASE, **change)
