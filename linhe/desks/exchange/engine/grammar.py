"""Reads an expression, a small allow-listed part of Python's syntax that is never evaluated, into a tree of ``ir``.

``or``, ``and``, ``not``, comparisons (also chained), ``in``, ``+ - *`` on whole numbers, constants, facts by path,
parameters by name, functions of ``functions.TABLE``. There is no division: a ratio is written by multiplying across
(``price * 100 < value * below_percent``), so that money stays exact.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from linhe.desks.exchange.engine import functions, ir
from linhe.desks.exchange.engine.fields import FIELDS, ITEM, MOST, Kind, Value

MOST_CHARACTERS = 2000
MOST_TOKENS = 400
MOST_DEPTH = 24
MOST_CONSTANT = 10**15
MOST_PREFIXES = 4
MOST_VALUE = 2**126
"""Limit of whole numbers on the way, so that both back ends hold them exactly."""

TOKEN = re.compile(
    r"""(?P<space>[ \n]+) | (?P<name>[A-Za-z_][A-Za-z0-9_]*) | (?P<number>[0-9][0-9_]*)
      | (?P<text>'[^'\\\x00-\x1f\ud800-\udfff]*' | "[^"\\\x00-\x1f\ud800-\udfff]*") | (?P<open>[(\[]) | (?P<close>[)\]])
      | (?P<sign>==|!=|<=|>=|<|>|\+|-|\*(?!\*)|,|\.)""",
    re.VERBOSE,
)
COMPARISONS: dict[type[ast.cmpop], ir.Comparison] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], ir.Arithmetic] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
TRUTH = {"true": True, "false": False}
LIST_OF: dict[Kind, Kind] = {item: kind for kind, item in ITEM.items()}
LIMITS = {path: MOST for path, field in FIELDS.items()}


class InvalidExpression(ValueError):
    """An expression that says something else than a rule may; ``where`` names rule and part, ``position`` from 1."""

    def __init__(self, where: str, position: int, message: str) -> None:
        super().__init__(f"{where}, position {position}: {message}")
        self.where, self.position, self.message = where, position, message


def parse(text: str, parameters: Mapping[str, int], *, where: str) -> ir.Node:
    """Read an expression that says yes or no.

    Parameters
    ----------
    text : the expression, up to ``MOST_CHARACTERS``.
    parameters : values in force, by name.
    where : rule and part, for messages.

    Raises
    ------
    InvalidExpression : anything that is not in the grammar, unknown names, kinds that do not fit.
    """
    _scan(text, where)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise InvalidExpression(where, error.offset or 1, f"is no expression: {error.msg}") from None
    node = _Reader(where, text.strip(), parameters).read(tree.body, 0)
    if node.kind != "bool":
        raise InvalidExpression(where, 1, "does not say yes or no")
    return node


def _scan(text: str, where: str) -> None:
    """Length, characters and depth, before anything with a stack of its own sees the text."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidExpression(where, MOST_CHARACTERS, f"is longer than {MOST_CHARACTERS} characters")
    place, depth, tokens = 0, 0, 0
    before, prefixes = "", 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise InvalidExpression(where, place + 1, f"{text[place]!r} may not be used")
        kind = str(found.lastgroup)
        if kind == "text" and before == "name" and text[place - 1] not in " \n":
            raise InvalidExpression(where, place + 1, "a text may have no prefix")
        tokens += kind != "space"
        depth += (kind == "open") - (kind == "close")
        if kind != "space":
            prefixes = prefixes + 1 if found.group() in ("-", "+", "not") else 0
        if depth > MOST_DEPTH or prefixes > MOST_PREFIXES:
            raise InvalidExpression(where, place + 1, f"is nested deeper than {MOST_DEPTH}")
        if tokens > MOST_TOKENS:
            raise InvalidExpression(where, place + 1, f"has more than {MOST_TOKENS} parts")
        before, place = kind, found.end()


