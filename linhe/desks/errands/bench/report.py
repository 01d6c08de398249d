"""The rows of the dispatch bench as a table inside a page, between two marks, so that figures come from runs alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures of `linhe bench dispatch` -->", "<!-- end of figures -->"
HEAD = ("size", "method", "budget", "time", "served", "objective [m]", "gap", "checker", "")
MODES = (
    "modes_at",
    "online_p50_ms",
    "online_p99_ms",
    "online_p99_cpu_ms",
    "list_p50_ms",
    "list_p99_ms",
    "list_p99_cpu_ms",
    "compile_s",
    "cold_start_s",
    "first_batch_s",
    "next_batch_s",
    "peak_mb",
)


def write_report(figures: Mapping[str, Any], page: Path) -> None:
    """Replace what stands between the marks of a page. Raises ``ValueError`` when it has none."""
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{page}: has no marks {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n{report(figures)}{END}{after}", encoding="utf-8")


def report(figures: Mapping[str, Any]) -> str:
    """A line on the run, the table, and the figures of the other modes, as Markdown."""
    versions = [f"{name.removesuffix(' version')} {figures[name]}" for name in figures if name.endswith(" version")]
    told = [
        f"{figures['at']}, {figures['cores']} cores, load {', '.join(map(str, figures['load']))}; data: "
        f"{figures['data']}, seed {figures['seed']}" + (f"; {', '.join(versions)}" if versions else ""),
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{'---|' * len(HEAD)}",
    ]
    told += [f"| {' | '.join(_cells(row))} |" for row in figures["rows"]]
    modes = [f"{name} {figures[name]}" for name in MODES if name in figures]
    return "\n".join([*told, "", "; ".join(modes), ""])


def _cells(row: Mapping[str, Any]) -> list[str]:
    def number(name: str, form: str) -> str:
        return "" if row[name] is None else format(row[name], form)

    checked = {True: "ok", False: "dropped", None: ""}[row["checker_ok"]]
    gap = number("gap_pct", ".2f") + (" %" if row["gap_pct"] is not None else "")
    return [
        str(row["size"]), str(row["method"]), number("budget_s", "g"), number("time_s", ".2f"), number("served", ","),
        number("objective", ",.0f"), gap, checked, str(row["note"]),
    ]  # fmt: skip
