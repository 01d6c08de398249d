"""The desk's part of the demo: a province with one exchange, a year of applications, and its supervision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.desks.exchange.demo.ground import lay_ground
from linhe.desks.exchange.demo.plots import tell_year
from linhe.desks.exchange.demo.supervising import tell_supervision


def seed(*, at: datetime) -> dict[str, Any]:
    """Lay the province and tell its year. Done once; the figures come from the events."""
    town = lay_town(at=at)
    ground = lay_ground(town, at=at)
    told = Matter.objects.filter(kind="listing", at_district=ground.province)
    if not told.exists():
        with told_fast():
            tell_year(ground, at=at)
            tell_supervision(ground, at=at)
        while roll_up():
            continue
    cases = Matter.objects.filter(kind="inspection", at_district=ground.province)
    return {"applications": told.count(), "institutions": len(ground.institutions), "cases": cases.count()}
