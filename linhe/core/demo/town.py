"""The demo district 邻和区 (fictional, codes 990101...) as drawn by the plan, and the people in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import transaction

from linhe.core.demo import names
from linhe.core.people.models import Account, Delegation, Organisation, Post
from linhe.core.places.kinds import LEVEL_OF
from linhe.core.places.models import Place
from linhe.core.places.services import NewPlace, add_place, add_places
from linhe.lib.geography import Point, distance_m

CODE = "990101"
CENTRE = Point(112.73, 38.42)
DRAWN = Path(__file__).with_name("drawn")
BASEMAP = DRAWN / "basemap.geojson"
INNER = 6
"""So many communities make up the town in the middle, where the daily stories happen."""
RIDERS, RESIDENTS = 31, 80
ELDERS_BUILDING, FAMILYS_BUILDING = 2, 120


@dataclass(frozen=True)
class DemoTown:
    """Who and what the stories need."""

    district: Place
    subdistricts: list[Place]
    communities: list[Place]
    compounds: list[Place]
    buildings: list[Place]
    units: list[Place]
    people: dict[str, Account]
    riders: list[Account]
    residents: list[Account]
    organisations: dict[str, Organisation]
    """By the code that follows the district's: ``housing``, ``police``, ..., ``company-1`` ..."""
    shops: dict[str, Point]
    depots: list[Point]

    @cached_property
    def inner_buildings(self) -> list[Place]:
        """The buildings of the town in the middle."""
        inner = {c.pk for c in self.communities[:INNER]}
        return [b for b in self.buildings if b.community_id in inner]

    def shops_near(self, place: Place, most: int = 5) -> list[tuple[str, Point]]:
        """The shops nearest to a building, by name."""
        here = Point(place.lng or 0, place.lat or 0)
        return sorted(self.shops.items(), key=lambda shop: distance_m(here, shop[1]))[:most]

    def workers(self) -> tuple[Account, Account]:
        """The pair that calls back and approves all over the district."""
        return self.people["demo-caller"], self.people["demo-second"]

    def person(self, username: str, name: str, number: int, **fields: Any) -> Account:
        """Someone of the demo, made when there is none: ``number`` (from 1000 on, below 10000) makes the phone."""
        known = self.people.get(username) or Account.objects.filter(username=username).first()
        self.people[username] = known or _person(username, name, number, **fields)
        return self.people[username]

    def crowd(self, prefix: str, count: int, homes: Iterable[Place]) -> list[Account]:
        """So many people ``demo-<prefix>-<n>`` without a phone, living in these places in turn; made in bulk, once."""
        wanted = [f"demo-{prefix}-{n}" for n in range(1, count + 1)]
        known = set(Account.objects.filter(username__in=wanted).values_list("username", flat=True))
        places = list(homes)
        made = []
        for number, username in enumerate(wanted):
            if username not in known:
                one = Account(username=username, name=names.person(number), home=places[number % len(places)])
                one.set_unusable_password()
                made.append(one)
        Account.objects.bulk_create(made, batch_size=1000)
        found = {a.username: a for a in Account.objects.filter(username__in=wanted).select_related("home")}
        return [found[username] for username in wanted]

    def company_of(self, compound: Place) -> Organisation | None:
        """The property company that looks after a compound: that of the post of its manager."""
        post = Post.objects.filter(
            role="property_manager", place=compound, organisation__kind="company", valid_to__isnull=True
        ).select_related("organisation")
        return next((one.organisation for one in post), None)


def found() -> DemoTown | None:
    """The demo town if it has been laid."""
    district = Place.objects.filter(code=f"{CODE}000000").first()
    return None if district is None else _gathered(district)


@transaction.atomic
def lay_town(*, at: datetime) -> DemoTown:
    """Lay the demo town once: places, people, organisations, posts, the family's delegation."""
    known = found()
    if known is not None:
        return known
    district = _lay_places()
    _settle(district, at - timedelta(days=400))
    return _gathered(district)


