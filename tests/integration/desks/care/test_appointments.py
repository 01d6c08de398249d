"""Seats of a session: never more people than seats, in turn when full, reminded, attended, freed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.notices.models import Notice
from linhe.core.people.models import Account
from linhe.desks.care import services
from linhe.desks.care.jobs import keep_seats
from linhe.desks.care.models import Seat, Session
from linhe.desks.care.queries.sessions import bookable, ends_at, my_seats
from tests.factories import District, make_account, make_district, make_post
from tests.integration.desks.care.conftest import NINE

OPENS = NINE + timedelta(hours=48)


def offer(town: District, host: Account, **more: object) -> Matter:
    data = {"service": "health", "topic": "骑手体检", "starts_at": OPENS.isoformat(), "seats": 2} | more
    return begin("care_session", "offer", by=host, place=town.community, data=data, at=NINE).matter


def book(town: District, session: Matter, who: Account, *, slot: int = 0, code: str = "book") -> Matter:
    data = {"session_id": session.pk, "slot": slot}
    return begin("care_appointment", code, by=who, place=town.community, data=data, at=NINE).matter


@pytest.fixture
def town(db: None) -> District:
    return make_district()


@pytest.fixture
def host(town: District) -> Account:
    return make_post("community_worker", town.community)


def test_who_comes_when_it_is_full_waits_and_moves_up(
    town: District, host: Account, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    session = offer(town, host)
    booked = [book(town, session, make_account()) for _ in range(4)]
    assert [m.stage for m in booked] == ["booked", "booked", "waiting", "waiting"]
    with django_capture_on_commit_callbacks(execute=True):
        act(booked[0], "cancel", by=booked[0].requester, at=NINE)
    stages = list(Matter.objects.filter(kind="care_appointment").order_by("pk").values_list("stage", flat=True))
    assert stages == ["cancelled", "booked", "booked", "waiting"]
    assert Notice.objects.filter(account=booked[2].requester, code="care_appointment.move_up").exists()


def test_the_database_holds_no_more_people_than_seats(town: District, host: Account) -> None:
    session = offer(town, host, seats=1)
    first, second = book(town, session, make_account()), book(town, session, make_account())
    for number, name in ((1, "seat_one_person"), (2, "seat_within_the_room")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Seat.objects.filter(matter=second).update(number=number)
    with pytest.raises(IntegrityError, match="seat_once_a_person"), transaction.atomic():
        Seat.objects.filter(matter=second).update(person=first.requester)
    with pytest.raises(IntegrityError, match="seat_freed_has_no_number"), transaction.atomic():
        Seat.objects.filter(matter=first).update(freed=True)


def test_one_seat_a_person_and_again_after_cancelling(town: District, host: Account) -> None:
    session, who = offer(town, host), make_account()
    booked = book(town, session, who)
    with pytest.raises(Refused) as refused:
        book(town, session, who)
    assert refused.value.code == "booked_already"
    act(booked, "cancel", by=who, at=NINE)
    assert book(town, session, who).stage == "booked"


def test_couriers_sessions_are_for_couriers(town: District, host: Account) -> None:
    session, courier = offer(town, host, couriers_only=True), make_post("courier", town.district)
    with pytest.raises(Refused) as refused:
        book(town, session, make_account())
    assert refused.value.code == "couriers_only"
    assert book(town, session, courier).stage == "booked"
    assert bookable(town.community, at=NINE, couriers=False) == []
    assert [c.free for c in bookable(town.community, at=NINE, couriers=True)] == [1]


def test_each_slot_has_its_own_seats(town: District, host: Account) -> None:
    session = offer(town, host, slots=2, slot_minutes=30, seats=1)
    assert [book(town, session, make_account(), slot=n).stage for n in (0, 1, 1)] == ["booked", "booked", "waiting"]
    with pytest.raises(Refused):
        book(town, session, make_account(), slot=2)


def test_reminded_once_attended_or_missed_and_counted(town: District, host: Account) -> None:
    session = offer(town, host)
    one, other, late = (book(town, session, make_account()) for _ in range(3))
    keep_seats(at=NINE)
    assert not Notice.objects.filter(code="care_appointment.remind").exists()
    for _ in range(2):
        keep_seats(at=OPENS - timedelta(hours=20))
    assert Notice.objects.filter(code="care_appointment.remind").count() == 2
    with pytest.raises(Refused) as refused:
        act(one, "attend", by=host, at=NINE)
    assert refused.value.code == "not_begun"
    act(one, "attend", by=host, at=OPENS)
    act(other, "no_show", by=host, at=OPENS)
    act(session, "hold", by=host, at=OPENS + timedelta(hours=1))
    keep_seats(at=OPENS + timedelta(hours=1))
    assert [Matter.objects.get(pk=m.pk).stage for m in (one, other, late)] == ["attended", "missed", "cancelled"]


def test_reminded_by_the_time_of_the_slot(town: District, host: Account) -> None:
    session = offer(town, host, slots=4, slot_minutes=60)
    first, last = (book(town, session, make_account(), slot=n).pk for n in (0, 3))
    reminded = []
    for hours in (24.5, 24, 22, 21):
        keep_seats(at=OPENS - timedelta(hours=hours))
        reminded.append(sorted(Seat.objects.filter(reminded_at__isnull=False).values_list("matter_id", flat=True)))
    assert reminded == [[], [first], [first], [first, last]]
    booked_late = book(town, session, make_account(), slot=2)
    keep_seats(at=OPENS + timedelta(hours=1))  # the session runs, this slot is still to come
    assert Seat.objects.get(pk=booked_late.pk).reminded_at is not None


@pytest.mark.parametrize("held", [True, False])
def test_no_seat_stays_open_after_a_session(town: District, host: Account, held: bool) -> None:
    session = offer(town, host)
    seats = [book(town, session, make_account()) for _ in range(3)]
    end = ends_at(Session.objects.get(pk=session.pk))
    if held:
        act(session, "hold", by=host, at=end)

    def stages(after: timedelta) -> list[str]:
        keep_seats(at=end + after)
        return [Matter.objects.get(pk=m.pk).stage for m in seats]

    assert stages(timedelta(minutes=-1))[:2] == ["booked", "booked"]
    assert stages(timedelta(minutes=1)) == ["booked", "booked", "cancelled"]
    assert stages(timedelta(days=7, minutes=-1)) == ["booked", "booked", "cancelled"]
    assert stages(timedelta(days=7, minutes=1)) == ["missed", "missed", "cancelled"]
    assert Event.objects.filter(action="no_show", actor=None, actor_role="system").count() == 2


def test_calling_off_lets_everybody_know(
    town: District, host: Account, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    session, who = offer(town, host), make_account()
    book(town, session, who)
    with django_capture_on_commit_callbacks(execute=True):
        act(session, "call_off", by=host, data={"words": "医生临时有事"}, at=NINE)
    assert my_seats(who, at=NINE) == []
    assert Notice.objects.filter(account=who, code="care_appointment.cancel").exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_take_more_seats_than_there_are(transactional_db: None) -> None:
    town = make_district()
    host = make_post("community_worker", town.community)
    session, people = offer(town, host, seats=3), [make_account() for _ in range(12)]
    ready = threading.Barrier(len(people))

    def rush(who: Account) -> None:
        ready.wait(20)
        try:
            book(town, session, who)
        finally:
            connection.close()

    crowd = [threading.Thread(target=rush, args=(who,)) for who in people]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert Seat.objects.filter(number__isnull=False).count() == 3
    assert Matter.objects.filter(kind="care_appointment", stage="waiting").count() == 9
    for seat in Seat.objects.filter(number__isnull=False).select_related("matter__place", "person"):
        act(seat.matter, "cancel", by=seat.person, at=NINE)
    assert services.fill_up(session_id=session.pk, at=NINE) == 0  # done with each cancellation
    assert Seat.objects.filter(number__isnull=False).count() == 3
