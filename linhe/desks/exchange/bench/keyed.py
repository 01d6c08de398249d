"""The same rules in the expression language of zen-engine, made from the same trees, to compare ours with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import Any

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.problem import Problem
from linhe.desks.exchange.engine.rulebook import RuleSet

CODES = ("pass", "fail", "not_applicable")
KEY = "rules"


class Keyed:
    """One decision with an expression a rule.

    zen-engine knows neither unknown values nor working days: it gets complete facts only, with dates as numbers and
    every working day and shifted date reckoned before the clock starts. That is to its advantage.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        self._zen = import_module("zen")
        self._rule_set = rule_set
        self._compiler = Compiler({path: place for place, path in enumerate(FIELDS)}, rule_set.calendar)
        self._keys: dict[tuple[ir.Node, bool], str] = {}
        self._reckoned: dict[str, Callable[[Sequence[Any]], Any]] = {}
        expressions = [
            {"id": f"e{place}", "key": f"r{place}", "value": self._rule(one.applies, one.fails)}
            for place, one in enumerate(rule_set.rules)
        ]
        graph = {
            "nodes": [
                {"id": "in", "name": "in", "type": "inputNode"},
                {"id": "all", "name": "all", "type": "expressionNode", "content": {"expressions": expressions}},
                {"id": "out", "name": "out", "type": "outputNode"},
            ],
            "edges": [
                {"id": "1", "sourceId": "in", "targetId": "all"},
                {"id": "2", "sourceId": "all", "targetId": "out"},
            ],
        }
        content = self._zen.ZenDecisionContent(json.dumps(graph))
        self._engine = self._zen.ZenEngine({"loader": lambda key: content})
        inside = ", ".join(f"{one['key']}: {one['value']}" for one in expressions)
        self._compiled = self._zen.compile_expression("{" + inside + "}")

    def contexts(self, problems: Iterable[Problem]) -> list[dict[str, Any]]:
        """The facts as zen-engine takes them."""
        return [self._context(problem) for problem in problems]

    def each(self, contexts: Iterable[dict[str, Any]]) -> list[dict[str, float]]:
        """The code of every rule for every application, by key."""
        return [self._engine.evaluate(KEY, context)["result"] for context in contexts]

    def evaluate(self, contexts: Iterable[dict[str, Any]]) -> None:
        """Evaluate each by the key of the decision."""
        evaluate = self._engine.evaluate
        for context in contexts:
            evaluate(KEY, context)

    def evaluate_compiled(self, contexts: Iterable[dict[str, Any]]) -> None:
        """The same rules as one compiled expression: another way of calling it."""
        evaluate = self._compiled.evaluate
        for context in contexts:
            evaluate(context)

    def statuses(self, found: Mapping[str, float]) -> list[str]:
        """The statuses in the order of the rule book."""
        return [CODES[int(found[f"r{place}"])] for place in range(len(self._rule_set.rules))]

    def _context(self, problem: Problem) -> dict[str, Any]:
        row = [problem.known[path].value for path in FIELDS]
        found: dict[str, Any] = {}
        for path, value in zip(FIELDS, row, strict=True):
            document, _, name = path.partition(".")
            found.setdefault(document, {})[name] = _plain(value)
        found["reckoned"] = {name: _plain(reckon(row)) for name, reckon in self._reckoned.items()}
        return found

    def _rule(self, applies: ir.Node, fails: ir.Node) -> str:
        return f"({self._text(applies)} ? ({self._text(fails)} ? 1 : 0) : 2)"

    def _text(self, node: ir.Node) -> str:
        match node:
            case ir.Const(value):
                return json.dumps(value, ensure_ascii=False)
            case ir.Read(path):
                return path
            case ir.Not(item):
                return f"not ({self._text(item)})"
            case ir.And(items):
                return "(" + " and ".join(self._text(one) for one in items) + ")"
            case ir.Or(items):
                return "(" + " or ".join(self._text(one) for one in items) + ")"
            case ir.Compare(op, left, right) | ir.Arith(op, left, right):
                return f"({self._text(left)} {op} {self._text(right)})"
            case ir.In(item, options):
                return f"({self._text(item)} in {self._text(options)})"
            case ir.Call(name, args):
                return self._call(name, args)

    def _call(self, name: str, args: tuple[ir.Node, ...]) -> str:
        first = self._text(args[0])
        forms = {
            "present": "({0} != null)", "known": "({0} != null)", "count_of": "len({0})", "first": "{0}[0]",
            "last": "{0}[len({0}) - 1]", "least": "min({0})", "greatest": "max({0})",
            "all_of": "all({0}, # == true)", "any_of": "some({0}, # == true)",
        }  # fmt: skip
        if name in forms:
            return forms[name].format(first)
        if name == "days_between":
            return f"({self._text(args[1])} - {first})"
        if name == "working_days_between":
            one, other = (self._reckon(arg, index=True) for arg in args)
            return f"({other} - {one})"
        return self._reckon(ir.Call(name, args, "date"))

    def _reckon(self, node: ir.Node, *, index: bool = False) -> str:
        """A date, or its place among the working days, that is reckoned before the clock starts."""
        run = self._compiler.compile(node)
        place = self._rule_set.calendar.index

        def reckon(row: Sequence[Any]) -> Any:
            day = run(row)
            return None if day is None else place(day) if index else day

        key = self._keys.setdefault((node, index), f"d{len(self._keys)}")
        self._reckoned[key] = reckon
        return f"reckoned.{key}"


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.toordinal() if isinstance(value, date) else value
