"""A compound with homes and a company under contract, and everyone who scores, reviews and decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.property import services
from linhe.desks.property.models import Contract, Invitation
from linhe.desks.property.queries.rules import items_of, scores_of, sheet_at
from tests.factories import District, make_account, make_district, make_post
from tests.trust.strategies import photos

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
COUNTS = {
    "held_on": "2026-03-03", "owners": 30, "area_dm2": 300_000, "voted": 24, "voted_dm2": 240_000, "agreed": 20,
    "agreed_dm2": 200_000,
}  # fmt: skip


def later(days: float) -> datetime:
    """A moment of the story."""
    return AT + timedelta(days=days)


@dataclass
class Town:
    """Everyone and everything that the stories need."""

    places: District
    second_building: Place
    company: Organisation
    other_company: Organisation
    contract: Contract
    manager: Account
    other_manager: Account
    committee: Account
    worker: Account
    second_worker: Account
    street: Account
    second_street: Account
    housing: Account
    police: Account
    district: Account

    def by_name(self, name: str) -> Account:
        """The account of a part."""
        account: Account = getattr(self, name)
        return account

    def opened(self, *, year: int = 2026, at: datetime = AT) -> Matter:
        """A round that the subdistrict opened."""
        return begin(
            "assessment", "open", by=self.street, place=self.places.compound, data={"year": year}, at=at
        ).matter

    def scored(self, percents: Mapping[str, int], *, at: datetime = AT, survey: int | None = None) -> Matter:
        """A round with all three sheets, each at so many percent of full marks; ``survey``: the face all answer."""
        matter = self.opened(at=at)
        if survey is not None:
            act(matter, "draw_survey", by=self.worker, at=at)
            for code in Invitation.objects.filter(round=matter.pk).values_list("code", flat=True):
                services.answer_survey(code, [survey] * 5)
        for action, who in (
            ("self_score", self.manager), ("committee_score", self.committee), ("community_score", self.worker),
        ):  # fmt: skip
            act(matter, action, by=who, data={"tenths": sheet(percents[action])}, at=at)
        return matter

    def settled(self, percent: int, *, at: datetime = AT) -> Matter:
        """A round settled at about so many points."""
        matter = self.scored(dict.fromkeys(("self_score", "committee_score", "community_score"), percent), at=at)
        return act(matter, "settle", by=self.street, at=at).matter

    def failed(self, *, at: datetime = AT) -> Matter:
        """A round that failed twice."""
        matter = self.settled(40, at=at)
        sweep_clocks(at=at + timedelta(days=20))
        matter.refresh_from_db()
        at += timedelta(days=21)
        act(matter, "rectified", by=self.manager, data={"words": "已整改"}, files=photos(1), at=at)
        return act(matter, "recheck_fail", by=self.worker, data={"words": "仍未整改"}, at=at).matter

    def deciding(self, *, at: datetime = AT) -> Matter:
        """A case before the owners, on their own motion."""
        place = self.places.compound
        return begin("exit", "convene", by=self.committee, place=place, data={"words": "业主联名"}, at=at).matter

    def noticing(self, *, at: datetime = AT, **counts: Any) -> Matter:
        """A case with a decision that a second person has checked."""
        matter = self.deciding(at=at)
        data = COUNTS | {"held_on": at.date().isoformat()} | counts
        act(matter, "record_decision", by=self.committee, data=data, files=photos(1), at=at)
        return act(matter, "verify_decision", by=self.worker, at=at).matter

    def handing_over(self, *, at: datetime = AT) -> Matter:
        """A case whose contract has been ended by agreement."""
        matter = self.noticing(at=at)
        act(matter, "serve_notice", by=self.committee, files=photos(1), at=at)
        return act(matter, "end_contract", by=self.street, data={"agreed_early": True}, files=photos(1), at=at).matter


def sheet(percent: int) -> list[int]:
    """All items at about so many percent, in tenths, in the steps of the sheet and exact in sum."""
    given: list[int] = []
    aimed = 0.0
    for item in items_of(sheet_at(AT, "990101")):
        aimed += item.most_tenths * percent / 100
        given.append(min(scores_of(item.most_tenths, 5), key=lambda tenths: abs(sum(given) + tenths - aimed)))
    return given


def photo() -> SimpleUploadedFile:
    """A small photo."""
    return photos(1)[0]


def make_company(code: str, name: str, place: Place) -> Organisation:
    """A registered property company."""
    company = Organisation.objects.create(code=code, name=name, name_en=code, kind="company", place=place)
    services.register_company(company, registration_no=f"no-{code}", contact="联系人周", contact_phone="19900009999")
    return company


def make_homes(compound: Place, buildings: list[Place], each: int) -> int:
    """So many dwellings in each building."""
    rows = [(b, f"{n // 2 + 1}0{n % 2 + 1}室", 8_000 + 500 * (n % 5)) for b in buildings for n in range(each)]
    return services.register_homes(compound, rows)


@pytest.fixture
def town(db: None) -> Town:
    places = make_district("990101")
    second = add_place(
        code="990101001001-001-002", name="安居小区2号楼", kind="building", parent=places.compound, lat=38.422,
        lng=112.732,
    )  # fmt: skip
    company = make_company("property-anju", "安居物业", places.district)
    other = make_company("property-hexie", "和谐物业", places.district)
    make_homes(places.compound, [places.building, second], 20)
    contract = services.sign_contract(
        company=company, compound=places.compound, from_date=date(2024, 1, 1), to_date=date(2028, 1, 1), fee_fen=120
    )
    departments = {
        code: Organisation.objects.create(code=code, name=name, kind="department", place=places.district)
        for code, name in (("housing", "住建局"), ("police", "公安分局"))
    }
    return Town(
        places, second, company, other, contract,
        make_post("property_manager", places.compound, make_account("物业经理"), organisation=company),
        make_post("property_manager", places.compound, make_account("别家经理"), organisation=other),
        make_post("owners_committee", places.compound, make_account("业委会主任")),
        make_post("community_worker", places.community, make_account("社工甲")),
        make_post("community_worker", places.community, make_account("社工乙")),
        make_post("subdistrict_officer", places.subdistrict, make_account("街道甲")),
        make_post("subdistrict_officer", places.subdistrict, make_account("街道乙")),
        make_post("department_officer", places.district, make_account("住建"), organisation=departments["housing"]),
        make_post("department_officer", places.district, make_account("公安"), organisation=departments["police"]),
        make_post("district_officer", places.district, make_account("区级")),
    )  # fmt: skip
