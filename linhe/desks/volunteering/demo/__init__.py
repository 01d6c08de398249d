"""The desk's part of the demo day: the year in posts, check-ins, activities and needs; everything through the loop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.desks.volunteering.demo.honours import Honours
from linhe.desks.volunteering.demo.year import Year


def seed(*, at: datetime) -> dict[str, Any]:
    """Tell the year of the volunteers. Done once."""
    town = lay_town(at=at)
    told = Matter.objects.filter(kind="posting", at_district=town.district.pk)
    if not told.exists():
        with told_fast():
            Year(town, at=at).tell()
            Honours(town, at=at).tell()
        while roll_up():
            continue
    return {
        "posts": told.count(),
        "activities": Matter.objects.filter(kind="activity", at_district=town.district.pk).count(),
    }
