"""The sample: proportional, at least one home a building, the same again for the same seed."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.property.engine.sampling import allocate, draw

BUILDINGS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 60), max_size=12)


def plainly(homes: dict[str, int], size: int) -> dict[str, int]:
    """Webster's method, one seat after the other, by looking at everybody each time."""
    chosen = {code: 1 for code in homes if homes[code]}
    while sum(chosen.values()) < min(size, sum(homes.values())):
        open_to = sorted(code for code in chosen if chosen[code] < homes[code])
        chosen[max(open_to, key=lambda code: Fraction(homes[code], 2 * chosen[code] + 1))] += 1
    return chosen


@given(homes=BUILDINGS, size=st.integers(0, 200))
def test_allocation_is_that_of_the_plain_method(homes: dict[str, int], size: int) -> None:
    assert allocate(homes, size) == plainly(homes, size)


@given(homes=BUILDINGS, size=st.integers(0, 200))
def test_every_building_with_homes_is_asked_and_none_beyond_its_homes(homes: dict[str, int], size: int) -> None:
    chosen = allocate(homes, size)
    assert set(chosen) == {code for code, count in homes.items() if count}
    assert all(1 <= chosen[code] <= homes[code] for code in chosen)
    assert sum(chosen.values()) == min(max(size, len(chosen)), sum(homes.values()))


def test_allocation_of_a_small_compound() -> None:
    assert allocate({"1": 60, "2": 30, "3": 10}, 20) == {"1": 12, "2": 6, "3": 2}
    assert allocate({"1": 60, "2": 30, "3": 1}, 6) == {"1": 3, "2": 2, "3": 1}


@given(homes=BUILDINGS, size=st.integers(1, 100), seed=st.integers(0, 2**31), data=st.data())
def test_the_draw_is_a_function_of_seed_and_frame(
    homes: dict[str, int], size: int, seed: int, data: st.DataObject
) -> None:
    frame = {code: list(range(100 * n, 100 * n + count)) for n, (code, count) in enumerate(homes.items())}
    drawn = draw(frame, size, seed=seed)
    assert {code: len(set(chosen)) for code, chosen in drawn.items()} == allocate(homes, size)
    assert all(set(chosen) <= set(frame[code]) for code, chosen in drawn.items())
    mixed = {code: data.draw(st.permutations(frame[code])) for code in data.draw(st.permutations(sorted(frame)))}
    assert draw(mixed, size, seed=seed) == drawn


def test_every_home_of_a_building_is_as_likely_as_another() -> None:
    frame = {"a": list(range(10)), "b": list(range(10, 30))}
    asked = Counter(home for seed in range(3000) for chosen in draw(frame, 6, seed=seed).values() for home in chosen)
    assert allocate({"a": 10, "b": 20}, 6) == {"a": 2, "b": 4}
    assert all(count == pytest.approx(600, rel=0.15) for count in asked.values())
    assert len(asked) == 30
