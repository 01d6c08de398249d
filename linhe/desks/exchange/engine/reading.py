"""Reads ``rules/*.yaml`` and ``params/*.toml``; every mistake names the file, the rule and the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, get_args

import yaml

from linhe.desks.exchange.engine.fields import FIELDS, Words
from linhe.desks.exchange.engine.rulebook import Cite, Example, Parameter, Rule, RuleBook, Severity, Status

KEYS = (
    "id", "title", "from", "to", "applies_when", "fails_when", "severity", "cite", "evidence", "message",
    "cases", "note",
)  # fmt: skip
NEEDED = set(KEYS) - {"to", "note"}
ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
GROUP = "exchange"
MOST_BYTES = 1_000_000


class InvalidRuleBook(ValueError):
    """A rule or parameter that cannot be read."""


class _Loader(yaml.SafeLoader):
    """Plain data only; a key that stands twice is a mistake and an alias is not used."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise InvalidRuleBook(f"line {self.line + 1}: aliases are not used")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if not isinstance(name, str) or name in seen or key.tag == "tag:yaml.org,2002:merge":
                raise InvalidRuleBook(f"line {key.start_mark.line + 1}: {name!r} stands twice or is no plain name")
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


@cache
def shipped() -> RuleBook:
    """The rule book that comes with the desk."""
    desk = files("linhe.desks.exchange")
    rules = [
        (one.name, one.read_text(encoding="utf-8"))
        for one in sorted(desk.joinpath("rules").iterdir(), key=lambda one: one.name)
        if one.name.endswith(".yaml")
    ]
    parameters = desk.joinpath("params", "rules.toml").read_text(encoding="utf-8")
    return read(rules, parameters)


def read(rules: Iterable[tuple[str, str]], parameters: str) -> RuleBook:
    """A rule book from ``(file name, text)`` pairs and the text of the parameters."""
    found = [rule for name, text in rules for rule in read_rules(text, name)]
    return RuleBook(tuple(found), read_parameters(parameters))


def read_rules(text: str, file: str) -> list[Rule]:
    """The rules of one file.

    Raises
    ------
    InvalidRuleBook : no YAML, a key twice, unknown or missing, a value of another form.
    """
    if len(text) > MOST_BYTES:
        raise InvalidRuleBook(f"{file}: is longer than {MOST_BYTES} characters")
    try:
        content = yaml.load(text, Loader=_Loader)  # a SafeLoader
    except yaml.YAMLError as error:
        raise InvalidRuleBook(f"{file}: is not valid YAML: {error}") from None
    except InvalidRuleBook as error:
        raise InvalidRuleBook(f"{file}: {error}") from None
    if not isinstance(content, list):
        raise InvalidRuleBook(f"{file}: must be a list of rules")
    return [_rule(one, f"{file}[{place}]", file) for place, one in enumerate(content)]


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """The whole numbers of ``[exchange.NAME]`` tables; ``core.dated`` checks their form."""
    found = []
    for name, one in tomllib.loads(text).get(GROUP, {}).items():
        if one["type"] != "int" or any("place" in entry for entry in one["series"]):
            raise InvalidRuleBook(f"{GROUP}.{name}: rules rest on whole numbers that hold everywhere")
        entries = sorted(one["series"], key=lambda entry: entry["from"])
        series = tuple((e["from"], e.get("until"), e["value"], e["source"]) for e in entries)
        found.append(Parameter(name, Words(one["zh"], one["en"]), one["unit"], series))
    return tuple(found)


def _rule(one: Any, where: str, file: str) -> Rule:
    _names(one, where, set(KEYS), NEEDED)
    rule_id = one["id"]
    if not isinstance(rule_id, str) or not ID.fullmatch(rule_id):
        raise InvalidRuleBook(f"{where}.id: {rule_id!r} is not a name such as below-ninety-percent")
    where = f"{file}: {rule_id}"
    evidence = one["evidence"]
    if not isinstance(evidence, list) or not evidence or not set(evidence) <= set(FIELDS):
        raise InvalidRuleBook(f"{where}.evidence: must be a list of known facts")
    if one["severity"] not in get_args(Severity):
        raise InvalidRuleBook(f"{where}.severity: must be one of {', '.join(get_args(Severity))}")
    for name in ("from", "to"):
        if one.get(name) is not None and type(one[name]) is not date:
            raise InvalidRuleBook(f"{where}.{name}: must be a date such as 2024-01-01")
    if one["from"] is None:
        raise InvalidRuleBook(f"{where}.from: a rule needs the day from which it holds")
    return Rule(
        id=rule_id,
        title=_words(one["title"], f"{where}.title", evidence),
        from_date=one["from"],
        to_date=one.get("to"),
        applies_when=_text(one["applies_when"], f"{where}.applies_when"),
        fails_when=_text(one["fails_when"], f"{where}.fails_when"),
        severity=one["severity"],
        cite=_cite(one["cite"], f"{where}.cite"),
        evidence=tuple(evidence),
        message=_words(one["message"], f"{where}.message", evidence),
        cases=tuple(_example(case, f"{where}.cases[{place}]") for place, case in enumerate(_list(one["cases"], where))),
        file=file,
        note=_words(one["note"], f"{where}.note", evidence) if "note" in one else None,
    )


def _cite(one: Any, where: str) -> Cite:
    names = ("document", "article", "quote", "verified_by")
    _names(one, where, {*names, "seen_in"}, set(names))
    for name in (*names[1:], "seen_in"):
        if one.get(name) is not None:
            _text(one[name], f"{where}.{name}")
    _text(one["document"], f"{where}.document")
    return Cite(**one)


def _words(one: Any, where: str, evidence: list[str]) -> Words:
    _names(one, where, {"zh", "en"}, {"zh", "en"})
    for language in ("zh", "en"):
        for name in PLACEHOLDER.findall(_text(one[language], f"{where}.{language}")):
            if name not in evidence and "." in name:
                raise InvalidRuleBook(f"{where}.{language}: {{{name}}} is not among the evidence")
    return Words(one["zh"], one["en"])


def _example(one: Any, where: str) -> Example:
    _names(one, where, {"name", "facts", "expect"}, {"name", "facts", "expect"})
    facts = one["facts"]
    if not isinstance(facts, dict) or not set(facts) <= set(FIELDS):
        unknown = sorted(set(facts) - set(FIELDS)) if isinstance(facts, dict) else facts
        raise InvalidRuleBook(f"{where}.facts: {unknown!r} is not known")
    if one["expect"] not in get_args(Status):
        raise InvalidRuleBook(f"{where}.expect: must be one of {', '.join(get_args(Status))}")
    values = {path: tuple(value) if isinstance(value, list) else value for path, value in facts.items()}
    return Example(_words(one["name"], f"{where}.name", []), values, one["expect"])


def _names(one: Any, where: str, known: set[str], needed: set[str]) -> None:
    if not isinstance(one, Mapping):
        raise InvalidRuleBook(f"{where}: must be a table")
    for name in [*sorted(needed - set(one)), *sorted(set(one) - known)]:
        raise InvalidRuleBook(f"{where}.{name}: {'is missing' if name in needed else 'is not a known key'}")


def _list(one: Any, where: str) -> list[Any]:
    if not isinstance(one, list):
        raise InvalidRuleBook(f"{where}: must be a list")
    return one


def _text(one: Any, where: str) -> str:
    if not isinstance(one, str) or not one.strip():
        raise InvalidRuleBook(f"{where}: a text is missing")
    return " ".join(one.split())
