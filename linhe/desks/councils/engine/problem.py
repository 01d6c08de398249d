"""A closed vote as sums: who could vote, who took part, who said what; and the shares that the law asks for.

Sources: Civil Code of the PRC, article 278 (owners' decisions count owners and their exclusive area).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from .case import sums_of
from .weight import NOBODY, Weight

RULES = ("simple", "ordinary", "special")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole that must be reached, as a fraction; ``strict`` asks for more than the fraction.

    Parameters
    ----------
    num, den : the fraction, 0 <= num <= den, den > 0. [1]
    strict : ``True`` reads "more than", ``False`` "at least".
    """

    num: int
    den: int
    strict: bool = False

    def __post_init__(self) -> None:
        if not (_whole(self.num) and _whole(self.den) and 0 <= self.num <= self.den and self.den > 0):
            raise ValueError(f"share: {self.num}/{self.den} is no part of a whole")

    def missing(self, part: int, whole: int) -> int:
        """The least that must be added to ``part`` of ``whole`` until the share is reached; 0 when it is."""
        least = self.num * whole // self.den + 1 if self.strict else -(-self.num * whole // self.den)
        return max(0, least - part)

    def met(self, part: int, whole: int) -> bool:
        """Whether ``part`` of ``whole`` reaches the share; of nothing nobody reaches anything."""
        return whole > 0 and self.missing(part, whole) == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The shares in force on the day of the vote.

    Parameters
    ----------
    quorum : members present, of all members (rule ``simple``).
    simple : members in favour, of those present (rule ``simple``).
    participation : owners who voted, of all owners, by number and by area.
    ordinary, special : owners in favour, of those who voted, by number and by area.
    """

    quorum: Share = Share(1, 2, strict=True)
    simple: Share = Share(1, 2, strict=True)
    participation: Share = Share(2, 3)
    ordinary: Share = Share(1, 2, strict=True)
    special: Share = Share(3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One vote.

    Parameters
    ----------
    rule : ``simple`` (members of a council), ``ordinary`` or ``special`` (owners, Civil Code art. 278).
    entitled : everyone who could vote.
    taking_part : members who were present (``simple``), owners who handed in a ballot (otherwise).
    yes, no, abstain : what was voted; together at most ``taking_part``.

    Raises
    ------
    ValueError : naming the field that contradicts the others.
    """

    rule: str
    entitled: Weight
    taking_part: Weight
    yes: Weight = NOBODY
    no: Weight = NOBODY
    abstain: Weight = NOBODY

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"rule: {self.rule!r} is none of {', '.join(RULES)}")
        for field in fields(self)[1:]:
            weight = getattr(self, field.name)
            if not (_whole(weight.number) and _whole(weight.area_dm2)) or min(weight.number, weight.area_dm2) < 0:
                raise ValueError(f"{field.name}: numbers and areas are whole and not negative")
        cast = self.yes + self.no + self.abstain
        for inner, outer, name in (
            (cast, self.taking_part, "taking_part"),
            (self.taking_part, self.entitled, "entitled"),
        ):
            if inner.number > outer.number or inner.area_dm2 > outer.area_dm2:
                raise ValueError(f"{name}: less than what it must contain")
        if self.rule != "simple" and cast != self.taking_part:
            raise ValueError("taking_part: of owners only those who voted take part")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """Read a case; the format is described in CASE.md beside this file."""
        rule, sums = sums_of(data)
        return cls(rule=rule, **sums)
