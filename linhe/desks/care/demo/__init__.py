"""The desk's story in the demo district: half a year of days and services, and a day that is still under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.desks.care.demo.days import Days
from linhe.desks.care.demo.services import Services
from linhe.desks.care.demo.today import tell_today
from linhe.desks.care.loop import APPOINTMENT, DAILY_CHECK, SESSION


def seed(*, at: datetime) -> dict[str, Any]:
    """Tell the past 180 days and lay out today. Done once."""
    town = lay_town(at=at)
    checks = Matter.objects.filter(kind=DAILY_CHECK.code, at_district=town.district.pk)
    if not checks.exists():
        with told_fast():
            days = Days(town, at=at)
            days.tell()
            Services(town, at=at).tell()
            tell_today(days, at=at)
        while roll_up():
            continue
    told = Matter.objects.filter(at_district=town.district.pk)
    return {
        "days": checks.count(), "sessions": told.filter(kind=SESSION.code, stage="held").count(),
        "attended": told.filter(kind=APPOINTMENT.code, stage="attended").count(),
    }  # fmt: skip
