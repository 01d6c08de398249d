"""The official working calendar as one array: how many working days have passed since the first day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from linhe.lib.working_calendar import CalendarNotPublished, is_working_day

FIRST_YEAR = 2004
"""First year whose holidays the calendar's data holds."""


@dataclass(frozen=True, slots=True, eq=False)
class WorkingCalendar:
    """Working days of whole years.

    Parameters
    ----------
    first : the first day.
    passed : int32[days], working days from ``first`` up to and including each day. A day outside is unknown: nobody
        has published whether offices work on it.
    """

    first: date
    passed: NDArray[np.int32]

    def index(self, day: date) -> int | None:
        """Working days passed at the end of ``day``; None outside the calendar."""
        place = day.toordinal() - self.first.toordinal()
        return int(self.passed[place]) if 0 <= place < len(self.passed) else None

    def between(self, start: date, end: date) -> int | None:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before."""
        one, other = self.index(start), self.index(end)
        return None if one is None or other is None else other - one

    def add(self, start: date, days: int) -> date | None:
        """The ``days``-th working day after ``start`` (``start`` itself for 0); None outside the calendar."""
        here = self.index(start)
        if here is None or days < 0:
            return None
        if days == 0:
            return start
        place = int(np.searchsorted(self.passed, here + days))
        return self.first + timedelta(days=place) if place < len(self.passed) else None

    @property
    def digest(self) -> str:
        """SHA-256 of the days, as part of the hash of a rule set."""
        return hashlib.sha256(self.first.isoformat().encode() + self.passed.astype("<i4").tobytes()).hexdigest()


@lru_cache(maxsize=64)
def official(last_year: int) -> WorkingCalendar:
    """The State Council's calendar up to the end of ``last_year``, or of the last year that is published."""
    first, flags = date(FIRST_YEAR, 1, 1), []
    day = first
    while day.year <= last_year:
        try:
            flags.append(is_working_day(day))
        except CalendarNotPublished:
            break
        day += timedelta(days=1)
    return WorkingCalendar(first, np.cumsum(np.array(flags, dtype=np.int32), dtype=np.int32))
