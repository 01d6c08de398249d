"""The rule book: rules and parameters with the days they hold, and what is in force on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from linhe.desks.exchange.engine import grammar, ir
from linhe.desks.exchange.engine.calendar import WorkingCalendar, official
from linhe.desks.exchange.engine.case import plain
from linhe.desks.exchange.engine.fields import Words

Severity = Literal["refuse", "return", "note"]
Status = Literal["pass", "fail", "unknown", "not_applicable"]

SEMANTICS = 1
"""Raised when the same rules would give other findings: part of every rule set's hash."""


@dataclass(frozen=True, slots=True)
class Cite:
    """What a rule rests on. None is unknown; ``verified_by`` None: nobody has read the original for it."""

    document: str
    article: str | None
    quote: str | None
    verified_by: str | None
    seen_in: str | None = None
    """Where the quote was read, when that is not the original: a printed collection, a copy on the net."""

    @property
    def verified(self) -> bool:
        """Whether a person has checked the citation against the original."""
        return self.verified_by is not None


@dataclass(frozen=True, slots=True)
class Example:
    """An embedded case: facts by path, and the status that is expected."""

    name: Words
    facts: Mapping[str, Any]
    expect: Status


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as people wrote it, in force from ``from_date`` until the day before ``to_date``.

    ``note`` says how the rule is read and what about it is unsettled; it shapes no finding.
    """

    id: str
    title: Words
    from_date: date
    to_date: date | None
    applies_when: str
    fails_when: str
    severity: Severity
    cite: Cite
    evidence: tuple[str, ...]
    message: Words
    cases: tuple[Example, ...]
    file: str
    note: Words | None = None

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.from_date <= day and (self.to_date is None or day < self.to_date)

    def content(self) -> dict[str, Any]:
        """What shapes its findings, as plain data: everything but its examples, note and file."""
        found = asdict(self)
        if self.cite.seen_in is None:
            del found["cite"]["seen_in"]  # a rule without it says what it said before there was such a place
        return {
            name: plain(tuple(value) if isinstance(value, tuple) else value)
            for name, value in found.items()
            if name not in ("cases", "file", "note")
        }


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that rules rest on: ``series`` holds (from, until or None, value, source), by date."""

    name: str
    label: Words
    unit: str
    series: tuple[tuple[date, date | None, int, str], ...]

    def value(self, day: date) -> int | None:
        """The value in force, None when there is none."""
        for start, end, value, _ in reversed(self.series):
            if start <= day:
                return value if end is None or day < end else None
        return None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A rule in force with its two expressions read: ``applies`` and ``fails`` are trees of ``ir``."""

    rule: Rule
    applies: ir.Node
    fails: ir.Node

    @property
    def reads(self) -> tuple[str, ...]:
        """Every fact that decides the rule, in order of appearance."""
        return tuple(dict.fromkeys((*ir.reads(self.applies), *ir.reads(self.fails))))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that the rule rests on."""
        return tuple(dict.fromkeys((*ir.parameters(self.applies), *ir.parameters(self.fails))))

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that the rule reads."""
        return tuple(dict.fromkeys(path.partition(".")[0] for path in self.reads))


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """What is in force on a day: rules by id, parameters, working calendar, and the hash of it all."""

    rules: tuple[Resolved, ...]
    parameters: Mapping[str, int]
    calendar: WorkingCalendar
    hash: str

    def reading(self, *paths: str) -> tuple[str, ...]:
        """Ids of the rules that read any of these facts: what a live check has to look at again."""
        return tuple(one.rule.id for one in self.rules if not set(paths).isdisjoint(one.reads))

    def rule(self, rule_id: str) -> Resolved:
        """A rule in force by its id; raises KeyError."""
        for one in self.rules:
            if one.rule.id == rule_id:
                return one
        raise KeyError(rule_id)


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """All rules and parameters over time. Versions of a rule share its id and never overlap.

    Raises
    ------
    ValueError : two versions of a rule or a parameter overlap.
    InvalidExpression : an expression that cannot be read on a day on which its rule is in force.
    """

    rules: tuple[Rule, ...]
    parameters: tuple[Parameter, ...]
    days: tuple[date, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        versions: dict[str, Rule] = {}
        for rule in sorted(self.rules, key=lambda one: (one.id, one.from_date)):
            if rule.to_date is not None and rule.to_date <= rule.from_date:
                raise ValueError(f"{rule.id}: to: {rule.to_date} is not after from: {rule.from_date}")
            before = versions.get(rule.id)
            if before and (before.to_date is None or before.to_date > rule.from_date):
                raise ValueError(f"{rule.id}: the versions from {before.from_date} and {rule.from_date} overlap")
            versions[rule.id] = rule
        changes = {day for rule in self.rules for day in (rule.from_date, rule.to_date) if day}
        changes |= {day for one in self.parameters for start, end, _, _ in one.series for day in (start, end) if day}
        object.__setattr__(self, "days", tuple(sorted(changes)))

    def at(self, day: date) -> RuleSet:
        """The rules in force on a day. Equal days between two changes of a year share one object."""
        changed = [one for one in self.days if one <= day]
        return _resolved(self, max([date(day.year, 1, 1), *changed[-1:]]))

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        """Every version of a rule, the oldest first."""
        return tuple(sorted((one for one in self.rules if one.id == rule_id), key=lambda one: one.from_date))


@lru_cache(maxsize=512)
def _resolved(book: RuleBook, day: date) -> RuleSet:
    values = {one.name: one.value(day) for one in book.parameters}
    parameters = {name: value for name, value in values.items() if value is not None}
    rules = tuple(
        Resolved(
            rule,
            grammar.parse(rule.applies_when, parameters, where=f"{rule.id}.applies_when"),
            grammar.parse(rule.fails_when, parameters, where=f"{rule.id}.fails_when"),
        )
        for rule in book.rules
        if rule.holds(day)
    )
    calendar = official(day.year + 1)
    content = {
        "semantics": SEMANTICS,
        "rules": sorted((one.rule.content() for one in rules), key=lambda one: one["id"]),
        "parameters": parameters,
        "calendar": calendar.digest,
    }
    return RuleSet(rules, parameters, calendar, digest(content))


def digest(content: Any) -> str:
    """SHA-256 of plain data in its canonical form: sorted keys, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()
