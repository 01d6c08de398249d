"""A quarter is settled, published, objected to, corrected and rewarded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Evidence, Matter, MatterClock
from linhe.core.loop.refusals import Refused
from linhe.core.points.services import credit, settle_due, transfer_by_hand
from linhe.desks.volunteering.models import OptIn, Protest, Reward, SettlementDetail, Snapshot, SnapshotRow
from linhe.desks.volunteering.queries.honours import ranking_of
from linhe.desks.volunteering.services import leave, take_part
from linhe.desks.volunteering.services.settling import problems_of_the_snapshots, ranked, takers_part
from linhe.lib.periods import Quarter
from tests.factories import make_account, make_district
from tests.integration.desks.volunteering.honours import SETTLED, SPRING, Honours, hand_all, honours
from tests.trust.strategies import photos

LATER = SETTLED + timedelta(days=20)


@pytest.fixture
def town(db: None) -> Honours:
    return honours(make_district("990304"))


def ranks(matter: Matter, version: int = 1) -> list[tuple[str, int, int, bool]]:
    rows = SnapshotRow.objects.filter(snapshot__settlement=matter.pk, snapshot__version=version)
    return [(r.account.name, r.rank, r.points, r.chosen) for r in rows.select_related("account").order_by("rank", "pk")]


def test_only_couriers_who_agreed_are_ranked(town: Honours) -> None:
    first, second, silent = town.rider("甲"), town.rider("乙"), town.rider("丙", joins=False)
    helper = make_account("志愿者")
    for who, times in ((first, 3), (second, 4), (silent, 6), (helper, 7)):
        town.earn(who, times)
    with pytest.raises(Refused, match="no_courier"):
        take_part(helper, named=True, at=SPRING)
    leave(first, at=SETTLED)
    take_part(first, named=True, at=SETTLED)
    assert ranks(town.settled()) == [("乙", 1, 20, True), ("甲", 2, 15, True)]


def test_the_tie_rule_decides_and_a_tie_across_the_edge_is_shared(town: Honours) -> None:
    early, late, many = town.rider("先"), town.rider("后"), town.rider("多")
    town.earn(late, 3, at=SPRING + timedelta(days=5))
    town.earn(early, 3)
    town.earn(many, 2)
    transfer_by_hand(account=many, points=5, place=town.places.subdistrict, memo="x", at=SPRING, by=town.officer)
    for name in "戊己":
        rider = town.rider(name)
        transfer_by_hand(account=rider, points=9, place=town.places.subdistrict, memo="x", at=SPRING, by=town.officer)
    lines = ranks(town.settled())
    assert [line[:2] for line in lines] == [("先", 1), ("后", 2), ("多", 3), ("戊", 4), ("己", 4)]
    assert [line[3] for line in lines] == [True, True, True, False, False]
    rows = SnapshotRow.objects.order_by("rank", "pk")
    assert [(r.decided_by, r.tied) for r in rows] == [
        ("", False), ("reached", False), ("services", False), ("points", True), ("", True),
    ]  # fmt: skip


def test_a_quarter_is_settled_once_after_its_end_at_a_subdistrict(town: Honours) -> None:
    with pytest.raises(Refused, match="too_early"):
        town.settled(at=SPRING)
    town.settled()
    with pytest.raises(Refused, match="settled_already"):
        town.settled()
    data = {"year": 2026, "quarter": 1}
    with pytest.raises(Refused, match="wrong_place"):
        begin("settlement", "freeze", by=town.district, place=town.places.district, data=data, at=SETTLED)
    with pytest.raises(DatabaseError, match="settlement_of_a_quarter"), transaction.atomic():
        SettlementDetail.objects.update(quarter=5)


def test_nothing_is_frozen_while_points_of_the_quarter_can_still_be_disputed(town: Honours) -> None:
    rider, end = town.rider("甲"), Quarter(2026, 1).stretch()[1]
    town.earn(rider)
    last = end - timedelta(hours=1)
    event = begin(
        "toy", "raise", by=make_account(), place=town.places.building, data={"size": 1}, at=last
    ).event  # fmt: skip
    credit(account=rider, rule="toy_done", event=event, at=last, place=town.places.building)
    with pytest.raises(Refused, match="still_disputable") as refused:
        town.settled(at=end)
    assert refused.value.status == 422
    settle_due(at=end + timedelta(days=4))
    assert ranks(town.settled(at=end + timedelta(days=4))) == [("甲", 1, 10, True)]


def test_rewards_are_made_when_publicity_ends_and_handed_over_against_a_signature(town: Honours) -> None:
    for n in range(5):
        town.earn(town.rider(f"骑手{n}"), 5 - n)
    matter = town.settled()
    with pytest.raises(Refused, match="wrong_stage"):
        act(matter, "hand_over", by=town.officer, data={"reward_id": 1, "typed_name": "x"}, at=SETTLED)
    sweep_clocks(at=LATER)
    matter.refresh_from_db()
    assert matter.stage == "rewarding"
    first, second, third = Reward.objects.order_by("rank")
    with pytest.raises(Refused, match="invalid"):
        act(matter, "hand_over", by=town.officer, data={"reward_id": first.pk}, at=LATER)
    drawn = act(matter, "hand_over", by=town.officer, data={"reward_id": first.pk}, files=photos(1), at=LATER)
    assert drawn.event.data["signature"] == "drawn"
    assert Evidence.objects.filter(event=drawn.event).count() == 1
    typed = act(
        matter, "hand_over", by=town.officer, data={"reward_id": second.pk, "typed_name": "骑手1"}, at=LATER
    ).event
    assert typed.data["signature"] == "typed"
    assert "骑手1" not in str(typed.data)
    with pytest.raises(Refused, match="handed_already"):
        act(matter, "hand_over", by=town.officer, data={"reward_id": second.pk, "typed_name": "骑手1"}, at=LATER)
    with pytest.raises(Refused, match="rewards_open"):
        act(matter, "close", by=town.officer, at=LATER)
    assert hand_all(matter, town.officer, at=LATER).stage == "closed"
    third.refresh_from_db()
    assert (third.signature, third.event.action) == ("typed", "hand_over")
    with pytest.raises(DatabaseError, match="reward_handed_over_against_a_signature"), transaction.atomic():
        Reward.objects.update(signature="")


def test_an_objection_rests_publicity_until_it_is_answered(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider, 2)
    matter = town.settled()
    act(matter, "object", by=rider, data={"words": "少算一单"}, at=SETTLED + timedelta(days=1))
    with pytest.raises(Refused, match="objected_already"):
        act(matter, "object", by=rider, data={"words": "再说一次"}, at=SETTLED + timedelta(days=1))
    sweep_clocks(at=LATER)
    matter.refresh_from_db()
    assert matter.stage == "objected"
    assert MatterClock.objects.get(matter=matter, code="publicity", stopped_at=None).paused_at is not None
    with pytest.raises(Refused, match="objections_open"):
        act(matter, "go_on", by=town.officer, at=LATER)
    with pytest.raises(Refused, match="objections_open"):
        act(matter, "correct", by=town.officer, data={"words": "更正"}, at=LATER)
    [waiting] = Protest.objects.all()
    answer = {"protest_id": waiting.pk, "upheld": False, "words": "已核对台账，无误"}
    act(matter, "answer", by=town.officer, data=answer, at=LATER)
    with pytest.raises(Refused, match="invalid"):
        act(matter, "answer", by=town.officer, data=answer, at=LATER)
    act(matter, "go_on", by=town.officer, at=LATER)
    assert MatterClock.objects.get(matter=matter, code="publicity", stopped_at=None).due_at > LATER


def test_a_correction_is_a_version_of_its_own(town: Honours) -> None:
    rider, other = town.rider("甲"), town.rider("乙")
    town.earn(rider, 2)
    town.earn(other, 3)
    matter = town.settled()
    transfer_by_hand(account=rider, points=20, place=town.places.subdistrict, memo="x", at=SPRING, by=town.officer)
    outcome = act(matter, "correct", by=town.officer, data={"words": "补记一次服务"}, at=SETTLED + timedelta(days=2))
    assert outcome.event.data["version"] == 2
    assert [r[0] for r in ranks(matter, 1)] == ["乙", "甲"]
    assert [r[0] for r in ranks(matter, 2)] == ["甲", "乙"]
    assert Snapshot.objects.values("inputs_hash").distinct().count() == 2
    current = SettlementDetail.objects.get(pk=matter.pk)
    assert [s.row.account.name for s in ranking_of(current, reader=rider)] == ["甲", "乙"]
    for table in (Snapshot, SnapshotRow):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            table.objects.update(**{"quota" if table is Snapshot else "rank": 9})
        with pytest.raises(DatabaseError, match="delete"), transaction.atomic():
            table.objects.all()._raw_delete("default")


def test_recomputing_from_the_ledger_gives_the_frozen_ranks(town: Honours) -> None:
    for n in range(4):
        town.earn(town.rider(f"骑手{n}"), 1 + n % 3)
    matter = town.settled()
    settlement = SettlementDetail.objects.select_related("place").get(pk=matter.pk)
    people = takers_part(settlement.place, SETTLED)
    _, _, result = ranked(settlement, people=people)
    frozen = SnapshotRow.objects.order_by("rank", "account_id")
    assert [(r.account_id, r.rank, r.chosen) for r in frozen] == [(x.id, x.rank, x.chosen) for x in result.lines]
    assert list(problems_of_the_snapshots()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE volunteering_snapshotrow SET points = points + 1 WHERE rank = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert len(list(problems_of_the_snapshots())) == 1


def test_names_are_masked_unless_their_owner_agreed(town: Honours) -> None:
    for rider in (town.rider("张小明", named=True), town.rider("李大勇")):
        town.earn(rider)
    matter = town.settled()
    assert sorted(s.name for s in ranking_of(matter.settlement, reader=make_account())) == ["张小明", "李**"]
    leave(town.riders[0], at=SETTLED)
    assert sorted(s.name for s in ranking_of(matter.settlement, reader=make_account())) == ["张**", "李**"]


def test_the_database_keeps_who_takes_part_and_objections_right(town: Honours) -> None:
    rider = town.rider()
    for table, rows, name in (
        (OptIn, {"account": rider, "given_at": SPRING}, "opt_in_once_at_a_time"),
        (
            OptIn,
            {"account": rider, "given_at": SPRING, "ended_at": SPRING - timedelta(1)},
            "opt_in_ends_after_it_begins",
        ),
    ):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            table.objects.create(**rows)
    matter = town.settled()
    act(matter, "object", by=rider, data={"words": "少算一单"}, at=SETTLED)
    with pytest.raises(DatabaseError, match="protest_one_open_a_person"), transaction.atomic():
        Protest.objects.create(matter=matter, account=rider, at=SETTLED)
    with pytest.raises(DatabaseError, match="protest_answered_one_way_or_the_other"), transaction.atomic():
        Protest.objects.update(answered_at=SETTLED)


def test_a_signature_that_is_no_picture_is_refused(town: Honours) -> None:
    town.earn(town.rider())
    matter = town.settled()
    sweep_clocks(at=LATER)
    data = {"reward_id": Reward.objects.get().pk}
    with pytest.raises(Refused, match="invalid"):
        act(matter, "hand_over", by=town.officer, data=data, files=[SimpleUploadedFile("s.png", b"no")], at=LATER)
    assert Reward.objects.get().handed_at is None
