"""Counts a vote: first whether enough took part, then whether enough of them agreed. Whole numbers only."""

from __future__ import annotations

from .problem import Params, Problem, Share
from .result import Check, Result
from .weight import Weight


def solve(problem: Problem, params: Params) -> Result:
    """Decide a vote.

    Parameters
    ----------
    problem : the sums of one vote.
    params : the shares in force.

    Returns
    -------
    Result : ``carried``, ``lost`` or ``inquorate``, with every share that was asked for.

    Notes
    -----
    Exact: shares are compared by multiplying whole numbers out, nothing is rounded. Constant time. Abstentions count
    as taking part. By area nothing is asked in a council (rule ``simple``).

    References
    ----------
    Civil Code of the PRC, art. 278: owners who hold at least two thirds of the exclusive area and are at least two
    thirds of the owners take part; ordinary matters need more than half of the area and number taking part, special
    ones at least three quarters of each.
    """
    if problem.rule == "simple":
        first: tuple[Check, ...] = (_check("quorum", "number", params.quorum, problem.taking_part, problem.entitled),)
        then: tuple[Check, ...] = (_check("approval", "number", params.simple, problem.yes, problem.taking_part),)
    else:
        approval = params.ordinary if problem.rule == "ordinary" else params.special
        first = _both("participation", params.participation, problem.taking_part, problem.entitled)
        then = _both("approval", approval, problem.yes, problem.taking_part)
    if not all(check.met for check in first):
        status = "inquorate"
    else:
        status = "carried" if all(check.met for check in then) else "lost"
    return Result(status=status, checks=(*first, *then))


def _both(code: str, share: Share, part: Weight, whole: Weight) -> tuple[Check, ...]:
    return tuple(_check(code, by, share, part, whole) for by in ("number", "area"))


def _check(code: str, by: str, share: Share, part: Weight, whole: Weight) -> Check:
    some, everything = (part.number, whole.number) if by == "number" else (part.area_dm2, whole.area_dm2)
    return Check(
        code=code, by=by, part=some, whole=everything, num=share.num, den=share.den, strict=share.strict,
        met=share.met(some, everything), missing=share.missing(some, everything),
    )  # fmt: skip
