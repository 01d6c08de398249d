"""A petition: only who lives there, once each, until a body takes it up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.desks.councils.models import AgendaItem, PetitionDetail, Support
from tests.factories import make_account
from tests.integration.desks.councils.world import NOW, World


def test_enough_neighbours_lift_it_onto_the_agenda(world: World) -> None:
    petition = world.petition()
    assert (petition.stage, petition.title) == ("collecting", "居民提议：飞线充电")
    petition = act(petition, "support", by=world.residents[1], at=NOW).matter
    assert petition.stage == "collecting"
    petition = act(petition, "support", by=world.residents[2], at=NOW).matter
    assert petition.stage == "supported"
    assert Notice.objects.get(account=world.residents[0]).code == "councils.reached"
    world.do(petition, "adopt", body=world.body.pk, title="增设充电棚")
    item = AgendaItem.objects.get()
    assert (item.source_id, item.topic, item.meeting) == (petition.pk, "charging", None)
    meeting = world.planned()
    item.refresh_from_db()
    assert item.meeting_id == meeting.pk


def test_a_person_supports_once_and_may_take_it_back_until_it_is_adopted(world: World) -> None:
    petition = world.supported()
    with pytest.raises(Refused) as caught:
        act(petition, "support", by=world.residents[1], at=NOW)
    assert caught.value.code == "supported_already"
    petition = act(petition, "unsupport", by=world.residents[1], at=NOW).matter
    assert (petition.stage, PetitionDetail.objects.get().supporters) == ("collecting", 2)
    petition = act(petition, "support", by=world.residents[1], at=NOW).matter
    world.do(petition, "adopt", body=world.body.pk, title="增设充电棚")
    with pytest.raises(Refused) as caught:
        act(Matter.objects.get(pk=petition.pk), "unsupport", by=world.residents[1], at=NOW)
    assert caught.value.code == "wrong_stage"


def test_the_database_keeps_one_support_a_person(world: World) -> None:
    petition = world.petition()
    with pytest.raises(IntegrityError, match="support_once_a_person"), transaction.atomic():
        Support.objects.create(matter=petition, account=world.residents[0])


def test_only_people_who_live_there_propose_and_support(world: World) -> None:
    petition = world.petition()
    stranger = make_account(home=world.town.other_building)
    with pytest.raises(Refused) as caught:
        act(petition, "support", by=stranger, at=NOW)
    assert caught.value.code == "lives_elsewhere"
    data = {"topic": "water", "subject": "装直饮水机"}
    for who in (stranger, make_account()):
        with pytest.raises(Refused) as caught:
            begin("petition", "raise", by=who, place=world.town.building, data=data, at=NOW)
        assert "place" in caught.value.details


def test_the_words_of_residents_are_in_no_event(world: World) -> None:
    petition = world.supported()
    for event in Event.objects.filter(matter=petition):
        assert "充电棚" not in str(event.data)
        assert "飞线充电" not in str(event.data)


def test_it_lapses_when_too_few_support_it_in_time(world: World) -> None:
    petition = world.petition()
    sweep_clocks(at=NOW + timedelta(days=60))
    assert Matter.objects.get(pk=petition.pk).stage == "lapsed"
