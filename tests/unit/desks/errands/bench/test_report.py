"""Figures get into a page between its marks, and nothing else of the page changes."""

from pathlib import Path
from typing import Any

import pytest

from linhe.desks.errands.bench.report import BEGIN, END, report, write_report

FIGURES: dict[str, Any] = {
    "at": "2026-03-04 10:00", "cores": 2, "load": [0.1, 0.3], "data": "generated", "seed": 1, "VROOM version": "1.15.2",
    "list_p99_ms": 3.2, "peak_mb": 210.5,
    "rows": [
        {"size": "M", "method": "linhe", "budget_s": 0.5, "time_s": 0.498, "served": 1_679, "objective": 2_054_321.4,
         "gap_pct": 2.345, "checker_ok": True, "note": ""},
        {"size": "M", "method": "PyVRP", "budget_s": 30, "time_s": None, "served": None, "objective": None,
         "gap_pct": None, "checker_ok": None, "note": "500 tables"},
    ],
}  # fmt: skip


def test_rows_become_a_table() -> None:
    text = report(FIGURES)
    assert "| M | linhe | 0.5 | 0.50 | 1,679 | 2,054,321 | 2.35 % | ok |  |" in text
    assert "| M | PyVRP | 30 |  |  |  |  |  | 500 tables |" in text
    assert "load 0.1, 0.3; data: generated, seed 1; VROOM 1.15.2" in text
    assert "list_p99_ms 3.2; peak_mb 210.5" in text


def test_only_what_stands_between_the_marks_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n", encoding="utf-8")
    write_report(FIGURES, page)
    write_report(FIGURES, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n")
    assert text.endswith(f"{END}\nbelow\n")
    assert "old" not in text
    assert text.count("VROOM") == 1


def test_page_without_marks_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="has no marks"):
        write_report(FIGURES, page)
