"""Background work of the ledger: closing dispute windows, and what expires."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.core.points.expiring import expire_due
from linhe.core.points.services import settle_due


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="points.settle_due", pass_context=False)
def settle_due_now(timestamp: int) -> None:
    """Every hour: settle what nobody disputed."""
    while settle_due(at=timezone.now()):
        pass


@app.periodic(cron="19 1 * * *")
@app.task(queueing_lock="points.expire_due", pass_context=False)
def expire_due_now(timestamp: int) -> None:
    """Every night: points whose time is over go back."""
    while expire_due(at=timezone.now()):
        pass
