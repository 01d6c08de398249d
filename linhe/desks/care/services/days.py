"""The day's checks are opened at dawn, each once; a tap may come before."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from linhe.core.dated import value
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Outcome
from linhe.core.people.models import Account
from linhe.core.people.queries import has_consent
from linhe.desks.care.loop import DAILY_CHECK
from linhe.desks.care.models import Absence, Check, Enrolment
from linhe.desks.care.queries.people import enrolment_of
from linhe.desks.care.services.checks import absent, late_by
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, local_date

NEW_GRACE = timedelta(0)


def open_day(*, at: datetime, most: int = 5000) -> int:
    """Open today's check of everyone who agreed, is at home and has none yet. Idempotent; nothing before dawn.

    Who joined after today's agreed time begins tomorrow. A job that comes late opens what is past its time too, and
    the clock asks the neighbour at once.
    """
    if at < dawn(at):
        return 0
    day, opened = local_date(at), 0
    for enrolment in _without_check(day)[:most]:
        joined_late = (
            local_date(enrolment.enrolled_at) == day and late_by(enrolment, enrolment.enrolled_at) >= NEW_GRACE
        )
        if not joined_late and has_consent(enrolment.person, "daily_check"):
            opened += _open(enrolment, at) is not None
    return opened


def dawn(at: datetime) -> datetime:
    """When the checks of the day of ``at`` are opened."""
    hour, minute = str(value("care.opens_at", at=at)).split(":")
    return datetime.combine(local_date(at), time(int(hour), int(minute)), SHANGHAI)


def tap(*, person: Account, at: datetime, key: str | None = None) -> Outcome | None:
    """The person taps "I am well". Before dawn, or when the day was not opened yet, the check is opened first.

    Returns None when there is nothing to tell any more: the day ended well before.
    """
    enrolment = enrolment_of(person)
    if enrolment is None:
        raise Refused("no_consent", Text("您还没有参加日常关照。", "You do not take part yet."))
    check = Check.objects.filter(person=person, day=local_date(at)).select_related("matter__place").first()
    matter = check.matter if check else _open(enrolment, at)
    if matter is None:
        return None
    late = [a.code for a in DAILY_CHECK.actions_from(matter.stage) if a.code in ("tap", "tap_late")]
    return act(matter, late[0], by=person, at=at, key=key) if late else None


def _open(enrolment: Enrolment, at: datetime) -> Matter | None:
    """Begin a day; None when another process was first, or when it is just being ended."""
    day = local_date(at)
    if absent(enrolment, day):
        return None
    try:
        outcome = begin(
            DAILY_CHECK.code, "open", by=None, place=enrolment.community, beneficiary=enrolment.person, at=at,
            key=f"{enrolment.person_id}:{day}",
        )  # fmt: skip
    except Refused as refused:
        if refused.code not in ("no_consent", "opened_already"):
            raise
        return None
    return None if outcome.repeated else outcome.matter


def _without_check(day: date) -> list[Enrolment]:
    away = Absence.objects.filter(
        Q(last__isnull=True) | Q(last__gte=day),
        enrolment=OuterRef("pk"),
        first__lte=day,
    )
    has = Check.objects.filter(person=OuterRef("person"), day=day)
    rows = Enrolment.objects.filter(~Exists(has), ~Exists(away), ended_at__isnull=True, person__is_active=True)
    return list(rows.select_related("person", "community").order_by("check_time", "pk"))
