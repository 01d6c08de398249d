"""What a round of assessment is worked out from: the sheet and its scores, the survey, complaints and fees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linhe.desks.property.engine import case

PARTIES = ("community", "committee", "company")
"""Who scores a sheet: subdistrict and community, owners' committee, the company itself."""
PARTS = ("sheet", "approval", "hotline", "fees")
"""What a score is made of: the sheet, the owners' survey, complaints to the hotline, fees collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the score sheet; ``most_tenths`` is its full score in tenths of a point."""

    code: str
    group: str
    most_tenths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A building in the survey: ``homes`` in it, ``asked`` by letter, ``answers`` returned, ``satisfied`` of these."""

    code: str
    homes: int
    asked: int
    answers: int
    satisfied: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What an office sets by dated values; the defaults here serve the example only.

    Attributes
    ----------
    party_weights, part_weights : whole numbers, relative to their sum.
    margin_percent : parties further apart in a group, in percent of its full score, must explain it.
    confidence : of the survey's interval, in (0, 1).
    hotline_full, hotline_none : complaints per 1,000 households up to which all, and from which no points are given.
    grades : ``(code, least score in tenths)``, the best first; the last has no lower bound.
    pass_tenths : least score in tenths that passes.
    """

    party_weights: Mapping[str, int] = field(default_factory=lambda: {"community": 40, "committee": 40, "company": 20})
    part_weights: Mapping[str, int] = field(
        default_factory=lambda: {"sheet": 60, "approval": 20, "hotline": 10, "fees": 10}
    )
    margin_percent: int = 30
    confidence: float = 0.95
    hotline_full: int = 5
    hotline_none: int = 60
    grades: tuple[tuple[str, int], ...] = (("A", 850), ("B", 700), ("C", 600), ("D", 0))
    pass_tenths: int = 600

    def __post_init__(self) -> None:
        for name, weights, known in (
            ("party_weights", self.party_weights, PARTIES),
            ("part_weights", self.part_weights, PARTS),
        ):
            if set(weights) != set(known) or min(weights.values()) < 0 or not sum(weights.values()):
                raise ValueError(f"{name}: must name {', '.join(known)} with whole numbers, not all zero")
        if not 0 < self.confidence < 1:
            raise ValueError("confidence: must lie between 0 and 1")
        if not 0 <= self.hotline_full < self.hotline_none:
            raise ValueError("hotline_full: must be less than hotline_none")
        bounds = [bound for _, bound in self.grades]
        if not bounds or bounds != sorted(bounds, reverse=True) or bounds[-1] != 0:
            raise ValueError("grades: the bounds must fall, down to zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One round. ``scores[party][item]`` are tenths of a point.

    ``complaints`` and ``collected_fen`` are None while nobody has counted them; that is never the same as zero.
    """

    items: tuple[Item, ...]
    scores: Mapping[str, Mapping[str, int]]
    strata: tuple[Stratum, ...] = ()
    households: int = 0
    complaints: int | None = None
    due_fen: int = 0
    collected_fen: int | None = None

    def __post_init__(self) -> None:
        most = {item.code: item.most_tenths for item in self.items}
        if len(most) != len(self.items) or not most or min(most.values()) <= 0:
            raise ValueError("items: each needs a code of its own and a full score above zero")
        for party, scored in self.scores.items():
            if party not in PARTIES:
                raise ValueError(f"scores: {party!r} is no party")
            if set(scored) != set(most):
                raise ValueError(f"scores.{party}: must score every item once")
            for code, tenths in scored.items():
                if not 0 <= tenths <= most[code]:
                    raise ValueError(f"scores.{party}.{code}: {tenths} is not between 0 and {most[code]}")
        if len({s.code for s in self.strata}) != len(self.strata):
            raise ValueError("strata: a code occurs twice")
        for one in self.strata:
            if not 0 <= one.satisfied <= one.answers <= one.asked <= one.homes or one.homes == 0:
                raise ValueError(f"strata.{one.code}: satisfied <= answers <= asked <= homes must hold")
        if self.complaints is not None and (self.complaints < 0 or self.households <= 0):
            raise ValueError("complaints: need households to be counted by")
        if self.collected_fen is not None and (self.collected_fen < 0 or self.due_fen <= 0):
            raise ValueError("collected_fen: needs fees that were due")

    @classmethod
    def from_json(cls, data: Any) -> Problem:
        """Read a case (see ``CASE.md``); ValueError names the place that is wrong."""
        items = [
            Item(**case.row(one, f"items[{n}]", code=str, group=str, most_tenths=int))
            for n, one in enumerate(case.rows(data, "items"))
        ]
        strata = [
            Stratum(**case.row(one, f"strata[{n}]", code=str, homes=int, asked=int, answers=int, satisfied=int))
            for n, one in enumerate(case.rows(data, "strata"))
        ]
        return cls(items=tuple(items), strata=tuple(strata), scores=case.scores(data), **case.numbers(data))

    def to_json(self) -> dict[str, Any]:
        """The case again: ``from_json(to_json())`` is the same problem."""
        return case.written(self)
