"""Puts what pydantic found wrong into words of both languages, naming the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from linhe.lib.text import Text


def explain(code: str, label: Callable[[str], Text], error: ValidationError) -> dict[str, Text]:
    """A message in both languages for every field that is wrong, by its place."""
    found: dict[str, Text] = {}
    for one in error.errors():
        place = ".".join(str(part) for part in one["loc"]) or code
        name = label(place)
        message = _message(one)
        found[place] = Text(f"{name.zh}：{message.zh}", f"{name.en}: {message.en}")
    return found


def _message(one: Any) -> Text:
    context = one.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, ValueError) and raised.args and isinstance(raised.args[0], Text):
        return raised.args[0]
    low, high = context.get("ge"), context.get("le")
    match one["type"]:
        case "extra_forbidden":
            return Text("不是已知字段。", "is not a known field.")
        case "greater_than_equal":
            return Text(f"不能小于 {low}。", f"must not be less than {low}.")
        case "less_than_equal":
            return Text(f"不能大于 {high}。", f"must not be more than {high}.")
        case "literal_error":
            return Text("不在可选项中。", "is none of the choices.")
        case "string_too_long" | "too_long":
            return Text("过长。", "is too long.")
        case kind if kind.startswith("date"):
            return Text("须为日期，如 2026-03-02。", "must be a date such as 2026-03-02.")
        case kind if kind.startswith(("int", "finite")):
            return Text("须为整数。", "must be a whole number.")
        case "missing":
            return Text("未填写。", "is missing.")
    return Text("填写有误。", "cannot be read.")
