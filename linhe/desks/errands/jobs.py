"""Background work: districts with open errands are dispatched every few seconds, large ones area by area."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from linhe.core.loop.models import Matter
from linhe.core.places.models import Place
from linhe.desks.errands.loop import OPEN
from linhe.desks.errands.models import Shift
from linhe.desks.errands.services import Share, dispatch_batch

EVERY_S = 5
AREA_SHIFTS = 400
"""So many couriers on duty make an area."""


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="errands.dispatch_now", pass_context=False)
def dispatch_now(timestamp: int) -> None:
    """Every five seconds: a job for each area of each district where an errand waits. The truth is in the stages, not
    in the queue: a job that dies is simply asked for again. The lock of an area keeps two rounds of it from
    overlapping, on however many machines the workers run; what two rounds with other borders share is settled by the
    errand's version.
    """
    waiting = Matter.objects.filter(kind="errand", stage=OPEN, closed_at__isnull=True)
    for district_id in waiting.order_by().values_list("at_district", flat=True).distinct():
        on_duty = Shift.objects.filter(district=district_id, ended_at__isnull=True).count()
        areas = max(1, -(-on_duty // AREA_SHIFTS))
        for area in range(areas):
            name = f"errands.dispatch.{district_id}.{area}"
            share = {"area": area, "areas": areas, "turn": timestamp // EVERY_S}
            try:
                dispatch_district.configure(lock=name, queueing_lock=name).defer(district_id=district_id, **share)
            except AlreadyEnqueued:
                continue


@app.task
def dispatch_district(district_id: int, area: int = 0, areas: int = 1, turn: int = 0) -> None:
    """Plan one district, or one area of it, and offer every match."""
    share = Share(area, areas, turn) if areas > 1 else None
    dispatch_batch(district=Place.objects.get(pk=district_id), at=timezone.now(), share=share)
