"""Background work about people: what is no longer needed goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.core.people.models import SignInCode

KEPT = timedelta(days=1)


def delete_old_codes(*, at: datetime) -> int:
    """Delete sign-in codes that no limit counts any more; returns how many."""
    deleted, _ = SignInCode.objects.filter(sent_at__lt=at - KEPT).delete()
    return deleted


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="people.delete_old_codes", pass_context=False)
def delete_old_codes_hourly(timestamp: int) -> None:
    """Every hour."""
    delete_old_codes(at=timezone.now())
