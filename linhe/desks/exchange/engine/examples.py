"""Runs the examples that stand with each rule: they explain it to people and test it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.facts import is_of
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.rulebook import Example, Resolved, Rule, RuleBook, RuleSet, Status

NEEDED: tuple[Status, ...] = ("pass", "fail", "unknown")
"""Every rule shows at least one example of each."""

OPEN_END = date(2026, 6, 30)
"""Day on which the examples of rules without an end are tried: both its year and the holidays of it are published."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An example with what the rule really says."""

    rule: Rule
    example: Example
    found: Status

    @property
    def right(self) -> bool:
        """Whether it is what the example expects."""
        return self.found == self.example.expect


def day_of(rule: Rule) -> date:
    """A day on which a rule is in force, as late as its examples' dates need."""
    return rule.to_date - timedelta(days=1) if rule.to_date else max(rule.from_date, OPEN_END)


def trials(book: RuleBook) -> Iterator[Trial]:
    """Every example of every version of every rule."""
    for rule in book.rules:
        rule_set = book.at(day_of(rule))
        resolved = rule_set.rule(rule.id)
        for example in rule.cases:
            yield Trial(rule, example, status(resolved, example, rule_set))


def status(resolved: Resolved, example: Example, rule_set: RuleSet) -> Status:
    """What a rule says of an example.

    Raises
    ------
    ValueError : a fact of the example is of another kind than the vocabulary says.
    """
    for path, value in example.facts.items():
        if value is not None and not is_of(FIELDS[path].kind, value):
            raise ValueError(f"{resolved.rule.id}: {example.name.en}: {path}: {value!r} is no {FIELDS[path].kind}")
    paths = list(FIELDS)
    compiler = Compiler({path: place for place, path in enumerate(paths)}, rule_set.calendar)
    row = [example.facts.get(path) for path in paths]
    applies = compiler.compile(resolved.applies)(row)
    if applies is False:
        return "not_applicable"
    fails = None if applies is None else compiler.compile(resolved.fails)(row)
    return "unknown" if fails is None else "fail" if fails else "pass"
