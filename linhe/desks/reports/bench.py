"""Rows of the reports desk for generated matters: the category and the point of each report, the hotline's orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.bench import insert_from
from linhe.core.places.kinds import LEVELS
from linhe.desks.reports.models import HotlineOrder, Report
from linhe.desks.reports.queries import categories, hotline

FURNISHED = ("report",)
"""The kinds whose rows are written, so that any action may be taken on their matters."""


def furnish(cursor: Any, *, at: datetime) -> None:
    """Write what the pages of the desk read beside the matters."""
    codes = [one.code for one in categories(at=at)]
    details = {
        "matter_id": "t.id", "district_id": "t.at_district_id", "community_id": "t.at_community_id",
        "category": f"(ARRAY{codes})[1 + t.id % {len(codes)}]", "lat": "coalesce(p.lat, 38.4)",
        "lng": "coalesce(p.lng, 112.7)", "h3_cell": "p.h3_cell", "raised_at": "t.created_at",
    }  # fmt: skip
    places = "FROM loop_matter AS t JOIN places_place AS p ON p.id = t.place_id"
    cursor.execute(insert_from(Report, details, f"{places} WHERE t.kind = 'report' ORDER BY t.id"))
    named = [one.code for one in hotline.categories(at=at)]
    orders = {
        "matter_id": "t.id", "number": "'bench-' || t.id", "category": f"(ARRAY{named})[1 + t.id % {len(named)}]",
        "called_at": "t.created_at", "received_at": "t.created_at", "limit_at": "t.created_at + interval '5 days'",
        "answered_at": "t.closed_at", "in_time": "CASE WHEN t.closed_at IS NOT NULL THEN t.id % 20 > 0 END",
        "result": f"CASE WHEN t.closed_at IS NULL THEN '' ELSE '{HotlineOrder.Result.SOLVED}' END",
        "satisfied": "CASE WHEN t.closed_at IS NOT NULL THEN t.id % 10 > 0 END",
    } | {column: f"t.{column}" for column in ("place_id", *(f"at_{level}_id" for level in LEVELS))}  # fmt: skip
    cursor.execute(insert_from(HotlineOrder, orders, "FROM loop_matter AS t WHERE t.kind = 'hotline' ORDER BY t.id"))
