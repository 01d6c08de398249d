"""A small town for the journeys: buildings on a grid, an elder with a daughter, couriers on their routes, clerks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Delegation
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.errands import services
from tests.factories import make_account, make_post

LAT, LNG = 38.42, 112.73
STEP = 0.0022
COMPOUNDS = (("安居小区", "Anju Court", 0, 0), ("和平里", "Peace Lane", 1, 2), ("柳树巷", "Willow Lane", 3, 1))


@dataclass
class Town:
    """Everyone and everywhere that the journeys need."""

    district: Place
    community: Place
    buildings: list[Place]
    elder: Account
    daughter: Account
    couriers: list[Account]
    clerk: Account
    second_clerk: Account

    def errand(self, *, by: Account | None = None, building: int = 0, **data: Any) -> Matter:
        """An errand asked for a moment ago."""
        asked = {
            "service": "medicine", "door": "2单元501室", "note": "降压药，请敲门", "pickup_name": "惠民药房",
            "pickup_lat": LAT + STEP, "pickup_lng": LNG + 2 * STEP, **data,
        }  # fmt: skip
        place = self.buildings[building]
        return services.raise_errand(by=by or self.elder, place=place, data=asked, at=timezone.now()).matter


def build_town() -> Town:
    """Lay the places, register the people."""
    district = add_place(code="990301000000", name="汾河区", name_en="Fenhe", kind="district", lat=LAT, lng=LNG)
    street = add_place(
        code="990301001000", name="东街道", name_en="East Street", kind="subdistrict", parent=district, lat=LAT, lng=LNG
    )
    community = add_place(
        code="990301001001", name="和平社区", name_en="Heping", kind="community", parent=street, lat=LAT, lng=LNG
    )
    buildings = []
    for number, (name, name_en, row, column) in enumerate(COMPOUNDS, 1):
        lat, lng = LAT + row * STEP, LNG + column * STEP
        code = f"{community.code}-{number:03}"
        yard = add_place(code=code, name=name, name_en=name_en, kind="compound", parent=community, lat=lat, lng=lng)
        buildings += [
            add_place(
                code=f"{code}-{n:03}", name=f"{name}{n}号楼", name_en=f"{name_en} No. {n}", kind="building",
                parent=yard, lat=lat + n * STEP / 5, lng=lng + n * STEP / 6,
            )
            for n in range(1, 4)
        ]  # fmt: skip
    elder = make_account("贺金秀", elder_mode=True, home=buildings[0], door="2单元501室", theme="light")
    daughter = make_account("贺小敏", home=buildings[5], theme="light")
    now = timezone.now()
    Delegation.objects.create(principal=elder, delegate=daughter, asked_at=now, confirmed_at=now, confirmed_by=elder)
    couriers = [make_post("courier", district, make_account(name, theme="light")) for name in ("周强", "吴海", "郑平")]
    clerks = [
        make_post("community_worker", community, make_account(name, username=user, theme="light"))
        for name, user in (("社工甲", "clerk-a"), ("社工乙", "clerk-b"))
    ]
    return Town(district, community, buildings, elder, daughter, couriers, *clerks)


def on_duty(courier: Account, row: int = 0) -> None:
    """A courier on duty with two stops of their own work ahead."""
    now = timezone.now()
    lat, lng = LAT - STEP + row * STEP / 2, LNG - STEP
    stops = [
        services.OwnStop(
            lat + STEP, lng + 2 * STEP, "百货楼取餐", planned_at=now + timedelta(minutes=20), service_s=120
        ),
        services.OwnStop(
            lat + 3 * STEP, lng + 4 * STEP, "滨河路写字楼", planned_at=now + timedelta(minutes=45), service_s=120
        ),
    ]
    services.start_shift(courier=courier, at=now, lat=lat, lng=lng, stops=stops)
