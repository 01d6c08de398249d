"""An independent look at a result: plain loops and decimals, sharing no code with the solver."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from linhe.desks.property.engine.problem import Params, Problem
from linhe.desks.property.engine.result import Result

CLOSE = Decimal("1e-30")


def violations(problem: Problem, params: Params, result: Result) -> list[str]:
    """One sentence for everything that is not as it must be; empty when the result holds."""
    with localcontext(prec=50):
        return _violations(problem, params, result)


def _violations(problem: Problem, params: Params, result: Result) -> list[str]:
    wrong = []
    percents = {p.code: p.percent for p in result.parts}
    expected = {"sheet": _sheet(problem, params), "hotline": _hotline(problem, params), "fees": _fees(problem)}
    for code, value in expected.items():
        given = percents[code]
        if (given is None) != (value is None):
            wrong.append(f"{code}: present in one count only")
        elif given is not None and value is not None and abs(_decimal(given) - value) > CLOSE:
            wrong.append(f"{code}: {float(given)} instead of {value}")
    if expected["sheet"] is None:
        return wrong + ([] if result.score_tenths is None else ["score: given without all sheets"])
    if result.score_tenths is None:
        return [*wrong, "score: missing"]
    total = weight = Decimal(0)
    for code, percent in percents.items():
        if percent is not None:
            total += _decimal(percent) * params.part_weights[code]
            weight += params.part_weights[code]
    if not -CLOSE - Decimal("0.5") <= Decimal(result.score_tenths) - 10 * total / weight <= Decimal("0.5") + CLOSE:
        wrong.append(f"score: {result.score_tenths} instead of {10 * total / weight}")
    if result.passed != (result.score_tenths >= params.pass_tenths):
        wrong.append("passed: contradicts the score")
    lower = dict(params.grades).get(result.grade)
    if lower is None or result.score_tenths < lower:
        wrong.append("grade: its bound is not reached")
    if any(lower is not None and lower < bound <= result.score_tenths for _, bound in params.grades):
        wrong.append("grade: a better one is reached")
    if (e := result.estimate) and not 0 <= e.low <= float(e.share) + 1e-12 <= e.high + 2e-12 <= 1 + 3e-12:
        wrong.append("estimate: the interval does not hold the share")
    return wrong


def _sheet(problem: Problem, params: Params) -> Decimal | None:
    if len(problem.scores) < 3:
        return None
    points = weights = Decimal(0)
    full = sum(item.most_tenths for item in problem.items)
    for party, scored in problem.scores.items():
        for tenths in scored.values():
            points += Decimal(tenths) * params.party_weights[party]
        weights += params.party_weights[party]
    return 100 * points / full / weights


def _hotline(problem: Problem, params: Params) -> Decimal | None:
    if problem.complaints is None:
        return None
    rate = Decimal(1000) * problem.complaints / problem.households
    if rate <= params.hotline_full:
        return Decimal(100)
    if rate >= params.hotline_none:
        return Decimal(0)
    return 100 - 100 * (rate - params.hotline_full) / (params.hotline_none - params.hotline_full)


def _fees(problem: Problem) -> Decimal | None:
    if problem.collected_fen is None:
        return None
    return 100 * Decimal(min(problem.collected_fen, problem.due_fen)) / problem.due_fen


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