def _plan() -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads((DRAWN / "places.json").read_text(encoding="utf-8"))
    return drawn


def _lay_places() -> Place:
    plan = _plan()
    district = add_place(
        code=f"{CODE}000000", name="邻和区", name_en="Linhe District", kind="district", lat=CENTRE.lat, lng=CENTRE.lng,
        boundary=plan["outline"],
    )  # fmt: skip
    upper = {
        code: add_place(
            code=f"{CODE}{code}000", name=name, name_en=en, kind=kind, parent=district, boundary=_joined(plan, code)
        )
        for code, kind, name, en in names.UPPER
    }
    town_names, compounds, buildings, units = iter(names.COMPOUNDS), [], [], []
    for number, ((code, kind, name, en), where) in enumerate(zip(names.COMMUNITIES, names.WHERE, strict=True)):
        drawn = plan["communities"][where]
        community = add_place(
            code=f"{CODE}{code}", name=name, name_en=en, kind=kind, parent=upper[code[:3]], boundary=drawn["boundary"]
        )
        for place, compound in enumerate(drawn["compounds"], 1):
            called = next(town_names) if number < INNER else names.outer_compound(number, place)
            new = NewPlace(f"{community.code}-{place:03}", called, community, boundary=compound["boundary"])
            compounds.append((new, compound["buildings"]))
    laid = add_places("compound", [new for new, _ in compounds])
    for parent, (_, drawn_buildings) in zip(laid, compounds, strict=True):
        for count, building in enumerate(drawn_buildings, 1):
            buildings.append(NewPlace(f"{parent.code}-{count:03}", f"{parent.name}{count}号楼", parent, **building))
    for number, building in enumerate(add_places("building", buildings)):
        most = 2 + (number * 7 % 10 < 7) + (number % 4 == 0)
        units += [NewPlace(f"{building.code}-{count:02}", f"{count}单元", building) for count in range(1, most)]
    add_places("unit", units)
    return district


def _joined(plan: dict[str, Any], code: str) -> dict[str, Any]:
    """The area of a subdistrict: those of its communities."""
    mine = [where for (c, *_), where in zip(names.COMMUNITIES, names.WHERE, strict=True) if c.startswith(code)]
    areas = [plan["communities"][where]["boundary"]["coordinates"] for where in mine]
    return {"type": "MultiPolygon", "coordinates": areas}


def _gathered(district: Place) -> DemoTown:
    accounts = {a.username: a for a in _demo_people() if a.username}
    below: dict[str, list[Place]] = {level: [] for level in LEVEL_OF.values()}
    for place in Place.objects.filter(district=district).select_related("parent"):
        below[place.level].append(place)  # in the order of their codes
    town = {f"{CODE}{code}": n for n, (code, *_) in enumerate(names.COMMUNITIES)}
    for level in ("community", "compound", "building", "unit"):
        below[level].sort(key=lambda p: (town[p.code[:12]], p.code))
    numbered = [f"demo-courier{'' if n == 1 else f'-{n}'}" for n in range(1, RIDERS + 1)]
    plan = _plan()
    shops = {
        f"{names.SHOPS[n % len(names.SHOPS)]}（{n // len(names.SHOPS) + 1}店）": Point(**shop)
        for n, shop in enumerate(plan["shops"])
    }
    organisations = Organisation.objects.filter(code__startswith=f"{CODE}-").order_by("id")
    return DemoTown(
        district, below["subdistrict"], below["community"], below["compound"], below["building"], below["unit"],
        accounts, [accounts[name] for name in numbered],
        [accounts[f"demo-resident-{n}"] for n in range(1, RESIDENTS + 1)],
        {o.code.removeprefix(f"{CODE}-"): o for o in organisations}, shops,
        [Point(**depot) for depot in plan["depots"]],
    )  # fmt: skip


