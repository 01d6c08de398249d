"""The commonest comparisons as closures of their own: a fact against a constant, and against another fact.

Written out one by one: a call of ``operator.lt`` costs as much as everything else in them, and these are three quarters
of what a review does. None stands for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Row = Sequence[Any]
Run = Callable[[Row], Any]


def slot_constant(op: str, i: int, c: Any) -> Run:
    """``row[i] op c``."""

    def equal(row: Row) -> Any:
        a = row[i]
        return None if a is None else a == c

    def unequal(row: Row) -> Any:
        a = row[i]
        return None if a is None else a != c

    def less(row: Row) -> Any:
        a = row[i]
        return None if a is None else a < c

    def at_most(row: Row) -> Any:
        a = row[i]
        return None if a is None else a <= c

    def more(row: Row) -> Any:
        a = row[i]
        return None if a is None else a > c

    def at_least(row: Row) -> Any:
        a = row[i]
        return None if a is None else a >= c

    return {"==": equal, "!=": unequal, "<": less, "<=": at_most, ">": more, ">=": at_least}[op]


def slot_slot(op: str, i: int, j: int) -> Run:
    """``row[i] op row[j]``."""

    def equal(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else a == b

    def unequal(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else a != b

    def less(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else a < b

    def at_most(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else a <= b

    def more(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else a > b

    def at_least(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else a >= b

    return {"==": equal, "!=": unequal, "<": less, "<=": at_most, ">": more, ">=": at_least}[op]


def scaled(op: Callable[[int, int], bool], i: int, m: int, j: int, n: int) -> Run:
    """``row[i] * m op row[j] * n``: a price against a percentage of another, multiplied across."""

    def run(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else op(a * m, b * n)

    return run


def slot_call(function: Callable[[Any, Any], Any], i: int, c: Any) -> Run:
    """``function(row[i], c)``."""

    def run(row: Row) -> Any:
        a = row[i]
        return None if a is None else function(a, c)

    return run


def slots_call(function: Callable[[Any, Any], Any], i: int, j: int) -> Run:
    """``function(row[i], row[j])``."""

    def run(row: Row) -> Any:
        a, b = row[i], row[j]
        return None if a is None or b is None else function(a, b)

    return run


def slot_not(i: int) -> Run:
    """``not row[i]``."""

    def run(row: Row) -> Any:
        a = row[i]
        return None if a is None else not a

    return run


def slot_there(i: int, missing: bool | None) -> Run:
    """True where there is a value, else ``missing``."""

    def run(row: Row) -> Any:
        return True if row[i] is not None else missing

    return run


def slot_missing(i: int, missing: bool | None) -> Run:
    """False where there is a value, else ``missing``."""

    def run(row: Row) -> Any:
        return False if row[i] is not None else missing

    return run
