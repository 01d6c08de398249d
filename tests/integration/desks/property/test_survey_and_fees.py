"""The owners' survey keeps its secret and its draw; the fee ledger is added up, checked, and only then counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from linhe.core.indicators.measures import all_measures, measures_of
from linhe.core.indicators.queries import figures
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.desks.property import services
from linhe.desks.property.engine.sampling import draw
from linhe.desks.property.models import (
    Answer,
    Card,
    Contract,
    Decision,
    ExitCase,
    HandedItem,
    Home,
    Invitation,
    Ledger,
    LedgerRow,
    Opinion,
    Round,
    Score,
)
from linhe.desks.property.queries.rounds import complaints_at, ledger_of, strata_of, year_of
from tests.integration.desks.property.conftest import AT, COUNTS, Town, later

FACES = [5, 4, 3, 4, 5]


def rows(town: Town, *, homes: int = 10, collected: str = "1,200.00") -> list[dict[str, str]]:
    """Lines as a company's file has them."""
    return [
        {"楼栋": town.places.building.name, "房号": f"{n}01", "应收": "1200", "实收": collected}
        for n in range(1, homes + 1)
    ]


def imported(town: Town, lines: list[dict[str, str]] | None = None) -> Ledger:
    return services.import_ledger(
        contract=town.contract, rows=rows(town) if lines is None else lines, from_date=date(2026, 1, 1),
        to_date=date(2026, 3, 1), by=town.manager, at=AT,
    )  # fmt: skip


def test_the_draw_is_stratified_and_can_be_drawn_again(town: Town) -> None:
    matter = town.opened()
    assert Round.objects.get().seed is None
    outcome = act(matter, "draw_survey", by=town.worker, at=AT)
    assert outcome.event.data == {"asked": 30, "homes": 40, "buildings": 2}
    one = Round.objects.get()
    frame: dict[str, list[int]] = {}
    for building, pk in Home.objects.values_list("building__code", "pk"):
        frame.setdefault(building, []).append(pk)
    told = Event.objects.filter(matter=matter)
    assert [(e.action, "seed" in e.data) for e in told] == [("open", False), ("draw_survey", False)]
    assert one.seed is not None
    again = {pk for chosen in draw(frame, 30, seed=one.seed).values() for pk in chosen}
    assert set(one.invitations.values_list("home", flat=True)) == again
    assert [(s.homes, s.asked) for s in strata_of(one)] == [(20, 15), (20, 15)]
    with pytest.raises(Refused, match="drawn"):
        act(matter, "draw_survey", by=town.worker, at=AT)


def test_a_code_answers_once_and_leaves_no_trace_of_the_home(town: Town) -> None:
    act(town.opened(), "draw_survey", by=town.worker, at=AT)
    invitation = Invitation.objects.order_by("?")[0]
    services.answer_survey(f"{invitation.code[:5].lower()}-{invitation.code[5:]} ", FACES)
    with pytest.raises(Refused, match="unknown_code"):
        services.answer_survey(invitation.code, FACES)
    answer = Answer.objects.get()
    assert (answer.building_id, answer.overall, answer.faces) == (invitation.home.building_id, 5, FACES)
    assert {f.name for f in Answer._meta.get_fields()} == {"id", "round", "building", "faces", "overall"}
    fields = {f.name for f in Invitation._meta.get_fields()}
    assert fields == {"id", "round", "home", "code", "code_index", "used"}
    assert not Event.objects.filter(action__icontains="answer").exists()


def test_an_answer_that_comes_while_the_round_ends_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = town.opened()
    act(matter, "draw_survey", by=town.worker, at=AT)
    code = Invitation.objects.all()[0].code
    looked = services.invited_by(code)
    act(matter, "cancel", by=town.street, at=AT, data={"words": "开错了"})
    monkeypatch.setattr("linhe.desks.property.services.survey.invited_by", lambda typed: looked)
    with pytest.raises(Refused, match="unknown_code"):
        services.answer_survey(code, FACES)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("faces", [[], [0, 1, 2, 3, 4], [6], [5, 5, 5, 5, 9]])
def test_a_wrong_answer_uses_up_nothing(town: Town, faces: list[int]) -> None:
    act(town.opened(), "draw_survey", by=town.worker, at=AT)
    code = Invitation.objects.all()[0].code
    with pytest.raises(Refused, match="invalid"):
        services.answer_survey(code, faces)
    assert not Invitation.objects.filter(used=True).exists()


def test_when_the_result_is_settled_the_survey_is_over_and_the_codes_are_gone(town: Town) -> None:
    matter = town.scored(dict.fromkeys(("self_score", "committee_score", "community_score"), 80), survey=5)
    left = Invitation.objects.all()[0]
    Invitation.objects.filter(pk=left.pk).update(used=False)
    act(matter, "settle", by=town.street, at=AT)
    with pytest.raises(Refused, match="unknown_code"):
        services.invited_by(left.code)
    assert set(Invitation.objects.values_list("code", flat=True)) == {""}


