"""How an action's data is declared: one pydantic model serves the page's form, the API and its documentation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from linhe.lib.text import Text

Keep = Literal["event", "private", "desk"]


class ActionData(BaseModel):
    """Base of every action's data: unknown fields are refused, texts are trimmed and free of control characters."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_control_characters(cls, sent: Any) -> Any:
        if isinstance(sent, str) and any((c < " " and c not in "\n\r\t") or "\ud800" <= c <= "\udfff" for c in sent):
            raise ValueError(
                Text(
                    "含有不能识别的字符。",
                    "It contains characters that cannot be kept.",
                )
            )
        return sent


def ask(
    zh: str,
    en: str,
    *,
    hint: Text | None = None,
    keep: Keep = "event",
    widget: str = "",
    choices: tuple[tuple[str, Text], ...] = (),
    **rules: Any,
) -> Any:
    """A pydantic field with its label in both languages.

    ``keep`` says where the answer stays: in the ``event`` (never personal text), ``private`` (encrypted, erasable,
    bound to the event by a salted hash), or with the ``desk`` (the effect stores it). ``rules`` are pydantic's own.
    """
    extra: dict[str, Any] = {"zh": zh, "en": en, "keep": keep, "widget": widget}
    if hint:
        extra |= {"hint_zh": hint.zh, "hint_en": hint.en}
    if choices:
        extra["choices"] = [[code, label.zh, label.en] for code, label in choices]
    default = rules.pop("default", ...)
    return Field(default, title=zh, description=en, json_schema_extra=extra, **rules)
