"""Reading one matter: only if it is visible, and whose matter it is can see who looked."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q

from linhe.core.loop.access import concerning, own_to, visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import matter_for, own_page, page_by_limit
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account, Delegation, ReadLog
from linhe.core.places.models import Place, within
from tests.factories import District, make_account, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


def test_a_read_by_somebody_else_is_noted_once_in_a_while(
    town: District, resident: Account, courier: Account, worker: Account
) -> None:
    matter = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=AT).matter
    for minutes in (1, 2, 20):
        matter_for(worker, matter.pk, at=AT + timedelta(minutes=minutes))
    assert ReadLog.objects.get().purpose == f"toy {matter.pk}"
    matter_for(worker, matter.pk, at=AT + timedelta(minutes=40))
    assert ReadLog.objects.filter(reader=worker, subject=resident).count() == 2
    act(matter, "take", by=courier, at=AT)
    matter_for(courier, matter.pk, at=AT)
    assert ReadLog.objects.filter(reader=courier, subject=resident).count() == 1


def test_reading_ones_own_is_not_noted(town: District, resident: Account) -> None:
    matter = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=AT).matter
    matter_for(resident, matter.pk, at=AT)
    assert not ReadLog.objects.exists()


def test_what_may_not_be_read_is_not_there(town: District, resident: Account) -> None:
    matter = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=AT).matter
    for stranger in (make_account(), make_post("community_worker", town.other_community)):
        for number in (matter.pk, matter.pk + 1000):
            with pytest.raises(Refused) as refused:
                matter_for(stranger, number, at=AT)
            assert (refused.value.code, refused.value.status) == ("not_found", 404)
    assert not ReadLog.objects.exists()


def test_what_is_visible_in_a_place_is_what_is_visible_and_lies_there(town: District, resident: Account) -> None:
    """The shorter question for one place has the same answer for every reader at every level."""
    for place in (town.building, town.unit, town.other_building):
        begin("toy", "raise", by=resident, place=place, data={"size": 1}, at=AT)
    places = list(Place.objects.all())
    readers = [resident, make_account(), *(make_post("community_worker", place) for place in places)]
    both = make_post("community_worker", town.other_community)
    readers.append(make_post("community_worker", town.building, both))
    for reader in readers:
        for place in places:
            narrowed = visible_to(reader, at=AT, place=place)
            assert set(narrowed) == set(visible_to(reader, at=AT).filter(within(place))), f"{reader} in {place}"
            assert set(visible_to(reader, at=AT, place=place, kind="toy")) == set(narrowed.filter(kind="toy"))
            assert not visible_to(reader, at=AT, place=place, kind="report").exists()
    assert {len(visible_to(reader, at=AT)) for reader in readers} >= {0, 1, 2, 3}


def test_ones_own_is_what_is_visible_and_concerns_or_is_handled(
    town: District, resident: Account, courier: Account, worker: Account
) -> None:
    delegate = make_account()
    Delegation.objects.create(principal=resident, delegate=delegate, asked_at=AT, confirmed_at=AT)
    for number in range(5):
        by, whose = (delegate, resident) if number % 2 else (resident, None)
        beneficiary = {"beneficiary": whose} if whose else {}
        mine = begin("toy", "raise", by=by, place=town.building, data={"size": 1}, at=AT, **beneficiary).matter
        act(mine, "take", by=courier, at=AT)
    begin("toy", "raise", by=worker, place=town.building, data={"size": 1}, at=AT)
    for reader, many in ((resident, 5), (delegate, 5), (courier, 5), (worker, 1), (make_account(), 0)):
        people = {reader.pk, resident.pk} if reader == delegate else {reader.pk}
        expected = list(visible_to(reader, at=AT).filter(concerning(people) | Q(handler=reader)).order_by("-pk"))
        assert set().union(*own_to(reader, at=AT)) == set(expected)
        assert len(expected) == many
        found, before = [], None
        while (page := own_page(reader, at=AT, before=before, size=2)).next_before:
            found, before = [*found, *page.rows], page.next_before
        assert [*found, *page.rows] == expected
        assert own_page(reader, at=AT, is_open=True).rows == expected
        concerned = {matter for rows in own_to(reader, at=AT, handled=False) for matter in rows}
        assert concerned == {matter for matter in expected if matter.handler_id != reader.pk}
        assert own_page(reader, at=AT, is_open=False).rows == []
    resident.is_active = False
    assert own_page(resident, at=AT).rows == []


def test_pages_by_limit_meet_every_row_once_though_limits_are_equal_or_missing(
    town: District, resident: Account
) -> None:
    for number in range(9):
        matter = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=AT).matter
        limit = None if number % 3 == 0 else AT + timedelta(microseconds=number // 4)
        Matter.objects.filter(pk=matter.pk).update(due_at=limit)
    expected = list(Matter.objects.order_by("due_at", "pk"))
    for size in (1, 2, 4, 9, 20):
        met, after = [], ""
        while True:
            rows, after = page_by_limit(Matter.objects.all(), after=after, size=size)
            met += rows
            if not after:
                break
        assert met == expected
