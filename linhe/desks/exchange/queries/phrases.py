"""Puts a condition of a rule into a sentence that a lawyer reads, from its tree, with the values in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.fields import FIELDS, Field
from linhe.desks.exchange.engine.wording import shown
from linhe.lib.text import Text

UNITS = {
    "percent": Text("%", "%"), "working days": Text("个工作日", " working days"), "months": Text("个月", " months"),
    "years": Text("年", " years"), "times": Text("次", " times"), "days": Text("日", " days"),
    "yuan": Text("元", " yuan"),
}  # fmt: skip
"""How a parameter's unit follows its number."""

AGREES: dict[str, Text] = {"==": Text("与{b}一致", "agrees with {b}"), "!=": Text("与{b}不一致", "differs from {b}")}
IS: dict[str, Text] = {"==": Text("为{b}", "is {b}"), "!=": Text("不是{b}", "is not {b}")}
Words = dict[str, Text]
MONEY: Words = {
    "<": Text("低于{b}", "is below {b}"), "<=": Text("不高于{b}", "is not above {b}"),
    ">": Text("高于{b}", "is above {b}"), ">=": Text("不低于{b}", "is not below {b}"),
}  # fmt: skip
DAYS: Words = {
    "<": Text("早于{b}", "lies before {b}"), "<=": Text("不晚于{b}", "does not lie after {b}"),
    ">": Text("晚于{b}", "lies after {b}"), ">=": Text("不早于{b}", "does not lie before {b}"),
}  # fmt: skip
LEVEL: Words = {
    ">": Text("低于{b}", "is lower than {b}"), ">=": Text("不高于{b}", "is not higher than {b}"),
    "<": Text("高于{b}", "is higher than {b}"), "<=": Text("不低于{b}", "is not lower than {b}"),
}  # fmt: skip
"""A greater number is a lower level."""
SHARE: Words = MONEY | {">": Text("超过{b}", "exceeds {b}"), "<=": Text("不超过{b}", "does not exceed {b}")}
ORDER: Words = {
    "<": Text("小于{b}", "is less than {b}"), "<=": Text("不大于{b}", "is at most {b}"),
    ">": Text("大于{b}", "is more than {b}"), ">=": Text("不小于{b}", "is at least {b}"),
}  # fmt: skip
COUNT: Words = ORDER | {
    "<": Text("少于{b}", "are fewer than {b}"), "<=": Text("不多于{b}", "are at most {b}"),
    ">": Text("多于{b}", "are more than {b}"), ">=": Text("不少于{b}", "are at least {b}"),
}  # fmt: skip
BY_UNIT: dict[str, Words] = {
    "fen": MONEY, "ppm": SHARE, "level": LEVEL, "times": ORDER, "persons": COUNT, "days": COUNT,
}  # fmt: skip
CALLS: dict[str, Text] = {
    "first": Text("首次的{a}", "the first of {a}"), "last": Text("最近一次的{a}", "the last of {a}"),
    "least": Text("最低的{a}", "the least of {a}"), "greatest": Text("最高的{a}", "the greatest of {a}"),
    "count_of": Text("{a}的个数", "the number of {a}"),
    "days_between": Text("{a}至{b}的日数", "the days from {a} to {b}"),
    "working_days_between": Text("自{a}次日起至{b}的工作日", "the working days after {a} up to {b}"),
    "add_days": Text("{a}之后第 {n} 日", "{n} days after {a}"),
    "add_working_days": Text("{a}之后第 {n} 个工作日", "{n} working days after {a}"),
    "add_months": Text("{a}起满 {n} 个月之日", "the day {n} months after {a}"),
    "add_years": Text("{a}起满 {n} 年之日", "the day {n} years after {a}"),
    "end_of_years": Text("自{a}起 {n} 年期间的最后一日", "the last day of {n} years from {a}"),
}  # fmt: skip
HOLDS: dict[tuple[str, bool], Text] = {
    ("present", True): Text("载有{a}", "{a} is stated"), ("present", False): Text("未载{a}", "{a} is not stated"),
    ("known", True): Text("载有{a}", "{a} is stated"),
    ("known", False): Text("未载{a}（按待补正处理）", "{a} is not stated (to be completed)"),
    ("all_of", True): Text("{a}：每次均为是", "{a}: every time yes"),
    ("all_of", False): Text("{a}：有一次为否", "{a}: once no"),
    ("any_of", True): Text("{a}：有一次为是", "{a}: once yes"),
    ("any_of", False): Text("{a}：没有一次为是", "{a}: never yes"),
}  # fmt: skip


def phrase(node: ir.Node, units: Mapping[str, str], *, holds: bool = True, inside: bool = False) -> Text:
    """A condition as a sentence.

    Parameters
    ----------
    units : of the parameters, by name.
    holds : False for the opposite.
    inside : whether it is part of another condition, so that what it joins stands in brackets.
    """
    match node:
        case ir.Not(item):
            return phrase(item, units, holds=not holds, inside=inside)
        case ir.And(items) | ir.Or(items):
            parts = [phrase(one, units, holds=holds, inside=True) for one in items]
            both = isinstance(node, ir.And) is holds
            joined = _join(parts, Text("，并且", ", and ") if both else Text("，或者", ", or "))
            return Text(f"（{joined.zh}）", f"({joined.en})") if inside else joined
        case ir.Compare(op, left, right):
            return _compared(op if holds else OPPOSITE[op], left, right, units)
        case ir.In(item, options):
            return _among(item, options, holds=holds)
        case ir.Call(name, args):
            return _fill(HOLDS[name, holds], a=_name(cast(ir.Read, args[0])))
        case ir.Read():
            return _fill(Text("{a}为是", "{a}: yes") if holds else Text("{a}为否", "{a}: no"), a=_name(node))
        case ir.Const(value):
            always = bool(value) is holds
            return Text("任何情形", "always") if always else Text("没有这种情形", "never")
        case ir.Arith():
            raise TypeError("a sum is no condition")


