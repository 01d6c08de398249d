"""Background work of notices: deliveries that are due."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.core.notices.delivering import deliver_due


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="notices.deliver_due", pass_context=False)
def deliver_due_now(timestamp: int) -> None:
    """Every fifteen seconds: send what is due by outside channels."""
    deliver_due(at=timezone.now())
