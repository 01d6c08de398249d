"""Who gets a notice of an event, in which words, and how many statements that takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from linhe.core.loop.acting import act, begin
from linhe.core.loop.kinds import Action
from linhe.core.loop.models import Matter
from linhe.core.loop.step import Step
from linhe.core.notices.listening import notice_event, recipients
from linhe.core.notices.models import Delivery, Notice
from linhe.core.notices.queries import notices_page, unread_count
from linhe.core.notices.services import mark_older_read, mark_read, send_notice
from linhe.core.notices.texts import text_of
from linhe.core.people.models import Account, Delegation
from linhe.lib.text import Text
from tests.factories import LONG_AGO, District, make_account, make_district, make_post

DAY = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
NIGHT = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)  # 22:00
MORNING = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)  # 08:00 of the next day

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> District:
    return make_district()


@pytest.fixture
def resident() -> Account:
    return make_account()


@pytest.fixture
def courier(town: District) -> Account:
    return make_post("courier", town.district)


def raised(town: District, resident: Account, at: datetime = DAY) -> Matter:
    return begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=at).matter


def told(notify: tuple[str, ...], matter: Matter) -> dict[int, str]:
    action = Action("x", Text("试", "try"), ("open",), None, ("courier",), notify=notify)
    return recipients(Step(matter.declared, action, matter, None, "", None, DAY, "open", "open"))


def test_the_requester_is_told_in_their_language(town: District, resident: Account, courier: Account) -> None:
    act(raised(town, resident), "take", by=courier, at=DAY)
    (notice,) = Notice.objects.all()
    assert (notice.account, notice.code, notice.read_at) == (resident, "toy.take", None)
    assert str(text_of(notice)) == "您的「玩具」：接下。现在是「已接」。"
    with override("en"):
        assert str(text_of(notice)) == "Your “toy”: take. It is now at “taken”."


def test_whoever_acts_is_not_told(town: District) -> None:
    both = make_post("courier", town.district)
    act(raised(town, both), "take", by=both, at=DAY)
    assert not Notice.objects.exists()


def test_the_requesters_side_is_told_as_a_whole(town: District, resident: Account) -> None:
    elder, child, unconfirmed, former = (make_account() for _ in range(4))
    Delegation.objects.create(principal=elder, delegate=child, asked_at=LONG_AGO, confirmed_at=LONG_AGO)
    Delegation.objects.create(principal=elder, delegate=unconfirmed, asked_at=LONG_AGO)
    Delegation.objects.create(
        principal=elder, delegate=former, asked_at=LONG_AGO, confirmed_at=LONG_AGO, ended_at=LONG_AGO
    )
    matter = raised(town, resident)
    matter.beneficiary = elder
    assert told(("requester",), matter) == dict.fromkeys((resident.pk, elder.pk, child.pk), "requester")


def test_holders_of_a_role_are_told_at_their_places_only(town: District, resident: Account) -> None:
    near, above = make_post("community_worker", town.community), make_post("community_worker", town.district)
    make_post("community_worker", town.other_community)
    make_post("grid_worker", town.community)
    make_post("community_worker", town.community, valid_to=DAY)
    make_post("community_worker", town.community, make_account(is_active=False))
    assert told(("community_worker",), raised(town, resident)) == dict.fromkeys((near.pk, above.pk), "community_worker")


def test_the_handler_is_told(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    assert told(("handler",), matter) == {}
    matter.handler = courier
    assert told(("requester", "handler"), matter) == {resident.pk: "requester", courier.pk: "handler"}


def test_telling_many_takes_as_many_statements_as_telling_one(town: District, resident: Account, settings: Any) -> None:
    settings.NOTICE_CHANNELS = ["console"]
    counts = []
    for more in (1, 30):
        for _ in range(more):
            make_post("community_worker", town.community)
        outcome = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=DAY)
        action = Action("raise", Text("试", "try"), ("",), "open", ("x",), notify=("community_worker",))
        matter = outcome.matter
        step = Step(matter.declared, action, matter, resident, "", None, DAY, "", "open")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            notice_event(outcome.event, step)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
    assert Notice.objects.count() == Delivery.objects.count() == 32


def test_outside_channels_wait_for_the_morning(
    town: District, resident: Account, courier: Account, settings: Any
) -> None:
    settings.NOTICE_CHANNELS = ["console"]
    act(raised(town, resident, NIGHT), "take", by=courier, at=NIGHT)
    calm = Delivery.objects.get()
    assert (calm.channel, calm.next_at, calm.notice.not_before) == ("console", MORNING, MORNING)
    urgent = raised(town, resident, NIGHT)
    Matter.objects.filter(pk=urgent.pk).update(urgent=True)
    act(urgent, "take", by=courier, at=NIGHT)
    assert Delivery.objects.latest("pk").next_at == NIGHT


def test_what_is_older_is_read_by_everybody(resident: Account) -> None:
    for at in (DAY, DAY - timedelta(days=2)):
        send_notice(accounts=[resident, make_account()], code="points.reward", params={"points": 3}, at=at)
    assert mark_older_read(DAY - timedelta(days=1)) == 2
    assert [n.created_at for n in notices_page(resident, unread_only=True).rows] == [DAY]
    assert mark_older_read(DAY - timedelta(days=1)) == 0


def test_reading_is_for_oneself_only(resident: Account) -> None:
    other = make_account()
    mine = send_notice(accounts=[resident], code="points.reward", params={"points": 3}, at=DAY) + send_notice(
        accounts=[resident], code="points.reward", at=DAY
    )
    (theirs,) = send_notice(accounts=[other], code="points.reward", at=DAY)
    assert unread_count(resident) == 2
    assert mark_read(account=resident, ids=[mine[0].pk, theirs.pk], at=DAY) == 1
    assert (unread_count(resident), unread_count(other)) == (1, 1)
    assert [n.pk for n in notices_page(resident, unread_only=True).rows] == [mine[1].pk]
    page = notices_page(resident, size=1)
    assert [n.pk for n in page.rows] == [mine[1].pk]
    assert [n.pk for n in notices_page(resident, size=1, before=page.next_before).rows] == [mine[0].pk]
    assert mark_read(account=resident, at=DAY) == 1


def test_the_declared_texts_and_channels_are_right(settings: Any) -> None:
    assert not [e for e in run_checks() if str(e.id).startswith("notices.")]
    settings.NOTICE_CHANNELS = ["wechat", "pigeon"]
    assert [e.id for e in run_checks() if str(e.id).startswith("notices.")] == ["notices.E002"] * 2
