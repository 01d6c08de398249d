"""Background work of the reports desk: uploaded hotline files do not stay."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from linhe.desks.reports.services.hotline_import import delete_old_files


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="reports.delete_old_files", pass_context=False)
def delete_old_files_hourly(timestamp: int) -> None:
    """Every hour: files and requests that waited longer than the office allows go, with what callers said in them."""
    delete_old_files(at=timezone.now())