def _demo_people() -> Iterable[Account]:
    """Everyone but the crowds."""
    return Account.objects.filter(username__startswith="demo-").exclude(phone_index=None).select_related("home")


def _settle(district: Place, since: datetime) -> None:
    """People move in and take up their posts."""
    official = ("district", "subdistrict", "town", "community", "village")
    upper = Place.objects.filter(district=district, kind__in=official)
    places = {p.code[6:].removesuffix("000").removesuffix("000"): p for p in upper}
    town = {f"{CODE}{code}": n for n, (code, *_) in enumerate(names.COMMUNITIES)}
    buildings = sorted(
        Place.objects.filter(district=district, kind="building"), key=lambda b: (town[b.code[:12]], b.code)
    )
    inner = [b for b in buildings if town[b.code[:12]] < INNER]
    home = inner[ELDERS_BUILDING]
    elder = _person("demo-elder", "贺金秀", 1, home=home, door="2单元501室", elder_mode=True)
    family = _person("demo-family", "贺晓春", 2, home=inner[FAMILYS_BUILDING], door="1单元302室")
    Delegation.objects.create(principal=elder, delegate=family, asked_at=since, confirmed_at=since)
    posts = []
    for number in range(1, RIDERS + 1):
        rider = _person(f"demo-courier{'' if number == 1 else f'-{number}'}", names.person(number), 100 + number)
        posts.append(Post(account=rider, role="courier", place=district, valid_from=since))
    for number in range(1, RESIDENTS + 1):
        door = f"{number % 6 + 1}0{number % 4 + 1}室"
        home_of = inner[number * 7 % len(inner)]
        _person(f"demo-resident-{number}", names.person(number + 40), 300 + number, home=home_of, door=door)
    for number, (username, role, code, name) in enumerate(names.STAFF, 1):
        holder = _person(username, name, 500 + number)
        posts.append(Post(account=holder, role=role, place=places[code], valid_from=since))
    posts += _organisations(district, since)
    chief = _person("demo-unit-chief", "孟庆芳", 580, home=home)
    committee = _person("demo-committee", "苏明远", 581, home=home)
    unit = Place.objects.filter(parent=home, kind="unit").order_by("code").last() or home
    assert home.compound is not None
    posts += [
        Post(account=chief, role="unit_chief", place=unit, valid_from=since),
        Post(account=committee, role="owners_committee", place=home.compound, valid_from=since),
    ]
    Post.objects.bulk_create(posts)


def _organisations(district: Place, since: datetime) -> list[Post]:
    """The departments and property companies with who acts for them; returns the posts to be made."""
    posts = []
    for number, (code, name, name_en, username, holder) in enumerate(names.DEPARTMENTS, 1):
        office = Organisation.objects.create(
            code=f"{CODE}-{code}", name=f"邻和区{name}", name_en=f"Linhe {name_en}", kind="department", place=district
        )
        officer = _person(username, holder, 520 + number)
        posts.append(
            Post(account=officer, role="department_officer", place=district, organisation=office, valid_from=since)
        )
    compounds = list(Place.objects.filter(district=district, kind="compound").order_by("community__code", "code"))
    share = -(-len(compounds) // len(names.COMPANIES))
    for number, name in enumerate(names.COMPANIES, 1):
        company = Organisation.objects.create(
            code=f"{CODE}-company-{number}", name=f"{name}物业服务有限公司", name_en=f"Property company {number}",
            kind="company", place=district,
        )  # fmt: skip
        username = f"demo-property{'' if number == 1 else f'-{number}'}"
        manager = _person(username, names.person(number + 11), 540 + number)
        posts += [
            Post(account=manager, role="property_manager", place=compound, organisation=company, valid_from=since)
            for compound in compounds[(number - 1) * share : number * share]
        ]
    return posts


def _person(username: str, name: str, number: int, **more: Any) -> Account:
    account = Account(username=username, name=name, **more)
    account.set_phone(f"1990000{number:04d}")
    account.set_unusable_password()
    account.save()
    return account
