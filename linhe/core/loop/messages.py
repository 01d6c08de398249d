"""Validation errors of pydantic as sentences in the reader's language, one a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from linhe.lib.text import Text

_SENTENCES = {
    "missing": Text("请填写这一项。", "Please fill this in."),
    "string_too_short": Text("请填写完整。", "Please write a little more."),
    "string_too_long": Text("太长了，最多 {max_length} 个字。", "Too long: at most {max_length} characters."),
    "string_pattern_mismatch": Text("格式不对，请检查。", "This does not have the right form."),
    "greater_than": Text("应大于 {gt}。", "Must be more than {gt}."),
    "greater_than_equal": Text("不能小于 {ge}。", "Must be at least {ge}."),
    "less_than": Text("应小于 {lt}。", "Must be less than {lt}."),
    "less_than_equal": Text("不能大于 {le}。", "Must be at most {le}."),
    "int_parsing": Text("请填写整数。", "Please give a whole number."),
    "float_parsing": Text("请填写数字。", "Please give a number."),
    "decimal_parsing": Text("请填写数字。", "Please give a number."),
    "bool_parsing": Text("请选择是或否。", "Please choose yes or no."),
    "enum": Text("请从列表中选择。", "Please choose from the list."),
    "literal_error": Text("请从列表中选择。", "Please choose from the list."),
    "extra_forbidden": Text("不认识这一项。", "This field is not known."),
}
_OTHERWISE = Text("这一项不对，请检查。", "Please check this field.")


def plain_errors(error: ValidationError) -> dict[str, str]:
    """Field name -> sentence. A schema's own ``ValueError`` may carry a ``Text`` as its argument."""
    found: dict[str, str] = {}
    for one in error.errors(include_url=False):
        name = ".".join(str(part) for part in one["loc"]) or "__all__"
        found[name] = plain_sentence(one)
    return found


def plain_sentence(error: Mapping[str, Any]) -> str:
    """One entry of pydantic's list of errors as a sentence in the reader's language."""
    context = error.get("ctx", {})
    own = context.get("error")
    if isinstance(own, ValueError) and own.args and isinstance(own.args[0], Text):
        return str(own.args[0])
    return str(_SENTENCES.get(error["type"], _OTHERWISE).format(**context))
