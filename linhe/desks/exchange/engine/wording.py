"""Puts a finding and its values into words, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.choices import LEVELS
from linhe.desks.exchange.engine.facts import MISSING, Fact
from linhe.desks.exchange.engine.fields import FIELDS, Field, Words
from linhe.desks.exchange.engine.rulebook import Resolved, Status

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
BETWEEN = re.compile(r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])")
"""Blanks between two Chinese characters, where a value ends in one."""
PLAIN: dict[Status, Words] = {
    "pass": Words("符合。", "Conforms."),
    "not_applicable": Words("不适用。", "Does not apply."),
}
UNITS = {
    "persons": Words("个", ""), "times": Words("次", ""), "days": Words("个工作日", " working days"),
    "percent": Words("%", " %"),
}  # fmt: skip
"""Days as a number are those of a notice: working days."""


def message(resolved: Resolved, status: Status, facts: Mapping[str, Fact]) -> Words:
    """What a finding says."""
    if status == "fail":
        return filled(resolved, facts)
    if status != "unknown":
        return PLAIN[status]
    open_ = (path for path in resolved.reads if facts.get(path, MISSING).value is None and path in facts)
    missing = [FIELDS[path].name for path in resolved.needed(open_)]
    if not missing:
        return Words(
            "现有材料不足以判断（如所涉年份的工作日历尚未公布）。",
            "What is there does not decide it (as when the working calendar of that year is not published).",
        )
    return Words(
        f"待补正：缺少{'、'.join(one.zh for one in missing)}，不能判断。",
        f"To be completed: {', '.join(one.en for one in missing)} missing, so this cannot be decided.",
    )


def filled(resolved: Resolved, facts: Mapping[str, Fact]) -> Words:
    """The rule's message with its evidence and parameters filled in."""
    template = resolved.rule.message
    values = parameters_of(resolved)

    def fill(text: str, language: int) -> str:
        def one(found: re.Match[str]) -> str:
            name = found.group(1)
            if name in values:
                return str(values[name])
            return shown(FIELDS[name], facts[name].value)[language]

        return PLACEHOLDER.sub(one, text)

    zh, en = BETWEEN.sub("", fill(template.zh, 0)), fill(template.en, 1)
    return Words(zh.replace("（（缺））", "（缺）"), en.replace("((missing))", "(missing)"))


def parameters_of(resolved: Resolved) -> dict[str, Any]:
    """The parameters that a rule rests on, with their values in force."""
    from_trees = (*_constants(resolved.applies), *_constants(resolved.fails))
    return dict(from_trees)


def shown(field: Field, value: Any) -> Words:
    """A value for people: money in yuan, shares in percent, choices by name."""
    if value is None:
        return Words("（缺）", "(missing)")
    if isinstance(value, tuple):
        items = [shown(field, one) for one in value]
        return Words("、".join(one.zh for one in items) or "（无）", ", ".join(one.en for one in items) or "(none)")
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, date):
        return Words(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
    if isinstance(value, int):
        return _number(field, value)
    for code, zh, en in field.choices:
        if code == value:
            return Words(zh, en)
    return Words(str(value), str(value))


def _number(field: Field, value: int) -> Words:
    if field.unit == "fen":
        yuan, fen = divmod(value, 100)
        text = f"{yuan:,}.{fen:02}"
        return Words(f"{text} 元", f"{text} yuan")
    if field.unit == "ppm":
        whole, rest = divmod(value, 10_000)
        text = f"{whole}.{rest:04}".rstrip("0").rstrip(".")
        return Words(f"{text}%", f"{text} %")
    if field.unit == "level":
        return next((Words(zh, en) for level, zh, en in LEVELS if level == value), Words(str(value), str(value)))
    unit = UNITS.get(field.unit, Words("", ""))
    return Words(f"{value} {unit.zh}" if unit.zh else str(value), f"{value}{unit.en}")


def _constants(node: ir.Node) -> list[tuple[str, Any]]:
    return [(one.name, cast(int, one.value)) for one in ir.nodes(node) if isinstance(one, ir.Const) and one.name]
