"""The office's dated values as the engine and the pages take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from linhe.core.dated import value
from linhe.desks.property.engine import Params
from linhe.desks.property.engine.problem import Item
from linhe.lib.text import Text

TENTHS = 10
FULL_TENTHS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the score sheet with the evidence it demands."""

    code: str
    name: Text
    points: int
    evidence: Text


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the score sheet."""

    code: str
    name: Text
    lines: tuple[Line, ...]

    @property
    def points(self) -> int:
        """Full score of the group."""
        return sum(line.points for line in self.lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """A code with its names."""

    code: str
    name: Text


def sheet_at(at: datetime, place_code: str) -> tuple[Group, ...]:
    """The score sheet in force, group by group."""
    rows = value("property.sheet", at=at, place_code=place_code)
    groups: dict[str, list[Line]] = {}
    names: dict[str, Text] = {}
    for row in rows:
        names[row["group"]] = Text(row["group_zh"], row["group_en"])
        evidence = Text(row["evidence_zh"], row["evidence_en"])
        line = Line(row["code"], Text(row["zh"], row["en"]), row["points"], evidence)
        groups.setdefault(row["group"], []).append(line)
    return tuple(Group(code, names[code], tuple(lines)) for code, lines in groups.items())


def items_of(sheet: tuple[Group, ...]) -> tuple[Item, ...]:
    """The sheet as the engine takes it."""
    return tuple(
        Item(code=line.code, group=group.code, most_tenths=TENTHS * line.points)
        for group in sheet
        for line in group.lines
    )


def scores_of(most_tenths: int, step_tenths: int) -> list[int]:
    """The scores that an item may get, in tenths, the highest first: the steps below its full score, and that."""
    return sorted({*range(0, most_tenths, step_tenths), most_tenths}, reverse=True)


def params_at(at: datetime, place_code: str) -> Params:
    """Weights, margin, bounds and grades in force."""
    weights: dict[str, dict[str, int]] = {"party": {}, "part": {}}
    for row in value("property.weights", at=at, place_code=place_code):
        weights[row["of"]][row["code"]] = row["weight"]
    grades = value("property.grades", at=at, place_code=place_code)
    passing = [row["tenths"] for row in grades if row["tenths"]]
    return Params(
        party_weights=weights["party"], part_weights=weights["part"],
        margin_percent=value("property.margin_percent", at=at, place_code=place_code),
        confidence=value("property.confidence_percent", at=at, place_code=place_code) / 100,
        hotline_full=value("property.hotline_full", at=at, place_code=place_code),
        hotline_none=value("property.hotline_none", at=at, place_code=place_code),
        grades=tuple((row["code"], row["tenths"]) for row in grades), pass_tenths=min(passing),
    )  # fmt: skip


def names_of_weights(of: str, at: datetime) -> dict[str, Text]:
    """Names of the parties (``party``) or of the parts of a score (``part``)."""
    rows = value("property.weights", at=at)
    return {row["code"]: Text(row["zh"], row["en"]) for row in rows if row["of"] == of}


def grade_name(code: str, at: datetime, place_code: str) -> Text:
    """The name of a grade in force then."""
    rows = value("property.grades", at=at, place_code=place_code)
    return next((Text(row["zh"], row["en"]) for row in rows if row["code"] == code), Text(code, code))


def choices_of(code: str, at: datetime, place_code: str = "") -> tuple[Choice, ...]:
    """A table of codes with names, such as the questions or the hand-over list."""
    return tuple(Choice(row["code"], Text(row["zh"], row["en"])) for row in value(code, at=at, place_code=place_code))


def assembly_rule(at: datetime, place_code: str) -> tuple[Fraction, Fraction]:
    """Quorum, and the share that those who voted must exceed."""
    thirds = value("property.quorum_thirds", at=at, place_code=place_code)
    percent = value("property.majority_percent", at=at, place_code=place_code)
    return Fraction(thirds, 3), Fraction(percent, 100)
