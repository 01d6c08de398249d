"""Open reports of the same category near a point: what somebody may follow instead of reporting it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import h3

from linhe.core.dated import value
from linhe.desks.reports.loop.report import OPEN
from linhe.desks.reports.models import Report
from linhe.desks.reports.queries.categories import category_of
from linhe.desks.reports.queries.public import tried
from linhe.lib.geography import Point, distance_m

CELL_RESOLUTION = 10
"""Cells with an edge near 75 m: a ring or two of them hold any radius of the table."""
_NARROWEST_EDGE_M = 0.75 * h3.average_hexagon_edge_length(CELL_RESOLUTION, unit="m")
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Near:
    """A report and how far it is from the point asked about."""

    report: Report
    distance_m: float


def cell_at(lat: float, lng: float) -> str:
    """The cell that a report's point lies in."""
    return str(h3.latlng_to_cell(lat, lng, CELL_RESOLUTION))


def similar_near(
    *, category: str, lat: float, lng: float, at: datetime, place_code: str = "", but: int | None = None
) -> list[Near]:
    """Open public reports of a category within its radius, nearest first."""
    known = category_of(category, at=at, place_code=place_code)
    general = value("reports.duplicate_radius_m", at=at, place_code=place_code)
    radius_m = float(known.radius_m if known else general)
    since_at = at - timedelta(days=value("reports.duplicate_days", at=at, place_code=place_code))
    cells = h3.grid_disk(cell_at(lat, lng), rings_for(radius_m))
    rows = Report.objects.filter(
        category=category, h3_cell__in=cells, raised_at__gt=since_at, private=False, hidden_for="",
        matter__stage__in=OPEN,
    ).exclude(pk=but)  # fmt: skip
    here = Point(lng, lat)
    found = tried(rows).select_related("matter__place")
    near = [Near(row, distance_m(here, Point(row.lng, row.lat))) for row in found]
    return sorted((n for n in near if n.distance_m <= radius_m), key=lambda n: (n.distance_m, n.report.pk))


def rings_for(radius_m: float) -> int:
    """How many rings of cells hold a circle around any point of the middle cell: a cell in ring n lies at least
    1.5 n edges from the middle, and both points may be one edge off their centres."""
    return max(1, int((radius_m / _NARROWEST_EDGE_M + 2) / 1.5) + 1)
