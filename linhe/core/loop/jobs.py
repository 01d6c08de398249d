"""Background work of the loop: limits that have passed, and what is to be forgotten."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.core.dated import value
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter, MatterClock, Remembered
from linhe.core.loop.refusals import Refused
from linhe.core.loop.retention import forget_old

log = logging.getLogger(__name__)


def sweep_clocks(*, at: datetime, most: int = 500) -> int:
    """Mark every clock whose limit has passed as late and take its ``late`` action as the system.

    Idempotent: the truth is ``due_at`` in the database, a job that dies is simply run again. Returns how many.
    """
    swept = 0
    while swept < most and _sweep_one(at=at):
        swept += 1
    return swept


def _sweep_one(*, at: datetime) -> bool:
    with transaction.atomic():
        # The matter is locked before its clocks, as act() does: the other order could deadlock.
        due = MatterClock.objects.filter(
            due_at__lte=at,
            stopped_at__isnull=True,
            paused_at__isnull=True,
            late_at__isnull=True,
        )
        nearest = due.order_by("due_at").values("matter_id")[:50]
        matter = (
            Matter.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk__in=nearest)
            .order_by("pk")
            .first()
        )
        clock = due.filter(matter=matter).select_related("matter__place").first() if matter else None
        if clock is None:
            return False
        MatterClock.objects.filter(pk=clock.pk).update(late_at=at)
        declared = next(c for c in clock.matter.declared.clocks if c.code == clock.code)
        if declared.late:
            try:
                with transaction.atomic():
                    act(clock.matter, declared.late, by=None, at=at)
            except Refused as refused:
                # Its clock is late all the same, and must not keep the sweep from the others.
                if refused.code != "wrong_stage":
                    log.warning("matter %s: %s was refused: %s", clock.matter_id, declared.late, refused.code)
        return True


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="loop.sweep_clocks", pass_context=False)
def sweep_clocks_now(timestamp: int) -> None:
    """Every ten seconds: act on the limits that have passed."""
    sweep_clocks(at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="loop.forget_requests", pass_context=False)
def forget_requests(timestamp: int) -> None:
    """Every hour: repeats of a request are no longer recognised after the time that the office has set."""
    now = timezone.now()
    Remembered.objects.filter(at__lt=now - timedelta(hours=value("loop.idempotency_hours", at=now))).delete()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="loop.forget_old", pass_context=False)
def forget_old_nightly(timestamp: int) -> None:
    """Every night: what was kept of people in matters closed long ago goes."""
    forget_old(at=timezone.now())
