"""The functions that an expression may name: what they take and give, and what they do with known values."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from linhe.desks.exchange.engine.calendar import WorkingCalendar
from linhe.desks.exchange.engine.fields import Kind

LISTS: tuple[Kind, ...] = ("ints", "bools", "texts", "dates")
ANY: tuple[Kind, ...] = ("int", "bool", "text", "date", *LISTS)
ORDERED: tuple[Kind, ...] = ("ints", "dates")
MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Function:
    """``takes`` says which kinds each argument may have; ``gives`` None: the kind of the items of the first."""

    name: str
    takes: tuple[tuple[Kind, ...], ...]
    gives: Kind | None
    says: str


TABLE: dict[str, Function] = {
    one.name: one
    for one in (
        Function("present", (ANY,), "bool", "whether the fact is known; never unknown itself"),
        Function("known", (ANY,), "bool", "true of a known fact, unknown of a missing one; never false"),
        Function("all_of", (("bools",),), "bool", "every item holds; true of an empty list"),
        Function("any_of", (("bools",),), "bool", "at least one item holds; false of an empty list"),
        Function("count_of", (LISTS,), "int", "number of items"),
        Function("first", (LISTS,), None, "the first item; unknown of an empty list"),
        Function("last", (LISTS,), None, "the last item; unknown of an empty list"),
        Function("least", (ORDERED,), None, "the least item; unknown of an empty list or with an unknown item"),
        Function("greatest", (ORDERED,), None, "the greatest item; unknown of an empty list or with an unknown item"),
        Function("days_between", (("date",), ("date",)), "int", "calendar days from the first to the second"),
        Function(
            "working_days_between", (("date",), ("date",)), "int",
            "working days after the first day up to and including the second; unknown outside the published calendar",
        ),
        Function("add_days", (("date",), ("int",)), "date", "so many calendar days later"),
        Function("add_working_days", (("date",), ("int",)), "date", "the n-th working day after the day"),
        Function("add_months", (("date",), ("int",)), "date", "the same day n months later, or that month's last day"),
        Function("add_years", (("date",), ("int",)), "date", "the same day n years later, or 28 February"),
        Function("end_of_years", (("date",), ("int",)), "date", "the last day of n years that begin with the day"),
    )
}  # fmt: skip

OF_FACTS = ("present", "known")
"""Functions of a fact itself, not of its value."""

CONSTANT_STEPS = ("add_days", "add_working_days", "add_months", "add_years", "end_of_years")
"""Functions whose second argument is a constant or a parameter, from 0 to :data:`MOST_STEPS`."""


def implementations(calendar: WorkingCalendar) -> dict[str, Callable[..., Any]]:
    """The functions of known values; one that cannot tell gives None. those of facts and lists are not among them."""
    passed, first, days = calendar.passed.tolist(), calendar.first.toordinal(), len(calendar.passed)

    def working_days_between(start: date, end: date) -> int | None:
        one, other = start.toordinal() - first, end.toordinal() - first
        if 0 <= one < days and 0 <= other < days:
            return int(passed[other] - passed[one])
        return None

    return {
        "days_between": lambda start, end: end.toordinal() - start.toordinal(),
        "working_days_between": working_days_between,
        "add_days": lambda day, days: day + timedelta(days=days),
        "add_working_days": calendar.add,
        "add_months": add_months,
        "add_years": add_years,
        "end_of_years": end_of_years,
    }


@lru_cache(maxsize=100_000)
def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=100_000)
def add_years(day: date, years: int) -> date:
    """The same day of a later year, or 28 February."""
    return add_months(day, 12 * years)


@lru_cache(maxsize=100_000)
def end_of_years(day: date, years: int) -> date:
    """The last day of so many years of which ``day`` is the first.

    Notes
    -----
    The day before the same day of the month; where that month has no such day (29 February), its last day, as article
    202 of the Civil Code counts: a year that begins on 29 February 2024 ends on 28 February 2025.
    """
    same = add_years(day, years)
    return same - timedelta(days=1) if same.day == day.day else same


def all_of(items: tuple[bool | None, ...] | None) -> bool | None:
    """Kleene's conjunction of a list."""
    if items is None:
        return None
    return False if False in items else None if None in items else True


def any_of(items: tuple[bool | None, ...] | None) -> bool | None:
    """Kleene's disjunction of a list."""
    if items is None:
        return None
    return True if True in items else None if None in items else False


def count_of(items: tuple[Any, ...] | None) -> int | None:
    """Number of items."""
    return None if items is None else len(items)


def first(items: tuple[Any, ...] | None) -> Any:
    """The first item, if there is one."""
    return items[0] if items else None


def last(items: tuple[Any, ...] | None) -> Any:
    """The last item, if there is one."""
    return items[-1] if items else None


def least(items: tuple[Any, ...] | None) -> Any:
    """The least item, if all are known."""
    return min(items) if items and None not in items else None


def greatest(items: tuple[Any, ...] | None) -> Any:
    """The greatest item, if all are known."""
    return max(items) if items and None not in items else None


OF_LISTS: dict[str, Callable[[Any], Any]] = {
    "all_of": all_of, "any_of": any_of, "count_of": count_of,
    "first": first, "last": last, "least": least, "greatest": greatest,
}  # fmt: skip
