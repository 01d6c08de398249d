"""Effects of a day's check: opened at dawn, ended by a sign, or handed on until somebody has seen the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.queries import has_consent
from linhe.desks.care.loop import ESCALATED
from linhe.desks.care.models import Absence, Check, Enrolment
from linhe.desks.care.queries.people import chief_of, family_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, local_date


def open_check(step: Step) -> None:
    """A day begins for one person: the sign is due at the agreed time, and the neighbour is at hand. Once a day."""
    person, day = step.matter.beneficiary, local_date(step.at)
    enrolment = Enrolment.objects.select_for_update(of=("self",)).filter(person=person, ended_at__isnull=True).first()
    if person is None or enrolment is None or not has_consent(person, "daily_check"):
        raise Refused("no_consent", Text("没有参加日常关照。", "There is no agreement to a daily look-in."))
    if Check.objects.filter(person=person, day=day).exists():
        raise Refused("opened_already", Text("今天已经开始了。", "This day has begun already."))
    Check.objects.create(matter=step.matter, person=person, enrolment=enrolment, day=day)
    step.matter.handler_id = enrolment.neighbour_id
    step.due["sign"] = max(step.at, agreed(enrolment, step.at))


def agreed(enrolment: Enrolment, at: datetime) -> datetime:
    """The moment of the day of ``at`` by which a sign is due."""
    return datetime.combine(local_date(at), enrolment.check_time, SHANGHAI)


def note_sign(step: Step) -> None:
    """Well, by a sign from afar."""
    _mark(step, sign=step.action.code, looked_by=step.by if step.action.code == "curtain" else None)


def note_late_tap(step: Step) -> None:
    """A tap when others are on their way already: they are told, and still go and see."""
    _mark(step, tapped_at=step.at)


def note_seen(step: Step) -> dict[str, Any]:
    """Somebody saw the person, well. When people had to go there for it, that was a false alarm."""
    alarmed = step.from_stage in ESCALATED
    _mark(step, sign="seen", looked_by=step.by)
    return {"level": step.from_stage, "false_alarm": alarmed}


def note_help(step: Step) -> dict[str, Any]:
    """Somebody saw the person, who needs help."""
    _mark(step, looked_by=step.by)
    return {"level": step.from_stage}


def ask_neighbour(step: Step) -> None:
    """The sign did not come. Without a neighbour the next one is asked at once."""
    enrolment = _enrolment(step)
    step.matter.handler_id = enrolment.neighbour_id
    if enrolment.neighbour_id is None:
        step.due["neighbour"] = step.at


def ask_chief(step: Step) -> None:
    """The unit chief is asked, or whoever looks after the building; without either the community at once."""
    enrolment = _enrolment(step)
    chief = chief_of(enrolment, at=step.at)
    step.matter.handler = chief
    if chief is None:
        step.due["chief"] = step.at
    _mark(step, alarmed=True)


def ask_worker(step: Step) -> None:
    """From here on it is the community's."""
    step.matter.handler = None
    _mark(step, alarmed=True)


def ask_family(step: Step) -> None:
    """The family acts for the person already, or is called; without any the emergency services at once."""
    enrolment = _enrolment(step)
    if not family_of(enrolment, at=step.at) and not enrolment.contacts.exists():
        step.due["family"] = step.at
    _mark(step, alarmed=True)


def call_emergency(step: Step) -> None:
    """The community calls 110 or 120 and stays with it."""
    step.matter.urgent = True
    step.matter.handler = None
    _mark(step, alarmed=True)


def note_excuse(step: Step) -> None:
    """Nobody is at home today."""
    enrolment, day = _enrolment(step), _check(step).day
    if not absent(enrolment, day):
        Absence.objects.create(enrolment=enrolment, reason=step.data.reason, first=day, last=day)


def absent(enrolment: Enrolment, day: Any) -> bool:
    """Whether an absence covers a day."""
    return any(
        one.first <= day and (one.last is None or day <= one.last)
        for one in Absence.objects.filter(enrolment=enrolment)
    )


def late_by(enrolment: Enrolment, at: datetime) -> timedelta:
    """How long the agreed time of this day is over; negative before it."""
    return at - agreed(enrolment, at)


def _check(step: Step) -> Check:
    return Check.objects.select_related("enrolment").get(pk=step.matter.pk)


def _enrolment(step: Step) -> Enrolment:
    return _check(step).enrolment


def _mark(step: Step, **values: Any) -> None:
    Check.objects.filter(pk=step.matter.pk).update(**values)
