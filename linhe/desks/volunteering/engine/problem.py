"""What is ranked and how: entries with exact figures, measures with weights, criteria in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Scale = Literal["sum", "max", "full"]
Direction = Literal["most", "least"]
Edge = Literal["share", "next"]

TOTAL = "total"
"""The weighted total: a criterion beside the measures."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that every entry has.

    Attributes
    ----------
    weight : what the best possible share of this measure adds to the total; 0 leaves it to the criteria.
    scale : a figure is divided by the ``sum`` of all, by the ``max`` of all, or by ``full``.
    """

    name: str
    weight: Fraction = Fraction(0)
    scale: Scale = "full"
    full: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if self.scale not in ("sum", "max", "full") or self.full <= 0 or self.weight < 0 or self.name in ("", TOTAL):
            raise ValueError(f"measure {self.name!r}: unknown scale, weight below 0, full not above 0, or a bad name")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What decides between two entries; the first criterion in which they differ does."""

    name: str
    better: Direction = "most"


@dataclass(frozen=True, slots=True)
class Entry:
    """Someone who is ranked: one figure a measure, in the order of the measures."""

    id: int
    figures: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Params:
    """How a tie across the last reward is settled: all who are tied ``share`` it, or it stays with the ``next`` round
    and none of them gets it."""

    edge: Edge = "share"

    def __post_init__(self) -> None:
        if self.edge not in ("share", "next"):
            raise ValueError("edge: must be share or next")


@dataclass(frozen=True, slots=True)
class Problem:
    """Entries to be ranked, and how many of them are rewarded."""

    measures: tuple[Measure, ...]
    criteria: tuple[Criterion, ...]
    quota: int
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        names = [m.name for m in self.measures]
        if len(set(names)) != len(names):
            raise ValueError("measures: a name occurs twice")
        if unknown := [c.name for c in self.criteria if c.name not in (*names, TOTAL)]:
            raise ValueError(f"criteria: unknown {unknown}")
        if not self.criteria or any(c.better not in ("most", "least") for c in self.criteria):
            raise ValueError("criteria: at least one, each with most or least")
        if self.quota < 0:
            raise ValueError("quota: must not be below 0")
        if len({e.id for e in self.entries}) != len(self.entries):
            raise ValueError("entries: an id occurs twice")
        for entry in self.entries:
            if len(entry.figures) != len(names) or any(figure < 0 for figure in entry.figures):
                raise ValueError(f"entry {entry.id}: needs {len(names)} figures, none below 0")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """A problem from its case (see CASE.md). Raises ValueError with the part that is wrong."""
        _only("case", data, {"measures", "criteria", "quota", "entries"}, {"title"})
        measures = tuple(_measure(row) for row in data["measures"])
        criteria = tuple(Criterion(str(row[0]), row[1]) for row in data["criteria"])
        entries = []
        for row in data["entries"]:
            _only("entries", row, {"id", *(m.name for m in measures)}, {"name"})
            entries.append(Entry(int(row["id"]), tuple(_exact(row[m.name]) for m in measures)))
        return cls(measures, criteria, int(data["quota"]), tuple(entries))


def _measure(row: Mapping[str, Any]) -> Measure:
    _only("measures", row, {"name"}, {"weight", "scale", "full"})
    return Measure(
        str(row["name"]), _exact(row.get("weight", 0)), row.get("scale", "full"), _exact(row.get("full", 1))
    )  # fmt: skip


def _exact(figure: Any) -> Fraction:
    if isinstance(figure, bool) or not isinstance(figure, int | str):
        raise ValueError(f"{figure!r}: figures are whole numbers or fractions such as '7/3'")
    return Fraction(figure)


def _only(where: str, row: Any, needed: set[str], allowed: set[str]) -> None:
    if not isinstance(row, Mapping) or not needed <= row.keys() <= needed | allowed:
        raise ValueError(f"{where}: needs {sorted(needed)}, may have {sorted(allowed)}")
