"""The desk's story in the demo district, and the replay of a courier company's day; everything through act()."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from linhe.core.demo import BASEMAP, found, lay_town
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.core.points.services import settle_due
from linhe.desks.errands.demo.history import History
from linhe.desks.errands.demo.live import LiveStory
from linhe.desks.errands.models import Qualification


class NotSeeded(RuntimeError):
    """The demo district has not been laid yet."""


def seed(*, at: datetime) -> dict[str, Any]:
    """Lay the demo district with its people and tell its past sixty days. Done once."""
    town = lay_town(at=at)
    told = Matter.objects.filter(kind="errand", at_district=town.district.pk)
    if not told.exists():
        Qualification.objects.bulk_create(
            Qualification(account=rider, skill="fix", valid_from=at - timedelta(days=400))
            for rider in town.riders[4::5]
        )
        History(town, at=at).tell()
        settle_due(at=at)
        while roll_up():
            continue
    return {
        "district": town.district.name, "buildings": len(town.buildings), "couriers": len(town.riders),
        "residents": len(town.residents), "errands": told.count(),
    }  # fmt: skip


def tell(stop: threading.Event) -> None:
    """Play the district's day on the real clock, in quick motion, until ``stop`` is set."""
    town = found()
    if town is None:
        raise NotSeeded("the demo district is missing; run: linhe seed")
    LiveStory(town, Random()).tell(stop)


def basemap() -> Path:
    """Streets, water and parks of the demo district, as GeoJSON."""
    return BASEMAP
