"""Seats of a session: booked while there is room, waited for otherwise, freed and given to the next in turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Value

from linhe.core.dated import value
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.queries import posts_of
from linhe.desks.care.loop import APPOINTMENT, BOOKED, CALLED_OFF, HELD, OFFERED, WAITING
from linhe.desks.care.models import Seat, Session
from linhe.desks.care.queries.sessions import ends_at, service_of, slot_at
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, local_date


def offer_session(step: Step) -> dict[str, Any]:
    """Effect: a service is published with its places."""
    data = step.data
    service = service_of(data.service, at=step.at)
    if service is None:
        raise invalid({"service": str(Text("请从列表中选择。", "Please choose from the list."))})
    starts_at = data.starts_at if data.starts_at.tzinfo else data.starts_at.replace(tzinfo=SHANGHAI)
    if starts_at <= step.at:
        raise invalid({"starts_at": str(Text("这个时间已经过去。", "This time is over."))})
    step.matter.title = data.topic or service.name.zh
    step.matter.title_en = data.topic or service.name.en
    Session.objects.create(
        matter=step.matter, service=service.code, starts_at=starts_at, slots=data.slots,
        slot_minutes=data.slot_minutes, seats=data.seats, couriers_only=data.couriers_only,
    )  # fmt: skip
    return {"service": service.code}


def book(step: Step) -> dict[str, Any]:
    """Effect: a seat of the slot, or the waiting list. The session's row is locked, so no seat is given twice."""
    session = _locked(step.data.session_id)
    if session is None or session.matter.stage != OFFERED or session.matter.place_id != step.matter.place_id:
        raise invalid({"session_id": str(Text("这项服务已不能预约。", "This service cannot be booked any more."))})
    slot, person = step.data.slot, step.matter.beneficiary or step.by
    if slot >= session.slots or slot_at(session, slot) <= step.at:
        raise invalid({"slot": str(Text("请选一个还没开始的时段。", "Choose a slot that has not begun."))})
    if person is None or (session.couriers_only and not any(p.role == "courier" for p in posts_of(person, at=step.at))):
        raise Refused("couriers_only", Text("这一场只为快递员、外卖小哥举办。", "This one is for couriers only."))
    if Seat.objects.filter(session=session, person=person, freed=False).exists():
        raise Refused("booked_already", Text("您已经约过这一场。", "You have booked this one already."))
    number = _free_number(session, slot)
    step.to = WAITING if number is None else BOOKED
    step.matter.title, step.matter.title_en = session.matter.title, session.matter.title_en
    Seat.objects.create(
        matter=step.matter, session=session, person=person, slot=slot, number=number, most=session.seats
    )
    return {"waits": number is None}


def move_up(step: Step) -> None:
    """Effect: the next in turn gets the seat that became free."""
    seat = _seat(step)
    session = _locked(seat.session_id)
    number = _free_number(session, seat.slot) if session and session.matter.stage == OFFERED else None
    if number is None:
        raise Refused("full", Text("已经满了。", "It is full."))
    seat.number = number
    seat.save(update_fields=["number"])


def free_seat(step: Step) -> None:
    """Effect: the seat is free again, and goes to whoever waits for it once this is written."""
    seat = _seat(step)
    Seat.objects.filter(pk=seat.pk).update(freed=True, number=None)
    transaction.on_commit(partial(fill_up, session_id=seat.session_id, at=step.at), robust=True)


def note_attended(step: Step) -> dict[str, Any]:
    """Effect: they came, on the day or later."""
    return {"service": _begun(step).service}


def note_missed(step: Step) -> dict[str, Any]:
    """Effect: they did not come."""
    return {"service": _begun(step).service}


def note_reminder(step: Step) -> None:
    """Effect: reminded once."""
    Seat.objects.filter(pk=step.matter.pk).update(reminded_at=step.at)


