"""Says again, slowly and with no code in common, what a rule finds: walks the expression itself over plain values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from linhe.lib.working_calendar import is_working_day

FIRST_DAY = date(2004, 1, 1)


def check(
    applies_when: str, fails_when: str, values: Mapping[str, Any], parameters: Mapping[str, int], last_day: date
) -> str:
    """What a rule finds.

    Parameters
    ----------
    applies_when, fails_when : the expressions as they stand in the rule book.
    values : facts by path; None or left out is unknown.
    parameters : values in force by name.
    last_day : last day of the published working calendar; days after it are unknown.

    Returns
    -------
    str : ``pass``, ``fail``, ``unknown`` or ``not_applicable``.
    """
    reader = _Reader(values, parameters, last_day)
    applies = reader.value(ast.parse(applies_when, mode="eval").body)
    if applies is None:
        return "unknown"
    if not applies:
        return "not_applicable"
    fails = reader.value(ast.parse(fails_when, mode="eval").body)
    return {None: "unknown", True: "fail", False: "pass"}[fails]


class _Reader:
    def __init__(self, values: Mapping[str, Any], parameters: Mapping[str, int], last_day: date) -> None:
        self.values, self.parameters, self.last_day = values, parameters, last_day

    def value(self, tree: ast.expr) -> Any:
        if isinstance(tree, ast.BoolOp):
            found = [self.value(one) for one in tree.values]
            decides = isinstance(tree.op, ast.Or)
            if decides in found:
                return decides
            return None if None in found else not decides
        if isinstance(tree, ast.UnaryOp):
            inner = self.value(tree.operand)
            if inner is None:
                return None
            return not inner if isinstance(tree.op, ast.Not) else -inner
        if isinstance(tree, ast.Compare):
            return self.chain(tree)
        if isinstance(tree, ast.BinOp):
            return self.sum(tree)
        if isinstance(tree, ast.Call):
            return self.function(tree)
        if isinstance(tree, ast.Attribute):
            return self.values.get(ast.unparse(tree))
        if isinstance(tree, ast.Name):
            return {"true": True, "false": False}.get(tree.id, self.parameters.get(tree.id))
        if isinstance(tree, ast.Tuple | ast.List):
            return tuple(self.value(one) for one in tree.elts)
        assert isinstance(tree, ast.Constant)
        return tree.value

    def chain(self, tree: ast.Compare) -> bool | None:
        """Each link by itself; one that is false decides."""
        parts = [tree.left, *tree.comparators]
        links = [self.link(self.value(parts[i]), op, self.value(parts[i + 1])) for i, op in enumerate(tree.ops)]
        return False if False in links else None if None in links else True

    def link(self, left: Any, op: ast.cmpop, right: Any) -> bool | None:
        if left is None or right is None:
            return None
        if isinstance(op, ast.In | ast.NotIn):
            inside = True if left in right else None if None in right else False
            return inside if inside is None or isinstance(op, ast.In) else not inside
        name = type(op).__name__
        if name in ("Eq", "NotEq"):
            return bool(left == right) == (name == "Eq")
        return bool(
            (name == "Lt" and left < right)
            or (name == "LtE" and left <= right)
            or (name == "Gt" and left > right)
            or (name == "GtE" and left >= right)
        )

    def sum(self, tree: ast.BinOp) -> int | None:
        left, right = self.value(tree.left), self.value(tree.right)
        if left is None or right is None:
            return None
        if isinstance(tree.op, ast.Mult):
            return int(left * right)
        return int(left + right if isinstance(tree.op, ast.Add) else left - right)

    def function(self, tree: ast.Call) -> Any:
        assert isinstance(tree.func, ast.Name)
        name, given = tree.func.id, [self.value(one) for one in tree.args]
        if name == "present":
            return given[0] is not None
        if name == "known":
            return True if given[0] is not None else None
        if None in given:
            return None
        return self.of_days(name, *given) if len(given) == 2 else self.of_list(name, given[0])

    def of_list(self, name: str, items: tuple[Any, ...]) -> Any:
        unknown = None in items
        if name == "all_of":
            return False if False in items else None if unknown else True
        if name == "any_of":
            return True if True in items else None if unknown else False
        if name == "count_of":
            return len(items)
        if not items:
            return None
        if name in ("first", "last"):
            return items[0] if name == "first" else items[len(items) - 1]
        return None if unknown else sorted(items)[0 if name == "least" else -1]

    def of_days(self, name: str, day: date, other: Any) -> Any:
        if name == "days_between":
            return (other - day).days
        if name == "working_days_between":
            if not all(FIRST_DAY <= one <= self.last_day for one in (day, other)):
                return None
            if other < day:
                return -self.of_days(name, other, day)
            return sum(is_working_day(day + timedelta(days=n)) for n in range(1, (other - day).days + 1))
        if name == "add_days":
            return day + timedelta(days=other)
        if name == "add_working_days":
            return self.working_day(day, other)
        if name == "end_of_years":
            if (day.month, day.day) == (2, 29):
                return date(day.year + other, 2, 28)
            return day.replace(year=day.year + other) - timedelta(days=1)
        months = other * 12 if name == "add_years" else other
        year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
        for last in (day.day, 30, 29, 28):
            try:
                return date(year, month, min(day.day, last))
            except ValueError:
                continue
        raise AssertionError("every month has 28 days")

    def working_day(self, day: date, count: int) -> date | None:
        if not FIRST_DAY <= day <= self.last_day:
            return None
        while count:
            day += timedelta(days=1)
            if day > self.last_day:
                return None
            count -= is_working_day(day)
        return day
