"""The share of satisfied households from a stratified sample, with its interval and who did not answer.

Share: sum of W_h p_h. Variance: sum of W_h^2 (1 - f_h) p_h q_h / (n_h - 1), with the finite population correction
(Cochran 1977, eqs. 5.1, 5.52; buildings with fewer than two answers are collapsed with their neighbours, sec. 5A.12).
Interval: Wilson's score interval on the effective sample size, with Student's t, as compared by C. Franco, R. J. A.
Little, T. A. Louis and E. V. Slud, J. Surv. Stat. Methodol. 7 (2019) 334-364. The effective size is never taken larger
than that of a simple random sample, because few answers a building make its variance look smaller than it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf, sqrt

from scipy.special import stdtrit

from linhe.desks.property.engine.problem import Stratum
from linhe.desks.property.engine.result import Estimate

LEAST_ANSWERS = 2
"""A building's own variance needs two answers."""


def estimate(strata: Sequence[Stratum], *, confidence: float) -> Estimate | None:
    """The estimate, or None while nobody has answered.

    Notes
    -----
    The share is exact (a fraction); the interval is floating point. It assumes that within a building those who did
    not answer feel like those who did: ``asked`` and ``answers`` are given so that this can be judged. O(buildings).
    """
    answers = sum(s.answers for s in strata)
    if not answers:
        return None
    joined = collapse(strata)
    homes = sum(s.homes for s in joined)
    share = sum((Fraction(s.homes * s.satisfied, homes * s.answers) for s in joined), Fraction(0))
    size = _effective_size(joined, share, answers, homes)
    low, high = _wilson(float(share), size, df=max(answers - len(joined), 1), confidence=confidence)
    return Estimate(
        share=share, low=low, high=high, confidence=confidence, homes=homes, asked=sum(s.asked for s in strata),
        answers=answers, satisfied=sum(s.satisfied for s in strata),
        silent=tuple(s.code for s in strata if not s.answers),
    )  # fmt: skip


def collapse(strata: Sequence[Stratum]) -> list[Stratum]:
    """Join buildings, in the order of their codes, until each group has two answers; the rest joins the last."""
    joined: list[Stratum] = []
    for one in sorted(strata, key=lambda s: s.code):
        if joined and joined[-1].answers < LEAST_ANSWERS:
            joined[-1] = _joined(joined[-1], one)
        else:
            joined.append(one)
    if len(joined) > 1 and joined[-1].answers < LEAST_ANSWERS:
        last = joined.pop()
        joined[-1] = _joined(joined[-1], last)
    return joined


def _joined(one: Stratum, other: Stratum) -> Stratum:
    return replace(
        one, homes=one.homes + other.homes, asked=one.asked + other.asked, answers=one.answers + other.answers,
        satisfied=one.satisfied + other.satisfied,
    )  # fmt: skip


def _effective_size(joined: Sequence[Stratum], share: Fraction, answers: int, homes: int) -> float:
    """How many answers of an endless population would be worth as much; ``inf`` when everybody answered."""
    if answers >= homes:
        return inf
    simple = Fraction(max(answers - 1, 1) * homes, homes - answers)
    variance = sum(
        (
            Fraction(s.homes, homes) ** 2 * Fraction(s.homes - s.answers, s.homes)
            * Fraction(s.satisfied * (s.answers - s.satisfied), s.answers**2 * (s.answers - 1))
            for s in joined if s.answers > 1
        ),
        Fraction(0),
    )  # fmt: skip
    return float(min(simple, share * (1 - share) / variance) if variance else simple)


def _wilson(share: float, size: float, *, df: int, confidence: float) -> tuple[float, float]:
    if size == inf:
        return share, share
    t2 = float(stdtrit(df, (1 + confidence) / 2)) ** 2
    centre = (share + t2 / (2 * size)) / (1 + t2 / size)
    half = sqrt(t2 * (share * (1 - share) / size + t2 / (4 * size * size))) / (1 + t2 / size)
    return max(0.0, centre - half), min(1.0, centre + half)
