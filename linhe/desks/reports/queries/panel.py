"""What the generic page of a matter shows of a report: the issue, its parts, what is near, what the public sees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.access import can
from linhe.core.loop.models import Matter
from linhe.core.people.looks import CALLING
from linhe.core.people.models import Account
from linhe.desks.reports.loop import HOTLINE, REPORT
from linhe.desks.reports.queries.categories import categories
from linhe.desks.reports.queries.hotline import order_view
from linhe.desks.reports.queries.near import similar_near
from linhe.desks.reports.queries.owners import organisations_for
from linhe.desks.reports.queries.views import person_to_call, report_view


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """The report (or 12345 order) as this reader may see it; for those who deal with it also where it can go."""
    if matter.kind != REPORT.code:
        return hotline_detail(matter, reader=reader, at=at)
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
        "calling": CALLING.items() if person_to_call(matter, reader, at=at) else (),
        "key": f"panel-{matter.pk}-{matter.version}",
    }  # fmt: skip


def hotline_detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """The order as this reader may see it; for the clerk also to whom it can be handed on."""
    hands_on = matter.stage in HOTLINE.action("assign").frm and can(reader, HOTLINE.action("assign"), matter, at=at)
    return {
        "view": order_view(matter, reader=reader, at=at),
        "organisations": organisations_for(matter.place, at=at) if hands_on else [],
        "hands_on": hands_on,
        "key": f"panel-{matter.pk}-{matter.version}",
    }
