"""A generated district of any size: places from the district down to units, people, their posts and families."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from linhe.core.loop import registry
from linhe.core.people import roles
from linhe.core.people.encryption import blind_index, encrypt
from linhe.core.places.services import cell_of

FULL = (8, 12, 10, 6)
"""How many subdistricts, and in each communities, compounds and buildings."""
UNITS = 2
LAT, LNG = 38.42, 112.73
STEP = 0.0012
"""Degrees between neighbouring buildings."""
LEVELS = ("district", "subdistrict", "community", "compound", "building")
WIDE = {
    "courier": "district", "organiser": "district", "partner": "district", "department_officer": "district",
    "district_officer": "district", "auditor": "district", "administrator": "district",
    "subdistrict_officer": "subdistrict",
}  # fmt: skip
"""Where the holders of a role have their post; of any other role in the community."""
HOLDERS = {"district": 12, "subdistrict": 6, "community": 3}
PEOPLE_A_COURIER = 500
NAMES = 1000
PEOPLE_A_FAMILY = 50
"""One in so many lets a child act for them."""


@dataclass(frozen=True, slots=True)
class Town:
    """What the generators of matters need to know: buildings with the ids above them, and who lives and works where.

    The resident number ``n`` has the id ``first_resident + n`` and lives in building ``n % len(buildings)``.
    """

    buildings: list[tuple[int, ...]]
    first_resident: int
    residents: int
    holders: dict[str, dict[int, list[int]]]
    """Role -> id of the place of the post -> who holds it."""
    couriers: list[int]

    def home_of(self, number: int) -> tuple[int, ...]:
        """The ids of the places of a resident's building, from the district down."""
        return self.buildings[number % len(self.buildings)]

    def holders_of(self, role: str, home: tuple[int, ...]) -> list[int]:
        """Who holds a role at a building: the posts of the level where the role has them."""
        level = WIDE.get(role, "community")
        return self.holders.get(role, {}).get(home[LEVELS.index(level)], [])


