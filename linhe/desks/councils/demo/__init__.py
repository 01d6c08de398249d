"""The desk's story in the demo district: a year of councils that settled 412 matters, and what is open today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.desks.councils.demo.bodies import seat_all
from linhe.desks.councils.demo.history import History
from linhe.desks.councils.demo.today import Today
from linhe.desks.councils.models import Body


def seed(*, at: datetime) -> dict[str, Any]:
    """Found the bodies and tell the past year and today. Done once."""
    town = lay_town(at=at)
    here = Matter.objects.filter(kind="resolution", at_district=town.district.pk)
    if not Body.objects.filter(place__in=town.communities).exists():
        with told_fast():
            seats, assembly = seat_all(town, at=at)
            History(town, seats, at=at).tell()
            Today(town, seats, assembly, at=at).tell()
        while roll_up():
            continue
    return {
        "bodies": Body.objects.filter(place__district=town.district).count(),
        "meetings": Matter.objects.filter(kind="meeting", at_district=town.district.pk).count(),
        "resolutions": here.count(),
        "settled": here.filter(stage="settled").count(),
    }
