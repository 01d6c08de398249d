"""The desk's story in the demo district: two months of reports, hotline orders of two years, and what is open today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.desks.reports.demo.hotline import Hotline
from linhe.desks.reports.demo.past import Past
from linhe.desks.reports.models import Report


def seed(*, at: datetime) -> dict[str, Any]:
    """Tell the past sixty days through the loop, and leave a working day's worth of things open. Done once."""
    town = lay_town(at=at)
    told = Report.objects.filter(district=town.district)
    if not told.exists():
        with told_fast():
            Past(town, at=at).tell()
            Hotline(town, at=at).tell()
        while roll_up():
            continue
    return {"reports": told.count(), "open": told.filter(matter__closed_at__isnull=True).count()}
