"""What the stories stand on: registered companies, contracts, homes, committees, and who assesses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from linhe.core.demo import DemoTown
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place
from linhe.desks.property import services
from linhe.desks.property.models import Company, Contract
from linhe.lib.working_calendar import local_date

SEED = 20
ASSESSED = 30
"""Compounds with a round in both years."""
FLOORS, DOORS_A_FLOOR = 6, 3
YEARS = 5


@dataclass(frozen=True)
class Ground:
    """Who takes part, compound by compound. The first compounds lie where the demo's own people work."""

    town: DemoTown
    contracts: list[Contract]
    managers: dict[int, Account]
    committees: dict[int, Account]
    street: Account
    second: Account
    worker: Account
    second_worker: Account

    def manager(self, contract: Contract) -> Account:
        """Who acts for the company in the compound."""
        return self.managers[contract.compound_id]

    def committee(self, contract: Contract) -> Account:
        """Who sits on its owners' committee."""
        return self.committees[contract.compound_id]


def lay_ground(town: DemoTown, *, at: datetime) -> Ground:
    """Register, sign, count the homes, fill the committees."""
    chance = Random(SEED)
    posts = Post.objects.filter(role="property_manager", organisation__code__startswith=town.district.code[:6])
    served = {p.place_id: p for p in posts.select_related("organisation", "account").order_by("id")}
    for number, company in enumerate({p.organisation for p in served.values() if p.organisation}, 1):
        _register(company, number)
    first = date(local_date(at).year - 2, 1, 1)
    Contract.objects.bulk_create(
        Contract(
            company=served[compound.pk].organisation, compound=compound, from_date=first,
            to_date=date(first.year + YEARS, 1, 1), fee_fen=90 + 10 * chance.randrange(12),
        )
        for compound in town.compounds if compound.pk in served
    )  # fmt: skip
    chosen = _chosen(town, served)
    buildings: dict[int, list[Place]] = {}
    for building in town.buildings:
        buildings.setdefault(building.compound_id or 0, []).append(building)
    for compound in chosen:
        _count_homes(compound, buildings[compound.pk], chance)
    held = Contract.objects.filter(compound__in=chosen, from_date=first).select_related("compound", "company")
    by_place = {c.compound_id: c for c in held}
    since = at - timedelta(days=900)
    street = town.person("demo-assessor", "田文斌", 1300)
    second = town.person("demo-assessor-2", "段志宏", 1301)
    for officer in (street, second):
        Post.objects.create(account=officer, role="subdistrict_officer", place=town.district, valid_from=since)
    return Ground(
        town, [by_place[c.pk] for c in chosen], {pk: p.account for pk, p in served.items()},
        _committees(town, chosen, since), street, second, *town.workers(),
    )  # fmt: skip


def _register(company: Organisation, number: int) -> None:
    if not Company.objects.filter(pk=company.pk).exists():
        services.register_company(
            company,
            registration_no=f"LH-WY-{company.pk:04d}",
            contact="项目办公室",
            contact_phone=f"1990001{number:04d}",
        )


def _chosen(town: DemoTown, served: dict[int, Post]) -> list[Place]:
    """Compounds with several buildings: the committee's own first, then those of the first subdistrict, then others."""
    count: dict[int, int] = {}
    for building in town.buildings:
        count[building.compound_id or 0] = count.get(building.compound_id or 0, 0) + 1
    homes = {p.place_id for p in town.people["demo-committee"].posts.filter(role="owners_committee")}
    near = town.people["demo-worker"].posts.get().place.subdistrict_id
    rows = [c for c in town.compounds if c.pk in homes or (c.pk in served and count.get(c.pk, 0) > 1)]
    rows.sort(key=lambda c: (c.pk not in homes, c.subdistrict_id != near, c.code))
    close = [c for c in rows if c.subdistrict_id == near][:14]
    far = [c for c in rows if c.subdistrict_id != near]
    step = max(1, len(far) // (ASSESSED - len(close)))
    return [*close, *far[::step]][:ASSESSED]


def _count_homes(compound: Place, buildings: list[Place], chance: Random) -> None:
    rows = [
        (building, f"{floor}0{door}室", 7_000 + 500 * chance.randrange(10))
        for building in buildings
        for floor in range(1, FLOORS + 1)
        for door in range(1, DOORS_A_FLOOR + 1)
    ]
    services.register_homes(compound, rows)


def _committees(town: DemoTown, compounds: list[Place], since: datetime) -> dict[int, Account]:
    """One member for each compound; the demo's own for the compound where they live."""
    own = {p.place_id: town.people["demo-committee"] for p in town.people["demo-committee"].posts.all()}
    others = [c for c in compounds if c.pk not in own]
    crowd = town.crowd("owners-committee", len(others), others)
    Post.objects.bulk_create(
        Post(account=member, role="owners_committee", place=compound, valid_from=since)
        for member, compound in zip(crowd, others, strict=True)
    )
    return own | {compound.pk: member for member, compound in zip(crowd, others, strict=True)}
