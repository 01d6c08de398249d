"""What pages tell of one case of exit: opinions, the owners' vote, the notice, the hand-over list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.desks.property.models import Decision, ExitCase, Opinion
from linhe.desks.property.queries.rules import Choice, assembly_rule, choices_of
from linhe.desks.property.schemas import OPINIONS
from linhe.lib.text import Text

OUTCOMES = {
    "carried": Text("通过：解聘", "carried: dismissed"), "lost": Text("未通过", "not carried"),
    "no_quorum": Text("参与不足，无效", "no quorum"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpinionTold:
    """A department of the review and what it said, if it did."""

    department: Text
    said: Text | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class VoteTold:
    """The owners' vote in percent, by number and by area, beside what the law asks."""

    decision: Decision
    voted: tuple[float, float]
    agreed: tuple[float, float]
    quorum: float
    more_than: float
    outcome: Text | None


@dataclass(frozen=True, slots=True)
class ExitTold:
    """A case of exit as pages show it."""

    case: ExitCase
    opinions: list[OpinionTold]
    vote: VoteTold | None
    items: list[tuple[Choice, datetime | None]]
    notice_over: bool

    @property
    def handed(self) -> int:
        """Items handed over."""
        return sum(at is not None for _, at in self.items)


def told_exit(case: ExitCase, *, at: datetime) -> ExitTold:
    """Everything about a case."""
    begun, place_code = case.matter.created_at, case.matter.place.code
    said = {o.department: o for o in Opinion.objects.filter(case=case)}
    words = dict(OPINIONS)
    opinions = [
        OpinionTold(one.name, words[said[one.code].opinion], said[one.code].at)
        if one.code in said else OpinionTold(one.name, None, None)
        for one in choices_of("property.review_departments", begun, place_code)
    ]  # fmt: skip
    handed = dict(case.handed.values_list("item", "at"))
    items = [(one, handed.get(one.code)) for one in choices_of("property.handover_items", begun, place_code)]
    over = case.notice_until is not None and case.notice_until <= at
    return ExitTold(case, opinions if case.assessment_id else [], _vote(case, at), items, over)


def _vote(case: ExitCase, at: datetime) -> VoteTold | None:
    decision = case.decisions.order_by("-id").first()
    if decision is None:
        return None
    quorum, more_than = assembly_rule(decision.verified_at or at, case.matter.place.code)
    return VoteTold(
        decision,
        (_share(decision.voted, decision.owners), _share(decision.voted_dm2, decision.area_dm2)),
        (_share(decision.agreed, decision.voted), _share(decision.agreed_dm2, decision.voted_dm2)),
        round(float(100 * quorum), 1), round(float(100 * more_than), 1), OUTCOMES.get(decision.outcome),
    )  # fmt: skip


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
