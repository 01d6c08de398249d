"""The demo district 邻和区 (fictional, codes 990101...) laid over the sample day's spots, and the people in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import atan2, cos, pi, sin
from pathlib import Path

from django.db import transaction

from linhe.core.people.models import Account, Delegation, Post
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.errands.models import Qualification
from linhe.desks.errands.sample.dataset import Dataset
from linhe.desks.errands.sample.reader import read
from linhe.lib.geography import Point, distance_m, from_local_m, to_local_m

CODE = "990101"
CENTRE = Point(112.73, 38.42)
SAMPLE = Path(__file__).parents[1] / "sample" / "data"
COMMUNITIES = (
    ("001001", "community", "和平社区", "Heping"), ("001002", "community", "光明社区", "Guangming"),
    ("002001", "community", "文昌社区", "Wenchang"), ("002002", "community", "兴华社区", "Xinghua"),
    ("101001", "community", "新苑社区", "Xinyuan"), ("101201", "village", "北岭村", "Beiling"),
)  # fmt: skip
UPPER = (
    ("001", "subdistrict", "东湖街道", "Donghu"),
    ("002", "subdistrict", "西苑街道", "Xiyuan"),
    ("101", "town", "北岭镇", "Beiling Town"),
)
COMPOUNDS = (
    "安居苑", "东升里", "书香园", "康乐家园", "柳荫院", "丰和里", "锦绣园", "梧桐院", "春晖里", "望湖苑",
    "仁和家园", "向阳院", "福寿里", "翠微园", "长乐院", "清源里", "百合园", "松柏院",
)  # fmt: skip
BUILDINGS, BUILDINGS_A_COMPOUND = 120, 7
RIDERS, RESIDENTS = 31, 80
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = ("建国", "秀英", "志强", "桂兰", "晓明", "丽华", "文博", "玉梅", "海涛", "春燕", "国庆", "淑珍", "小军", "雅琴")
STAFF = (
    ("demo-worker", "community_worker", "001001", "陈晓梅"), ("demo-approver", "community_worker", "001001", "郭志远"),
    ("demo-street", "subdistrict_officer", "001", "梁文昌"), ("demo-district", "district_officer", "", "宋国平"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoTown:
    """Who and what the stories need."""

    district: Place
    buildings: list[Place]
    people: dict[str, Account]
    riders: list[Account]
    residents: list[Account]
    sample: Dataset

    def building_near(self, point: Point) -> Place:
        """The building nearest to a point."""
        return min(self.buildings, key=lambda b: (distance_m(Point(b.lng or 0, b.lat or 0), point), b.pk))

    def workers(self) -> tuple[Account, Account]:
        """The pair that calls back and approves all over the district."""
        return self.people["demo-caller"], self.people["demo-second"]


def found() -> DemoTown | None:
    """The demo town if it has been laid."""
    district = Place.objects.filter(code=f"{CODE}000000").first()
    return None if district is None else _gathered(district)


@transaction.atomic
def lay_town(*, at: datetime) -> DemoTown:
    """Lay the demo town once: places, people, posts, the family's delegation."""
    known = found()
    if known is not None:
        return known
    sample = read(SAMPLE)
    district = add_place(
        code=f"{CODE}000000", name="邻和区", name_en="Linhe District", kind="district", lat=CENTRE.lat, lng=CENTRE.lng,
        boundary=_ring(4600),
    )  # fmt: skip
    upper = {
        code: add_place(
            code=f"{CODE}{code}000", name=name, name_en=en, kind=kind, parent=district,
            boundary=_wedge([i for i, c in enumerate(COMMUNITIES) if c[0].startswith(code)]),
        )
        for code, kind, name, en in UPPER
    }  # fmt: skip
    communities = [
        add_place(
            code=f"{CODE}{code}", name=name, name_en=en, kind=kind, parent=upper[code[:3]], boundary=_wedge([number])
        )
        for number, (code, kind, name, en) in enumerate(COMMUNITIES)
    ]
    _lay_compounds(communities, sample)
    _settle(district, communities, at - timedelta(days=400))
    return _gathered(district)


def _gathered(district: Place) -> DemoTown:
    accounts = {a.username: a for a in Account.objects.filter(username__startswith="demo-") if a.username}
    buildings = list(Place.objects.filter(district=district, kind="building").select_related("parent").order_by("code"))
    numbered = [f"demo-courier{'' if n == 1 else f'-{n}'}" for n in range(1, RIDERS + 1)]
    return DemoTown(
        district, buildings, accounts, [accounts[name] for name in numbered],
        [accounts[f"demo-resident-{n}"] for n in range(1, RESIDENTS + 1)], read(SAMPLE),
    )  # fmt: skip


