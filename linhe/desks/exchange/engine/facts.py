"""One fact with the place it was read from, and the checks that every value passes before a rule sees it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from linhe.desks.exchange.engine.fields import FIELDS, ITEM, MOST, Field, Value

EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
MOST_CHARACTERS = 4000
PPM = 1_000_000

ORDERED_DATES = (
    ("disclosure.starts_on", "disclosure.ends_on"),
    ("disclosure.newspaper_on", "disclosure.ends_on"),
    ("disclosure.suspended_on", "disclosure.resumed_on"),
    ("disclosure.restarted_on", "disclosure.ends_on"),
    ("approval.issued_on", "approval.valid_until"),
    ("appraisal.base_on", "appraisal.filed_on"),
    ("deal.contract_on", "deal.last_payment_on"),
)
"""Pairs in which the first never lies after the second: such a pair is a slip of the pen, not a finding."""


class Fact(NamedTuple):
    """A value, the document it stands in and its page (from 1); ``value`` None: nobody knows it yet."""

    value: Value | None
    document: str = ""
    page: int | None = None


MISSING = Fact(None)


class InvalidFact(ValueError):
    """A value that no document can hold; ``path`` names the fact."""

    def __init__(self, path: str, zh: str, en: str) -> None:
        super().__init__(f"{path}: {en}")
        self.path, self.zh, self.en = path, zh, en


def checked(path: str, fact: Fact) -> Fact:
    """The fact, its text brought to one form (NFKC, no blanks), so that equal names compare equal.

    Raises
    ------
    InvalidFact : an unknown path, or a value of another kind or out of range.
    """
    field = FIELDS.get(path)
    if field is None or field.derived:
        raise InvalidFact(path, "不是已知字段", "is not a known field")
    value = fact.value
    if value is None:
        return fact
    if field.kind == "text":
        return fact._replace(value=_text(field, value))
    if field.kind == "int":
        _whole(path, value, PPM if field.unit == "ppm" else MOST)
    elif field.kind == "bool":
        if not isinstance(value, bool):
            raise InvalidFact(path, "须为是或否", f"{value!r} is neither true nor false")
    else:
        _day(path, value)
    return fact


def in_order(facts: Mapping[str, Fact]) -> None:
    """Refuse reversed dates."""
    for first, second in ORDERED_DATES:
        one, other = facts[first].value, facts[second].value
        if isinstance(one, date) and isinstance(other, date) and one > other:
            before, after = FIELDS[first].name, FIELDS[second].name
            raise InvalidFact(
                second, f"“{after.zh}”早于“{before.zh}”", f"{after.en} ({other}) lies before {before.en} ({one})"
            )


def normal(text: str) -> str:
    """A name in the form in which names are compared: full-width forms folded, blanks removed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_of(kind: str, value: object) -> bool:
    """Whether a value is of a kind; a list may hold unknowns."""
    if kind in ITEM:
        return isinstance(value, tuple) and all(one is None or is_of(ITEM[kind], one) for one in value)
    return type(value) is {"int": int, "bool": bool, "text": str, "date": date}[kind]


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_CHARACTERS:
        raise InvalidFact(field.path, "须为文字", f"{str(value)[:40]!r} is not a text")
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidFact(field.path, "含有不能识别的字符", f"{value[:40]!r} holds what is no character")
    text = normal(value)
    if field.choices and text not in {code for code, _, _ in field.choices}:
        known = ", ".join(code for code, _, _ in field.choices)
        raise InvalidFact(field.path, f"须为下列之一：{known}", f"{text[:40]!r} is none of {known}")
    return text


def _whole(path: str, value: object, most: int) -> None:
    if type(value) is not int:
        raise InvalidFact(path, "须为整数", f"{value!r} is not a whole number")
    if not 0 <= value <= most:
        raise InvalidFact(path, f"须在 0 至 {most} 之间", f"{value} lies outside 0 to {most}")


def _day(path: str, value: object) -> None:
    if type(value) is not date:
        raise InvalidFact(path, "须为日期", f"{value!r} is not a date")
    if not EARLIEST <= value <= LATEST:
        raise InvalidFact(path, f"须在 {EARLIEST} 至 {LATEST} 之间", f"{value} lies outside {EARLIEST} to {LATEST}")
