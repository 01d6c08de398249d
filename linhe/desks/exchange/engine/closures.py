"""The first back end: a tree becomes nested Python functions of one row of values, specialised by shape."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from linhe.desks.exchange.engine import functions, ir, shapes
from linhe.desks.exchange.engine.calendar import WorkingCalendar
from linhe.desks.exchange.engine.shapes import Row, Run

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
        match folded(node):
            case ir.Const(value):
                return lambda row: value
            case ir.Read(path):
                return operator.itemgetter(self._slots[path])
            case ir.Not(item):
                return self._negation(item)
            case ir.And(items):
                return _conjunction([self.compile(one) for one in items])
            case ir.Or(items):
                return _disjunction([self.compile(one) for one in items])
            case ir.Compare(op, left, right):
                return self._comparison(op, folded(left), folded(right))
            case ir.Arith(op, left, right):
                return self._both(OPERATORS[op], left, right)
            case ir.In(item, options):
                return self._membership(item, options)
            case ir.Call(name, args):
                return self._call(name, args)

    def _comparison(self, op: str, left: ir.Node, right: ir.Node) -> Run:
        """A comparison; the commonest shapes read their slots themselves."""
        if isinstance(left, ir.Read) and isinstance(right, ir.Const):
            return shapes.slot_constant(op, self._slots[left.path], right.value)
        if isinstance(left, ir.Read) and isinstance(right, ir.Read):
            return shapes.slot_slot(op, self._slots[left.path], self._slots[right.path])
        one, other = _scaled(left), _scaled(right)
        if one and other:
            return shapes.scaled(OPERATORS[op], self._slots[one[0]], one[1], self._slots[other[0]], other[1])
        return self._both(OPERATORS[op], left, right)

    def _both(self, function: Callable[[Any, Any], Any], left: ir.Node, right: ir.Node) -> Run:
        """A function of two values, unknown if either is."""
        left, right = folded(left), folded(right)
        if isinstance(left, ir.Read) and isinstance(right, ir.Const):
            return shapes.slot_call(function, self._slots[left.path], right.value)
        if isinstance(left, ir.Read) and isinstance(right, ir.Read):
            return shapes.slots_call(function, self._slots[left.path], self._slots[right.path])
        first, second = self.compile(left), self.compile(right)

        def run(row: Row) -> Any:
            a = first(row)
            if a is None:
                return None
            b = second(row)
            return None if b is None else function(a, b)

        return run

    def _negation(self, item: ir.Node) -> Run:
        match item:
            case ir.Read(path):
                return shapes.slot_not(self._slots[path])
            case ir.Call(("present" | "known") as name, (ir.Read(path),)):
                return shapes.slot_missing(self._slots[path], True if name == "present" else None)
        inner = self.compile(item)

        def run(row: Row) -> Any:
            a = inner(row)
            return None if a is None else not a

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
            return shapes.slot_there(place, False if name == "present" else None)
        if name in functions.OF_LISTS:
            first, of_list = self.compile(args[0]), functions.OF_LISTS[name]
            return lambda row: of_list(first(row))
        return self._both(self._known[name], args[0], args[1])


def folded(node: ir.Node) -> ir.Node:
    """Sums of constants and parameters, reckoned once."""
    if isinstance(node, ir.Arith):
        left, right = folded(node.left), folded(node.right)
        if isinstance(left, ir.Const) and isinstance(right, ir.Const):
            return ir.Const(OPERATORS[node.op](left.value, right.value), "int")
        return ir.Arith(node.op, left, right)
    return node


def _scaled(node: ir.Node) -> tuple[str, int] | None:
    """A fact times a constant."""
    match node:
        case ir.Read(path, "int"):
            return path, 1
        case ir.Arith("*", ir.Read(path), ir.Const(int(factor))):
            return path, factor
    return None


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

    if len(items) == 3:
        one, other, third = items

        def run_three(row: Row) -> Any:
            a = one(row)
            if a is True:
                return True
            b = other(row)
            if b is True:
                return True
            c = third(row)
            return c if c is True or (a is False and b is False) else None

        return run_three

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
