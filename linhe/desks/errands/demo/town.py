"""The demo district 邻和区 (fictional, codes 990101...) as drawn by the sample's plan, and the people in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from linhe.core.people.models import Account, Delegation, Post
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.errands.models import Qualification
from linhe.lib.geography import Point, distance_m

CODE = "990101"
CENTRE = Point(112.73, 38.42)
SAMPLE = Path(__file__).parents[1] / "sample" / "data"
PLAN = Path(__file__).parents[1] / "sample" / "town"
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
    "仁和家园", "向阳院", "福寿里", "翠微园", "长乐院", "清源里", "百合园", "松柏院", "桃源里", "静安里", "玉兰苑",
    "同福里", "银杏园", "学府里", "采薇园", "明月里", "青云里", "海棠苑", "永宁里", "双桥里", "荷风苑", "金穗里",
    "竹园里", "平安里", "五福里", "蓝天苑", "吉祥里", "晨光苑", "槐荫里", "迎宾里", "紫藤苑", "泰和里", "新月里",
    "凤鸣苑", "石榴院", "杏林里", "云锦苑", "河畔居",
)  # fmt: skip
"""One of a kind: eight in each community."""
SHOP_NAMES = ("便民药房", "惠民超市", "菜市场", "老街面馆", "快递驿站", "洗衣店")
WHERE = (4, 1, 3, 0, 5, 2)
"""Where each community lies on the plan: columns from the west, the northern row first."""
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
    shops: dict[str, Point]
    depots: list[Point]

    def shops_near(self, place: Place, most: int = 5) -> list[tuple[str, Point]]:
        """The shops nearest to a building, by name."""
        here = Point(place.lng or 0, place.lat or 0)
        return sorted(self.shops.items(), key=lambda shop: distance_m(here, shop[1]))[:most]

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
    plan = _plan()
    district = add_place(
        code=f"{CODE}000000", name="邻和区", name_en="Linhe District", kind="district", lat=CENTRE.lat, lng=CENTRE.lng,
        boundary=plan["outline"],
    )  # fmt: skip
    upper = {
        code: add_place(
            code=f"{CODE}{code}000", name=name, name_en=en, kind=kind, parent=district, boundary=_joined(plan, code)
        )
        for code, kind, name, en in UPPER
    }
    communities = []
    names = iter(COMPOUNDS)
    for (code, kind, name, en), drawn in zip(COMMUNITIES, (plan["communities"][n] for n in WHERE), strict=True):
        community = add_place(
            code=f"{CODE}{code}", name=name, name_en=en, kind=kind, parent=upper[code[:3]], boundary=drawn["boundary"]
        )
        communities.append(community)
        for number, compound in enumerate(drawn["compounds"], 1):
            _lay_compound(community, number, next(names), compound)
    _settle(district, communities, at - timedelta(days=400))
    return _gathered(district)


def _plan() -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads((PLAN / "places.json").read_text(encoding="utf-8"))
    return drawn


def _joined(plan: dict[str, Any], code: str) -> dict[str, Any]:
    """The area of a subdistrict: those of its communities."""
    mine = [where for (community, *_), where in zip(COMMUNITIES, WHERE, strict=True) if community.startswith(code)]
    areas = [plan["communities"][where]["boundary"]["coordinates"] for where in mine]
    return {"type": "MultiPolygon", "coordinates": areas}


def _gathered(district: Place) -> DemoTown:
    accounts = {a.username: a for a in Account.objects.filter(username__startswith="demo-") if a.username}
    buildings = list(Place.objects.filter(district=district, kind="building").select_related("parent").order_by("code"))
    numbered = [f"demo-courier{'' if n == 1 else f'-{n}'}" for n in range(1, RIDERS + 1)]
    plan = _plan()
    shops = {
        f"{SHOP_NAMES[n % len(SHOP_NAMES)]}（{n // len(SHOP_NAMES) + 1}店）": Point(**shop)
        for n, shop in enumerate(plan["shops"])
    }
    return DemoTown(
        district, buildings, accounts, [accounts[name] for name in numbered],
        [accounts[f"demo-resident-{n}"] for n in range(1, RESIDENTS + 1)], shops,
        [Point(**depot) for depot in plan["depots"]],
    )  # fmt: skip


def _lay_compound(community: Place, number: int, name: str, drawn: dict[str, Any]) -> None:
    compound = add_place(
        code=f"{community.code}-{number:03}", name=name, kind="compound", parent=community, boundary=drawn["boundary"]
    )
    for count, building in enumerate(drawn["buildings"], 1):
        add_place(
            code=f"{compound.code}-{count:03}", name=f"{name}{count}号楼", kind="building", parent=compound, **building
        )


def _settle(district: Place, communities: list[Place], since: datetime) -> None:
    """People move in and take up their posts."""
    buildings = list(Place.objects.filter(district=district, kind="building").order_by("code"))
    by_code = {c.code[6:]: c for c in communities} | {p.code[6:9]: p for p in district.children.all()} | {"": district}
    elder = _person("demo-elder", "贺金秀", 1, home=buildings[2], door="2单元501室", elder_mode=True)
    family = _person("demo-family", "贺晓春", 2, home=buildings[120], door="1单元302室")
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
