"""The survey's estimate against textbook numbers, a plain reference, and its limits."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from linhe.desks.property.engine.estimation import collapse, estimate
from linhe.desks.property.engine.problem import Stratum


def stratum(code: str, homes: int, answers: int, satisfied: int) -> Stratum:
    return Stratum(code=code, homes=homes, asked=answers, answers=answers, satisfied=satisfied)


@st.composite
def surveys(draw: st.DrawFn, least: int = 0) -> list[Stratum]:
    found = []
    for n in range(draw(st.integers(1, 6))):
        homes = draw(st.integers(max(1, least), 40))
        answers = draw(st.integers(least, homes))
        found.append(stratum(f"{n}", homes, answers, draw(st.integers(0, answers))))
    return found


def test_nobody_answered_is_no_estimate() -> None:
    assert estimate([stratum("1", 20, 0, 0)], confidence=0.95) is None


def test_everybody_answered_is_exact() -> None:
    found = estimate([stratum("1", 10, 10, 9), stratum("2", 10, 10, 7)], confidence=0.95)
    assert found is not None
    assert found.share == Fraction(4, 5)
    assert found.low == found.high == 0.8


def test_one_building_is_wilson_with_the_finite_population_correction() -> None:
    """n = 40 of N = 200, 30 satisfied: the interval by hand."""
    found = estimate([stratum("1", 200, 40, 30)], confidence=0.95)
    assert found is not None
    size, t = 39 / (1 - 40 / 200), stats.t.ppf(0.975, 39)
    centre = (0.75 + t * t / (2 * size)) / (1 + t * t / size)
    half = t / (1 + t * t / size) * sqrt(0.75 * 0.25 / size + t * t / (4 * size * size))
    assert (found.low, found.high) == (pytest.approx(centre - half), pytest.approx(centre + half))


def test_silent_buildings_are_named_and_joined_with_a_neighbour() -> None:
    found = estimate([stratum("1", 30, 5, 5), stratum("2", 30, 0, 0), stratum("3", 40, 5, 0)], confidence=0.9)
    assert found is not None
    assert found.silent == ("2",)
    assert [(s.code, s.homes, s.answers) for s in collapse([stratum("1", 30, 1, 1), stratum("2", 5, 1, 0)])] == [
        ("1", 35, 2)
    ]
    assert found.share == Fraction(30, 100) * 1 + Fraction(70, 100) * 0


@given(survey=surveys(least=2))
def test_the_share_is_the_weighted_mean_of_the_buildings(survey: list[Stratum]) -> None:
    found = estimate(survey, confidence=0.95)
    assert found is not None
    homes = sum(s.homes for s in survey)
    assert float(found.share) == pytest.approx(sum(s.homes / homes * s.satisfied / s.answers for s in survey))


@given(survey=surveys(least=2))
def test_the_effective_size_is_that_of_the_textbook_variance(survey: list[Stratum]) -> None:
    """Cochran 5.52 in floating point; where it is the wider one, the interval is Wilson's on it."""
    found = estimate(survey, confidence=0.95)
    assert found is not None
    homes, answers = sum(s.homes for s in survey), sum(s.answers for s in survey)
    variance = 0.0
    for s in survey:
        p = s.satisfied / s.answers
        variance += (s.homes / homes) ** 2 * (1 - s.answers / s.homes) * p * (1 - p) / (s.answers - 1)
    share = float(found.share)
    if answers == homes:
        return
    size = (answers - 1) / (1 - answers / homes)
    if variance > 1e-12:
        size = min(size, share * (1 - share) / variance)
    t = stats.t.ppf(0.975, max(answers - len(survey), 1))
    centre = (share + t * t / (2 * size)) / (1 + t * t / size)
    half = t / (1 + t * t / size) * sqrt(share * (1 - share) / size + t * t / (4 * size * size))
    assert found.low == pytest.approx(max(0, centre - half), abs=1e-9)
    assert found.high == pytest.approx(min(1, centre + half), abs=1e-9)


@given(survey=surveys(), confidence=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_holds_the_share_and_widens_with_confidence(survey: list[Stratum], confidence: float) -> None:
    found, surer = estimate(survey, confidence=confidence), estimate(survey, confidence=0.995)
    assert (found is None) == (not any(s.answers for s in survey))
    if found and surer:
        assert 0 <= surer.low <= found.low + 1e-12
        assert found.low <= float(found.share) + 1e-12
        assert float(found.share) <= found.high + 1e-12
        assert found.high <= surer.high + 1e-12
        assert surer.high <= 1


@given(survey=surveys())
def test_joined_buildings_lose_nobody(survey: list[Stratum]) -> None:
    joined = collapse(survey)
    for name in ("homes", "asked", "answers", "satisfied"):
        assert sum(getattr(s, name) for s in joined) == sum(getattr(s, name) for s in survey)
    assert len(joined) == 1 or min(s.answers for s in joined) >= 2
