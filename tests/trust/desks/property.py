"""What the property desk adds: a company under contract with a round being scored, a ledger, drawn households."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Organisation
from linhe.core.places.models import ancestors_of
from linhe.desks.property import services
from linhe.desks.property.models import Contract, Invitation, Ledger, Round
from linhe.desks.property.queries.rules import items_of, sheet_at
from tests.factories import District, make_account, make_post
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import Day

CANARIES = {"home door": "鸟户七零九", "ledger door": "鸟账八零八", "company contact": "鸟联系周"}
MAY_READ = {"committee": {"ledger door"}}
"""Doors of the letters are in the PDF, for the staff who carries them; contacts of companies are on no page."""

_failed: list[int] = []


def _contract(town: District, company: Organisation) -> Contract:
    services.register_company(company, registration_no=company.code, contact=CANARIES["company contact"])
    services.register_homes(town.compound, [(town.building, f"{n}01室", 9_000) for n in range(1, 7)])
    return services.sign_contract(
        company=company, compound=town.compound, from_date=date(2020, 1, 1), to_date=date(2099, 1, 1), fee_fen=100
    )


def _under_contract(town: District, cast: Cast, at: datetime) -> None:
    other = Organisation.objects.create(code="trust-other", name="别家物业", kind="company", place=town.district)
    services.register_company(other, registration_no="other")
    contract = _contract(town, cast.organisation)
    failed = Matter.objects.create(
        kind="assessment", kind_version=1, stage="failed", title="考核", created_at=at, updated_at=at, closed_at=at,
        **ancestors_of(town.building),
    )  # fmt: skip
    Round.objects.create(matter=failed, contract=contract, year=2019, seed=1)
    _failed[:] = [failed.pk]


def _sheet(percent: int) -> list[int]:
    return [
        i.most_tenths * percent // 500 * 5 for i in items_of(sheet_at(datetime.fromisoformat("2026-03-04T01:00Z"), ""))
    ]


_COUNTS = {"owners": 30, "area_dm2": 3000, "voted": 24, "voted_dm2": 2400, "agreed": 18, "agreed_dm2": 1800}
GROUNDS = {
    "assessment": Ground(
        prepare=_under_contract,
        answers={
            "year": st.sampled_from([2022, 2023, 2024, 2099]),
            "tenths": st.sampled_from([30, 50, 80, 100]).map(_sheet),
            "group": st.sampled_from(["clean", "fire"]),
            "score_tenths": st.none() | st.sampled_from([580, 900]),
        },
        decides_stage=frozenset({"confirm", "decide_appeal"}),
    ),
    "exit": Ground(
        prepare=_under_contract,
        answers={
            "assessment_id": st.sampled_from([0, 0, 1]).map(lambda more: _failed[0] + more if _failed else 1),
            "held_on": st.sampled_from(["2023-06-01", "2023-06-02", "2090-01-01"]),
            **{name: st.sampled_from([most, most, most // 2]) for name, most in _COUNTS.items()},
            "item": st.sampled_from(["rooms", "facilities", "records", "accounts", "keys", "contracts", "status"]),
            "company": st.sampled_from(["trust-other", "nobody"]),
        },
        decides_stage=frozenset({"verify_decision"}),
    ),
}


def prepare(day: Day) -> None:
    """A round being scored with its survey drawn, and a ledger to be checked."""
    at, town = timezone.now(), day.town
    company = Organisation.objects.create(code="trust-property", name="安居物业", kind="company", place=town.district)
    manager = day.people["manager"] = make_post(
        "property_manager", town.compound, make_account("经理"), organisation=company
    )
    day.people["committee"] = make_post("owners_committee", town.compound, make_account("业委会"))
    contract = _contract(town, company)
    services.register_homes(town.compound, [(town.building, CANARIES["home door"], 9_000)])
    row = {"楼栋": town.building.name, "房号": CANARIES["ledger door"], "应收": "100", "实收": "90"}
    services.import_ledger(
        contract=contract, rows=[row], from_date=date(2026, 1, 1), to_date=date(2026, 2, 1), by=manager, at=at
    )
    street, worker = day.people["subdistrict"], day.people["worker"]
    data = {"year": at.year}
    matter = begin("assessment", "open", by=street, place=town.compound, data=data, at=at).matter
    day.matters["assessment"] = act(matter, "draw_survey", by=worker, at=at).matter


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The round, the ledger, a code of the survey."""
    code = Invitation.objects.order_by("id")[0].code if "survey" in path else day.town.compound.code
    return {
        "matter_id": day.matters["assessment"].pk, "contract_id": Contract.objects.get().pk,
        "ledger_id": Ledger.objects.get().pk, "action": "draw_survey", "code": code,
    }  # fmt: skip
