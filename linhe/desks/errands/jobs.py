"""Background work: districts with open errands are dispatched every few seconds."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from linhe.core.loop.models import Matter
from linhe.core.places.models import Place
from linhe.desks.errands.loop import OPEN
from linhe.desks.errands.services import dispatch_batch


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="errands.dispatch_now", pass_context=False)
def dispatch_now(timestamp: int) -> None:
    """Every five seconds: one job for each district where an errand waits. The truth is in the stages, not in the
    queue: a job that dies is simply asked for again."""
    waiting = Matter.objects.filter(kind="errand", stage=OPEN, closed_at__isnull=True)
    for district_id in waiting.order_by().values_list("at_district", flat=True).distinct():
        name = f"errands.dispatch.{district_id}"
        try:
            dispatch_district.configure(lock=name, queueing_lock=name).defer(district_id=district_id)
        except AlreadyEnqueued:
            continue


@app.task
def dispatch_district(district_id: int) -> None:
    """Plan one district and offer every match."""
    dispatch_batch(district=Place.objects.get(pk=district_id), at=timezone.now())