def lay(people: int, *, seed: int, at: datetime, shape: tuple[int, int, int, int] = FULL) -> Town:
    """Write places, people, posts and delegations of a district of so many residents."""
    above, buildings = _places(shape)
    _copy("places_place", PLACE_COLUMNS, [*above, *_units(buildings, len(above) + 1)])
    rng = random.Random(seed)
    staff = list(_staff(buildings, people))
    first_resident = len(staff) + 1
    _copy("people_account", ACCOUNT_COLUMNS, _accounts(staff, first_resident, people, buildings, at))
    _copy(
        "people_post", ("account_id", "role", "place_id", "valid_from"),
        ((number, role, place, at - timedelta(days=1500)) for number, (role, place) in enumerate(staff, 1)),
    )  # fmt: skip
    principals = rng.sample(range(people), people // PEOPLE_A_FAMILY)
    _copy(
        "people_delegation", ("principal_id", "delegate_id", "asked_at", "confirmed_at"),
        (
            (first_resident + n, first_resident + (n + 1) % people, at - timedelta(days=900), at - timedelta(days=899))
            for n in principals
        ),
    )  # fmt: skip
    holders: dict[str, dict[int, list[int]]] = {}
    for number, (role, place) in enumerate(staff, 1):
        holders.setdefault(role, {}).setdefault(place, []).append(number)
    couriers = [number for held in holders["courier"].values() for number in held]
    return Town([one[0] for one in buildings], first_resident, people, holders, couriers)


_Building = tuple[tuple[int, ...], str, float, float]
PLACE_COLUMNS = (
    "id", "code", "name", "name_en", "kind", "parent_id", "district_id", "subdistrict_id", "community_id",
    "compound_id", "building_id", "lat", "lng", "datum", "h3_cell", "address",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "id", "password", "username", "name", "phone", "phone_index", "phone_verified_at", "email", "home_id", "door",
    "language", "elder_mode", "theme", "is_active", "must_change_password", "sessions_ended", "joined_at",
)  # fmt: skip


def _places(shape: tuple[int, int, int, int]) -> tuple[list[tuple[Any, ...]], list[_Building]]:
    """The rows of all places down to the buildings; of these the ids down to them, their code and point."""
    rows: list[tuple[Any, ...]] = []
    buildings: list[_Building] = []

    def add(kind: str, code: str, name: str, name_en: str, above: tuple[int, ...], lat: float, lng: float) -> int:
        here = len(rows) + 1
        line = [*above, here] if kind in LEVELS else list(above)
        full = [*line, *[None] * (len(LEVELS) - len(line))]
        row = (here, code, name, name_en, kind, above[-1] if above else None, *full, lat, lng, "WGS-84")
        rows.append((*row, cell_of(lat, lng), ""))
        return here

    district = add("district", "990301000000", "测速区", "Bench District", (), LAT, LNG)
    for s in range(1, shape[0] + 1):
        sub = add("subdistrict", f"990301{s:03d}000", f"第{s}街道", f"Subdistrict {s}", (district,), LAT, LNG + s / 50)
        for c in range(1, shape[1] + 1):
            official = f"990301{s:03d}{c:03d}"
            above = (district, sub)
            lat, lng = LAT + c / 60, LNG + s / 50
            com = add("community", official, f"第{s}-{c}社区", f"Community {s}-{c}", above, lat, lng)
            for y in range(1, shape[2] + 1):
                code = f"{official}-{y:03d}"
                where = LAT + c / 60 + y * STEP, LNG + s / 50
                yard = add("compound", code, f"{s}-{c}-{y}小区", f"Compound {s}-{c}-{y}", (*above, com), *where)
                for b in range(1, shape[3] + 1):
                    point = where[0], where[1] + b * STEP
                    line = (*above, com, yard)
                    house = f"{code}-{b:03d}"
                    built = add("building", house, f"{b}号楼", f"Building {b}", line, *point)
                    buildings.append(((*line, built), house, *point))
    return rows, buildings


def _units(buildings: Sequence[_Building], first: int) -> Iterator[tuple[Any, ...]]:
    here = first
    for line, code, lat, lng in buildings:
        for u in range(1, UNITS + 1):
            row = (here, f"{code}-{u:02d}", f"{u}单元", f"Unit {u}", "unit", line[-1], *line, lat, lng)
            yield (*row, "WGS-84", cell_of(lat, lng), "")
            here += 1


def _staff(buildings: Sequence[_Building], people: int) -> Iterator[tuple[str, int]]:
    """Role and place of every post, each held by a person of its own."""
    lines = [line for line, *_ in buildings]
    district = lines[0][0]
    for _ in range(max(3, people // PEOPLE_A_COURIER)):
        yield "courier", district
    named = {who for kind in registry.kinds() for action in kind.actions for who in (*action.who, *kind.reads)}
    for role in sorted(one.code for one in roles.roles() if one.code in named and one.code != "courier"):
        level = WIDE.get(role, "community")
        for place in sorted({line[LEVELS.index(level)] for line in lines}):
            for _ in range(HOLDERS[level]):
                yield role, place


def _accounts(
    staff: Sequence[tuple[str, int]], first: int, people: int, buildings: Sequence[_Building], at: datetime
) -> Iterator[tuple[Any, ...]]:
    """Every number is a person's own; names and doors are few, since nobody looks for them."""
    names = [encrypt(f"居民{n}", column="people.account.name") for n in range(NAMES)]
    door = encrypt("1单元101", column="people.account.door")
    verified, joined = at.isoformat(), (at - timedelta(days=1000)).isoformat()
    for number in range(1, first + people):
        resident = number - first
        phone = f"1990{number:07d}"
        sealed, index = encrypt(phone, column="people.account.phone"), blind_index(phone)
        username = f"bench-{number}" if resident < 0 else None
        home = buildings[resident % len(buildings)][0][-1] if resident >= 0 else None
        elder = resident >= 0 and resident % 5 == 0
        yield (
            number, "!", username, names[number % NAMES], sealed, index, verified, "", home,
            door if resident >= 0 else "", "zh-hans", elder, "auto", True, False, 0, joined,
        )  # fmt: skip


def _copy(table: str, columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write("\t".join("\\N" if value is None else str(value) for value in row) + "\n")
