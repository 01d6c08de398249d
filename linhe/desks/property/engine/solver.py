"""Works out a round: the survey's estimate, the parts, the score, the grade."""

from __future__ import annotations

from linhe.desks.property.engine import scoring
from linhe.desks.property.engine.estimation import estimate
from linhe.desks.property.engine.problem import Params, Problem
from linhe.desks.property.engine.result import Result


def solve(problem: Problem, params: Params | None = None) -> Result:
    """The outcome of a round; ``params`` are the office's dated values (by default those of the example).

    Notes
    -----
    Deterministic; points and money are exact fractions, rounded once at the end. Without all three sheets there is no
    score: the status says so.
    """
    params = params or Params()
    surveyed = estimate(problem.strata, confidence=params.confidence)
    found = scoring.parts(problem, params, surveyed)
    score = scoring.total_tenths(found) if scoring.sheet_percent(problem, params) is not None else None
    return Result(
        status="unscored" if score is None else "solved",
        parts=found,
        score_tenths=score,
        grade="" if score is None else scoring.grade_of(score, params),
        passed=score is not None and score >= params.pass_tenths,
        disagreements=scoring.disagreements(problem, params),
        estimate=surveyed,
    )
