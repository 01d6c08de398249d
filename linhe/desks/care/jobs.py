"""Background work: days are opened at dawn, couriers asked, appointments reminded of, free seats given on."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.desks.care.loop import OFFERED, WAITING
from linhe.desks.care.models import Seat, Session
from linhe.desks.care.queries.sessions import ends_at
from linhe.desks.care.services import clear_up, close_unmarked, dawn, fill_up, hand_out, open_day, remind


def keep_days(*, at: datetime) -> int:
    """Open what is to be opened today and ask the willing couriers. Idempotent; returns how many checks were opened."""
    if at < dawn(at):
        return 0
    hand_out(at=at)
    return open_day(at=at)


def keep_seats(*, at: datetime) -> None:
    """Remind, give free seats on, let go whoever still waits after a session, close what nobody marked. Idempotent."""
    remind(at=at)
    close_unmarked(at=at)
    waiting = Seat.objects.filter(matter__stage=WAITING).values("session")
    for session in Session.objects.filter(pk__in=waiting).select_related("matter"):
        ahead = session.matter.stage == OFFERED and ends_at(session) > at
        (fill_up if ahead else clear_up)(session_id=session.pk, at=at)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="care.keep_days", pass_context=False)
def keep_days_now(timestamp: int) -> None:
    """Every five minutes: whoever joined meanwhile begins too."""
    keep_days(at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="care.keep_seats", pass_context=False)
def keep_seats_now(timestamp: int) -> None:
    """Every minute."""
    keep_seats(at=timezone.now())
