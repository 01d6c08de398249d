"""Whether an owners' assembly decided: who took part and who agreed, by number and by area (Civil Code, art. 278)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Decision = Literal["carried", "lost", "no_quorum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Owners and their exclusive area in square decimetres: all of them, those who voted, those who agreed."""

    owners: int
    area_dm2: int
    voted: int
    voted_dm2: int
    agreed: int
    agreed_dm2: int

    def __post_init__(self) -> None:
        if not 0 <= self.agreed <= self.voted <= self.owners or not self.owners:
            raise ValueError("agreed <= voted <= owners must hold")
        if not 0 <= self.agreed_dm2 <= self.voted_dm2 <= self.area_dm2 or not self.area_dm2:
            raise ValueError("agreed_dm2 <= voted_dm2 <= area_dm2 must hold")


def decide(count: Count, *, quorum: Fraction, more_than: Fraction) -> Decision:
    """``carried`` when at least ``quorum`` took part and more than ``more_than`` agreed, by number and area.

    Exact: a share that reaches the quorum precisely is enough, precisely half is not a majority.
    """
    taken_part = min(Fraction(count.voted, count.owners), Fraction(count.voted_dm2, count.area_dm2))
    if taken_part < quorum or not count.voted or not count.voted_dm2:
        return "no_quorum"
    agreed = min(Fraction(count.agreed, count.voted), Fraction(count.agreed_dm2, count.voted_dm2))
    return "carried" if agreed > more_than else "lost"
