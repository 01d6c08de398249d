"""The demo's feeder, its trucks, and who works on it: one county and two neighbours that lend their trucks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from linhe.core.demo import DemoTown
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.power import services
from linhe.desks.power.loop.roles import DISPATCHER, OBSERVER, OPERATOR, SUPERVISOR, TRUCK_CREW, TRUCK_OWNER
from linhe.desks.power.models import Feeder, Truck
from linhe.lib.text import Text

FEEDER = "chengdong-1"
SAMPLE = Path(services.__file__).parents[1] / "sample" / "case33bw.json"
SINCE_DAYS = 800
FIRST_PHONE = 7100
CENTRE = (112.73, 38.42)
SAMPLE_CENTRE, SCALE = (111.314, 30.6), (0.26, 0.42)
"""The sample's positions are moved into the demo district and drawn closer together."""
FAULT = "L3"
CLOSED_FOR_WORK = ("K09151", "K12221", "K18331", "K25291")
"""Ties that cannot be used: the neighbouring lines are under repair. One is left."""
VITAL = {
    "14": ("区人民医院", "district hospital"),
    "24": ("第二自来水厂", "waterworks no. 2"),
    "30": ("第一中学", "middle school no. 1"),
}
NEIGHBOURS = (
    ("990111000000", "安岭县", "Anling County", 112.79, 38.445),
    ("990112000000", "白河县", "Baihe County", 112.66, 38.39),
)
TRUCKS = (
    ("own", "lh-500", "邻和 500 千瓦车", "Linhe 500 kW", 500, 625, 20, 8, (38.425, 112.705)),
    ("a", "al-800", "安岭 800 千瓦车", "Anling 800 kW", 800, 1000, 35, 10, (38.445, 112.785)),
    ("b", "bh-600", "白河 600 千瓦车", "Baihe 600 kW", 600, 750, 40, 8, (38.392, 112.668)),
)
COUNTIES = (
    ("安岭", "Anling"), ("白河", "Baihe"), ("长坪", "Changping"), ("东原", "Dongyuan"), ("丰川", "Fengchuan"),
    ("高台", "Gaotai"), ("和林", "Helin"), ("金沙", "Jinsha"), ("兰溪", "Lanxi"), ("明湖", "Minghu"),
    ("南屏", "Nanping"), ("平陵", "Pingling"), ("青石", "Qingshi"), ("松原", "Songyuan"),
)  # fmt: skip
"""Fourteen county companies that watch; made-up names."""


@dataclass(frozen=True)
class Ground:
    """Who and where."""

    place: Place
    feeder: Feeder
    trucks: dict[str, Truck]
    dispatcher: Account
    supervisor: Account
    operator: Account
    crews: dict[str, Account]
    owners: dict[str, Account]


def lay_ground(town: DemoTown, *, at: datetime) -> Ground:
    """Lay it once."""
    place, since = town.district, at - timedelta(days=SINCE_DAYS)
    own = _company("990101-power", "邻和供电公司", "Linhe Power", place)
    companies = {"own": own}
    for key, (code, name, name_en, lng, lat) in zip("ab", NEIGHBOURS, strict=True):
        root = Place.objects.filter(code=code).first() or add_place(
            code=code, name=name, name_en=name_en, kind="district", lat=lat, lng=lng
        )
        companies[key] = _company(f"{code[:6]}-power", f"{name}供电公司", f"{name_en} Power", root)
    feeder = Feeder.objects.filter(code=FEEDER).order_by("-version").first() or services.store_feeder(
        code=FEEDER, name=Text("城东 10 千伏一线", "Chengdong 10 kV line 1"), place=place,
        from_date=date(since.year, 1, 1), source="M. E. Baran and F. F. Wu (1989); names and positions made up",
        case=case(),
    )  # fmt: skip
    trucks = {
        owner: services.register_truck(
            code=code, name=Text(name, name_en), owner=companies[owner], kw=kw, kva=kva, travel_min=travel,
            fuel_hours=fuel, position=position,
        )
        for owner, code, name, name_en, kw, kva, travel, fuel, position in TRUCKS
    }  # fmt: skip
    numbers = iter(range(FIRST_PHONE, FIRST_PHONE + 40))

    def holder(username: str, name: str, role: str, company: Organisation) -> Account:
        account = town.person(username, name, next(numbers))
        Post.objects.get_or_create(
            account=account, role=role, place=place, defaults={"valid_from": since, "organisation": company}
        )
        return account

    dispatcher = holder("demo-power", "邵国栋", DISPATCHER, own)
    supervisor = holder("demo-power-supervisor", "武建华", SUPERVISOR, own)
    operator = holder("demo-power-operator", "侯志刚", OPERATOR, own)
    crews = {
        key: holder(f"demo-truck-{key}", name, TRUCK_CREW, companies[key])
        for key, name in (("own", "郝铁军"), ("a", "乔海波"), ("b", "常振宇"))
    }
    owners = {
        key: holder(f"demo-truck-owner-{key}", name, TRUCK_OWNER, companies[key])
        for key, name in (("a", "贾文慧"), ("b", "温立群"))
    }
    holder("demo-power-observer", "康敏", OBSERVER, own)
    return Ground(place, feeder, trucks, dispatcher, supervisor, operator, crews, owners)


def case() -> dict[str, Any]:
    """The sample feeder in the demo district: moved, with customers that come first, and most ties under repair."""
    told: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    feeder = told["feeder"]
    for bus in feeder["buses"]:
        for axis, centre, origin, scale in zip(("lon", "lat"), CENTRE, SAMPLE_CENTRE, SCALE, strict=True):
            bus[axis] = round(centre + scale * (bus[axis] - origin), 5)
    for load in feeder["loads"]:
        if load["bus"] in VITAL:
            zh, en = VITAL[load["bus"]]
            load |= {"priority": 1, "name": {"zh": zh, "en": en}}
    told["unavailable"] = list(CLOSED_FOR_WORK)
    return told


def _company(code: str, name: str, name_en: str, place: Place) -> Organisation:
    found, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "name_en": name_en, "kind": "company", "place": place}
    )
    return found
