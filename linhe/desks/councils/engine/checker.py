"""An independent check of a counted vote: fractions instead of products, ballots instead of sums. Shares no code."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .problem import Params, Problem, Share
    from .result import Result

Ballot = tuple[int, str | None, bool]
"""Area in dm2, what was voted (None: nothing), whether present."""


def decide(rule: str, ballots: Iterable[Ballot], params: Params) -> str:
    """What the single ballots come to."""
    everyone = list(ballots)
    if rule == "simple":
        here = [one for one in everyone if one[2]]
        if not _reached(len(here), len(everyone), params.quorum):
            return "inquorate"
        agreed = _reached(len([one for one in here if one[1] == "yes"]), len(here), params.simple)
        return "carried" if agreed else "lost"
    voted = [one for one in everyone if one[1] is not None]
    yes = [one for one in voted if one[1] == "yes"]
    asked = params.special if rule == "special" else params.ordinary
    for inner, outer, share, otherwise in (
        (voted, everyone, params.participation, "inquorate"),
        (yes, voted, asked, "lost"),
    ):
        by_number = _reached(len(inner), len(outer), share)
        by_area = _reached(sum(one[0] for one in inner), sum(one[0] for one in outer), share)
        if not (by_number and by_area):
            return otherwise
    return "carried"


def faults(problem: Problem, params: Params, result: Result) -> list[str]:
    """What a result gets wrong about the sums of its problem; empty when it is right."""
    found = []
    for check in result.checks:
        limit, share = Fraction(check.num, check.den), Fraction(check.part, check.whole) if check.whole else None
        met = share is not None and (share > limit if check.strict else share >= limit)
        if met != check.met:
            found.append(f"{check.code} by {check.by}: met is {check.met}")
        if check.whole and met != (check.missing == 0):
            found.append(f"{check.code} by {check.by}: {check.missing} missing")
    took_part = [check.met for check in result.checks if check.code != "approval"]
    agreed = [check.met for check in result.checks if check.code == "approval"]
    right = "inquorate" if not all(took_part) else "carried" if all(agreed) else "lost"
    if result.status != right:
        found.append(f"status: {result.status}, not {right}")
    if len(result.checks) != (2 if problem.rule == "simple" else 4):
        found.append("checks: some are missing")
    return found


def _reached(part: int, whole: int, share: Share) -> bool:
    if whole == 0:
        return False
    reached, limit = Fraction(part, whole), Fraction(share.num, share.den)
    return reached > limit if share.strict else reached >= limit