def _lay_compounds(communities: list[Place], sample: Dataset) -> None:
    """Buildings stand at spots of the sample: sectors of the town are communities, neighbours share a compound."""
    wanted = list(dict.fromkeys(order.spot_id for order in sample.orders))
    spots = [*wanted, *(key for key in sample.spots if key not in set(wanted))][:BUILDINGS]
    by_turn = sorted(spots, key=lambda key: _turn(sample.spots[key]))
    share, number = BUILDINGS // len(communities), 0
    for place, community in enumerate(communities):
        mine = sorted(by_turn[place * share : (place + 1) * share], key=lambda k: distance_m(CENTRE, sample.spots[k]))
        for inside, start in enumerate(range(0, len(mine), BUILDINGS_A_COMPOUND), 1):
            name = COMPOUNDS[number % len(COMPOUNDS)]
            compound = add_place(
                code=f"{community.code}-{inside:03}", name=name, kind="compound", parent=community
            )  # fmt: skip
            number += 1
            _lay_buildings(compound, mine[start : start + BUILDINGS_A_COMPOUND], sample)


def _lay_buildings(compound: Place, spots: list[str], sample: Dataset) -> None:
    for number, key in enumerate(spots, 1):
        point = sample.spots[key]
        add_place(
            code=f"{compound.code}-{number:03}", name=f"{compound.name}{number}号楼", kind="building", parent=compound,
            lat=point.lat, lng=point.lng,
        )  # fmt: skip


def _settle(district: Place, communities: list[Place], since: datetime) -> None:
    """People move in and take up their posts."""
    buildings = list(Place.objects.filter(district=district, kind="building").order_by("code"))
    by_code = {c.code[6:]: c for c in communities} | {p.code[6:9]: p for p in district.children.all()} | {"": district}
    elder = _person("demo-elder", "贺金秀", 1, home=buildings[2], door="2单元501室", elder_mode=True)
    family = _person("demo-family", "贺晓春", 2, home=buildings[70], door="1单元302室")
    Delegation.objects.create(principal=elder, delegate=family, asked_at=since, confirmed_at=since)
    for number in range(1, RIDERS + 1):
        rider = _person(f"demo-courier{'' if number == 1 else f'-{number}'}", _name(number), 100 + number)
        Post.objects.create(account=rider, role="courier", place=district, valid_from=since)
        if number % 5 == 0:
            Qualification.objects.create(account=rider, skill="fix", valid_from=since)
    for number in range(1, RESIDENTS + 1):
        home = buildings[number * 7 % len(buildings)]
        _person(
            f"demo-resident-{number}",
            _name(number + 40),
            300 + number,
            home=home,
            door=f"{number % 6 + 1}0{number % 4 + 1}室",
        )
    staff = [*STAFF, ("demo-caller", "community_worker", "", "高玉兰"), ("demo-second", "community_worker", "", "林海")]
    for number, (username, role, code, name) in enumerate(staff, 1):
        holder = _person(username, name, 500 + number)
        Post.objects.create(account=holder, role=role, place=by_code[code], valid_from=since)


def _person(username: str, name: str, number: int, **more: object) -> Account:
    account = Account(username=username, name=name, **more)
    account.set_phone(f"1990000{number:04d}")
    account.set_unusable_password()
    account.save()
    return account


def _name(number: int) -> str:
    return SURNAMES[number * 7 % len(SURNAMES)] + GIVEN[number * 5 % len(GIVEN)]


def _turn(point: Point) -> float:
    east, north = to_local_m(point, CENTRE)
    return atan2(north, east) % (2 * pi)


def _ring(radius_m: float, first: float = 0.0, last: float = 1.0, *, closed: bool = True) -> dict[str, object]:
    """A round area, or the part of it between two shares of a full turn."""
    steps = 48
    turns = [2 * pi * (first + (last - first) * k / steps) for k in range(steps + 1)]
    ring = [from_local_m(radius_m * cos(t), radius_m * sin(t), CENTRE) for t in turns]
    if not closed:
        ring = [CENTRE, *ring, CENTRE]
    return {"type": "Polygon", "coordinates": [[[round(p.lng, 6), round(p.lat, 6)] for p in ring]]}


def _wedge(numbers: list[int]) -> dict[str, object]:
    share = 1 / len(COMMUNITIES)
    return _ring(4600, min(numbers) * share, (max(numbers) + 1) * share, closed=False)
