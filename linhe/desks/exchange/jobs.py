"""Background work of the exchange desk: last month's sample of every province, and re-checks."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.core.loop.announcing import announce
from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Draw
from linhe.lib.working_calendar import local_date

log = logging.getLogger(__name__)


def draw_samples(*, at: datetime) -> int:
    """Draw last month's sample in every province where it was not drawn yet. Idempotent; returns how many."""
    after = local_date(at).replace(day=1)
    first = (after - timedelta(days=1)).replace(day=1)
    drawn = 0
    todo = Place.objects.filter(kind="province").exclude(pk__in=Draw.objects.filter(from_date=first).values("province"))
    for province in todo.order_by("pk"):
        try:
            services.draw_sample(province, first, after, by=None, at=at)
            drawn += 1
        except Refused as refused:
            if refused.code != "nothing_decided":
                log.warning("province %s: no sample was drawn: %s", province.code, refused.code)
    return drawn


@app.task(name="exchange.recheck_province", pass_context=False)
def recheck_province(recheck_id: int) -> None:
    """Run a re-check that somebody asked for."""
    recheck = services.run_recheck(recheck_id, at=timezone.now())
    announce([f"a:{recheck.province_id}"])


@app.periodic(cron="23 4 2 * *")
@app.task(queueing_lock="exchange.draw_samples", pass_context=False)
def draw_samples_monthly(timestamp: int) -> None:
    """On the second of every month."""
    draw_samples(at=timezone.now())
