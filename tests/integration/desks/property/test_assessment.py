"""A round goes round: opened, scored, settled, appealed, put right, checked again."""

from __future__ import annotations

import pytest

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.desks.property.models import Card, Contract, Round, Score
from linhe.desks.property.queries.rounds import explained_groups, result_of
from linhe.desks.property.queries.rules import scores_of
from tests.integration.desks.property.conftest import AT, Town, later, sheet
from tests.trust.strategies import photos

ALL = {"self_score": 80, "committee_score": 80, "community_score": 80}


def test_a_round_is_opened_for_the_contract_in_force(town: Town) -> None:
    matter = town.opened()
    assert matter.organisation == town.company
    assert matter.assessment.contract == town.contract
    assert "安居小区 2026 年" in matter.title
    with pytest.raises(Refused, match="round_exists"):
        town.opened()
    act(matter, "cancel", by=town.street, data={"words": "发起有误"}, at=AT)
    assert town.opened().stage == "scoring"


def test_without_a_contract_or_for_a_year_to_come_there_is_no_round(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        town.opened(year=2027)
    assert "year" in refused.value.details
    with pytest.raises(Refused, match="no_contract"):
        begin("assessment", "open", by=town.street, place=town.places.other_building, data={"year": 2026}, at=AT)


def test_each_party_scores_its_own_sheet_and_the_last_one_counts(town: Town) -> None:
    matter = town.scored(ALL)
    assert Score.objects.filter(round=matter.pk).count() == 3 * 39
    act(matter, "self_score", by=town.manager, data={"tenths": sheet(100)}, at=AT)
    scores = Score.objects.filter(round=matter.pk, party="company")
    assert sum(scores.values_list("tenths", flat=True)) == 1000
    for who in (town.other_manager, town.committee, town.worker):
        with pytest.raises(Refused) as refused:
            act(matter, "self_score", by=who, data={"tenths": sheet(0)}, at=AT)
        assert refused.value.code == "not_allowed"


@pytest.mark.parametrize("wrong", [[], [1] * 38, [1] * 40, [-1] + [0] * 38, [31] + [0] * 38, [24] + [0] * 38])
def test_a_sheet_with_a_score_that_cannot_be_is_refused_whole(town: Town, wrong: list[int]) -> None:
    matter = town.opened()
    with pytest.raises(Refused) as refused:
        act(matter, "community_score", by=town.worker, data={"tenths": wrong}, at=AT)
    assert "tenths" in refused.value.details
    assert not Score.objects.exists()


@pytest.mark.parametrize("given", [0, 5, 25, 30])
def test_a_score_is_a_step_of_the_sheet(town: Town, given: int) -> None:
    matter = town.opened()
    act(matter, "community_score", by=town.worker, data={"tenths": [given] + [0] * 38}, at=AT)
    assert Score.objects.get(item="1.1").tenths == given


def test_the_full_score_counts_where_the_step_does_not_reach_it() -> None:
    assert scores_of(30, 5) == [30, 25, 20, 15, 10, 5, 0]
    assert scores_of(30, 10) == [30, 20, 10, 0]
    assert scores_of(20, 15) == [20, 15, 0]


def test_a_result_needs_all_three_and_another_person_than_the_scorer(town: Town) -> None:
    matter = town.opened()
    with pytest.raises(Refused, match="unscored"):
        act(matter, "settle", by=town.street, at=AT)
    for action, who in (("self_score", town.manager), ("committee_score", town.committee)):
        act(matter, action, by=who, data={"tenths": sheet(80)}, at=AT)
    act(matter, "community_score", by=town.street, data={"tenths": sheet(80)}, at=AT)
    with pytest.raises(Refused) as refused:
        act(matter, "settle", by=town.street, at=AT)
    assert refused.value.code == "second_person"
    assert act(matter, "settle", by=town.second_street, at=AT).matter.stage == "graded"


def test_parties_far_apart_explain_before_the_result(town: Town) -> None:
    matter = town.scored({"self_score": 100, "committee_score": 60, "community_score": 60})
    apart = [d.group for d in result_of(Round.objects.get(pk=matter.pk), at=AT).disagreements]
    assert len(apart) == 8
    with pytest.raises(Refused, match="unexplained: 8 "):
        act(matter, "settle", by=town.street, at=AT)
    for group in apart:
        act(matter, "explain_gap", by=town.worker, data={"group": group, "words": "现场核对后以社区为准"}, at=AT)
    assert explained_groups(Round.objects.get(pk=matter.pk)) == set(apart)
    assert act(matter, "settle", by=town.street, at=AT).matter.stage == "graded"


def test_where_nobody_is_apart_nothing_can_be_explained(town: Town) -> None:
    matter = town.scored(ALL)
    with pytest.raises(Refused) as refused:
        act(matter, "explain_gap", by=town.worker, data={"group": "clean", "words": "没有分歧"}, at=AT)
    assert "group" in refused.value.details


def test_the_event_keeps_the_sums_and_what_was_not_counted_is_left_out(town: Town) -> None:
    matter = town.scored(ALL, survey=5)
    act(matter, "settle", by=town.street, at=AT)
    data = Event.objects.get(matter=matter, action="settle").data
    assert data["satisfied"] == data["answered"] == 30
    assert "collected_fen" not in data
    assert data["complaints"] == 0  # a quarter without any
    one = Round.objects.get(pk=matter.pk)
    assert one.outcome["estimate"]["share"] == 1.0
    assert [p["code"] for p in one.outcome["parts"] if p["percent"] is None] == ["fees"]
    assert (one.grade, one.passed) == ("A", True)


def test_who_passes_is_done_when_nobody_appeals(town: Town) -> None:
    matter = town.settled(80)
    assert sweep_clocks(at=later(1)) == 0
    assert sweep_clocks(at=later(20)) == 1
    matter.refresh_from_db()
    assert matter.stage == "passed"


def test_who_fails_puts_it_right_and_passes_the_recheck(town: Town) -> None:
    matter = town.settled(40)
    sweep_clocks(at=later(20))
    matter.refresh_from_db()
    assert matter.stage == "rectifying"
    act(matter, "rectified", by=town.manager, data={"words": "路灯已修"}, files=photos(2), at=later(21))
    assert act(matter, "recheck_pass", by=town.worker, data={"words": "属实"}, at=later(22)).matter.stage == "passed"
    assert not Card.objects.exists()


def test_an_appeal_is_decided_by_another_person(town: Town) -> None:
    matter = town.settled(40)
    act(matter, "appeal", by=town.manager, data={"words": "第三组评分有误"}, at=later(1))
    with pytest.raises(Refused) as refused:
        act(matter, "decide_appeal", by=town.street, data={"words": "不成立"}, at=later(2))
    assert refused.value.code == "second_person"
    decided = act(
        matter, "decide_appeal", by=town.second_street, at=later(2),
        data={"upheld": True, "score_tenths": 612, "words": "复核属实"},
    ).matter  # fmt: skip
    assert decided.stage == "passed"
    one = Round.objects.get(pk=matter.pk)
    assert (one.score_tenths, one.grade, one.passed) == (612, "C", True)


@pytest.mark.parametrize(
    "data", [{"upheld": True}, {"upheld": False, "score_tenths": 700}], ids=["no score", "a score for nothing"]
)
def test_an_upheld_appeal_has_a_score_and_no_other(town: Town, data: dict[str, object]) -> None:
    matter = town.settled(50)
    act(matter, "appeal", by=town.committee, data={"words": "评分偏高"}, at=later(1))
    with pytest.raises(Refused) as refused:
        act(matter, "decide_appeal", by=town.district, data={"words": "理由"} | data, at=later(2))
    assert "score_tenths" in refused.value.details


def test_a_dismissed_appeal_leaves_the_result(town: Town) -> None:
    matter = town.settled(40)
    act(matter, "appeal", by=town.manager, data={"words": "有异议"}, at=later(1))
    after = act(matter, "decide_appeal", by=town.district, data={"words": "不成立"}, at=later(2)).matter
    assert after.stage == "rectifying"
    assert after.clocks.filter(code="rectify", stopped_at__isnull=True).exists()


def test_a_recheck_fails_early_only_after_the_time_has_passed(town: Town) -> None:
    matter = town.settled(40)
    sweep_clocks(at=later(20))
    matter.refresh_from_db()
    with pytest.raises(Refused, match="too_early"):
        act(matter, "recheck_fail", by=town.worker, data={"words": "没动静"}, at=later(21))
    assert sweep_clocks(at=later(60)) == 1  # late: everybody is told, nothing else happens
    matter.refresh_from_db()
    assert matter.stage == "rectifying"
    assert act(matter, "recheck_fail", by=town.worker, data={"words": "没动静"}, at=later(61)).matter.stage == "failed"


def test_a_failed_recheck_brings_a_card_and_leaves_the_contract(town: Town) -> None:
    matter = town.failed()
    assert matter.stage == "failed"
    assert Card.objects.get().colour == "yellow"
    contract = Contract.objects.get()
    assert contract.ended_date is None
    assert not Matter.objects.filter(kind="exit").exists()
    assert Notice.objects.filter(account=town.manager).exists()


def test_a_third_yellow_with_many_complaints_is_red(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linhe.desks.property.services.rounds.yellow_cards", lambda *_, **__: 2)
    for complaints, colour in ((1, "yellow"), (2, "red")):  # of 40 households: 25 and 50 per 1,000
        monkeypatch.setattr("linhe.desks.property.queries.rounds.complaints_at", lambda *_, number=complaints: number)
        Round.objects.update(cancelled=True)
        assert town.failed().card.colour == colour


def test_the_other_companys_manager_does_not_see_the_round(town: Town) -> None:
    from linhe.core.loop.access import visible_to

    matter = town.opened()
    assert visible_to(town.manager, at=AT).filter(pk=matter.pk).exists()
    assert not visible_to(town.other_manager, at=AT).filter(pk=matter.pk).exists()
