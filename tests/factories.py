"""Small makers of real rows: a district with everything below it, people and their posts."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.core.places.services import add_place

_numbers = itertools.count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class District:
    """One place a level, and a second community to be a stranger in."""

    district: Place
    subdistrict: Place
    community: Place
    compound: Place
    building: Place
    unit: Place
    other_community: Place
    other_building: Place


def make_district(prefix: str = "990201") -> District:
    """A tiny district: one branch down to a unit, and another community with one building."""
    district = add_place(code=f"{prefix}000000", name="测试区", kind="district", lat=38.42, lng=112.73)
    sub = add_place(code=f"{prefix}001000", name="东街道", kind="subdistrict", parent=district)
    community = add_place(code=f"{prefix}001001", name="和平社区", kind="community", parent=sub)
    compound = add_place(code=f"{prefix}001001-001", name="安居小区", kind="compound", parent=community)
    building = add_place(
        code=f"{prefix}001001-001-001", name="1号楼", kind="building", parent=compound, lat=38.421, lng=112.731
    )
    unit = add_place(code=f"{prefix}001001-001-001-01", name="1单元", kind="unit", parent=building)
    other = add_place(code=f"{prefix}001002", name="光明社区", kind="community", parent=sub)
    yard = add_place(code=f"{prefix}001002-001", name="光明小区", kind="compound", parent=other)
    other_building = add_place(
        code=f"{prefix}001002-001-001", name="2号楼", kind="building", parent=yard, lat=38.43, lng=112.74
    )
    return District(district, sub, community, compound, building, unit, other, other_building)


def make_account(name: str = "", **fields: object) -> Account:
    """A person with a phone number that nobody has."""
    number = next(_numbers)
    account = Account(name=name or f"居民{number}", **fields)
    account.set_phone(f"199{10_000_000 + number}")
    account.set_unusable_password()
    account.save()
    return account


def make_post(role: str, place: Place, account: Account | None = None, **fields: object) -> Account:
    """Someone who holds a post at a place."""
    account = account or make_account(role)
    Post.objects.create(account=account, role=role, place=place, **({"valid_from": LONG_AGO} | fields))
    return account
