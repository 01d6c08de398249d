"""The periods a dashboard offers, as half-open stretches of days in Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, get_args

from linhe.lib.periods import Quarter, month_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

Period = Literal["today", "week", "month", "quarter", "year", "all"]
PERIODS: tuple[Period, ...] = get_args(Period)
PERIOD_NAMES: dict[Period, Text] = {
    "today": Text("今天", "today"),
    "week": Text("近 7 天", "last 7 days"),
    "month": Text("本月", "this month"),
    "quarter": Text("本季度", "this quarter"),
    "year": Text("今年", "this year"),
    "all": Text("累计", "in all"),
}


def days_of(period: Period, at: datetime) -> tuple[date, date]:
    """First day of the period that ``at`` lies in, and the day after ``at``'s."""
    today = local_date(at)
    first = {
        "today": today,
        "week": today - timedelta(days=6),
        "month": local_date(month_of(at)[0]),
        "quarter": local_date(Quarter.of(at).stretch()[0]),
        "year": today.replace(month=1, day=1),
        "all": date.min,
    }[period]
    return first, today + timedelta(days=1)
