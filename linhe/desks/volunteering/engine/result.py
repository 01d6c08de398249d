"""The ranking: one line an entry, best first, with the reason for its place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """An entry's place.

    Attributes
    ----------
    rank : how many are strictly better, plus one; equals share it.
    decided_by : the criterion that put it behind the line before; empty for the first and for equals.
    tied : another entry is equal in every criterion.
    chosen : among the rewarded.
    """

    id: int
    rank: int
    total: Fraction
    decided_by: str
    tied: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Result:
    """All lines, best first; equals by their id."""

    lines: tuple[Line, ...]

    def to_json(self) -> dict[str, Any]:
        """The result with exact fractions as text."""
        return {
            "lines": [
                {
                    "id": line.id, "rank": line.rank, "total": str(line.total), "decided_by": line.decided_by,
                    "tied": line.tied, "chosen": line.chosen,
                }
                for line in self.lines
            ],
            "chosen": [line.id for line in self.lines if line.chosen],
        }  # fmt: skip
