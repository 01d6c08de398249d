"""Time limits of a report: a category's own, and one changed under way."""

from __future__ import annotations

from datetime import datetime, timedelta

from linhe.core.dated import value
from linhe.core.loop.models import MatterClock
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.lib.text import Text
from linhe.lib.working_calendar import WorkingHours, add_working_minutes, working_minutes_between


def limit_after(start_at: datetime, minutes: float, place_code: str) -> datetime:
    """The moment so many working minutes after a start."""
    return add_working_minutes(start_at, minutes, _hours(start_at, place_code), unpublished="weekends")


def changed_limit(step: Step, *, was_minutes: int, now_minutes: int) -> datetime:
    """The new end of the clock that runs: the time left grows or shrinks by the difference, so that what was paused
    stays paused. Refused when the new limit would have passed already."""
    clock = MatterClock.objects.filter(matter=step.matter, code="solve", stopped_at__isnull=True).first()
    due_at = clock.due_at if clock else step.at
    hours = _hours(step.at, step.matter.place.code)
    if due_at > step.at:
        left = working_minutes_between(step.at, due_at, hours, unpublished="weekends")
    else:
        left = -working_minutes_between(due_at, step.at, hours, unpublished="weekends")
    left += now_minutes - was_minutes
    if left <= 0:
        text = Text(
            "按这个时限已经超时了，请再长一些。", "By that limit it would be late already. Choose a longer one."
        )
        raise Refused("already_late", text, status=422, details={"minutes": str(text)})
    return limit_after(step.at, left, step.matter.place.code)


def reopenable_until(closed_at: datetime, place_code: str) -> datetime:
    """Until when a closed report may be taken up again."""
    return closed_at + timedelta(days=value("reports.reopen_days", at=closed_at, place_code=place_code))


def _hours(at: datetime, place_code: str) -> WorkingHours:
    return WorkingHours.parse(value("loop.working_hours", at=at, place_code=place_code))
