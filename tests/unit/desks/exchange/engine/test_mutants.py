"""The embedded examples hold every part of every rule: none can be dropped, turned or moved by one without notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.examples import day_of
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import Rule

BOOK = shipped()
PATHS = tuple(FIELDS)
TURNED: dict[str, tuple[ir.Comparison, ...]] = {
    "<": ("<=", ">"), "<=": ("<", ">"), ">": (">=", "<"), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
}  # fmt: skip
OTHER = {
    "first": "last", "last": "first", "all_of": "any_of", "any_of": "all_of", "known": "present", "present": "known",
    "end_of_years": "add_years", "add_years": "end_of_years",
}  # fmt: skip


def mutants(node: ir.Node) -> Iterator[ir.Node]:
    """The tree with one thing wrong: a part dropped, a comparison turned, a number moved by one."""
    match node:
        case ir.And(items) | ir.Or(items):
            yield ir.Or(items) if isinstance(node, ir.And) else ir.And(items)
            for place, item in enumerate(items):
                rest = items[:place] + items[place + 1 :]
                yield replace(node, items=rest) if len(rest) > 1 else rest[0]
                for one in mutants(item):
                    yield replace(node, items=(*items[:place], one, *items[place + 1 :]))
        case ir.Not(item):
            yield item
            yield from (ir.Not(one) for one in mutants(item))
        case ir.Compare(op, left, right):
            yield from (replace(node, op=one) for one in TURNED[op])
            yield from (replace(node, left=one) for one in mutants(left))
            yield from (replace(node, right=one) for one in mutants(right))
        case ir.Arith(op, left, right):
            yield from (left, right) if op == "+" else ()
            yield from (replace(node, left=one) for one in mutants(left))
            yield from (replace(node, right=one) for one in mutants(right))
        case ir.Const(int(value), "int"):
            yield from (replace(node, value=value + by) for by in (1, -1))
        case ir.In(_, ir.Const(tuple(values)) as options):
            for place in range(len(values)):
                yield replace(node, options=replace(options, value=values[:place] + values[place + 1 :]))
        case ir.Call(name, args):
            yield from (replace(node, name=OTHER[name]) for _ in range(name in OTHER))
            for place, arg in enumerate(args):
                yield from (replace(node, args=(*args[:place], one, *args[place + 1 :])) for one in mutants(arg))


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: f"{rule.id}@{rule.from_date}")
def test_no_part_of_a_rule_can_change_unnoticed(rule: Rule) -> None:
    rule_set = BOOK.at(day_of(rule))
    resolved = rule_set.rule(rule.id)
    compiler = Compiler({path: place for place, path in enumerate(PATHS)}, rule_set.calendar)
    rows = [[case.facts.get(path) for path in PATHS] for case in rule.cases]

    def said(applies: ir.Node, fails: ir.Node) -> list[object]:
        one, other = compiler.compile(applies), compiler.compile(fails)
        return [held if (held := one(row)) is not True else ("judged", other(row)) for row in rows]

    right = said(resolved.applies, resolved.fails)
    for wrong in mutants(resolved.applies):
        assert said(wrong, resolved.fails) != right, wrong
    for wrong in mutants(resolved.fails):
        assert said(resolved.applies, wrong) != right, wrong
