"""What the desk adds to the live map: why an errand is with whom it is, and for staff the couriers, coarsely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linhe.core.people.models import Account
from linhe.desks.errands.queries import map_points
from linhe.desks.errands.queries.why import offer_why, open_why
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point and what the map says of it."""

    lat: float
    lng: float
    properties: dict[str, Any]


def words_of(matter_ids: Iterable[int]) -> dict[int, list[Text]]:
    """Of each errand why it was put to its courier; of an open one, why nobody has it yet."""
    ids = list(matter_ids)
    offered = {key: why.whole for key, why in offer_why(ids).items()}
    return {key: [text] for key, text in (open_why(ids) | offered).items()}


def points_for(account: Account, *, at: datetime) -> list[MapPoint]:
    """Couriers on duty: how many in each cell of the grid."""
    return [
        MapPoint(
            cell.lat, cell.lng, {
                "id": f"c{cell.lat},{cell.lng}", "icon": "scooter", "group": str(Text("小哥", "couriers")),
                "title": str(_near(cell.couriers)), "count": cell.couriers,
            },
        )
        for cell in map_points(account, at=at).couriers
    ]  # fmt: skip


def _near(count: int) -> Text:
    return Text(f"{count} 位小哥在附近", f"{count} couriers near here" if count > 1 else "a courier near here")