OPPOSITE: dict[str, str] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _compared(op: str, left: ir.Node, right: ir.Node, units: Mapping[str, str]) -> Text:
    if (percent := _percent(left, right)) is not None:
        one, other, share = percent
        part = Text(f"{_value(other, units).zh}的 {share}%", f"{share} % of {_value(other, units).en}")
        return _said(MONEY[op], _value(one, units), part)
    field = _field(left)
    constant = _folded(right)
    if constant is not None and not (isinstance(right, ir.Const) and right.name):
        words = IS if op in IS else BY_UNIT.get(field.unit if field else "", COUNT)
        return _said(words[op], _value(left, units), _constant(field, constant))
    if op in AGREES:
        return _said(AGREES[op], _value(left, units), _value(right, units))
    words = DAYS if left.kind == "date" else BY_UNIT.get(field.unit if field else "", COUNT)
    told = _value(right, units)
    if any(isinstance(one, ir.Call) and one.name == "working_days_between" for one in ir.nodes(left)):
        told = Text(told.zh.replace("个工作日", "个"), told.en.replace(" working days", ""))  # said once
    return _said(words[op], _value(left, units), told)


def _percent(left: ir.Node, right: ir.Node) -> tuple[ir.Node, ir.Node, int] | None:
    """``a * 100 op b * p``: a against p percent of b."""
    match left, right:
        case ir.Arith("*", one, ir.Const(100)), ir.Arith("*", other, share) if (p := _folded(share)) is not None:
            return one, other, p
    return None


def _folded(node: ir.Node) -> Any:
    """The value of what reads no fact."""
    match node:
        case ir.Const(value):
            return value
        case ir.Arith(op, left, right):
            one, other = _folded(left), _folded(right)
            return None if one is None or other is None else OPERATIONS[op](one, other)
    return None


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
}  # fmt: skip


def _among(item: ir.Node, options: ir.Const | ir.Read, *, holds: bool) -> Text:
    one = _value(item, {})
    if isinstance(options, ir.Read):
        among = Text("属于{b}", "is among {b}") if holds else Text("不属于{b}", "is not among {b}")
        return _said(among, one, _name(options))
    field = _field(item)
    listed = _join([_constant(field, value) for value in cast("tuple[Any, ...]", options.value)], Text("、", ", "))
    kinds = Text("属于{b}", "is one of {b}") if holds else Text("不属于{b}", "is none of {b}")
    return _said(kinds, one, listed)


def _value(node: ir.Node, units: Mapping[str, str]) -> Text:
    match node:
        case ir.Read():
            return _name(node)
        case ir.Const(value, _, name) if name:
            return _fill(Text("{n}{u}", "{n}{u}"), n=Text(f" {value} ", f"{value}"), u=unit(units[name]))
        case ir.Const(value):
            return Text(str(value), str(value))
        case ir.Call(name, args):
            last = args[1] if len(args) == 2 else None
            second = Text("", "") if last is None or isinstance(last, ir.Const) else _value(last, units)
            number = str(last.value) if isinstance(last, ir.Const) else ""
            told = _fill(CALLS[name], a=_value(args[0], units), b=second, n=Text(number, number))
            return Text(told.zh, told.en.replace(" 1 years", " 1 year")) if number == "1" else told
        case ir.Arith(op, left, right):
            sign = {"+": Text("与{b}之和", " plus {b}"), "-": Text("减{b}", " minus {b}"), "*": Text("×{b}", " × {b}")}
            one, other = _value(left, units), _value(right, units)
            return Text(one.zh + sign[op].zh.format(b=other.zh), one.en + sign[op].en.format(b=other.en))
    return phrase(node, units, inside=True)


def unit(name: str) -> Text:
    """The unit of a parameter as it follows a number."""
    return UNITS.get(name, Text(f" {name}", f" {name}"))


def _field(node: ir.Node) -> Field | None:
    """The fact that a value is, or is an item of."""
    match node:
        case ir.Read(path):
            return FIELDS[path]
        case ir.Call("first" | "last" | "least" | "greatest", (ir.Read(path),)):
            return FIELDS[path]
    return None


def _name(node: ir.Read) -> Text:
    name = FIELDS[node.path].name
    return Text(f"「{name.zh}」", f"“{name.en}”")


def _constant(field: Field | None, value: Any) -> Text:
    for code, zh, en in field.choices if field else ():
        if code == value:
            return Text(f"“{zh}”", f"“{en}”")
    if isinstance(value, str):
        return Text(f"“{value}”", f"“{value}”")
    if field and field.unit == "fen":
        zh, en = shown(field, value)
        return Text(f" {zh}", en)
    return Text(f" {value}", str(value))


def _said(words: Text, one: Text, other: Text) -> Text:
    filled = _fill(words, b=other)
    return Text(f"{one.zh}{filled.zh}", f"{one.en} {filled.en}")


def _join(parts: list[Text], by: Text) -> Text:
    return Text(by.zh.join(one.zh for one in parts), by.en.join(one.en for one in parts))


def _fill(words: Text, **values: Text) -> Text:
    return Text(
        words.zh.format(**{name: one.zh for name, one in values.items()}),
        words.en.format(**{name: one.en for name, one in values.items()}),
    )