def test_without_homes_nobody_can_be_drawn(town: Town) -> None:
    Home.objects.all().delete()
    with pytest.raises(Refused, match="no_homes"):
        act(town.opened(), "draw_survey", by=town.worker, at=AT)


def test_a_ledger_counts_once_its_sample_has_been_checked(town: Town) -> None:
    ledger = imported(town)
    assert (ledger.due_fen, ledger.collected_fen, ledger.homes) == (1_200_000, 1_200_000, 10)
    sample = list(ledger.rows.filter(sampled=True))
    assert len(sample) == 5
    for row in sample:
        assert ledger_of(town.contract, 2026) is None
        services.check_row(row_id=row.pk, ledger=ledger, agrees=True, by=town.committee, at=AT)
    assert ledger_of(town.contract, 2026) == ledger
    assert ledger_of(town.contract, 2025) is None
    with pytest.raises(Refused, match="checked"):
        services.check_row(row_id=sample[0].pk, ledger=ledger, agrees=False, by=town.committee, at=AT)


def test_a_ledger_sent_twice_is_one(town: Town) -> None:
    ledger = imported(town)
    with pytest.raises(Refused, match="waiting"):
        imported(town)
    assert Ledger.objects.get() == ledger


def test_a_difference_keeps_a_ledger_from_counting(town: Town) -> None:
    ledger = imported(town)
    sample = list(ledger.rows.filter(sampled=True))
    for row in sample:
        services.check_row(row_id=row.pk, ledger=ledger, agrees=row != sample[0], by=town.committee, at=AT)
    assert ledger_of(town.contract, 2026) is None
    with pytest.raises(Refused, match="checked"):
        services.check_row(row_id=sample[0].pk, ledger=ledger, agrees=True, by=town.committee, at=later(1))
    sample[0].refresh_from_db()
    assert (sample[0].agrees, sample[0].checked_by, sample[0].checked_at) == (False, town.committee, AT)
    assert imported(town) != ledger
    other = ledger.rows.filter(sampled=False)[0]
    with pytest.raises(Refused, match="not_found"):
        services.check_row(row_id=other.pk, ledger=ledger, agrees=True, by=town.committee, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [{"楼栋": "9号楼"}, {"房号": ""}, {"应收": "many"}, {"实收": "1.234"}, {"应收": "99999999999"}, {"房号": "1" * 41}],
)
def test_every_faulty_line_is_named_and_nothing_is_imported(town: Town, wrong: dict[str, str]) -> None:
    lines = rows(town)
    lines[3] |= wrong
    with pytest.raises(Refused) as refused:
        imported(town, lines)
    assert set(refused.value.details) == {"line 5"}
    assert not Ledger.objects.exists()


def test_a_home_counts_once_and_something_must_be_due(town: Town) -> None:
    for lines in ([*rows(town), rows(town)[0]], [rows(town)[0] | {"应收": "0", "实收": "0"}], []):
        with pytest.raises(Refused):
            imported(town, lines)
    assert not LedgerRow.objects.exists()


def test_the_period_lies_within_the_contract(town: Town) -> None:
    for first, after in ((date(2023, 1, 1), date(2024, 2, 1)), (date(2026, 3, 1), date(2026, 3, 1))):
        with pytest.raises(Refused, match="period"):
            services.import_ledger(
                contract=town.contract, rows=rows(town), from_date=first, to_date=after, by=town.manager, at=AT
            )


def test_the_figures_of_the_page_come_from_settled_rounds(town: Town) -> None:
    ledger = imported(town, rows(town, collected="972"))
    for row in ledger.rows.filter(sampled=True):
        services.check_row(row_id=row.pk, ledger=ledger, agrees=True, by=town.committee, at=AT)
    matter = town.scored(dict.fromkeys(("self_score", "committee_score", "community_score"), 80), survey=4)
    act(matter, "settle", by=town.street, at=AT)
    roll_up()
    found = figures(town.places.district, measures_of("property"), "year", at=AT)
    assert found["property.fees"].value == 81.0
    assert found["property.approval"].value == 100.0
    assert found["property.settled"].value == 1
    assert found["property.left"].value == 0


