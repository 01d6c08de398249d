"""Quiet hours: from when on a message may disturb (dated parameter ``notices.quiet_hours``, e.g. 21:00-08:00)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from linhe.core.dated import value
from linhe.lib.working_calendar import SHANGHAI


def not_before(at: datetime, *, urgent: bool, place_code: str | None = None) -> datetime:
    """``at`` itself by day and for what is urgent, otherwise the end of the quiet hours it falls in (half-open)."""
    if urgent:
        return at
    local = at.astimezone(SHANGHAI)
    begin, end = (_clock(part) for part in value("notices.quiet_hours", at=at, place_code=place_code).split("-"))
    now = local.time()
    over_midnight = begin > end
    quiet = (now >= begin or now < end) if over_midnight else begin <= now < end
    if not quiet:
        return at
    wake = datetime.combine(local.date(), end, SHANGHAI)
    return wake + timedelta(days=1) if over_midnight and now >= begin else wake


def _clock(text: str) -> time:
    hour, minute = text.strip().split(":")
    return time(int(hour), int(minute))
