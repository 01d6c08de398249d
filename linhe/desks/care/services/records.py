"""A record opens for a stated purpose that belongs to a matter only; each look is noted where the person sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.acting import begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid, not_found
from linhe.core.loop.step import Outcome, Step
from linhe.core.people.looks import purpose_text
from linhe.core.people.models import Account
from linhe.core.people.services import log_read
from linhe.desks.care.loop import DAILY_CHECK, GLASS, VISIT
from linhe.desks.care.models import Enrolment, Need, Opening
from linhe.desks.care.queries.people import enrolment_of, works_at
from linhe.desks.care.queries.records import PURPOSES, RECORD, Record, binds, opening_of, record_of
from linhe.lib.text import Text


@transaction.atomic
def open_record(*, reader: Account, matter: Matter, purpose: str, at: datetime) -> Opening:
    """Say what for. Allowed to whom the matter is given now; the opening ends by itself, or with the matter."""
    person = matter.beneficiary
    if person is None or matter.kind not in (DAILY_CHECK.code, VISIT.code) or not binds(reader, matter, at=at):
        raise not_found()
    if purpose not in PURPOSES:
        raise invalid({"purpose": str(Text("请选择用途。", "Say what for."))})
    until = at + timedelta(minutes=value("care.opening_minutes", at=at, place_code=matter.place.code))
    return Opening.objects.create(reader=reader, person=person, matter=matter, purpose=purpose, at=at, until=until)


@transaction.atomic
def read_record(*, reader: Account, person: Account, at: datetime) -> Record:
    """The record of a person, as far as the reader's opening goes; the person sees that it was read, and what for."""
    opening = opening_of(reader, person, at=at)
    if opening is None:
        raise not_found()
    purpose = purpose_text(opening.purpose, f"{opening.matter.kind} {opening.matter_id}")
    log_read(reader=reader, subject=person, what=RECORD, purpose=purpose, at=at)
    return record_of(reader, person, opening, at=at)


def break_glass(*, reader: Account, person: Account, data: dict[str, str], at: datetime, key: str | None) -> Outcome:
    """Open a record without a matter of its own, for an emergency: with a reason, for a short time, reviewed."""
    enrolment = enrolment_of(person)
    place = enrolment.community if enrolment else None
    need = Need.objects.filter(person=person).select_related("community").first()
    place = place or (need.community if need else None)
    if place is None or not works_at(reader, place, at=at):
        raise not_found()
    return begin(GLASS.code, "break_glass", by=reader, place=place, beneficiary=person, data=data, at=at, key=key)


def glass_broken(step: Step) -> None:
    """Effect: the record is open to this one reader from now on, for a while."""
    person, by = step.matter.beneficiary, step.by
    if person is None or by is None or person.pk == by.pk:
        raise invalid({"person": str(Text("请选择另一位居民。", "Choose another person."))})
    here = Enrolment.objects.filter(person=person, community=step.matter.at_community_id, ended_at__isnull=True)
    if not here.exists() and not Need.objects.filter(person=person, community=step.matter.at_community_id).exists():
        raise Refused("no_record", Text("这里没有这份档案。", "There is no such record here."))
    step.matter.handler = by
    until = step.at + timedelta(minutes=value("care.glass_minutes", at=step.at, place_code=step.matter.place.code))
    Opening.objects.create(reader=by, person=person, matter=step.matter, purpose="emergency", at=step.at, until=until)


def shut_glass(step: Step) -> None:
    """Effect: nothing is open any more."""
    for opening in Opening.objects.filter(matter=step.matter, until__gt=step.at):
        opening.until = max(step.at, opening.at + timedelta(microseconds=1))
        opening.save(update_fields=["until"])
