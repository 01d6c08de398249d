"""Ranks by the criteria in their order, in whole numbers and fractions only, so that everyone recomputes the same."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from .problem import TOTAL, Entry, Measure, Params, Problem
from .result import Line, Result


def solve(problem: Problem, params: Params) -> Result:
    """Rank the entries and choose the rewarded.

    Groups of equals are taken whole, best first, while they fit into the quota. A group that reaches across its end is
    chosen whole when the edge is ``share`` and not at all when it is ``next``; nobody behind it is chosen.
    """
    totals = _totals(problem)
    keys = {entry.id: _key(problem, entry, totals[entry.id]) for entry in problem.entries}
    ordered = sorted(problem.entries, key=lambda entry: (keys[entry.id], entry.id))
    lines: list[Line] = []
    open_ = True
    for key, group in groupby(ordered, key=lambda entry: keys[entry.id]):
        equals, before = list(group), len(lines)
        fits = before + len(equals) <= problem.quota
        chosen = open_ and before < problem.quota and (fits or params.edge == "share")
        open_ = open_ and fits
        decided_by = _decided_by(problem, keys[lines[-1].id], key) if lines else ""
        for number, entry in enumerate(equals):
            reason = "" if number else decided_by
            lines.append(Line(entry.id, before + 1, totals[entry.id], reason, len(equals) > 1, chosen))
    return Result(tuple(lines))


def _totals(problem: Problem) -> dict[int, Fraction]:
    divisors = [_divisor(problem, column, measure) for column, measure in enumerate(problem.measures)]
    return {
        entry.id: sum(
            (
                measure.weight * figure / divisor
                for measure, figure, divisor in zip(problem.measures, entry.figures, divisors, strict=True)
                if divisor
            ),
            Fraction(0),
        )
        for entry in problem.entries
    }


def _divisor(problem: Problem, column: int, measure: Measure) -> Fraction:
    """What a measure's figures are divided by; 0 when nobody has anything of it, then it adds nothing."""
    figures = [entry.figures[column] for entry in problem.entries]
    match measure.scale:
        case "sum":
            return sum(figures, Fraction(0))
        case "max":
            return max(figures, default=Fraction(0))
        case _:
            return measure.full


def _key(problem: Problem, entry: Entry, total: Fraction) -> tuple[Fraction, ...]:
    of = dict(zip((m.name for m in problem.measures), entry.figures, strict=True)) | {TOTAL: total}
    return tuple(-of[c.name] if c.better == "most" else of[c.name] for c in problem.criteria)


def _decided_by(problem: Problem, better: tuple[Fraction, ...], worse: tuple[Fraction, ...]) -> str:
    return next(c.name for c, a, b in zip(problem.criteria, better, worse, strict=True) if a != b)