def close_session(step: Step) -> dict[str, Any]:
    """Effect: held, or called off; whoever still waits, or loses a seat, is told once this is written."""
    session = _locked(step.matter.pk)
    assert session is not None
    if step.to == HELD and step.at < session.starts_at:
        raise Refused("not_begun", Text("还没到开始时间。", "It has not begun."))
    transaction.on_commit(partial(clear_up, session_id=session.pk, at=step.at), robust=True)
    return {"service": session.service}


def fill_up(*, session_id: int, at: datetime) -> int:
    """Give free seats to those who wait, in turn. Safe to run at any time and more than once."""
    moved, full = 0, set()
    waiting = Seat.objects.filter(session=session_id, matter__stage=WAITING).select_related("matter__place", "session")
    for seat in waiting.order_by("matter"):
        if seat.slot in full or slot_at(seat.session, seat.slot) <= at:
            continue
        try:
            act(seat.matter, "move_up", by=None, at=at)
            moved += 1
        except Refused as refused:
            if refused.code not in ("full", "wrong_stage"):
                raise
            full.add(seat.slot)
    return moved


def clear_up(*, session_id: int, at: datetime) -> int:
    """After a session: whoever still waits is let go; when it was called off, everybody is."""
    session = Session.objects.select_related("matter").get(pk=session_id)
    stages = [WAITING, BOOKED] if session.matter.stage == CALLED_OFF else [WAITING]
    gone = 0
    for seat in Seat.objects.filter(session=session, matter__stage__in=stages).select_related("matter__place"):
        try:
            act(seat.matter, "cancel", by=None, at=at)
            gone += 1
        except Refused as refused:
            if refused.code != "wrong_stage":
                raise
    return gone


def close_unmarked(*, at: datetime, most: int = 500) -> int:
    """Some days after a session, whoever nobody marked as there counts as not come, so that no seat stays open."""
    over = at - timedelta(days=value("care.unmarked_days", at=at))
    rows = Seat.objects.filter(matter__stage=BOOKED, session__starts_at__lt=over).select_related(
        "matter__place", "session"
    )
    closed = 0
    for seat in rows.order_by("matter")[:most]:
        if ends_at(seat.session) > over:
            continue
        try:
            act(seat.matter, "no_show", by=None, at=at)
            closed += 1
        except Refused as refused:
            if refused.code != "wrong_stage":
                raise
    return closed


def remind(*, at: datetime, most: int = 500) -> int:
    """Remind of appointments whose time is near, each once."""
    near = at + timedelta(hours=value("care.remind_hours", at=at))
    due = Matter.objects.alias(slot_at=_SLOT_AT).filter(
        kind=APPOINTMENT.code, stage=BOOKED, closed_at__isnull=True, care_seat__reminded_at__isnull=True,
        care_seat__session__starts_at__range=(at - timedelta(days=1), near), slot_at__range=(at, near),
    )  # fmt: skip
    sent = 0
    for matter in due.select_related("place")[:most]:
        try:
            act(matter, "remind", by=None, at=at)
            sent += 1
        except Refused as refused:
            if refused.code != "wrong_stage":
                raise
    return sent


_SLOT_AT = ExpressionWrapper(
    F("care_seat__session__starts_at")
    + ExpressionWrapper(
        Value(timedelta(minutes=1)) * F("care_seat__slot") * F("care_seat__session__slot_minutes"), DurationField()
    ),
    DateTimeField(),
)
"""When the slot of an appointment begins."""


def _locked(session_id: int) -> Session | None:
    """The session with its row locked. Its matter is read afterwards: what was closed meanwhile must be seen closed."""
    return Session.objects.select_for_update(no_key=True).filter(pk=session_id).first()


def _seat(step: Step) -> Seat:
    return Seat.objects.select_related("session").get(pk=step.matter.pk)


def _begun(step: Step) -> Session:
    session = _seat(step).session
    if local_date(step.at) < local_date(session.starts_at):
        raise Refused("not_begun", Text("还没到那一天。", "The day has not come."))
    return session


def _free_number(session: Session, slot: int) -> int | None:
    taken = set(Seat.objects.filter(session=session, slot=slot, number__isnull=False).values_list("number", flat=True))
    return next((n for n in range(1, session.seats + 1) if n not in taken), None)
