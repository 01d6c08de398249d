"""Check-ins, needs and logged hours go round their loops."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Delegation
from linhe.core.people.services.privacy import erase_account
from linhe.core.points.models import Transfer
from linhe.core.points.queries import balance
from linhe.desks.volunteering.models import CheckInDetail, SignUp
from linhe.desks.volunteering.services.personal import export, forget_sign_ups
from tests.factories import make_account, make_post
from tests.integration.desks.volunteering.conftest import AT, Town, after


def check_in(town: Town):
    return begin(
        "check_in", "check_in_organisation", by=town.organiser, place=town.places.compound, at=AT,
        data={"organisation": town.office.code, "offers": ["law", "policy"]},
    ).matter  # fmt: skip


def test_an_organisation_checks_in_once_and_a_member_is_confirmed_by_it(town: Town) -> None:
    check_in(town)
    with pytest.raises(Refused) as refused:
        check_in(town)
    assert refused.value.code == "checked_in"
    member = town.people[0]
    asked = begin("check_in", "check_in", by=member, place=town.places.building, at=AT,
                  data={"organisation": town.office.code}).matter  # fmt: skip
    with pytest.raises(Refused):
        act(asked, "accept", by=member, at=after(1))
    assert act(asked, "accept", by=town.organiser, at=after(1)).matter.stage == "serving"
    act(asked, "leave", by=member, at=after(2))
    assert CheckInDetail.objects.get(pk=asked.pk).until_at == after(2)


@pytest.mark.parametrize("member", [False, True], ids=["organisation", "member"])
def test_the_database_keeps_a_check_in_single(town: Town, member: bool) -> None:
    other = check_in(town)
    matter = begin("check_in", "enrol", by=town.worker, beneficiary=town.people[0], place=town.places.building, at=AT,
                   data={"organisation": town.office.code}).matter  # fmt: skip
    kept = CheckInDetail.objects.get(pk=matter.pk if member else other.pk)
    third = begin("check_in", "enrol", by=town.worker, beneficiary=town.people[1], place=town.places.building, at=AT,
                  data={"organisation": town.office.code}).matter  # fmt: skip
    change = CheckInDetail.objects.filter(pk=third.pk)
    name = "check_in_of_a_member_once" if member else "check_in_of_an_organisation_once"
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change.update(account=kept.account, place=kept.place, organisation=kept.organisation)
    with pytest.raises(IntegrityError, match="check_in_ends_after_it_begins"), transaction.atomic():
        change.update(until_at=after(-1))


def test_a_need_is_matched_delivered_fed_back_and_confirmed_by_another(town: Town) -> None:
    chief = make_post("building_chief", town.places.building)
    need = begin(
        "need", "raise", by=chief, place=town.places.building, data={"theme": "law", "words": "想听婚姻法"}, at=AT
    ).matter
    with pytest.raises(Refused) as refused:
        act(need, "match", by=town.worker, data={"organisation": town.office.code}, at=after(1))
    assert refused.value.code == "not_checked_in"
    check_in(town)
    act(need, "match", by=town.organiser, data={"organisation": town.office.code}, at=after(2))
    act(need, "deliver", by=town.organiser, data={"people": 30, "minutes": 90}, at=after(3))
    act(need, "again", by=chief, data={"words": "人没到齐"}, at=after(4))
    act(need, "deliver", by=town.worker, data={"people": 30, "minutes": 90}, at=after(5))
    act(need, "feed_back", by=chief, data={"stars": 5}, at=after(6))
    with pytest.raises(Refused) as refused:
        act(need, "confirm", by=town.worker, at=after(7))
    assert refused.value.code == "second_person"
    assert act(need, "confirm", by=town.second_worker, at=after(7)).matter.stage == "confirmed"


def test_hours_are_confirmed_by_another_within_the_days_limit(town: Town) -> None:
    who = town.people[0]
    log = {"theme": "patrol", "day": "2026-03-03", "minutes": 300}
    first = begin("hours", "log", by=who, place=town.places.building, data=log, at=AT).matter
    with pytest.raises(Refused) as refused:
        begin("hours", "log", by=who, place=town.places.building, data=log, at=AT)
    assert "minutes" in refused.value.details
    with pytest.raises(Refused) as refused:
        begin("hours", "log", by=who, place=town.places.building, data=log | {"day": "2026-03-06"}, at=AT)
    assert "day" in refused.value.details
    done = act(first, "confirm", by=town.organiser, at=after(5))
    assert done.event.data["minutes"] == 300
    assert balance(who).pending == 5
    assert Transfer.objects.get().counterpart is None
    own = begin("hours", "log", by=town.worker, place=town.places.building, data=log, at=AT).matter
    with pytest.raises(Refused) as refused:
        act(own, "confirm", by=town.worker, at=after(5))
    assert refused.value.code == "second_person"


def test_nobody_confirms_their_own_hours_that_a_delegate_logged(town: Town) -> None:
    family = town.people[0]
    Delegation.objects.create(principal=town.worker, delegate=family, asked_at=AT, confirmed_at=AT)
    log = {"theme": "patrol", "day": "2026-03-03", "minutes": 60}
    logged = begin(
        "hours", "log", by=family, beneficiary=town.worker, place=town.places.building, data=log, at=AT
    ).matter  # fmt: skip
    with pytest.raises(Refused, match="second_person") as refused:
        act(logged, "confirm", by=town.worker, at=after(5))
    assert refused.value.status == 403
    assert balance(town.worker).pending == 0
    act(logged, "confirm", by=town.second_worker, at=after(6))
    assert balance(town.worker).pending == 5


def test_what_is_held_of_a_person_is_exported_forgotten_and_erased(town: Town) -> None:
    activity, (a, b, *_) = town.activity(), town.people
    town.came(activity, a, at=after(70))
    town.came(activity, b, at=after(70))
    done = act(activity, "finish", by=town.organiser, data={}, at=after(180)).matter
    assert export(a)["activities"][0]["minutes"] == 110
    erase_account(account=b, at=after(200))
    assert list(SignUp.objects.filter(account=None).values_list("minutes", flat=True)) == [110]
    assert forget_sign_ups(type(done).objects.filter(pk=done.pk)) == 1
    assert export(a)["activities"] == []


def test_who_holds_a_post_hands_it_over_before_they_go(town: Town) -> None:
    who = make_account("楼长")
    town.appointed(who)
    with pytest.raises(Refused):
        erase_account(account=who, at=after(5))
