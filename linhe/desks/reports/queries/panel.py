"""What the generic page of a matter shows of a report: the issue, its parts, what is near, what the public sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.access import can
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.reports.loop import REPORT
from linhe.desks.reports.queries.categories import categories
from linhe.desks.reports.queries.near import similar_near
from linhe.desks.reports.queries.owners import organisations_for
from linhe.desks.reports.queries.views import report_view


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """The report as this reader may see it; for those who deal with it also where it can go from here."""
    if matter.kind != REPORT.code:
        return {}
    view = report_view(matter, reader=reader, at=at)
    deals = matter.closed_at is None and can(reader, REPORT.action("part"), matter, at=at)
    merges = can(reader, REPORT.action("merge"), matter, at=at) and matter.closed_at is None
    report = view.report
    return {
        "view": view,
        "deals": deals,
        "organisations": organisations_for(matter.place, at=at) if deals else [],
        "categories": categories(at=at, place_code=matter.place.code) if deals else [],
        "near": similar_near(
            category=report.category, lat=report.lat, lng=report.lng, at=at, place_code=matter.place.code,
            but=matter.pk,
        ) if merges else [],
        "key": f"panel-{matter.pk}-{matter.version}",
    }  # fmt: skip
