"""An activity is signed up for, attended by code or by hand, held, rated; places are never more than there are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.core.people.models import Organisation
from linhe.core.points.models import Transfer
from linhe.core.points.queries import balance
from linhe.desks.volunteering.models import ActivityDetail, CodeTry, SignUp
from linhe.desks.volunteering.queries.activities import attendees
from linhe.desks.volunteering.services import code_now
from tests.factories import make_account, make_district, make_post
from tests.integration.desks.volunteering.conftest import AT, Town, after, sign_up_of


def code_of(activity, at) -> str:
    return code_now(ActivityDetail.objects.select_related("matter__place").get(pk=activity.pk), at=at)[0]


def test_the_first_get_places_and_the_longest_waiting_moves_up(town: Town) -> None:
    activity, (a, b, c, d, *_) = town.activity(capacity=2), town.people
    for who in (a, b, c, d):
        act(activity, "sign_up", by=who, at=after(1))
    assert [sign_up_of(activity, who).state for who in (a, b, c, d)] == ["going", "going", "waiting", "waiting"]
    act(activity, "give_up", by=a, at=after(2))
    assert [sign_up_of(activity, who).state for who in (a, b, c, d)] == ["given_up", "going", "going", "waiting"]
    assert Notice.objects.filter(account=c, code="volunteering.moved_up").exists()
    act(activity, "give_up", by=d, at=after(3))
    act(activity, "give_up", by=b, at=after(3))
    assert ActivityDetail.objects.get().taken == 1
    act(activity, "sign_up", by=a, at=after(4))
    assert sign_up_of(activity, a).state == "going"


def test_one_sign_up_a_person(town: Town) -> None:
    activity, who = town.activity(), town.people[0]
    act(activity, "sign_up", by=who, at=after(1))
    with pytest.raises(Refused) as refused:
        act(activity, "sign_up", by=who, at=after(1))
    assert refused.value.code == "signed_up"
    with pytest.raises(IntegrityError, match="sign_up_once_a_person"), transaction.atomic():
        SignUp.objects.create(matter=activity, account=who, state="waiting", asked_at=AT)
    with pytest.raises(IntegrityError, match="activity_never_over_its_capacity"), transaction.atomic():
        ActivityDetail.objects.update(taken=3)


def test_codes_rotate_wrong_ones_are_counted_and_the_organiser_can_tick(town: Town) -> None:
    activity = town.activity(starts_at=after(100).isoformat(), ends_at=after(220).isoformat())
    a, b, *_ = town.people
    act(activity, "sign_up", by=a, at=after(1))
    with pytest.raises(Refused) as refused:
        act(activity, "arrive", by=a, data={"code": code_of(activity, after(30))}, at=after(30))
    assert refused.value.code == "not_now"
    old = code_of(activity, after(50))
    for _ in range(5):
        with pytest.raises(Refused) as refused:
            act(activity, "arrive", by=a, data={"code": old}, at=after(55))
        assert refused.value.code == "wrong_code"
    assert CodeTry.objects.get().tries == 5
    with pytest.raises(Refused) as refused:
        act(activity, "arrive", by=a, data={"code": code_of(activity, after(55))}, at=after(55))
    assert refused.value.code == "code_locked"
    act(activity, "tick", by=town.organiser, data={"sign_up_id": sign_up_of(activity, a).pk}, at=after(56))
    act(activity, "arrive", by=b, data={"code": code_of(activity, after(57))}, at=after(57.4))
    assert SignUp.objects.filter(arrived_at__isnull=False, arrival__isnull=False).count() == 2
    with pytest.raises(Refused) as refused:
        act(activity, "walk_in", by=town.organiser, data={"phone": town.people[2].phone}, at=after(58))
    assert refused.value.code == "full"


def test_numbers_cannot_be_tried_out_at_the_door(town: Town) -> None:
    activity, here = town.activity(), town.people[0]
    for n in range(10):
        with pytest.raises(Refused, match="invalid"):
            act(activity, "walk_in", by=town.organiser, data={"phone": f"1990000990{n}"}, at=after(70))
    with pytest.raises(Refused, match="code_locked") as locked:
        act(activity, "walk_in", by=town.organiser, data={"phone": here.phone}, at=after(71))
    assert (locked.value.status, set(locked.value.details)) == (429, {"phone"})
    act(activity, "walk_in", by=town.organiser, data={"phone": here.phone}, at=after(131))


def test_hours_are_the_time_within_the_activity_and_give_points_that_a_strike_takes_back(town: Town) -> None:
    activity, (a, b, c, *_) = town.activity(capacity=9), town.people
    with pytest.raises(Refused) as refused:
        act(activity, "finish", by=town.organiser, data={}, at=after(30))
    assert refused.value.code == "not_begun"
    town.came(activity, a, at=after(50))  # early: counts from the start at 60
    town.came(activity, b, at=after(90))
    act(activity, "walk_in", by=town.organiser, data={"phone": c.phone}, at=after(100))
    act(activity, "depart", by=b, at=after(130))
    done = act(activity, "finish", by=town.worker, data={"guests": 7}, at=after(185))
    assert [sign_up_of(activity, who).minutes for who in (a, b, c)] == [120, 40, 80]
    assert done.event.data | {} == {"guests": 7, "people": 3, "minutes": 240}
    assert [balance(who).pending for who in (a, b, c)] == [10, 10, 10]
    struck = act(activity, "strike", by=town.worker, at=after(200),
                 data={"sign_up_id": sign_up_of(activity, b).pk, "words": "未到场"})  # fmt: skip
    assert struck.event.data["minutes"] == -40
    assert [balance(who).pending + balance(who).settled for who in (a, b, c)] == [10, 0, 10]
    assert Transfer.objects.filter(rule="volunteer_activity", counterpart=None).count() == 4


def test_who_runs_an_activity_makes_no_points_alone(town: Town) -> None:
    a, b, c, *_ = town.people
    for by, ticks, paid in (
        (town.organiser, town.organiser, [True, False, False, False]),
        (town.worker, town.organiser, [True, True, True, True]),
        (town.worker, town.worker, [True, False, False, True]),
    ):
        activity = town.activity(capacity=9)
        town.came(activity, a, at=after(70))
        act(activity, "sign_up", by=b, at=after(71))
        act(activity, "tick", by=ticks, data={"sign_up_id": sign_up_of(activity, b).pk}, at=after(72))
        act(activity, "walk_in", by=ticks, data={"phone": c.phone}, at=after(73))
        town.came(activity, town.organiser, at=after(74))
        act(activity, "finish", by=by, data={}, at=after(185))
        arrivals = [sign_up_of(activity, who).arrival_id for who in (a, b, c, town.organiser)]
        assert [Transfer.objects.filter(event=arrival).exists() for arrival in arrivals] == paid
        shown = {one.sign_up.account_id: one.unpaid for one in attendees(ActivityDetail.objects.get(pk=activity.pk))}
        assert [not shown[who.pk] for who in (a, b, c, town.organiser)] == paid


def test_a_second_person_vouches_for_a_list_that_the_organiser_ended(town: Town) -> None:
    a, b, *_ = town.people
    activity = town.activity(capacity=9)
    town.came(activity, a, at=after(70))
    for who, by in ((b, town.organiser), (town.worker, town.organiser), (town.second_worker, town.worker)):
        act(activity, "walk_in", by=by, data={"phone": who.phone}, at=after(73))
    act(activity, "finish", by=town.organiser, data={}, at=after(185))
    arrivals = [sign_up_of(activity, who).arrival_id for who in (a, b, town.worker, town.second_worker)]

    def paid() -> list[bool]:
        return [Transfer.objects.filter(event=arrival).exists() for arrival in arrivals]

    assert paid() == [True, False, False, False]
    told = Notice.objects.filter(code="volunteering.vouch").values_list("account", flat=True)
    assert set(told) == {town.worker.pk, town.second_worker.pk}
    with pytest.raises(Refused) as refused:
        act(activity, "vouch", by=town.organiser, at=after(190))
    assert refused.value.status == 403
    assert act(activity, "vouch", by=town.worker, at=after(191)).event.data == {"vouched": 1}
    assert paid() == [True, True, False, False]  # neither themselves nor whom they ticked off
    assert act(activity, "vouch", by=town.second_worker, at=after(192)).event.data == {"vouched": 1}
    assert paid() == [True, True, True, False]
    with pytest.raises(Refused, match="nobody_left"):
        act(activity, "vouch", by=town.second_worker, at=after(193))
    assert Transfer.objects.filter(event__in=arrivals).count() == 3


def test_nobody_vouches_for_an_activity_of_their_own(town: Town) -> None:
    activity, (a, *_) = town.activity(capacity=9), town.people
    act(activity, "walk_in", by=town.second_worker, data={"phone": a.phone}, at=after(73))
    Matter.objects.filter(pk=activity.pk).update(handler=town.worker)
    act(activity, "finish", by=town.worker, data={}, at=after(185))
    with pytest.raises(Refused, match="second_person"):
        act(activity, "vouch", by=town.worker, at=after(190))


def test_the_pages_say_who_waits_for_a_second_person(town: Town, client: Client) -> None:
    activity, (a, *_) = town.activity(capacity=9), town.people
    act(activity, "walk_in", by=town.organiser, data={"phone": a.phone}, at=after(73))
    act(activity, "finish", by=town.organiser, data={}, at=after(185))
    url = f"/volunteering/activities/{activity.pk}/run/"
    client.force_login(town.organiser)
    assert "1 人由人工登记，还没有计积分，等另一位社区工作者核对" in client.get(url).content.decode()
    client.force_login(town.worker)
    assert "核对过了，补计积分" in client.get(url).content.decode()
    assert client.post(f"/volunteering/activities/{activity.pk}/do/vouch/").status_code == 302
    assert "还没有计积分" not in client.get(url).content.decode()


def test_whoever_was_there_rates_once(town: Town) -> None:
    activity, (a, b, *_) = town.activity(), town.people
    town.came(activity, a, at=after(70))
    act(activity, "finish", by=town.organiser, data={}, at=after(180))
    act(activity, "feed_back", by=a, data={"stars": "5", "words": "很好"}, at=after(190))
    for who in (a, b):
        with pytest.raises(Refused) as refused:
            act(activity, "feed_back", by=who, data={"stars": 4}, at=after(191))
        assert refused.value.code == "no_feedback"


def test_calling_off_tells_everyone(town: Town) -> None:
    activity = town.activity(capacity=1)
    for who in town.people[:2]:
        act(activity, "sign_up", by=who, at=after(1))
    act(activity, "call_off", by=town.organiser, data={"words": "下雨改期"}, at=after(2))
    assert Notice.objects.filter(code="volunteering.called_off").count() == 2


def test_an_organiser_speaks_only_for_their_own_organisation(town: Town) -> None:
    other = Organisation.objects.create(code="other", name="别的单位", kind="company", place=town.places.district)
    assert town.activity(organisation=town.office.code).organisation == town.office
    with pytest.raises(Refused) as refused:
        town.activity(organisation=other.code)
    assert "organisation" in refused.value.details


@pytest.mark.django_db(transaction=True)
def test_under_concurrency_no_place_is_given_twice() -> None:
    places = make_district("990302")
    organiser = make_post("organiser", places.district)
    people = [make_account() for _ in range(24)]
    data = {"theme": "sports", "title": "趣味运动会", "capacity": 5, "starts_at": after(60), "ends_at": after(120)}
    activity = begin("activity", "publish", by=organiser, place=places.community, data=data, at=AT).matter

    def run(who) -> str:
        try:
            act(activity, "sign_up", by=who, at=after(1))
            act(activity, "sign_up", by=who, at=after(1))
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "twice"

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(run, people)) == {"signed_up"}
    states = list(SignUp.objects.values_list("state", flat=True))
    assert (states.count("going"), states.count("waiting")) == (5, 19)

    def leave(who) -> None:
        try:
            act(activity, "give_up", by=who, at=after(2))
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(leave, people[:12]))
    states = list(SignUp.objects.values_list("state", flat=True))
    assert (states.count("going"), states.count("waiting")) == (5, 7)
    assert ActivityDetail.objects.get().taken == 5
    assert Event.objects.filter(matter=activity).count() == 1 + 24 + 12
