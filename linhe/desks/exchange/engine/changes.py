"""What differs between the rule books of two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from linhe.desks.exchange.engine.rulebook import Parameter, Rule, RuleBook

Kind = Literal["added", "ended", "changed"]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that is in force on one of the days only, or in another version.

    ``parts`` names what differs (``title``, ``from_date``, ``applies_when``, ``cite.article``, ``message`` ...) when it
    changed; ``parameters`` names parameters with another value on which the rule rests.
    """

    kind: Kind
    id: str
    before: Rule | None
    after: Rule | None
    parts: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter with another value; None: not in force."""

    parameter: Parameter
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs, in the order of the rule book."""

    rules: tuple[RuleChange, ...]
    parameters: tuple[ParameterChange, ...]
    hashes: tuple[str, str]


def difference(book: RuleBook, before: date, after: date) -> Difference:
    """What changed in the rule book from one day to another (which may lie before)."""
    old, new = book.at(before), book.at(after)
    was = {one.rule.id: one for one in old.rules}
    is_now = {one.rule.id: one for one in new.rules}
    parameters = tuple(
        ParameterChange(one, one.value(before), one.value(after))
        for one in book.parameters
        if one.value(before) != one.value(after)
    )
    moved = {one.parameter.name for one in parameters}
    changes = []
    for rule_id in dict.fromkeys([*was, *is_now]):
        one, other = was.get(rule_id), is_now.get(rule_id)
        if one is None or other is None:
            kind: Kind = "added" if one is None else "ended"
            before_rule, after_rule = one.rule if one else None, other.rule if other else None
            changes.append(RuleChange(kind, rule_id, before_rule, after_rule))
            continue
        parts = differing(one.rule, other.rule)
        resting = tuple(name for name in dict.fromkeys((*one.parameters, *other.parameters)) if name in moved)
        if parts or resting:
            changes.append(RuleChange("changed", rule_id, one.rule, other.rule, parts, resting))
    return Difference(tuple(changes), parameters, (old.hash, new.hash))


def differing(one: Rule, other: Rule) -> tuple[str, ...]:
    """The parts in which two versions differ, parts of the citation by their own names."""
    before, after = one.content(), other.content()
    parts = [name for name in before if name != "cite" and before[name] != after[name]]
    one_cite, other_cite = before["cite"], after["cite"]
    cited = [f"cite.{n}" for n in {**one_cite, **other_cite} if one_cite.get(n) != other_cite.get(n)]
    return (*parts, *cited)
