"""Puts application, certificate, approval and appraisal side by side: which say the same, which do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.engine.fields import Words
from linhe.desks.exchange.engine.problem import Problem

COLUMNS = ("application", "certificate", "approval", "appraisal")
Verdict = Literal["agrees", "differs", "unknown"]

ROWS: tuple[tuple[Words, dict[str, str]], ...] = (
    (Words("转让方（持有人）", "seller (holder)"), {"application": "seller", "certificate": "holder"}),
    (
        Words("标的", "object"),
        {
            "application": "object_name", "certificate": "enterprise",
            "approval": "object_name", "appraisal": "object_name",
        },
    ),
    (Words("交易类型", "kind of transaction"), {"application": "kind", "approval": "kind", "appraisal": "kind"}),
    (
        Words("转让比例", "share offered"),
        {"application": "share_ppm", "certificate": "share_ppm", "approval": "share_ppm"},
    ),
    (Words("资产范围", "scope of assets"), {"approval": "scope", "appraisal": "scope"}),
    (Words("价格与评估结果", "price and appraised value"), {"application": "reserve_fen", "appraisal": "value_fen"}),
)  # fmt: skip
"""What stands side by side: a label, and the field of each document."""

AT_MOST = {"certificate.share_ppm"}
"""The offer agrees as long as it is not more than this."""
AT_LEAST = {"appraisal.value_fen"}
"""The offer agrees as long as it is not less than this."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document says; ``verdict`` compares it with the first column that has the row."""

    path: str
    fact: Fact
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison, a cell or None a column, in the order of ``COLUMNS``."""

    label: Words
    cells: tuple[Cell | None, ...]

    @property
    def verdict(self) -> Verdict:
        """``differs`` if any cell does, else ``unknown`` if any is, else ``agrees``."""
        found = {cell.verdict for cell in self.cells if cell}
        return "differs" if "differs" in found else "unknown" if "unknown" in found else "agrees"


def comparison(problem: Problem) -> tuple[Line, ...]:
    """Every line with its cells."""
    return tuple(_line(problem, label, row) for label, row in ROWS)


def _line(problem: Problem, label: Words, row: dict[str, str]) -> Line:
    paths = {column: f"{column}.{name}" for column, name in row.items()}
    first = next(iter(paths.values()))
    offered = problem.known[first].value
    cells = []
    for column in COLUMNS:
        path = paths.get(column)
        cells.append(None if path is None else Cell(path, problem.known[path], _verdict(path, offered, problem)))
    return Line(label, tuple(cells))


def _verdict(path: str, offered: object, problem: Problem) -> Verdict:
    value = problem.known[path].value
    if value is None or offered is None:
        return "unknown"
    agrees = offered == value
    if isinstance(offered, int) and isinstance(value, int):
        agrees = offered <= value if path in AT_MOST else offered >= value if path in AT_LEAST else agrees
    return "agrees" if agrees else "differs"
