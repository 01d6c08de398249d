"""A report goes round its loop: routed, accepted, paused, solved, reopened, confirmed, handed on, merged."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.acting import act
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Matter, MatterClock
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.desks.reports.models import Following, Report
from linhe.desks.reports.services import act_on_many, answer_by_link, hand_on, raise_report, unfollow
from tests.factories import make_post
from tests.integration.desks.reports.conftest import AT, HOUR, Scene
from tests.trust.strategies import photos

DONE = {"words": "已经修好，请看看"}
WHY = {"words": "不归我们管"}


def solved(scene: Scene, matter: Matter, at=AT) -> Matter:
    act(matter, "accept", by=scene.clerk, at=at)
    return act(matter, "solve", by=scene.clerk, at=at, data=DONE).matter


def told(account) -> list[str]:
    return list(Notice.objects.filter(account=account).order_by("id").values_list("code", flat=True))


@pytest.mark.parametrize(
    ("category", "owner"),
    [("lights", None), ("road", "urban"), ("rubbish", "wuye"), ("dog", None)],
    ids=["community", "department", "company of the compound", "a department that is not there"],
)
def test_a_report_goes_to_whoever_the_duty_list_names(scene: Scene, category: str, owner: str | None) -> None:
    matter = scene.raised(category)
    assert (matter.organisation and matter.organisation.code) == owner
    event = Event.objects.get(matter=matter)
    assert event.data["owner"] == (owner or "community")
    assert "words" in event.data
    assert "楼道口" not in str(event.data)


def test_its_owner_is_told_and_accepts_within_working_hours(scene: Scene) -> None:
    matter = scene.raised("rubbish")
    assert told(scene.manager) == ["report.report"]
    assert matter.due_at == AT + timedelta(hours=6.5)  # 240 working minutes from nine, with the break at noon
    after = act(matter, "accept", by=scene.manager, at=AT + HOUR).matter
    assert (after.stage, after.handler) == ("working", scene.manager)
    with pytest.raises(Refused):
        act(scene.raised("rubbish"), "accept", by=scene.officer, at=AT)


def test_routing_elsewhere_needs_a_reason_and_another_owner(scene: Scene) -> None:
    matter = scene.raised("rubbish")
    act(matter, "accept", by=scene.manager, at=AT)
    for wrong in ({"organisation": "urban"}, {"organisation": "wuye", **WHY}, {"organisation": "nobody", **WHY}):
        with pytest.raises(Refused) as refused:
            act(matter, "reroute", by=scene.manager, at=AT, data=wrong)
        assert refused.value.status == 422
    after = act(matter, "reroute", by=scene.manager, at=AT, data={"organisation": "urban", **WHY}).matter
    assert (after.stage, after.organisation, after.handler) == ("raised", scene.urban, None)
    assert Event.objects.filter(matter=matter).last().data["was"] == "wuye"
    assert "report.reroute" in told(scene.officer)
    back = act(matter, "reroute", by=scene.officer, at=AT, data=WHY).matter
    assert back.organisation is None


def test_a_pause_needs_a_reason_and_a_second_person_and_really_pauses(scene: Scene) -> None:
    matter = scene.raised()
    act(matter, "accept", by=scene.clerk, at=AT)
    before = MatterClock.objects.get(matter=matter, code="solve").due_at
    act(matter, "ask_pause", by=scene.clerk, at=AT, data={"reason": "weather", "words": "下雨"})
    with pytest.raises(Refused) as refused:
        act(matter, "approve_pause", by=scene.clerk, at=AT)
    assert refused.value.code == "second_person"
    act(matter, "approve_pause", by=scene.second_clerk, at=AT)
    assert sweep_clocks(at=AT + timedelta(days=9)) == 0
    act(matter, "resume", by=scene.clerk, at=AT + timedelta(days=7))
    assert MatterClock.objects.get(matter=matter, code="solve").due_at == before + timedelta(days=7)


def test_a_pause_ends_by_itself(scene: Scene) -> None:
    matter = scene.raised()
    act(matter, "accept", by=scene.clerk, at=AT)
    act(matter, "ask_pause", by=scene.clerk, at=AT, data={"reason": "funds", "words": "等批款"})
    act(matter, "approve_pause", by=scene.supervisor, at=AT)
    sweep_clocks(at=AT + timedelta(days=30))
    matter.refresh_from_db()
    assert matter.stage == "working"
    assert Event.objects.filter(matter=matter, action="wake").exists()


def test_changing_the_limit_keeps_what_was_paused(scene: Scene) -> None:
    matter = scene.raised()
    act(matter, "accept", by=scene.clerk, at=AT)
    act(matter, "ask_pause", by=scene.clerk, at=AT, data={"reason": "weather", "words": "下雨"})
    act(matter, "approve_pause", by=scene.second_clerk, at=AT)
    resumed = AT + timedelta(days=7)
    act(matter, "resume", by=scene.clerk, at=resumed)
    act(matter, "relimit", by=scene.clerk, at=resumed, data={"minutes": 420, "words": "不用那么久"})
    clock = MatterClock.objects.get(matter=matter, code="solve", stopped_at__isnull=True)
    assert clock.due_at == resumed + timedelta(days=1)  # one working day, and none of it was used before the pause
    with pytest.raises(Refused) as refused:
        act(matter, "relimit", by=scene.clerk, at=resumed + 5 * HOUR, data={"minutes": 30, "words": "马上"})
    assert refused.value.code == "already_late"


def test_some_categories_ask_for_a_photo_of_the_result(scene: Scene) -> None:
    matter = scene.raised("road")
    act(matter, "accept", by=scene.officer, at=AT)
    with pytest.raises(Refused) as refused:
        act(matter, "solve", by=scene.officer, at=AT, data=DONE)
    assert refused.value.code == "photo_missing"
    with pytest.raises(Refused):
        act(matter, "solve", by=scene.officer, at=AT, files=photos(1))
    assert act(matter, "solve", by=scene.officer, at=AT, data=DONE, files=photos(1)).matter.stage == "solved"


def test_the_requester_confirms_or_reopens_and_the_owner_hears_of_it(scene: Scene) -> None:
    matter = scene.raised("rubbish")
    act(matter, "accept", by=scene.manager, at=AT)
    act(matter, "solve", by=scene.manager, at=AT, data=DONE)
    with pytest.raises(Refused):
        act(matter, "confirm", by=scene.manager, at=AT)
    act(matter, "reopen", by=scene.resident, at=AT, data={"words": "还有一堆"})
    assert "report.reopen" in told(scene.manager)
    assert MatterClock.objects.filter(matter=matter, code="solve", stopped_at__isnull=True).count() == 1
    act(matter, "solve", by=scene.manager, at=AT, data=DONE)
    assert act(matter, "confirm", by=scene.resident, at=AT).matter.stage == "confirmed"
    late = AT + timedelta(days=31)
    with pytest.raises(Refused) as refused:
        act(matter, "reopen", by=scene.resident, at=late, data={"words": "又来了"})
    assert refused.value.code == "too_late"


def test_no_answer_in_time_is_counted_apart(scene: Scene) -> None:
    matter = solved(scene, scene.raised())
    sweep_clocks(at=AT + timedelta(days=20))
    matter.refresh_from_db()
    assert matter.stage == "lapsed"
    act(matter, "reopen", by=scene.resident, at=AT + timedelta(days=21), data={"words": "没修"})
    matter.refresh_from_db()
    assert (matter.stage, matter.closed_at) == ("working", None)


def test_what_nobody_signed_is_confirmed_by_its_link_or_by_a_second_clerk(scene: Scene) -> None:
    first, second = scene.raised(by=None), scene.raised(by=None)
    assert (first.requester, first.report.unnamed) == (None, True)
    solved(scene, first), solved(scene, second)
    assert answer_by_link(matter=first, action="confirm_linked", at=AT).matter.stage == "confirmed"
    with pytest.raises(Refused):
        act(second, "check", by=scene.clerk, at=AT)
    assert act(second, "check", by=scene.second_clerk, at=AT).matter.stage == "confirmed"
    named = solved(scene, scene.raised())
    for action, data in (("confirm_linked", None), ("reopen", {"words": "没有"})):
        with pytest.raises(Refused):
            answer_by_link(matter=named, action=action, data=data, at=AT)
    with pytest.raises(Refused):
        act(named, "check", by=scene.second_clerk, at=AT)


def test_a_report_waits_for_its_parts(scene: Scene) -> None:
    matter = scene.raised()
    act(matter, "accept", by=scene.clerk, at=AT)
    ask = {"category": "road", "organisation": "urban", "words": "请补路面"}
    part = hand_on(by=scene.clerk, parent=matter, data=ask, at=AT).matter
    assert (part.parent, part.organisation, part.report.private) == (matter, scene.urban, True)
    for action, data in (("solve", DONE), ("decline", WHY), ("merge", {"into": 1})):
        with pytest.raises(Refused) as refused:
            act(matter, action, by=scene.clerk, at=AT, data=data)
        assert refused.value.code == "open_parts"
    act(part, "accept", by=scene.officer, at=AT)
    act(part, "solve", by=scene.officer, at=AT, data=DONE, files=photos(1))
    act(part, "confirm", by=scene.clerk, at=AT)
    assert act(matter, "solve", by=scene.clerk, at=AT, data=DONE).matter.stage == "solved"
    with pytest.raises(Refused):
        hand_on(by=scene.resident, parent=matter, data=ask, at=AT)


def test_followers_hear_how_it_goes_until_they_leave(scene: Scene) -> None:
    matter = scene.raised()
    act(matter, "follow", by=scene.neighbour, at=AT)
    for who in (scene.neighbour, scene.resident):
        with pytest.raises(Refused):
            act(matter, "follow", by=who, at=AT)
    act(matter, "accept", by=scene.clerk, at=AT)
    assert told(scene.neighbour) == ["reports.followed"]
    assert unfollow(account=scene.neighbour, matter=matter)
    act(matter, "solve", by=scene.clerk, at=AT, data=DONE)
    assert told(scene.neighbour) == ["reports.followed"]
    with pytest.raises(Refused) as refused:
        act(scene.raised(private=True), "follow", by=scene.neighbour, at=AT)
    assert refused.value.status == 404


def test_merging_takes_everyone_along(scene: Scene) -> None:
    kept, other = scene.raised(), scene.raised(by="neighbour")
    follower = make_post("courier", scene.town.district)
    act(other, "follow", by=follower, at=AT)
    for wrong in (other.pk, 2**40):
        with pytest.raises(Refused):
            act(other, "merge", by=scene.clerk, at=AT, data={"into": wrong})
    after = act(other, "merge", by=scene.clerk, at=AT, data={"into": kept.pk}).matter
    assert (after.stage, Report.objects.get(pk=other.pk).merged_into_id) == ("merged", kept.pk)
    assert told(scene.neighbour)[-1] == "report.merge"
    assert told(follower)[-1] == "reports.followed"
    assert set(Following.objects.filter(matter=kept).values_list("account", flat=True)) == {
        scene.neighbour.pk, follower.pk
    }  # fmt: skip
    solved(scene, kept)
    assert told(scene.neighbour)[-1] == "reports.followed"


def test_who_follows_what_is_public_hears_nothing_of_what_is_not(scene: Scene) -> None:
    secret, other, hidden = scene.raised(private=True), scene.raised(by="neighbour"), scene.raised()
    follower = make_post("courier", scene.town.district)
    for matter in (other, hidden):
        act(matter, "follow", by=follower, at=AT)
    act(other, "merge", by=scene.clerk, at=AT, data={"into": secret.pk})
    assert Following.objects.get(matter=secret).account == scene.neighbour
    act(hidden, "hide", by=scene.clerk, at=AT, data={"reason": "person", "words": "拍到了人"})
    before = told(follower)
    solved(scene, secret)
    solved(scene, hidden)
    assert told(follower) == before
    assert told(scene.neighbour)[-1] == "reports.followed"


def test_words_or_a_photo_are_needed_and_a_point_near_the_place(scene: Scene) -> None:
    begun = {"by": scene.resident, "place": scene.town.building, "at": AT}
    for data in (
        {"category": "lights"}, {"category": "nothing", "words": "x"}, {"category": "lights", "words": "x", "lat": 1.0},
        {"category": "lights", "words": "x", "lat": 39.9, "lng": 116.4},
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            raise_report(data=data, **begun)
        assert refused.value.status == 422
    assert not Matter.objects.exists()
    point = {"lat": 38.4215, "lng": 112.7312}
    report = raise_report(data={"category": "lights", **point}, files=photos(1), **begun).matter.report
    assert (report.lat, report.lng) == (point["lat"], point["lng"])


def test_one_person_and_one_network_can_only_report_so_much(scene: Scene) -> None:
    for _ in range(20):
        scene.raised()
    with pytest.raises(Refused) as refused:
        scene.raised()
    assert refused.value.status == 429
    sent = {"by": None, "place": scene.town.building, "data": {"category": "lights", "words": "黑"}, "at": AT}
    for _ in range(6):
        raise_report(address="10.0.0.9", **sent)
    with pytest.raises(Refused) as refused:
        raise_report(address="10.0.0.9", **sent)
    assert refused.value.status == 429
    raise_report(address="10.0.0.10", **sent)


def test_a_repeated_request_makes_one_report(scene: Scene) -> None:
    sent = {"place": scene.town.building, "data": {"category": "lights", "words": "黑"}, "at": AT, "key": "key-1234"}
    first = raise_report(by=scene.resident, **sent)
    again = raise_report(by=scene.resident, **sent)
    assert (again.repeated, again.matter.pk) == (True, first.matter.pk)
    assert Report.objects.count() == 1


def test_one_reply_closes_many_and_says_what_it_could_not(scene: Scene) -> None:
    ready, raised, photo = scene.raised(), scene.raised(), scene.raised("wires")
    for matter in (ready, photo):
        act(matter, "accept", by=scene.clerk, at=AT)
    numbers = [ready.pk, raised.pk, photo.pk, 2**40]
    call = {"by": scene.clerk, "numbers": numbers, "action": "solve", "words": "统一检修完毕", "at": AT, "key": "k"}
    done, refused = act_on_many(**call)
    assert (done, [number for number, _ in refused]) == (1, numbers[1:])
    assert act_on_many(**call)[0] == 1
    assert Event.objects.filter(action="solve").count() == 1


@pytest.mark.parametrize(
    ("change", "name"),
    [({"lat": 91}, "report_point_in_range"), ({"merged_into": "self"}, "report_merged_into_another")],
)
def test_the_database_holds_what_a_report_is(scene: Scene, change: dict, name: str) -> None:
    report = scene.raised().report
    values = {field: report if value == "self" else value for field, value in change.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**values)


def test_somebody_follows_a_report_once(scene: Scene) -> None:
    row = {"matter": scene.raised(), "account": scene.neighbour, "since_at": AT}
    Following.objects.create(**row)
    with pytest.raises(IntegrityError, match="following_once"), transaction.atomic():
        Following.objects.create(**row)
