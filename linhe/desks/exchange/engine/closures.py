"""The first back end: a tree becomes nested Python functions of one row of values, specialised by shape."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from linhe.desks.exchange.engine import functions, ir
from linhe.desks.exchange.engine.calendar import WorkingCalendar

Row = Sequence[Any]
Run = Callable[[Row], Any]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


class Compiler:
    """Compiles trees for rows in which the fact ``path`` stands at ``slots[path]``."""

    def __init__(self, slots: Mapping[str, int], calendar: WorkingCalendar) -> None:
        self._slots = slots
        self._known = functions.implementations(calendar)

    def compile(self, node: ir.Node) -> Run:
        """A function from a row to the node's value, None where it is unknown."""
        match node:
            case ir.Const(value):
                return lambda row: value
            case ir.Read(path):
                return operator.itemgetter(self._slots[path])
            case ir.Not(ir.Read(path)):
                return _slot_negation(self._slots[path])
            case ir.Not(item):
                return _negation(self.compile(item))
            case ir.And(items):
                return _conjunction([self.compile(one) for one in items])
            case ir.Or(items):
                return _disjunction([self.compile(one) for one in items])
            case ir.Compare(op, left, right) | ir.Arith(op, left, right):
                return self._binary(OPERATORS[op], left, right)
            case ir.In(item, options):
                return self._membership(item, options)
            case ir.Call(name, args):
                return self._call(name, args)

    def _binary(self, op: Callable[[Any, Any], Any], left: ir.Node, right: ir.Node) -> Run:
        """Comparisons and sums; the commonest shapes read their slots themselves."""
        one, other = folded(left), folded(right)
        if isinstance(one, ir.Read) and isinstance(other, ir.Const):
            return _slot_constant(op, self._slots[one.path], other.value)
        if isinstance(one, ir.Read) and isinstance(other, ir.Read):
            return _slot_slot(op, self._slots[one.path], self._slots[other.path])
        first, second = self.compile(one), self.compile(other)
        if isinstance(other, ir.Const):
            return _any_constant(op, first, other.value)

        def run(row: Row) -> Any:
            a = first(row)
            if a is None:
                return None
            b = second(row)
            return None if b is None else op(a, b)

        return run

    def _membership(self, item: ir.Node, options: ir.Const | ir.Read) -> Run:
        one = self.compile(item)
        if isinstance(options, ir.Const):
            among = frozenset(options.value)  # type: ignore[arg-type]  # a list by the grammar

            def run(row: Row) -> Any:
                a = one(row)
                return None if a is None else a in among

            return run
        place = self._slots[options.path]

        def run_list(row: Row) -> Any:
            a, among = one(row), row[place]
            if a is None or among is None:
                return None
            return True if a in among else None if None in among else False

        return run_list

    def _call(self, name: str, args: tuple[ir.Node, ...]) -> Run:
        if name in functions.OF_FACTS:
            place = self._slots[args[0].path]  # type: ignore[union-attr]  # a fact by the grammar
            missing = False if name == "present" else None
            return lambda row: True if row[place] is not None else missing
        first = self.compile(args[0])
        if name in functions.OF_LISTS:
            of_list = functions.OF_LISTS[name]
            return lambda row: of_list(first(row))
        return self._binary(self._known[name], args[0], args[1])


def folded(node: ir.Node) -> ir.Node:
    """Sums of constants and parameters, reckoned once."""
    if isinstance(node, ir.Arith):
        left, right = folded(node.left), folded(node.right)
        if isinstance(left, ir.Const) and isinstance(right, ir.Const):
            return ir.Const(OPERATORS[node.op](left.value, right.value), "int")
        return ir.Arith(node.op, left, right)
    return node


def _slot_constant(op: Callable[[Any, Any], Any], place: int, constant: Any) -> Run:
    def run(row: Row) -> Any:
        a = row[place]
        return None if a is None else op(a, constant)

    return run


def _slot_slot(op: Callable[[Any, Any], Any], place: int, other: int) -> Run:
    def run(row: Row) -> Any:
        a, b = row[place], row[other]
        return None if a is None or b is None else op(a, b)

    return run


def _any_constant(op: Callable[[Any, Any], Any], first: Run, constant: Any) -> Run:
    def run(row: Row) -> Any:
        a = first(row)
        return None if a is None else op(a, constant)

    return run


def _slot_negation(place: int) -> Run:
    def run(row: Row) -> Any:
        a = row[place]
        return None if a is None else not a

    return run


def _negation(item: Run) -> Run:
    def run(row: Row) -> Any:
        a = item(row)
        return None if a is None else not a

    return run


def _conjunction(items: list[Run]) -> Run:
    if len(items) == 2:
        one, other = items

        def run_two(row: Row) -> Any:
            a = one(row)
            if a is False:
                return False
            b = other(row)
            return b if a is True or b is False else None

        return run_two

    def run(row: Row) -> Any:
        found: Any = True
        for item in items:
            a = item(row)
            if a is False:
                return False
            if a is None:
                found = None
        return found

    return run


def _disjunction(items: list[Run]) -> Run:
    if len(items) == 2:
        one, other = items

        def run_two(row: Row) -> Any:
            a = one(row)
            if a is True:
                return True
            b = other(row)
            return b if a is False or b is True else None

        return run_two

    def run(row: Row) -> Any:
        found: Any = False
        for item in items:
            a = item(row)
            if a is True:
                return True
            if a is None:
                found = None
        return found

    return run
