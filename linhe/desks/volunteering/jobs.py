"""Background work: a word before points expire."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.desks.volunteering.services.reminding import tell_of_expiry


@app.periodic(cron="13 9 * * *")
@app.task(queueing_lock="volunteering.tell_of_expiry", pass_context=False)
def tell_of_expiry_daily(timestamp: int) -> None:
    """Every morning: whose points expire soon."""
    tell_of_expiry(at=timezone.now())
