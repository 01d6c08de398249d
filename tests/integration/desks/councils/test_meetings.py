"""A hybrid meeting: notice, agenda, code, quorum, discussion, minutes that two people answer for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import figures
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.desks.councils.models import AgendaItem, Membership, Minutes, Motion, Remark, Seat
from linhe.desks.councils.queries.minutes import minutes_text
from tests.factories import LONG_AGO, make_account
from tests.integration.desks.councils.world import NOW, SOON, World


def refused(why: str, world: World, *args: object, **more: object) -> None:
    """A step must be refused in this way."""
    with pytest.raises(Refused) as caught:
        world.do(*args, **more)  # type: ignore[arg-type]  # handed through as they are
    assert caught.value.code == why


def test_members_are_called_in_time(world: World) -> None:
    meeting = world.planned("飞线充电")
    refused("too_late_to_convene", world, meeting, "convene", at=SOON - timedelta(days=3) + timedelta(seconds=1))
    world.do(meeting, "convene", at=SOON - timedelta(days=3))
    assert {n.account for n in Notice.objects.filter(code="councils.convened")} == set(world.members)
    assert Seat.objects.count() == 5


def test_a_meeting_needs_an_agenda_a_chair_and_patience(world: World) -> None:
    refused("no_agenda", world, world.planned(), "convene")
    meeting = world.do(world.planned("飞线充电"), "convene")
    refused("too_early", world, meeting, "open", at=SOON - timedelta(hours=2))
    Membership.objects.filter(function="chair").update(ended_at=NOW)
    with pytest.raises(Refused, match="no_chair"):
        world.planned()


def test_only_called_members_check_in_with_the_code_of_the_moment(world: World) -> None:
    meeting = world.in_session()
    old = world.code(meeting, SOON - timedelta(minutes=2))
    refused("wrong_code", world, meeting, "attend", by=world.members[1], code=old)
    refused("not_a_member", world, meeting, "attend", by=world.residents[0], code=world.code(meeting))
    meeting = world.do(meeting, "attend", by=world.members[1], code=world.code(meeting), way="online")
    refused("here_already", world, meeting, "attend", by=world.members[1], code=world.code(meeting))
    just_before = world.code(meeting, SOON - timedelta(seconds=30))
    meeting = world.do(meeting, "attend", by=world.members[2], code=just_before)
    assert list(Seat.objects.filter(attended_at__isnull=False).order_by("way").values_list("way", flat=True)) == [
        "online", "onsite",
    ]  # fmt: skip


def test_guessing_codes_ends_after_some_tries(world: World) -> None:
    meeting = world.in_session()
    wrong = "000000" if world.code(meeting) != "000000" else "111111"
    for _ in range(8):
        refused("wrong_code", world, meeting, "attend", by=world.members[1], code=wrong)
    refused("code_locked", world, meeting, "attend", by=world.members[1], code=world.code(meeting))
    seat = Seat.objects.get(membership__account=world.members[1])
    world.do(meeting, "roll_call", seats=(seat.pk,))
    seat.refresh_from_db()
    assert seat.way == "secretary"


def test_an_item_comes_from_a_matter_that_the_secretary_may_read(world: World) -> None:
    petition = world.supported()
    meeting = world.do(world.planned(), "add_item", number=petition.pk, topic="charging")
    item = AgendaItem.objects.get()
    assert (item.source, item.title, item.title_en) == (petition, petition.title, petition.title_en)
    refused("invalid", world, meeting, "add_item", number=petition.pk)
    refused("invalid", world, meeting, "add_item", number=petition.pk + 10_000)
    refused("invalid", world, meeting, "add_item")
    meeting = world.do(meeting, "drop_item", item=item.pk)
    item.refresh_from_db()
    assert item.meeting is None


def test_comments_are_shown_after_somebody_read_them(world: World) -> None:
    meeting = world.in_session()
    item = AgendaItem.objects.get()
    stranger = make_account(home=world.town.other_building)
    refused("lives_elsewhere", world, meeting, "comment", by=stranger, item=item.pk, words="太吵")
    meeting = world.do(meeting, "comment", by=world.residents[0], item=item.pk, words="太吵")
    remark = Remark.objects.get()
    assert remark.shown is None
    world.do(meeting, "moderate", remark=remark.pk, show=True)
    remark.refresh_from_db()
    assert remark.shown is True


def test_minutes_are_written_corrected_and_confirmed_by_another(world: World) -> None:
    meeting = world.attend(world.in_session("飞线充电", "直饮水机"), *world.members[:4])
    meeting = world.do(meeting, "note", item=AgendaItem.objects.order_by("id")[0].pk, words="物业愿意出地方")
    meeting, motion = world.motion(meeting)
    refused("vote_open", world, meeting, "close")
    meeting = world.vote(meeting, motion, m0="yes", m1="yes", m2="yes", m3="no")
    meeting = world.do(meeting, "close_vote", motion=motion.pk)
    meeting = world.do(meeting, "close")
    first = Minutes.objects.get()
    for part in (
        "应到 5 人，实到 4 人",
        "议题1：飞线充电",
        "议题2：直饮水机",
        "物业愿意出地方",
        "同意 3，不同意 1，弃权 0",
        "通过。",
    ):
        assert part in first.text
    assert not any(member.name in first.text for member in world.members)
    meeting = world.do(meeting, "correct", text=first.text + "\n散会前通报了上次决议。")
    refused("minutes_changed", world, meeting, "confirm", by=world.chair, edition=1)
    meeting = world.do(meeting, "confirm", by=world.chair, edition=2)
    assert meeting.stage == "held"
    versions = Minutes.objects.order_by("version")
    assert [(m.version, m.confirmed_at is not None) for m in versions] == [(1, False), (2, True)]
    assert versions[0].text == first.text
    assert minutes_text(meeting.meeting, at=SOON) == first.text


def test_who_corrected_the_minutes_does_not_confirm_them(world: World) -> None:
    from tests.factories import make_post

    make_post("community_worker", world.town.community, world.chair)
    meeting = world.do(world.attend(world.in_session(), *world.members), "close")
    meeting = world.do(meeting, "correct", by=world.chair, text="改过的纪要")
    refused("second_person", world, meeting, "confirm", by=world.chair, edition=2)


def test_the_attendance_rate_comes_from_the_events(world: World) -> None:
    for here in (3, 5):
        meeting = world.attend(world.in_session(), *world.members[:here])
        event = act(meeting, "close", by=world.secretary, at=SOON).event
        assert {"present": here, "called": 5}.items() <= event.data.items()
    roll_up()
    measure = all_measures()["councils.attendance"]
    assert figures(world.town.district, [measure], "all", at=SOON)[measure.code].value == 80.0


def test_a_cancelled_meeting_leaves_its_items_waiting(world: World) -> None:
    meeting = world.do(world.planned("飞线充电"), "convene")
    world.do(meeting, "cancel", words="台风")
    assert AgendaItem.objects.get().meeting is None
    assert Notice.objects.filter(code="councils.cancelled").count() == 5


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("membership_one_at_a_time", {}),
        ("membership_one_chair_a_body", {"account": None, "function": "chair"}),
        ("membership_term_has_a_length", {"account": None, "until_at": LONG_AGO}),
        ("membership_ends_after_it_began", {"account": None, "ended_at": LONG_AGO - timedelta(days=1)}),
        ("membership_function_is_known", {"account": None, "function": "king"}),
    ],
)
def test_terms_are_kept_by_the_database(world: World, constraint: str, change: dict[str, object]) -> None:
    row = {"body": world.body, "account": world.members[1], "from_at": LONG_AGO, "until_at": NOW} | change
    row["account"] = row["account"] or make_account()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Membership.objects.create(**row)


def test_seats_and_motions_are_kept_by_the_database(world: World) -> None:
    meeting = world.in_session()
    seat, item = Seat.objects.all()[0], AgendaItem.objects.all()[0]
    for constraint, model, row in (
        ("seat_one_a_member", Seat, {"meeting": seat.meeting, "membership": seat.membership}),
        ("motion_hands_are_not_secret", Motion, {"item": item, "rule": "simple", "secret": True, "by_hands": True}),
        ("motion_result_after_the_close", Motion, {"item": item, "rule": "simple", "state": "carried"}),
        ("item_has_a_title", AgendaItem, {"body": world.body, "topic": "other", "title": ""}),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            model.objects.create(**row)
    with pytest.raises(IntegrityError, match="seat_present_in_some_way"), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(attended_at=NOW)
    assert meeting.stage == "open"
