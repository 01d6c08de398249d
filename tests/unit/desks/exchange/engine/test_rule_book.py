"""The rule book: every rule with examples that are right, versions by date, and no change without one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

from linhe.desks.exchange.engine import functions, grammar, lock
from linhe.desks.exchange.engine.calendar import official
from linhe.desks.exchange.engine.changes import difference
from linhe.desks.exchange.engine.examples import NEEDED, Trial, trials
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.reading import InvalidRuleBook, read, read_parameters, read_rules, shipped
from linhe.desks.exchange.engine.rulebook import Rule, RuleBook

BOOK = shipped()
DAY = date(2026, 6, 30)
PARAMETERS = files("linhe.desks.exchange").joinpath("params", "rules.toml").read_text(encoding="utf-8")
RULE = """
- id: small
  title: {zh: 小, en: small}
  from: 2024-01-01
  applies_when: "true"
  fails_when: deal.buyers < 2
  severity: return
  cite: {document: 某规则, article: null, quote: null, verified_by: null}
  evidence: [deal.buyers]
  message: {zh: "只有 {deal.buyers}", en: "only {deal.buyers}"}
  cases: [{name: {zh: 一, en: one}, facts: {deal.buyers: 1}, expect: fail}]
"""


def of(rule: Rule) -> str:
    return f"{rule.id}@{rule.from_date}"


@pytest.mark.parametrize("trial", list(trials(BOOK)), ids=lambda one: f"{of(one.rule)}-{one.example.name.en}")
def test_an_example_of_a_rule(trial: Trial) -> None:
    assert trial.found == trial.example.expect


@pytest.mark.parametrize("rule", BOOK.rules, ids=of)
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert set(NEEDED) <= {case.expect for case in rule.cases}, "an example each of pass, fail and unknown"
    assert len({case.name for case in rule.cases}) == len(rule.cases)
    resolved = BOOK.at(rule.from_date).rule(rule.id)
    decisive = set(resolved.reads) - {"application.line", "application.step", "application.kind"}
    assert decisive - set(rule.evidence) <= {
        "application.listing_number", "disclosure.suspended", "disclosure.changed", "deal.lump_sum",
        "appraisal.filing_kind", "approval.new_price_fen", "appraisal.value_fen", "application.reserve_fen",
    }, "what decides is shown"  # fmt: skip
    named = {part.partition("}")[0] for part in rule.message.zh.split("{")[1:]}
    assert {name for name in named if name not in FIELDS} <= set(resolved.parameters)


def test_a_quote_says_where_it_was_read_and_nobody_is_said_to_have_verified_it() -> None:
    assert [of(rule) for rule in BOOK.rules if bool(rule.cite.quote) != bool(rule.cite.seen_in)] == []
    assert [of(rule) for rule in BOOK.rules if rule.cite.verified] == []


def test_a_rule_changed_without_a_date_fails_the_build() -> None:
    """Renew with ``python -m linhe.desks.exchange.engine.lock write`` after adding a version."""
    locked = lock.read()
    assert lock.broken(locked, BOOK) == []
    assert lock.entries(BOOK) == locked, "a new version is locked with the commit that adds it"


def test_the_lock_tells_what_changed() -> None:
    locked = lock.entries(BOOK)
    first, *others = BOOK.rules
    changed = RuleBook((replace(first, fails_when="certificate.genuine"), *others), BOOK.parameters)
    assert lock.broken(locked, changed) == [f"{of(first)} says something else: give the change its own day of from"]
    assert lock.broken(locked, RuleBook(tuple(others), BOOK.parameters)) == [f"{of(first)} is gone"]
    ended = next(one for one in BOOK.rules if one.to_date)
    reopened = tuple(replace(one, to_date=date(2010, 1, 1)) if one == ended else one for one in BOOK.rules)
    assert lock.broken(locked, RuleBook(reopened, BOOK.parameters)) == [
        f"{of(ended)} ended on {ended.to_date}, now 2010-01-01"
    ]
    closed = (replace(first, to_date=date(2027, 1, 1)), *others)
    assert lock.broken(locked, RuleBook(closed, BOOK.parameters)) == [], "an end may be added"
    explained = replace(first, note=first.title, cite=replace(first.cite, seen_in="某书"))
    assert lock.broken(locked, RuleBook((explained, *others), BOOK.parameters)) == [], "an explanation is no change"
    read_by_somebody = (replace(first, cite=replace(first.cite, verified_by="某人")), *others)
    assert lock.broken(locked, RuleBook(read_by_somebody, BOOK.parameters)) == []
    dearer = read_parameters(PARAMETERS.replace("value = 90", "value = 85"))
    assert lock.broken(locked, RuleBook(BOOK.rules, dearer)) == [
        "below_percent@2009-01-01 says something else: give the change its own day of from"
    ]


def test_a_function_that_comes_to_mean_something_else_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    locked = lock.entries(BOOK)
    monkeypatch.setattr(functions, "add_months", lambda day, months: day + timedelta(days=30 * months))
    told = "meaning@1: the words of rules mean something else: raise SEMANTICS"
    assert lock.broken(locked, BOOK) == [told]
    monkeypatch.setattr(lock, "SEMANTICS", 2)
    assert lock.broken(locked, BOOK) == [], "another number is another hash"


@pytest.mark.parametrize(
    ("name", "what"), [("all_of", lambda items: None), ("first", lambda items: items[-1] if items else None)]
)
def test_so_does_one_of_lists(monkeypatch: pytest.MonkeyPatch, name: str, what: Callable[[Any], Any]) -> None:
    locked = lock.entries(BOOK)
    monkeypatch.setitem(functions.OF_LISTS, name, what)
    assert len(lock.broken(locked, BOOK)) == 1


def test_a_fact_that_kept_findings_name_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    locked = lock.entries(BOOK)
    monkeypatch.delitem(FIELDS, "certificate.pledged")
    monkeypatch.setitem(FIELDS, "deal.lump_sum", replace(FIELDS["deal.lump_sum"], kind="text"))
    gone, changed = lock.broken(locked, BOOK)
    assert gone == "fact certificate.pledged is gone"
    assert changed.startswith("fact deal.lump_sum says something else")


def test_the_hash_follows_what_shapes_findings_and_nothing_else() -> None:
    now = BOOK.at(DAY).hash
    assert BOOK.at(date(2026, 7, 1)).hash == now == read(_files(), PARAMETERS).at(DAY).hash
    first, *others = BOOK.rules
    for change in (
        {"fails_when": "certificate.genuine"}, {"severity": "note"},
        {"cite": replace(first.cite, article="第一条")}, {"cite": replace(first.cite, seen_in="某书")},
        {"title": first.title._replace(en="other")},
    ):  # fmt: skip
        assert RuleBook((replace(first, **change), *others), BOOK.parameters).at(DAY).hash != now
    assert RuleBook((replace(first, cases=(), note=None), *others), BOOK.parameters).at(DAY).hash == now
    assert RuleBook(tuple(reversed(BOOK.rules)), BOOK.parameters).at(DAY).hash == now
    assert RuleBook(BOOK.rules, read_parameters(PARAMETERS.replace("value = 90", "value = 89"))).at(DAY).hash != now
    assert official(2025).digest != official(2026).digest, "the working calendar counts too"


def test_the_hash_is_the_same_in_another_process() -> None:
    program = (
        "from datetime import date; from linhe.desks.exchange.engine.reading import shipped;"
        "print(shipped().at(date(2026, 6, 30)).hash)"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == BOOK.at(DAY).hash


def test_rules_are_in_force_from_their_day_until_the_day_before_their_end() -> None:
    before, after = BOOK.at(date(2025, 2, 17)), BOOK.at(date(2025, 2, 18))
    old, new = before.rule("sasac-notice-days").rule, after.rule("sasac-notice-days").rule
    assert (old.to_date, new.from_date) == (date(2025, 2, 18), date(2025, 2, 18))
    assert before.rule("sasac-extension")
    with pytest.raises(KeyError):
        after.rule("sasac-extension")
    changed = difference(BOOK, date(2025, 2, 17), date(2025, 2, 18))
    assert {(one.kind, one.id) for one in changed.rules} == {
        ("ended", "sasac-extension"), ("ended", "sasac-suspension"), ("ended", "sasac-change"),
        ("changed", "sasac-notice-days"),
    }  # fmt: skip
    renewed = next(one for one in changed.rules if one.kind == "changed")
    assert {"from_date", "fails_when", "cite.document", "cite.article"} <= set(renewed.parts)
    assert changed.parameters == ()
    assert changed.hashes == (before.hash, after.hash)
    assert BOOK.versions("sasac-notice-days")[-2:] == (old, new)
    back = difference(BOOK, date(2025, 2, 18), date(2025, 2, 17))
    assert ("added", "sasac-extension") in {(one.kind, one.id) for one in back.rules}


def test_a_parameter_with_another_value_shows_in_the_rules_that_rest_on_it() -> None:
    more = PARAMETERS.replace(
        'value = 90\n', 'value = 90\n[[exchange.below_percent.series]]\nfrom = 2026-01-01\nvalue = 85\n'
        'source = "试"\n', 1,
    )  # fmt: skip
    more = more.replace("value = 90\n[[", 'value = 90\nsource = "试"\n[[', 1).replace('source = "试"\nsource', "source")
    book = RuleBook(BOOK.rules, read_parameters(more))
    changed = difference(book, date(2025, 12, 31), date(2026, 1, 1))
    assert [(one.parameter.name, one.before, one.after) for one in changed.parameters] == [("below_percent", 90, 85)]
    resting = {one.id for one in changed.rules if one.parameters == ("below_percent",)}
    assert resting == {"below-ninety-percent", "below-ninety-percent-anew", "sasac-below-ninety-percent"}


def test_what_a_field_decides() -> None:
    rules = BOOK.at(DAY)
    assert "below-ninety-percent" in rules.reading("approval.new_price_fen")
    assert rules.reading("certificate.genuine") == ("certificate-genuine",)
    assert rules.rule("appraisal-scope").documents == ("application", "appraisal", "approval")
    assert rules.rule("below-ninety-percent").parameters == ("below_percent",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: return", "severity: return\n  severity: note", "stands twice"),
        ("zh: 小, en: small", "zh: 小, zh: 大, en: small", "stands twice"),
        ("severity: return", "severity: perhaps", "severity: must be one of"),
        ("severity: return", "severity: return\n  colour: red", "colour: is not a known key"),
        ("  severity: return\n", "", "severity: is missing"),
        ("from: 2024-01-01", "from: soon", "from: must be a date"),
        ("from: 2024-01-01", "from: null", "from: a rule needs the day"),
        ("evidence: [deal.buyers]", "evidence: [deal.sellers]", "evidence: must be a list of known facts"),
        ("evidence: [deal.buyers]", "evidence: []", "evidence: must be a list of known facts"),
        ("只有 {deal.buyers}", "只有 {deal.price_fen}", "is not among the evidence"),
        ("deal.buyers: 1", "deal.sellers: 1", "['deal.sellers'] is not known"),
        ("expect: fail", "expect: maybe", "expect: must be one of"),
        ("article: null, ", "", "article: is missing"),
        ("id: small", "id: Small Rule", "is not a name"),
        ("title: {zh: 小, en: small}", "title: &a {zh: 小, en: small}\n  more: *a", "aliases are not used"),
        ("title: {zh: 小, en: small}", "title: !!python/object:os.system {}", "is not valid YAML"),
        ("- id: small", "id: small", "is not valid YAML"),
    ],
)
def test_a_rule_that_cannot_be_read_names_its_place(old: str, new: str, message: str) -> None:
    assert old in RULE
    with pytest.raises(InvalidRuleBook, match=r"small\.yaml") as error:
        read_rules(RULE.replace(old, new, 1), "small.yaml")
    assert message in str(error.value)


def test_versions_of_a_rule_do_not_overlap() -> None:
    with pytest.raises(ValueError, match="small: the versions from 2024-01-01 and 2024-01-01 overlap"):
        read([("a.yaml", RULE), ("b.yaml", RULE)], PARAMETERS)
    later = RULE.replace("from: 2024-01-01", "from: 2025-01-01")
    with pytest.raises(ValueError, match="overlap"):
        read([("a.yaml", RULE), ("b.yaml", later)], PARAMETERS)
    closed = RULE.replace("from: 2024-01-01", "from: 2024-01-01\n  to: 2025-01-01")
    book = read([("a.yaml", closed), ("b.yaml", later)], PARAMETERS)
    assert [len(book.at(date(year, 12, 31)).rules) for year in (2023, 2024, 2025)] == [0, 1, 1]
    with pytest.raises(ValueError, match="small: to: 2023-01-01 is not after from"):
        read([("a.yaml", RULE.replace("from: 2024-01-01", "from: 2024-01-01\n  to: 2023-01-01"))], PARAMETERS)


def test_an_expression_that_cannot_be_read_names_rule_and_position() -> None:
    book = read([("a.yaml", RULE.replace("deal.buyers < 2", "deal.buyers < many"))], PARAMETERS)
    with pytest.raises(grammar.InvalidExpression, match=r"^small\.fails_when, position 15: 'many' is neither"):
        book.at(DAY)


def _files() -> list[tuple[str, str]]:
    folder = files("linhe.desks.exchange").joinpath("rules")
    return [(one.name, one.read_text(encoding="utf-8")) for one in folder.iterdir() if one.name.endswith(".yaml")]
