"""The demo's bodies: a council in every community, a joint meeting in every subdistrict, one owners' assembly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from linhe.core.demo import DemoTown
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.desks.councils.models import Body, Membership

SITTING, PART_TIME, JOINT = 5, 2, 8
OWNERS = 46
TERM = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Seated:
    """A body of the demo with its people."""

    body: Body
    secretary: Account
    members: list[Account]
    residents: list[Account]

    @property
    def chair(self) -> Account:
        """Who chairs it."""
        return self.members[0]


def seat_all(town: DemoTown, *, at: datetime) -> tuple[list[Seated], Seated]:
    """Found every body and fill it; returns councils and joint meetings, and the assembly."""
    since = at - timedelta(days=390)
    homes: dict[int, list[Place]] = {}
    for building in town.buildings:
        homes.setdefault(building.community_id or 0, []).append(building)
    count = SITTING + PART_TIME
    people = town.crowd("council", count * len(town.communities), _spread(town, homes, count))
    units = cycle(town.organisations.values())
    found, rows = [], []
    for number, community in enumerate(town.communities):
        mine = people[number * count : (number + 1) * count]
        if number == 0:
            mine[1] = town.people["demo-unit-chief"]
        body = Body.objects.create(
            place=community, kind="council", name=f"{community.name}议事会", name_en=f"{community.name_en} council",
            founded_at=since, founded_by=town.people["demo-caller"],
        )  # fmt: skip
        secretary = town.people["demo-worker"] if number == 0 else town.people["demo-caller"]
        rows += _terms(body, mine, since, units)
        found.append(Seated(body, secretary, mine, mine[2:SITTING]))
    for number, street in enumerate(town.subdistricts):
        mine = town.crowd(f"joint-{number + 1}", JOINT, town.buildings[number::3])
        body = Body.objects.create(
            place=street, kind="joint", name=f"{street.name}党建联席会", name_en=f"{street.name_en} joint meeting",
            founded_at=since, founded_by=town.people["demo-street"],
        )  # fmt: skip
        secretary = town.people["demo-street"] if number == 0 else town.people["demo-caller"]
        rows += _terms(body, mine, since, units, part_time=JOINT - 2)
        found.append(Seated(body, secretary, mine, mine[1:3]))
    Membership.objects.bulk_create(rows)
    return found, _assembly(town, since)


def _spread(town: DemoTown, homes: dict[int, list[Place]], count: int) -> list[Place]:
    """A home in their own community for every member."""
    return [homes[c.pk][n % len(homes[c.pk])] for c in town.communities for n in range(count)]


def _terms(
    body: Body, people: list[Account], since: datetime, units: cycle[Organisation], part_time: int = PART_TIME
) -> list[Membership]:
    first = len(people) - part_time
    return [
        Membership(
            body=body, account=one, function="member" if number else "chair", part_time=number >= first,
            organisation=next(units) if number >= first else None, from_at=since, until_at=since + TERM,
        )
        for number, one in enumerate(people)
    ]  # fmt: skip


def _assembly(town: DemoTown, since: datetime) -> Seated:
    """The owners of the compound where the demo's elder lives."""
    elder = town.people["demo-elder"]
    assert elder.home is not None
    compound = elder.home.compound
    assert compound is not None
    here = [b for b in town.buildings if b.compound_id == compound.pk]
    owners = [town.people["demo-committee"], elder, town.people["demo-unit-chief"]]
    owners += town.crowd("owner", OWNERS - len(owners), here)
    body = Body.objects.create(
        place=compound, kind="assembly", name=f"{compound.name}业主大会",
        name_en=f"Owners' assembly of {compound.name_en or compound.name}", founded_at=since,
        founded_by=town.people["demo-worker"],
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(
            body=body, account=one, function="member" if number else "chair", area_dm2=6_200 + number * 1_237 % 6_800,
            from_at=since, until_at=since + TERM,
        )
        for number, one in enumerate(owners)
    )  # fmt: skip
    return Seated(body, town.people["demo-worker"], owners, owners[3:])
