"""Working time counted minute by minute from the State Council's notices: slow, plain, and nothing of linhe's own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)
_START = datetime(2023, 12, 31, 16, 0, tzinfo=UTC)  # 2024-01-01 00:00 in Shanghai, which knows no summer time

# Notices of the State Council for 2024, 2025 and 2026: days off from-to, and the weekend days worked instead.
_OFF = (
    "2024-01-01 2024-01-01", "2024-02-10 2024-02-17", "2024-04-04 2024-04-06", "2024-05-01 2024-05-05",
    "2024-06-10 2024-06-10", "2024-09-15 2024-09-17", "2024-10-01 2024-10-07",
    "2025-01-01 2025-01-01", "2025-01-28 2025-02-04", "2025-04-04 2025-04-06", "2025-05-01 2025-05-05",
    "2025-05-31 2025-06-02", "2025-10-01 2025-10-08",
    "2026-01-01 2026-01-03", "2026-02-15 2026-02-23", "2026-04-04 2026-04-06", "2026-05-01 2026-05-05",
    "2026-06-19 2026-06-21", "2026-09-25 2026-09-27", "2026-10-01 2026-10-07",
)  # fmt: skip
_WORKED = (
    "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
)  # fmt: skip
OFFICE_MINUTES = (*range(8 * 60 + 30, 12 * 60), *range(14 * 60 + 30, 18 * 60))
"""08:30-12:00 and 14:30-18:00, as the local rule says."""


def works(day: date) -> bool:
    """Whether offices work on a day; from 2027 on no notice is out, so Monday to Friday."""
    if day.isoformat() in _WORKED:
        return True
    if any(first <= day.isoformat() <= last for first, last in (span.split() for span in _OFF)):
        return False
    return day.weekday() < 5


@cache
def _minutes() -> NDArray[np.int64]:
    """For every minute since the start of 2024: how many working minutes are over when it ends."""
    day = np.zeros(24 * 60, dtype=np.int64)
    day[list(OFFICE_MINUTES)] = 1
    days = [day if works(FIRST + timedelta(days=n)) else day * 0 for n in range((LAST - FIRST).days + 1)]
    return np.cumsum(np.concatenate(days))


def _index(at: datetime) -> int:
    minutes, rest = divmod(at - _START, timedelta(minutes=1))
    assert not rest, "the reference counts whole minutes"
    return minutes


def working_minutes(start: datetime, end: datetime) -> int:
    """Working minutes in [start, end), negative when end comes first."""
    over = _minutes()
    return int(over[_index(end) - 1] - over[_index(start) - 1])


def after_working_minutes(start: datetime, minutes: int) -> datetime:
    """The end of the ``minutes``-th working minute after ``start``."""
    if not minutes:
        return start
    over = _minutes()
    return _START + timedelta(minutes=int(np.searchsorted(over, over[_index(start) - 1] + minutes)) + 1)


def after_working_days(start: datetime, days: int) -> datetime:
    """24:00 of the ``days``-th working day after the day of ``start``."""
    day = (start + timedelta(hours=8)).date()
    while days:
        day += timedelta(days=1)
        days -= works(day)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=-8)
