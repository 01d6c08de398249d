"""A company leaves: review, the owners' decision, notice, hand-over, interim service. Nothing does it by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linhe.core.loop import registry
from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.kinds import SYSTEM
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.desks.property import services
from linhe.desks.property.loop import EXIT
from linhe.desks.property.models import Contract, Decision, ExitCase, Opinion
from linhe.desks.property.queries.rounds import contract_at
from linhe.lib.working_calendar import local_date
from tests.integration.desks.property.conftest import AT, COUNTS, Town, later, sheet
from tests.trust.strategies import photos

SAID = {"opinion": "support", "words": "多次督促未改"}
WORDS = {"words": "会商意见一致"}


def referred(town: Town) -> Matter:
    """A case in the joint review, on the ground of a failed assessment."""
    data = {"assessment_id": town.failed().pk, "words": "复查不合格"}
    return begin("exit", "refer", by=town.street, place=town.places.compound, data=data, at=later(30)).matter


def test_the_whole_way_out(town: Town) -> None:
    case = referred(town)
    for officer in (town.housing, town.police):
        act(case, "opine", by=officer, data=SAID, at=later(31))
    case = act(case, "conclude", by=town.street, data=WORDS, at=later(32)).matter
    assert case.stage == "deciding"
    held = COUNTS | {"held_on": "2026-04-20"}
    act(case, "record_decision", by=town.committee, data=held, files=photos(1), at=later(60))
    case = act(case, "verify_decision", by=town.worker, at=later(61)).matter
    assert case.stage == "noticing"
    case = act(case, "serve_notice", by=town.committee, files=photos(1), at=later(62)).matter
    with pytest.raises(Refused, match="notice_runs"):
        act(case, "end_contract", by=town.street, data={}, at=later(62 + 59))
    with pytest.raises(Refused, match="photo_missing") as refused:
        act(case, "end_contract", by=town.street, data={"agreed_early": True}, at=later(62 + 59))
    assert set(refused.value.details) == {"files"}
    case = act(case, "end_contract", by=town.street, data={}, at=later(62 + 60)).matter
    contract = Contract.objects.get(pk=town.contract.pk)
    assert contract.ended_date == local_date(later(122))
    assert contract_at(town.places.compound, local_date(later(122))) is None
    with pytest.raises(Refused, match="not_handed"):
        act(case, "begin_interim", by=town.street, data={"company": "property-hexie", "fee_fen": 100}, at=later(123))
    for item in ("rooms", "facilities", "records", "accounts", "keys", "contracts", "status"):
        act(case, "hand_item", by=town.committee, data={"item": item}, at=later(124))
    interim = {"company": "property-hexie", "fee_fen": 100}
    case = act(case, "begin_interim", by=town.street, data=interim, at=later(125)).matter
    serving = contract_at(town.places.compound, local_date(later(126)))
    assert serving is not None
    assert (serving.company, serving.kind) == (town.other_company, "interim")
    new = {"company": "property-hexie", "fee_fen": 130}
    case = act(case, "finish", by=town.street, data=new, at=later(160)).matter
    assert case.stage == "done"
    chosen = contract_at(town.places.compound, local_date(later(170)))
    assert chosen is not None
    assert (chosen.company, chosen.kind, chosen.fee_fen) == (town.other_company, "regular", 130)
    assert not ExitCase.objects.get().running


def test_nothing_automatic_ends_a_contract(town: Town) -> None:
    """Every clock of every stage runs out, again and again: the contract is as it was."""
    before = Contract.objects.values().get()
    case = referred(town)
    for days in range(30, 400, 30):
        sweep_clocks(at=later(days))
    case.refresh_from_db()
    assert case.stage == "reviewing"
    case = act(case, "conclude", by=town.street, data=WORDS, at=later(401)).matter
    sweep_clocks(at=later(700))
    data = COUNTS | {"held_on": "2027-01-10"}
    act(case, "record_decision", by=town.committee, data=data, files=photos(1), at=later(701))
    act(case, "verify_decision", by=town.worker, at=later(702))
    act(case, "serve_notice", by=town.worker, files=photos(1), at=later(703))
    for days in (763, 764, 900):
        sweep_clocks(at=later(days))
    case.refresh_from_db()
    assert case.stage == "notice"
    assert Contract.objects.values().get() == before


def test_no_action_of_the_system_leads_anywhere_or_changes_anything() -> None:
    for kind in (registry.kind("assessment"), EXIT):
        by_system = [a for a in kind.actions if SYSTEM in a.who]
        assert by_system
        assert all(a.who == (SYSTEM,) for a in by_system)
    assert all(a.to is None and a.effect is None for a in EXIT.actions if SYSTEM in a.who)
    late = {clock.late for clock in EXIT.clocks}
    assert not late & {"end_contract", "verify_decision", "record_decision", "begin_interim", "finish"}


def test_a_failed_assessment_is_needed_to_refer_and_must_be_the_companys_own(town: Town) -> None:
    passed = town.settled(90)
    with pytest.raises(Refused) as refused:
        begin("exit", "refer", by=town.street, place=town.places.compound, at=AT,
              data={"assessment_id": passed.pk, "words": "理由"})  # fmt: skip
    assert "assessment_id" in refused.value.details


def test_owners_may_move_without_any_assessment(town: Town) -> None:
    case = town.deciding()
    assert (case.stage, case.exit_case.assessment) == ("deciding", None)
    with pytest.raises(Refused, match="running"):
        town.deciding()


def test_the_review_waits_for_both_departments_or_their_time(town: Town) -> None:
    case = referred(town)
    act(case, "opine", by=town.housing, data=SAID, at=later(31))
    with pytest.raises(Refused, match="spoken"):
        act(case, "opine", by=town.housing, data=SAID, at=later(31))
    with pytest.raises(Refused, match="waiting"):
        act(case, "conclude", by=town.street, data=WORDS, at=later(32))
    sweep_clocks(at=later(80))
    case.refresh_from_db()
    outcome = act(case, "conclude", by=town.street, data=WORDS, at=later(81))
    assert outcome.event.data["silent"] == ["police"]
    assert list(Opinion.objects.values_list("department", flat=True)) == ["housing"]


def test_a_department_that_is_not_asked_is_not_heard(town: Town) -> None:
    from linhe.core.people.models import Organisation
    from tests.factories import make_account, make_post

    health = Organisation.objects.create(code="health", name="卫健局", kind="department", place=town.places.district)
    officer = make_post("department_officer", town.places.district, make_account("卫健"), organisation=health)
    with pytest.raises(Refused, match="not_asked"):
        act(referred(town), "opine", by=officer, data=SAID, at=later(31))


def test_the_review_may_find_no_ground(town: Town) -> None:
    case = referred(town)
    for officer in (town.housing, town.police):
        act(case, "opine", by=officer, data=SAID | {"opinion": "oppose"}, at=later(31))
    assert act(case, "dismiss", by=town.street, data=WORDS, at=later(32)).matter.stage == "kept"
    assert town.deciding(at=later(40)).stage == "deciding"  # the owners may decide all the same


@pytest.mark.parametrize(
    ("change", "stage", "outcome"),
    [
        ({}, "noticing", "carried"),
        ({"voted": 20}, "noticing", "carried"), ({"voted": 19, "agreed": 19}, "deciding", "no_quorum"),
        ({"voted_dm2": 200_000}, "noticing", "carried"),
        ({"voted_dm2": 199_999, "agreed_dm2": 199_999}, "deciding", "no_quorum"),
        ({"agreed": 13}, "noticing", "carried"), ({"agreed": 12}, "kept", "lost"),
        ({"agreed_dm2": 120_001}, "noticing", "carried"), ({"agreed_dm2": 120_000}, "kept", "lost"),
    ],
)  # fmt: skip
def test_the_owners_decide_by_number_and_by_area(town: Town, change: dict[str, int], stage: str, outcome: str) -> None:
    case = town.noticing(**change)
    assert case.stage == stage
    decision = Decision.objects.get()
    assert (decision.outcome, decision.verified_at) == (outcome, AT)
    assert ExitCase.objects.get().running == (stage != "kept")


def test_counts_are_checked_by_another_person_against_the_minutes(town: Town) -> None:
    case = town.deciding()
    with pytest.raises(Refused) as refused:
        act(case, "record_decision", by=town.worker, data=COUNTS, at=AT)
    assert "files" in refused.value.details
    act(case, "record_decision", by=town.worker, data=COUNTS, files=photos(1), at=AT)
    with pytest.raises(Refused) as refused:
        act(case, "verify_decision", by=town.worker, at=AT)
    assert refused.value.code == "second_person"
    act(case, "send_back", by=town.second_worker, data={"words": "面积与纪要不符"}, at=AT)
    act(case, "record_decision", by=town.worker, data=COUNTS | {"agreed": 3}, files=photos(1), at=AT)
    assert act(case, "verify_decision", by=town.second_worker, at=AT).matter.stage == "kept"


@pytest.mark.parametrize(
    "wrong", [{"voted": 31}, {"agreed": 25}, {"agreed_dm2": 240_001}, {"voted_dm2": 300_001}, {"held_on": "2026-03-05"}]
)
def test_impossible_counts_are_refused(town: Town, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        act(town.deciding(), "record_decision", by=town.committee, data=COUNTS | wrong, files=photos(1), at=AT)
    assert set(refused.value.details) & set(wrong)
    assert not Decision.objects.exists()


def test_the_company_may_agree_in_writing_to_go_early(town: Town) -> None:
    case = town.handing_over()
    assert case.stage == "handing_over"
    assert Contract.objects.get().ended_date == local_date(AT)


def test_an_item_is_handed_over_once_and_only_what_is_listed(town: Town) -> None:
    case = town.handing_over()
    act(case, "hand_item", by=town.committee, data={"item": "keys"}, at=AT)
    with pytest.raises(Refused, match="handed"):
        act(case, "hand_item", by=town.committee, data={"item": "keys"}, at=AT)
    with pytest.raises(Refused) as refused:
        act(case, "hand_item", by=town.committee, data={"item": "silver"}, at=AT)
    assert "item" in refused.value.details


@pytest.mark.parametrize("company", ["property-anju", "housing", "nobody"])
def test_interim_service_is_by_another_registered_company(town: Town, company: str) -> None:
    case = town.handing_over()
    for item in ("rooms", "facilities", "records", "accounts", "keys", "contracts", "status"):
        act(case, "hand_item", by=town.worker, data={"item": item}, at=AT)
    with pytest.raises(Refused) as refused:
        act(case, "begin_interim", by=town.street, data={"company": company, "fee_fen": 1}, at=later(1))
    assert "company" in refused.value.details


def test_a_late_handover_is_told_to_the_departments(town: Town) -> None:
    from linhe.core.notices.models import Notice

    case = town.handing_over()
    Notice.objects.all().delete()
    assert sweep_clocks(at=later(30) + timedelta(minutes=1)) == 1
    case.refresh_from_db()
    assert case.stage == "handing_over"
    told = set(Notice.objects.values_list("account", flat=True))
    assert {town.police.pk, town.housing.pk, town.street.pk} <= told


def test_the_leaving_company_scores_no_more(town: Town) -> None:
    case = town.handing_over()
    assert case.exit_case.contract == town.contract
    with pytest.raises(Refused, match="no_contract"):
        town.opened(at=later(1))
    assert services.company_of("property-anju") == town.company
    assert len(sheet(100)) == 39
