"""What the desk adds to the live map: why an errand was put to its courier, and for staff the couriers, coarsely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linhe.core.people.models import Account
from linhe.desks.errands.models import Offer
from linhe.desks.errands.queries import because, detour_text, map_points
from linhe.desks.errands.queries.reasons import offer_reasons
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point and what the map says of it."""

    lat: float
    lng: float
    properties: dict[str, Any]


def words_of(matter_ids: Iterable[int]) -> dict[int, list[Text]]:
    """The detour and the reasons of the offer that stands for each errand."""
    standing = Offer.objects.filter(
        matter__in=list(matter_ids), state__in=(Offer.State.OFFERED, Offer.State.ACCEPTED), detour_m__isnull=False
    )
    return {
        offer.matter_id: [because(detour_text(offer.detour_m or 0, offer.detour_s or 0), offer_reasons(offer.reasons))]
        for offer in standing
    }


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
