"""Dated parameters as data: what is in force on a day at a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date


class UnknownParameter(KeyError):
    """No installed app declares a parameter of that code."""

    def __str__(self) -> str:
        return f"no dated parameter {self.args[0]!r} in any params/*.toml"


class NotInForce(LookupError):
    """The parameter exists, but has no value on that day at that place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value and the days it holds: from ``from_date`` until ``until_date`` (half-open; None = no end known).

    ``place`` is a prefix of place codes, empty for everywhere. ``verified_date`` is the day somebody last read the
    source; None means that nobody has, and pages say so.
    """

    value: Any
    from_date: date
    until_date: date | None
    source: str
    verified_date: date | None
    place: str

    def holds(self, day: date) -> bool:
        """Whether the entry is in force on ``day``."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something a regulation or an office may change, with all its values over time."""

    code: str
    name: Text
    unit: str
    type: str
    series: tuple[Entry, ...]
    file: str

    def entry(self, *, at: date | datetime, place_code: str | None = None) -> Entry:
        """The entry in force; the most specific place wins. Raises :class:`NotInForce` when there is none."""
        day = local_date(at) if isinstance(at, datetime) else at
        holding = [e for e in self.series if e.holds(day) and (place_code or "").startswith(e.place)]
        if not holding:
            where = f" at {place_code}" if place_code else ""
            raise NotInForce(f"{self.code} has no value on {day:%Y-%m-%d}{where}; see {self.file}")
        return max(holding, key=lambda e: len(e.place))

    def value(self, *, at: date | datetime, place_code: str | None = None) -> Any:
        """The value in force; a table comes as a fresh list of dicts."""
        return _fresh(self.entry(at=at, place_code=place_code).value)


def _fresh(value: Any) -> Any:
    """A copy of what TOML holds: lists and tables are copied, everything else cannot be changed. Pages ask for a value
    in every row; a general deep copy would be a third of their time."""
    if isinstance(value, list):
        return [_fresh(one) for one in value]
    if isinstance(value, dict):
        return {name: _fresh(one) for name, one in value.items()}
    return value