@dataclass(frozen=True, slots=True)
class _Reader:
    where: str
    text: str
    parameters: Mapping[str, int]

    def read(self, tree: ast.expr, depth: int) -> ir.Node:
        """One node; a long sum or conjunction is as deep as it has terms."""
        if depth > MOST_DEPTH:
            raise self.error(tree, f"is nested deeper than {MOST_DEPTH}")
        match tree:
            case ast.BoolOp(op, values):
                items = tuple(self.truth(one, depth) for one in values)
                return ir.And(items) if isinstance(op, ast.And) else ir.Or(items)
            case ast.UnaryOp(ast.Not(), operand):
                return ir.Not(self.truth(operand, depth))
            case ast.UnaryOp(ast.USub(), ast.Constant()):
                return ir.Const(-self.number(tree.operand), "int")
            case ast.Compare(left, ops, rights):
                return self.comparison(tree, [left, *rights], ops, depth)
            case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
                return self.arithmetic(
                    tree, ARITHMETIC[type(op)], self.read(left, depth + 1), self.read(right, depth + 1)
                )
            case ast.Call(ast.Name(name), args, []):
                return self.call(tree, name, [self.read(one, depth + 1) for one in args])
            case ast.Constant():
                return self.constant(tree)
            case ast.Name(name):
                return self.name(tree, name)
            case ast.Attribute(ast.Name(document), name):
                return self.fact(tree, f"{document}.{name}")
        raise self.error(tree, f"{type(tree).__name__} is not part of the grammar")

    def truth(self, tree: ast.expr, depth: int) -> ir.Node:
        node = self.read(tree, depth + 1)
        if node.kind != "bool":
            raise self.error(tree, f"{node.kind} where yes or no is needed")
        return node

    def comparison(self, tree: ast.expr, parts: list[ast.expr], ops: list[ast.cmpop], depth: int) -> ir.Node:
        found: list[ir.Node] = []
        for (left, right), op in zip(pairwise(parts), ops, strict=True):
            item = self.read(left, depth + 1)
            if isinstance(op, ast.In | ast.NotIn):
                inside = self.membership(right, item, depth)
                found.append(ir.Not(inside) if isinstance(op, ast.NotIn) else inside)
            elif type(op) in COMPARISONS:
                found.append(self.compare(right, COMPARISONS[type(op)], item, self.read(right, depth + 1)))
            else:
                raise self.error(tree, f"{type(op).__name__} is not part of the grammar")
        return found[0] if len(found) == 1 else ir.And(tuple(found))

    def compare(self, tree: ast.expr, op: ir.Comparison, left: ir.Node, right: ir.Node) -> ir.Node:
        if left.kind != right.kind or left.kind in ITEM:
            raise self.error(tree, f"{left.kind} cannot be compared with {right.kind}")
        if left.kind in ("bool", "text") and op not in ("==", "!="):
            raise self.error(tree, f"{left.kind} has no order")
        self.choice(tree, left, right)
        self.choice(tree, right, left)
        return ir.Compare(op, left, right)

    def membership(self, tree: ast.expr, item: ir.Node, depth: int) -> ir.In:
        if isinstance(tree, ast.Tuple | ast.List):
            options = [self.read(one, depth + 1) for one in tree.elts]
            if not options or not all(isinstance(one, ir.Const) and one.kind == item.kind for one in options):
                raise self.error(tree, f"needs constants of kind {item.kind}")
            for one in options:
                self.choice(tree, item, one)
            values = tuple(one.value for one in options if isinstance(one, ir.Const))
            return ir.In(item, ir.Const(cast("Value", values), LIST_OF[item.kind]))
        found = self.read(tree, depth + 1)
        if not isinstance(found, ir.Read) or ITEM.get(found.kind) != item.kind:
            raise self.error(tree, f"is no list of kind {item.kind}")
        return ir.In(item, found)

    def arithmetic(self, tree: ast.expr, op: ir.Arithmetic, left: ir.Node, right: ir.Node) -> ir.Node:
        if left.kind != "int" or right.kind != "int":
            raise self.error(tree, f"{left.kind} {op} {right.kind}: only whole numbers are reckoned with")
        node = ir.Arith(op, left, right)
        if ir.bound(node, LIMITS) > MOST_VALUE:
            raise self.error(tree, "may grow beyond what can be computed exactly")
        return node

    def call(self, tree: ast.expr, name: str, args: list[ir.Node]) -> ir.Node:
        function = functions.TABLE.get(name)
        if function is None:
            raise self.error(tree, f"{name!r} is not a known function")
        kinds = [one.kind for one in args]
        if len(args) != len(function.takes) or any(k not in t for k, t in zip(kinds, function.takes, strict=True)):
            raise self.error(tree, f"{name} cannot take ({', '.join(kinds)})")
        if name in functions.OF_FACTS and not isinstance(args[0], ir.Read):
            raise self.error(tree, f"{name} takes a fact")
        if name in functions.CONSTANT_STEPS:
            step = args[1]
            if not isinstance(step, ir.Const) or not 0 <= cast(int, step.value) <= functions.MOST_STEPS:
                raise self.error(tree, f"{name} takes a constant or a parameter from 0 to {functions.MOST_STEPS}")
        found = ir.Call(name, tuple(args), function.gives or ITEM[kinds[0]])
        if ir.reach(found) > ir.MOST_REACH:
            raise self.error(tree, f"leads on by more than {ir.MOST_REACH} days")
        return found

    def constant(self, tree: ast.Constant) -> ir.Const:
        if isinstance(tree.value, bool):
            return ir.Const(tree.value, "bool")
        if isinstance(tree.value, str):
            return ir.Const(tree.value, "text")
        return ir.Const(self.number(tree), "int")

    def number(self, tree: ast.expr) -> int:
        value = tree.value if isinstance(tree, ast.Constant) else None
        if type(value) is not int or value > MOST_CONSTANT:
            raise self.error(tree, f"is no whole number up to {MOST_CONSTANT}")
        return value

    def name(self, tree: ast.expr, name: str) -> ir.Const:
        if name in TRUTH:
            return ir.Const(TRUTH[name], "bool")
        if name not in self.parameters:
            raise self.error(tree, f"{name!r} is neither a parameter in force nor a fact")
        return ir.Const(self.parameters[name], "int", name)

    def fact(self, tree: ast.expr, path: str) -> ir.Read:
        if path not in FIELDS:
            raise self.error(tree, f"{path!r} is not a known fact")
        return ir.Read(path, FIELDS[path].kind)

    def choice(self, tree: ast.expr, left: ir.Node, right: ir.Node) -> None:
        """A constant beside a choice must be one of its codes."""
        if isinstance(left, ir.Read) and isinstance(right, ir.Const) and (known := FIELDS[left.path].choices):
            codes = [code for code, _, _ in known]
            if right.value not in codes:
                raise self.error(tree, f"{right.value!r} is none of {', '.join(codes)}")

    def error(self, tree: ast.expr, message: str) -> InvalidExpression:
        before, line = self.text.split("\n")[: tree.lineno - 1], self.text.split("\n")[tree.lineno - 1]
        place = len(line.encode()[: tree.col_offset].decode())  # Python counts the bytes of a line
        return InvalidExpression(self.where, sum(len(one) + 1 for one in before) + place + 1, message)