def test_complaints_that_nobody_counts_are_not_none(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    place, (first, after) = town.places.compound, year_of(2026)
    if "reports.hotline_property" not in all_measures():
        assert complaints_at(place, first, after) is None
    counted = {"reports.hotline_property": all_measures()["property.settled"]}
    monkeypatch.setattr("linhe.desks.property.queries.rounds.all_measures", lambda: counted)
    assert complaints_at(place, first, after) == 0
    town.settled(80)
    roll_up()
    assert complaints_at(place, first, after) == 1
    assert complaints_at(place, *year_of(2025)) == 0


def test_what_is_forgotten_with_an_assessment(town: Town) -> None:
    from linhe.core.loop.retention import forget_old

    imported(town)
    act(town.opened(), "draw_survey", by=town.worker, at=AT)
    Round.objects.get().matter.events.first()
    matter = Round.objects.get().matter
    matter = act(matter, "cancel", by=town.street, data={"words": "发起有误"}, at=AT).matter
    assert forget_old(at=later(900)) == 0
    assert forget_old(at=later(1200)) > 0
    assert set(Invitation.objects.values_list("code", flat=True)) == {""}
    assert not LedgerRow.objects.exists()
    assert Ledger.objects.get().due_fen == 1_200_000


def violates(name: str, *, model: type[Model], **kept: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model._default_manager.create(**kept)


def test_the_database_holds_the_rules_itself(town: Town) -> None:
    contract = {"model": Contract, "company": town.other_company, "compound": town.places.compound, "fee_fen": 1}
    day = date(2027, 12, 31)
    violates("contract_one_in_force_a_compound", **contract, from_date=day, to_date=date(2030, 1, 1))
    violates("contract_has_a_length", **contract, from_date=day, to_date=day)
    violates("contract_ends_within_its_term", **contract, from_date=date(2030, 1, 1), to_date=date(2031, 1, 1),
             ended_date=date(2029, 1, 1))  # fmt: skip
    Contract.objects.create(company=town.company, compound=town.places.compound, fee_fen=1, from_date=date(2028, 1, 1),
                            to_date=date(2029, 1, 1))  # fmt: skip
    home = Home.objects.all()[0]
    at = {"model": Home, "compound": home.compound, "building": home.building, "door": "x"}
    violates("home_once_a_building", **at, door_index=home.door_index, area_dm2=1)
    violates("home_has_an_area", **at, door_index="other", area_dm2=0)
    matter = town.opened()
    one = Round.objects.get()
    other = town.opened(year=2025)
    values = {"contract": town.contract, "seed": 1}
    Round.objects.filter(pk=other.pk).delete()
    violates("round_one_a_contract_and_year", model=Round, matter=other, year=2026, **values)
    violates("round_score_and_grade_together", model=Round, matter=other, year=2024, score_tenths=3, **values)
    violates("round_score_at_most_100", model=Round, matter=other, year=2024, score_tenths=1001, grade="A",
             passed=True, **values)  # fmt: skip
    violates("round_drawn_by_a_seed", model=Round, matter=other, year=2024, contract=town.contract, drawn_at=AT)
    Score.objects.create(round=one, party="company", item="1.1", tenths=1)
    violates("score_once_an_item", model=Score, round=one, party="company", item="1.1", tenths=2)
    violates("score_party_is_known", model=Score, round=one, party="mayor", item="1.1", tenths=2)
    Invitation.objects.create(round=one, home=home, code_index="a")
    violates("invitation_once_a_home", model=Invitation, round=one, home=home, code_index="b")
    violates("answer_one_of_five_faces", model=Answer, round=one, building=home.building, faces=[], overall=6)
    book = {"model": Ledger, "contract": town.contract, "collected_fen": 0, "homes": 1, "uploaded_by": town.manager,
            "uploaded_at": AT, "from_date": day}  # fmt: skip
    violates("ledger_period_has_a_length", **book, to_date=day, due_fen=1)
    violates("ledger_something_was_due", **book, to_date=date(2028, 1, 1), due_fen=0)
    ledger = imported(town)
    violates("ledgerrow_only_the_sample_is_checked", model=LedgerRow, ledger=ledger, building=home.building, door="z",
             due_fen=1, collected_fen=1, agrees=True)  # fmt: skip
    violates("card_yellow_or_red", model=Card, matter=matter, company=town.company, colour="green", at=AT)
    case = town.deciding().exit_case
    violates("exit_one_running_a_contract", model=ExitCase, matter=matter, contract=town.contract)
    said = {"model": Opinion, "case": case, "organisation": town.company, "department": "housing", "opinion": "support"}
    Opinion.objects.create(**{k: v for k, v in said.items() if k != "model"}, at=AT)
    violates("opinion_once_a_department", **said, at=AT)
    counts = COUNTS | {"case": case, "model": Decision}
    violates("decision_counts_are_possible", **counts | {"agreed": 25})
    violates("decision_has_an_outcome_once_checked", **counts, outcome="carried")
    HandedItem.objects.create(case=case, item="keys", at=AT)
    violates("handed_item_once", model=HandedItem, case=case, item="keys", at=AT)
