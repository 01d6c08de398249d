"""The gap over time as an SVG picture, from the figures of ``linhe bench dispatch``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import log10
from typing import Any

WIDE, HIGH, GAP = 460, 340, 30
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 40, 44
INK, FAINT, OURS = "#444", "#ccc", "#0b6b50"
COLOURS = {"VROOM": "#b3541e", "OR-Tools": "#3b5ba5", "PyVRP": "#8a3f8f", "first version": "#777"}
OTHER = "#999"
SHOWN = ("S", "M", "L", "XL")


@dataclass(frozen=True, slots=True)
class Axis:
    """A logarithmic axis of powers of ten, drawn from ``begin`` to ``end`` [px]."""

    low: int
    high: int
    begin: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        share = (log10(value) - self.low) / max(1, self.high - self.low)
        return self.begin + share * (self.end - self.begin)


def draw(figures: Mapping[str, Any]) -> str:
    """The picture; a panel for each size that has gaps. Raises ``ValueError`` when none has."""
    panels = [(size, _points(figures["rows"], size)) for size in SHOWN]
    panels = [(size, points) for size, points in panels if points]
    if not panels:
        raise ValueError("rows: no row has a time and a gap above 0")
    wide = len(panels) * (WIDE + GAP) - GAP
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HIGH}" font-family="sans-serif" font-size="12">',
        "<title>Gap to the lower bound over time</title>",
        f'<rect width="{wide}" height="{HIGH}" fill="#fff"/>',
    ]
    for place, (size, points) in enumerate(panels):
        lines.append(f'<g transform="translate({place * (WIDE + GAP)} 0)">')
        lines += _panel(size, points)
        lines.append("</g>")
    return "\n".join([*lines, "</svg>", ""])


def _points(rows: Sequence[Mapping[str, Any]], size: str) -> list[tuple[str, float, float]]:
    """(method, seconds, gap in percent); a gap below 0.01 % is drawn there."""
    return [
        (str(row["method"]), max(float(row["time_s"]), 0.001), max(float(row["gap_pct"]), 0.01))
        for row in rows
        if row["size"] == size and row["method"] != "lower bound" and row["time_s"] and row["gap_pct"] is not None
    ]


def _panel(size: str, points: list[tuple[str, float, float]]) -> Iterator[str]:
    across = _axis([seconds for _, seconds, _ in points], LEFT, WIDE - RIGHT)
    up = _axis([gap for _, _, gap in points], HIGH - BOTTOM, TOP)
    yield f'<text x="{LEFT}" y="20" font-size="14" fill="{INK}">{size}: gap to the lower bound [%] over time [s]</text>'
    for power in range(across.low, across.high + 1):
        x = across.at(10**power)
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HIGH - BOTTOM}" stroke="{FAINT}"/>'
        yield f'<text x="{x:.1f}" y="{HIGH - BOTTOM + 18}" text-anchor="middle" fill="{INK}">{10.0**power:g}</text>'
    for power in range(up.low, up.high + 1):
        y = up.at(10**power)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDE - RIGHT}" y2="{y:.1f}" stroke="{FAINT}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{INK}">{10.0**power:g}</text>'
    line = " ".join(f"{across.at(s):.1f},{up.at(g):.1f}" for method, s, g in sorted(points) if method == "linhe")
    yield f'<polyline points="{line}" fill="none" stroke="{OURS}" stroke-width="2"/>'
    for method, seconds, gap in points:
        x, y = across.at(seconds), up.at(gap)
        colour = OURS if method.startswith("linhe") else COLOURS.get(method, OTHER)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
        side, anchor = (8, "start") if x < WIDE - 130 else (-8, "end")
        label = f"{escape(method)} {gap:.3g} %"
        yield f'<text x="{x + side:.1f}" y="{y - 6:.1f}" text-anchor="{anchor}" fill="{colour}">{label}</text>'


def _axis(values: list[float], begin: float, end: float) -> Axis:
    """Whole powers of ten around all values."""
    low, high = log10(min(values)), log10(max(values))
    return Axis(int(low // 1), max(int(-(-high // 1)), int(low // 1) + 1), begin, end)
