"""Points of a round, exactly: the parties' sheets, the parts beside them, the grade, and where parties disagree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from linhe.desks.property.engine.problem import PARTIES, Item, Params, Problem
from linhe.desks.property.engine.result import Disagreement, Estimate, Part

HUNDRED = Fraction(100)


def parts(problem: Problem, params: Params, estimate: Estimate | None) -> tuple[Part, ...]:
    """The four parts in percent of full marks; None where nobody has counted."""
    found: dict[str, Fraction | None] = {
        "sheet": sheet_percent(problem, params),
        "approval": HUNDRED * estimate.share if estimate else None,
        "hotline": hotline_percent(problem, params),
        "fees": fees_percent(problem),
    }
    return tuple(Part(code=code, percent=found[code], weight=params.part_weights[code]) for code in found)


def sheet_percent(problem: Problem, params: Params) -> Fraction | None:
    """The parties' sheets by their weights; None until all have scored."""
    if set(problem.scores) != set(PARTIES):
        return None
    most = sum(item.most_tenths for item in problem.items)
    weighted = sum(params.party_weights[party] * sum(problem.scores[party].values()) for party in PARTIES)
    return Fraction(100 * weighted, most * sum(params.party_weights.values()))


def hotline_percent(problem: Problem, params: Params) -> Fraction | None:
    """Full marks up to ``hotline_full`` complaints per 1,000 households, none from ``hotline_none`` on."""
    if problem.complaints is None:
        return None
    rate = Fraction(1000 * problem.complaints, problem.households)
    percent = HUNDRED * (params.hotline_none - rate) / (params.hotline_none - params.hotline_full)
    return min(HUNDRED, max(Fraction(0), percent))


def fees_percent(problem: Problem) -> Fraction | None:
    """Collected of what was due, at most all of it (advance payments earn nothing more)."""
    if problem.collected_fen is None:
        return None
    return min(HUNDRED, Fraction(100 * problem.collected_fen, problem.due_fen))


def total_tenths(found: Iterable[Part]) -> int | None:
    """The score in tenths of a point, half rounded up; the weight of a part that was not counted is shared out."""
    counted = [(p.percent, p.weight) for p in found if p.percent is not None]
    weights = sum(weight for _, weight in counted)
    if not weights:
        return None
    return int(10 * sum(percent * weight for percent, weight in counted) / weights + Fraction(1, 2))


def grade_of(score_tenths: int, params: Params) -> str:
    """The first grade whose bound the score reaches."""
    return next(code for code, bound in params.grades if score_tenths >= bound)


def disagreements(problem: Problem, params: Params) -> tuple[Disagreement, ...]:
    """Groups in which two parties lie further apart than the margin, in the order of the sheet."""
    if len(problem.scores) < 2:
        return ()
    found = []
    for group in dict.fromkeys(item.group for item in problem.items):
        items = [item for item in problem.items if item.group == group]
        percents = {party: _percent(items, scored) for party, scored in sorted(problem.scores.items())}
        lowest, highest = min(percents, key=percents.__getitem__), max(percents, key=percents.__getitem__)
        apart = percents[highest] - percents[lowest]
        if apart > params.margin_percent:
            found.append(Disagreement(group=group, lowest=lowest, highest=highest, apart_percent=apart))
    return tuple(found)


def _percent(items: Iterable[Item], scored: Mapping[str, int]) -> Fraction:
    chosen = list(items)
    return Fraction(100 * sum(scored[i.code] for i in chosen), sum(i.most_tenths for i in chosen))
