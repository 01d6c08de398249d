"""Working days and working time in China: holidays, shifted working days (调休), lunch breaks, half-open intervals.

Source: the State Council's yearly holiday notices, as carried by the ``chinesecalendar`` package. A year whose notice
is not out yet raises :class:`CalendarNotPublished`, unless the caller accepts plain weekends for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
MIDNIGHT = time()

Unpublished = Literal["error", "weekends"]
"""What to do in a year without a published notice: fail, or take Monday to Friday as working days until it is out."""


class CalendarNotPublished(LookupError):
    """The State Council's holiday notice of that year is not in the data."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not published in this version of chinesecalendar")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The stretches of a working day on which time counts, in order, local time; ``time()`` as an end means 24:00."""

    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("spans: at least one is needed")
        before = -1
        for start, end in self.spans:
            if not before < _minute(start) < _minute(end, closing=True):
                raise ValueError(f"spans: {start:%H:%M}-{end:%H:%M} is out of order or overlaps the one before")
            before = _minute(end, closing=True) - 1

    @classmethod
    def parse(cls, text: str) -> WorkingHours:
        """Read ``"08:30-12:00,14:30-18:00"``."""
        try:
            pairs = [part.strip().split("-") for part in text.split(",")]
            return cls(tuple((_read_time(start), _read_time(end)) for start, end in pairs))
        except ValueError as error:
            raise ValueError(f"working hours {text!r}: {error}") from error

    @property
    def minutes_a_day(self) -> int:
        """Working minutes of one working day."""
        return sum(_minute(end, closing=True) - _minute(start) for start, end in self.spans)

    def on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans of one day as aware moments."""
        for start, end in self.spans:
            last = day + DAY if end == MIDNIGHT else day
            yield datetime.combine(day, start, SHANGHAI), datetime.combine(last, end, SHANGHAI)

    def closing(self, day: date) -> datetime:
        """The moment at which business ends on a day."""
        return list(self.on(day))[-1][1]


def local_date(at: datetime) -> date:
    """The calendar date in Shanghai of an aware moment."""
    return _local(at).date()


def is_working_day(day: date, *, unpublished: Unpublished = "error") -> bool:
    """Whether offices work on ``day``: holidays off, shifted Saturdays and Sundays on.

    Raises
    ------
    CalendarNotPublished : no notice for that year, and ``unpublished`` is ``"error"``.
    """
    if isinstance(day, datetime):
        day = local_date(day)
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        if unpublished == "weekends":
            return day.weekday() < 5
        raise CalendarNotPublished(day.year) from None


def add_working_days(
    start: datetime, days: int, *, hours: WorkingHours | None = None, unpublished: Unpublished = "error"
) -> datetime:
    """The deadline that lies ``days`` working days after ``start``.

    The day of ``start`` does not count; the deadline is 24:00 of the last day, or the close of business when ``hours``
    are given (Civil Code of the PRC, art. 201 and 203). The last day is always a working day; 0 days end with the day
    of ``start``, or with the next working day when that one is none or over. A paused deadline is
    carried over by ``add_working_days(resumed_at, working_days_between(paused_at, due_at))``.
    """
    if days < 0:
        raise ValueError("days: must not be negative")
    day = local_date(start)
    if days == 0 and not (start < _closing(day, hours) and is_working_day(day, unpublished=unpublished)):
        days = 1
    while days:
        day += DAY
        days -= is_working_day(day, unpublished=unpublished)
    return _closing(day, hours)


def working_days_between(
    start: datetime, end: datetime, *, hours: WorkingHours | None = None, unpublished: Unpublished = "error"
) -> int:
    """How many working days after the day of ``start`` are over at ``end``: the inverse of :func:`add_working_days`."""
    if end < start:
        raise ValueError("end: must not be before start")
    count, day, last = 0, local_date(start) + DAY, local_date(end)
    while day <= last:
        count += _closing(day, hours) <= end and is_working_day(day, unpublished=unpublished)
        day += DAY
    return count


def add_working_minutes(
    start: datetime, minutes: float, hours: WorkingHours, *, unpublished: Unpublished = "error"
) -> datetime:
    """The earliest moment by which ``minutes`` of working time have passed since ``start``.

    A limit that ends with the morning is due at noon, not when the afternoon begins; 0 minutes give ``start``.
    """
    left = timedelta(minutes=minutes)
    if left < timedelta():
        raise ValueError("minutes: must not be negative")
    moment = _local(start)
    if not left:
        return moment
    day = moment.date()
    while True:
        for opens, closes in _spans(day, hours, unpublished):
            begin = max(opens, moment)
            if begin >= closes:
                continue
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        day += DAY


def working_minutes_between(
    start: datetime, end: datetime, hours: WorkingHours, *, unpublished: Unpublished = "error"
) -> float:
    """Working minutes in ``[start, end)``."""
    if end < start:
        raise ValueError("end: must not be before start")
    total, day, last = timedelta(), local_date(start), local_date(end)
    while day <= last:
        for opens, closes in _spans(day, hours, unpublished):
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += DAY
    return total / timedelta(minutes=1)


def is_working_time(at: datetime, hours: WorkingHours, *, unpublished: Unpublished = "error") -> bool:
    """Whether an office is open at a moment."""
    return any(opens <= at < closes for opens, closes in _spans(local_date(at), hours, unpublished))


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """A stretch of every day, half-open; one that ends before it starts runs over midnight (21:00-08:00)."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("end: must differ from start")

    @classmethod
    def parse(cls, text: str) -> DailyWindow:
        """Read ``"21:00-08:00"``."""
        try:
            start, end = text.split("-")
            return cls(_read_time(start), _read_time(end))
        except ValueError as error:
            raise ValueError(f"daily window {text!r}: {error}") from error

    def contains(self, at: datetime) -> bool:
        """Whether a moment lies in the window, by Shanghai's clock."""
        clock = _local(at).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def end_after(self, at: datetime) -> datetime:
        """The moment the window ends, for a moment inside it; ``at`` itself when it lies outside."""
        if not self.contains(at):
            return at
        day = local_date(at)
        end = datetime.combine(day, self.end, SHANGHAI)
        return end if end > at else datetime.combine(day + DAY, self.end, SHANGHAI)


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment without time zone cannot be placed on the calendar")
    return at.astimezone(SHANGHAI)


def _spans(day: date, hours: WorkingHours, unpublished: Unpublished) -> Iterator[tuple[datetime, datetime]]:
    return hours.on(day) if is_working_day(day, unpublished=unpublished) else iter(())


def _closing(day: date, hours: WorkingHours | None) -> datetime:
    return hours.closing(day) if hours else datetime.combine(day + DAY, MIDNIGHT, SHANGHAI)


def _minute(clock: time, *, closing: bool = False) -> int:
    return 24 * 60 if closing and clock == MIDNIGHT else clock.hour * 60 + clock.minute


def _read_time(text: str) -> time:
    return MIDNIGHT if text.strip() == "24:00" else time.fromisoformat(text.strip())
