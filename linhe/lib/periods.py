"""Days, months and quarters in Shanghai as half-open stretches of moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linhe.lib.working_calendar import SHANGHAI, local_date

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"number: there is no quarter {self.number}")

    @classmethod
    def of(cls, at: datetime) -> Quarter:
        """The quarter that a moment lies in."""
        day = local_date(at)
        return cls(day.year, (day.month + 2) // 3)

    def stretch(self) -> Stretch:
        """Its first moment and the first moment after it."""
        return _midnight(date(self.year, 3 * self.number - 2, 1)), _midnight(
            _months_on(self.year, 3 * self.number - 2, 3)
        )


def day_of(at: datetime) -> Stretch:
    """The day that a moment lies in."""
    day = local_date(at)
    return _midnight(day), _midnight(day + timedelta(days=1))


def month_of(at: datetime) -> Stretch:
    """The month that a moment lies in."""
    day = local_date(at)
    return _midnight(day.replace(day=1)), _midnight(_months_on(day.year, day.month, 1))


def months_after(at: datetime, months: int) -> datetime:
    """The first moment of the month that comes so many months after the one that a moment lies in."""
    day = local_date(at)
    return _midnight(_months_on(day.year, day.month, months))


def _months_on(year: int, month: int, months: int) -> date:
    years, rest = divmod(month - 1 + months, 12)
    return date(year + years, rest + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
