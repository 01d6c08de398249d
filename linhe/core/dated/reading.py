"""Reading ``params/*.toml``: every mistake is collected with its file and key, none is guessed away.

A file holds tables named by the parameter's code::

    [errands.accept_minutes]
    zh = "接单时限"
    en = "time to accept"
    type = "int"                  # int, float, str, bool, date, table (list of rows)
    unit = "min"                  # int and float must say in what they count
    [[errands.accept_minutes.series]]
    from = 2024-01-01             # in force from this day until the next entry of the same place
    until = 2026-01-01            # only where it ends without a successor
    value = 10
    source = "local rule"         # norm and article, or "local rule"
    verified = 2025-11-01         # absent: nobody has read the source yet
    place = "140902"              # prefix of place codes; absent: everywhere
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from linhe.core.dated.parameters import Entry, Parameter
from linhe.lib.text import Text

TYPES = ("int", "float", "str", "bool", "date", "table")
MEASURED = ("int", "float")
PARAMETER_KEYS = {"zh", "en", "type", "unit", "series"}
ENTRY_KEYS = {"from", "until", "value", "source", "verified", "place"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a parameter file."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


def read_files(files: Iterable[tuple[str, Path]]) -> tuple[dict[str, Parameter], list[Problem]]:
    """Read ``(shown name, path)`` pairs into parameters by code, together with all mistakes found."""
    found: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for name, path in files:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(name, "file", f"is not valid TOML: {error}"))
            continue
        for code, table in _tables(content):
            mistakes = list(_mistakes(table))
            if code in found:
                mistakes.append(("", f"is already declared in {found[code].file}"))
            problems += [Problem(name, f"{code}{key}", message) for key, message in mistakes]
            if not mistakes:
                found[code] = _parameter(code, table, name)
    return found, problems


def _tables(content: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Parameters by dotted code: a table that holds only tables is a group of them."""
    for key, value in content.items():
        if isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
            yield from _tables(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _mistakes(table: Any) -> Iterator[tuple[str, str]]:
    """Mistakes of one parameter as (key within it, message)."""
    if not isinstance(table, dict):
        yield "", "must be a table with zh, en, type, unit and series"
        return
    for key in sorted(table.keys() - PARAMETER_KEYS):
        yield f".{key}", "is not a known key"
    for key in ("zh", "en"):
        if not _is_text(table.get(key)):
            yield f".{key}", "a label is missing"
    kind = table.get("type")
    if kind not in TYPES:
        yield ".type", f"must be one of {', '.join(TYPES)}"
        return
    if not (_is_text(table.get("unit")) or ("unit" not in table and kind not in MEASURED)):
        yield ".unit", "a unit is missing"
    entries = table.get("series")
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        yield ".series", "at least one [[…series]] entry is needed"
        return
    wrong = [(f".series[{i}].{key}", text) for i, entry in enumerate(entries) for key, text in _in_entry(entry, kind)]
    yield from wrong or _overlaps(entries)


def _in_entry(entry: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for key in sorted(entry.keys() - ENTRY_KEYS):
        yield key, "is not a known key"
    if not _is_date(entry.get("from")):
        yield "from", "must be a date such as 2024-01-01"
    for key in ("until", "verified"):
        if key in entry and not _is_date(entry[key]):
            yield key, "must be a date such as 2024-01-01"
    if _is_date(entry.get("from")) and _is_date(entry.get("until")) and entry["until"] <= entry["from"]:
        yield "until", "must be later than from"
    if not _is_text(entry.get("source")):
        yield "source", "a source is missing: the norm and article, or 'local rule'"
    if not isinstance(entry.get("place", ""), str) or not entry.get("place", "0").isascii() or entry.get("place") == "":
        yield "place", "must be a prefix of place codes such as '140902'"
    if "value" not in entry:
        yield "value", "is missing"
    elif not _is_of(entry["value"], kind):
        yield "value", f"{entry['value']!r} is not of type {kind}"


def _overlaps(entries: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Entries of one place that begin on the same day or run past their successor."""
    ordered = sorted(enumerate(entries), key=lambda pair: (_prefix(pair[1]), pair[1]["from"]))
    for (_, first), (number, second) in pairwise(ordered):
        if _prefix(first) == _prefix(second) and first.get("until", second["from"]) > second["from"]:
            yield f".series[{number}].from", f"overlaps the entry that holds until {first['until']}"
        elif _prefix(first) == _prefix(second) and first["from"] == second["from"]:
            yield f".series[{number}].from", f"overlaps another entry from {second['from']}"


def _parameter(code: str, table: dict[str, Any], file: str) -> Parameter:
    entries = [
        Entry(
            value=float(raw["value"]) if table["type"] == "float" else raw["value"],
            from_date=raw["from"],
            until_date=raw.get("until"),
            source=raw["source"],
            verified_date=raw.get("verified"),
            place=_prefix(raw),
        )
        for raw in sorted(table["series"], key=lambda raw: (_prefix(raw), raw["from"]))
    ]
    series: list[Entry] = []
    for _, group in groupby(entries, key=lambda entry: entry.place):
        of_place = list(group)
        series += [replace(a, until_date=a.until_date or b.from_date) for a, b in pairwise(of_place)]
        series.append(of_place[-1])
    return Parameter(code, Text(table["zh"], table["en"]), table.get("unit", ""), table["type"], tuple(series), file)


def _prefix(entry: dict[str, Any]) -> str:
    """The place prefix; an official code of 12 digits loses the zeros that stand for levels below it."""
    place = str(entry.get("place", ""))
    if len(place) == 12 and place.isdigit():
        if place.endswith("0" * 10):  # a province
            return place[:2]
        return place.removesuffix("000").removesuffix("000")
    return place


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_of(value: Any, kind: str) -> bool:
    if kind == "table":
        return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)
    if kind == "date":
        return _is_date(value)
    if kind == "bool":
        return isinstance(value, bool)
    allowed = {"int": (int,), "float": (int, float), "str": (str,)}[kind]
    return isinstance(value, allowed) and not isinstance(value, bool)
