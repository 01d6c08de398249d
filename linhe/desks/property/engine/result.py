"""What the engine answers: the estimate of the survey, the parts of the score, the grade, and where parties differ."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The share of satisfied households with its interval, and how many answered. ``silent`` buildings did not."""

    share: Fraction
    low: float
    high: float
    confidence: float
    homes: int
    asked: int
    answers: int
    satisfied: int
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the score in percent of full marks; None when nobody counted it: its weight is shared out."""

    code: str
    percent: Fraction | None
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A group of the sheet in which two parties are further apart than the margin, in percent of its full score."""

    group: str
    lowest: str
    highest: str
    apart_percent: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of a round. ``status`` is ``solved``, or ``unscored`` while a party's sheet is missing."""

    status: str
    parts: tuple[Part, ...]
    score_tenths: int | None
    grade: str
    passed: bool
    disagreements: tuple[Disagreement, ...]
    estimate: Estimate | None

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; percentages rounded to hundredths."""
        return {
            "status": self.status,
            "score_tenths": self.score_tenths,
            "grade": self.grade,
            "passed": self.passed,
            "parts": [{"code": p.code, "percent": _rounded(p.percent), "weight": p.weight} for p in self.parts],
            "disagreements": [
                {"group": d.group, "lowest": d.lowest, "highest": d.highest, "apart_percent": _rounded(d.apart_percent)}
                for d in self.disagreements
            ],
            "estimate": self.estimate
            and {
                "share": round(float(self.estimate.share), 4), "low": round(self.estimate.low, 4),
                "high": round(self.estimate.high, 4), "confidence": self.estimate.confidence,
                "homes": self.estimate.homes, "asked": self.estimate.asked, "answers": self.estimate.answers,
                "satisfied": self.estimate.satisfied, "silent": list(self.estimate.silent),
            },
        }  # fmt: skip


def _rounded(percent: Fraction | None) -> float | None:
    return None if percent is None else round(float(percent), 2)
