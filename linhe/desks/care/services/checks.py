"""Effects of a day's check: opened at dawn, ended by a sign, or handed on until somebody has seen the person."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.desks.care.loop import ESCALATED
from linhe.desks.care.models import Absence, Check, Enrolment
from linhe.desks.care.queries.people import chief_of, family_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, local_date


def open_check(step: Step) -> None:
    """A day begins for one person: the sign is due at the agreed time, and the neighbour is at hand. Once a day."""
    person, day = step.matter.beneficiary, local_date(step.at)
    row = _opened(step.matter.pk, person.pk, day) if person else None
    if row is None:
        raise Refused("no_consent", Text("没有参加日常关照。", "There is no agreement to a daily look-in."))
    neighbour_id, check_time, fresh = row
    if not fresh:
        raise Refused("opened_already", Text("今天已经开始了。", "This day has begun already."))
    step.matter.handler_id = neighbour_id
    step.due["sign"] = max(step.at, datetime.combine(day, check_time, SHANGHAI))


def _opened(matter_id: int, person_id: int, day: date) -> tuple[int | None, time, bool] | None:
    """The standing enrolment, locked, with today's row beside it: one statement, since every day begins with it."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"matter": matter_id, "person": person_id, "day": day})
        found: tuple[int | None, time, bool] | None = cursor.fetchone()
    return found


_OPEN = """
WITH agreed AS (
  SELECT e.id, e.person_id, e.neighbour_id, e.check_time FROM care_enrolment AS e
  WHERE e.person_id = %(person)s AND e.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM people_consent AS c
    WHERE c.account_id = e.person_id AND c.purpose = 'daily_check' AND c.withdrawn_at IS NULL)
  FOR NO KEY UPDATE OF e
), opened AS (
  INSERT INTO care_check (matter_id, person_id, enrolment_id, day, sign, alarmed)
  SELECT %(matter)s, person_id, id, %(day)s, '', false FROM agreed
  ON CONFLICT (person_id, day) DO NOTHING
  RETURNING enrolment_id
)
SELECT neighbour_id, check_time, EXISTS (SELECT 1 FROM opened) FROM agreed
"""


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


def pass_on(step: Step) -> None:
    """Another neighbour is at hand from now on, or none; the limit runs on. Whoever it was sees it no more."""
    step.matter.handler_id = _enrolment(step).neighbour_id


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
