"""A resolution: in publicity, perhaps objected to, carried out, confirmed and measured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import events_behind, figures
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.core.people.models import Organisation, Post
from linhe.desks.councils.models import AgendaItem, Motion, ResolutionDetail
from linhe.lib.working_calendar import add_working_days
from tests.factories import LONG_AGO, make_account
from tests.integration.desks.councils.world import NOW, SOON, World
from tests.trust.strategies import photos


def later(world: World, matter: Matter, days: int) -> Matter:
    """Some days later, after the sweep."""
    sweep_clocks(at=SOON + timedelta(days=days))
    return Matter.objects.get(pk=matter.pk)


def test_it_goes_all_the_way_and_is_measured(world: World) -> None:
    company = Organisation.objects.create(code="wy-1", name="安心物业", kind="company", place=world.town.community)
    manager = make_account()
    Post.objects.create(
        account=manager, role="property_manager", place=world.town.community, organisation=company,
        valid_from=LONG_AGO,
    )  # fmt: skip
    resolution = world.published(organisation="wy-1")
    assert (resolution.stage, resolution.organisation, resolution.handler) == ("publicity", company, world.chair)
    assert resolution.due_at == add_working_days(SOON, 5, unpublished="weekends")
    resolution = later(world, resolution, 10)
    assert resolution.stage == "carrying"
    at = SOON + timedelta(days=10)
    assert resolution.due_at == add_working_days(at, 10, unpublished="weekends")
    resolution = act(resolution, "finish", by=manager, data={"words": "充电棚建好了"}, files=photos(1), at=at).matter
    resolution = act(resolution, "redo", by=world.chair, data={"words": "少两个插座"}, at=at).matter
    resolution = act(resolution, "finish", by=manager, data={"words": "补好了"}, files=photos(2), at=at).matter
    resolution = act(resolution, "confirm", by=world.chair, at=at).matter
    assert resolution.stage == "settled"
    roll_up()
    chosen = [
        all_measures()[f"councils.{code}"]
        for code in ("settled", "settled_charging", "settled_water", "days_to_settle")
    ]
    counted = figures(world.town.district, chosen, "all", at=at)
    assert [f.value for f in counted.values()] == [1, 1, 0, 10.0]
    assert len(events_behind(chosen[1], world.town.district, "all", world.secretary, at=at).rows) == 1


def test_who_carried_it_out_does_not_confirm_it(world: World) -> None:
    Post.objects.create(account=world.chair, role="community_worker", place=world.town.community, valid_from=LONG_AGO)
    resolution = later(world, world.published(), 10)
    done = act(resolution, "finish", by=world.chair, data={"words": "好了"}, files=photos(1)).matter
    with pytest.raises(Refused) as caught:
        act(done, "confirm", by=world.chair)
    assert caught.value.code == "second_person"


def test_who_published_it_does_not_confirm_it(world: World) -> None:
    resolution = later(world, world.published(), 10)
    done = act(resolution, "finish", by=world.second, data={"words": "好了"}, files=photos(1)).matter
    with pytest.raises(Refused) as caught:
        act(done, "confirm", by=world.secretary)
    assert caught.value.code == "second_person"


def test_carried_out_needs_words_and_a_photo(world: World) -> None:
    resolution = later(world, world.published(), 10)
    for data, files in (({"words": "好了"}, 0), ({}, 1)):
        with pytest.raises(Refused) as caught:
            act(resolution, "finish", by=world.secretary, data=data, files=photos(files))
        assert caught.value.status == 422


def test_an_objection_stops_the_clock_and_a_dismissed_one_lets_it_go_on(world: World) -> None:
    resolution = world.published()
    due = resolution.due_at
    stranger = make_account(home=world.town.other_building)
    with pytest.raises(Refused) as caught:
        act(resolution, "object", by=stranger, data={"words": "太吵"}, at=SOON)
    assert caught.value.code == "lives_elsewhere"
    resolution = act(resolution, "object", by=world.residents[0], data={"words": "太吵"}, at=SOON).matter
    assert (resolution.stage, resolution.due_at) == ("objected", None)
    assert later(world, resolution, 10).stage == "objected"
    back = SOON + timedelta(days=14)
    resolution = act(resolution, "dismiss", by=world.second, data={"words": "已改到东侧"}, at=back).matter
    assert resolution.stage == "publicity"
    assert resolution.due_at is not None
    assert due is not None
    assert resolution.due_at > due


def test_one_objection_a_person_and_everyone_who_objected_is_answered(world: World) -> None:
    resolution = world.published()
    first, second, third = world.residents[:3]
    for who in (first, second):
        resolution = act(resolution, "object", by=who, data={"words": "太吵"}, at=SOON).matter
    stale = resolution.version - 1
    with pytest.raises(Refused) as caught:  # an answer that did not see the second objection
        act(resolution, "dismiss", by=world.second, data={"words": "已改到东侧"}, at=SOON, version=stale)
    assert caught.value.code == "out_of_step"
    resolution = act(resolution, "dismiss", by=world.second, data={"words": "已改到东侧"}, at=SOON).matter
    told = Notice.objects.filter(code="councils.answered")
    assert set(told.values_list("account", flat=True)) == {first.pk, second.pk}
    assert resolution.events.get(action="dismiss").data["answers"] == 2
    with pytest.raises(Refused) as caught:
        act(resolution, "object", by=first, data={"words": "还是吵"}, at=SOON)
    assert caught.value.code == "objected_already"
    resolution = act(resolution, "object", by=third, data={"words": "挡光"}, at=SOON).matter
    act(resolution, "uphold", by=world.second, data={"words": "确实挡光"}, at=SOON)
    assert set(told.values_list("account", flat=True)) == {first.pk, second.pk, third.pk}
    assert told.count() == 3
    page = Client()
    page.force_login(first)
    address = f"/councils/resolutions/{resolution.pk}/"
    assert "已改到东侧" in page.get(address).content.decode()
    assert "已改到东侧" not in Client().get(address).content.decode()


def test_an_upheld_objection_sends_it_back_to_the_meeting(world: World) -> None:
    resolution = world.published()
    resolution = act(resolution, "object", by=world.residents[0], data={"words": "挡了消防通道"}, at=SOON).matter
    resolution = act(resolution, "uphold", by=world.second, data={"words": "确实挡了"}, at=SOON).matter
    assert resolution.stage == "returned"
    item = AgendaItem.objects.get(source=resolution)
    assert (item.meeting, item.body) == (None, world.body)
    assert world.planned().meeting.items.get() == item


def test_a_petitioner_confirms_what_they_asked_for(world: World) -> None:
    world.do(world.supported(), "adopt", body=world.body.pk, title="增设充电棚")
    resolution = world.published()
    assert resolution.beneficiary == world.residents[0]
    at = SOON + timedelta(days=10)
    sweep_clocks(at=at)
    resolution = Matter.objects.get(pk=resolution.pk)
    done = act(resolution, "finish", by=world.secretary, data={"words": "好了"}, files=photos(1), at=at).matter
    assert act(done, "confirm", by=world.residents[0], at=at).matter.stage == "settled"


def test_only_a_carried_motion_with_confirmed_minutes_is_published_once(world: World) -> None:
    motion = world.carried()
    data = {"motion": motion.pk}

    def publish(code: str) -> None:
        with pytest.raises(Refused) as caught:
            begin("resolution", "publish", by=world.secretary, place=world.town.community, data=data, at=SOON)
        assert caught.value.code == code

    Matter.objects.filter(kind="meeting").update(stage="minutes")
    publish("minutes_first")
    Matter.objects.filter(kind="meeting").update(stage="held")
    Motion.objects.update(state="lost")
    publish("invalid")
    Motion.objects.update(state="carried")
    first = begin("resolution", "publish", by=world.secretary, place=world.town.community, data=data, at=SOON).matter
    publish("published_already")
    with pytest.raises(IntegrityError), transaction.atomic():
        ResolutionDetail.objects.create(matter=first, motion=motion, body=world.body, topic="other", days=1)
    with pytest.raises(IntegrityError, match="resolution_has_some_days"), transaction.atomic():
        ResolutionDetail.objects.update(days=0)


def test_it_is_late_when_nobody_carried_it_out_in_time(world: World) -> None:
    resolution = later(world, world.published(), 10)
    sweep_clocks(at=SOON + timedelta(days=40))
    assert resolution.events.filter(action="late").count() == 1
    assert NOW < SOON
