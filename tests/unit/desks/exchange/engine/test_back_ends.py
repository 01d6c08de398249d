"""Closures, polars and the plain checker say the same of every rule, whatever is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linhe.desks.exchange.engine import checker
from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.columns import Translator
from linhe.desks.exchange.engine.examples import day_of, status
from linhe.desks.exchange.engine.fields import FIELDS, Words
from linhe.desks.exchange.engine.frames import DTYPES, _limits, findings, statuses
from linhe.desks.exchange.engine.grammar import InvalidExpression, parse
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import Example, Rule
from tests.unit.desks.exchange.engine.strategies import PATHS, expressions, rows

BOOK = shipped()
DAY = date(2026, 6, 30)
SET = BOOK.at(DAY)
LAST_DAY = date(2026, 12, 31)


def frame(found: list[dict[str, Any]], paths: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame({p: pl.Series(p, [row.get(p) for row in found], dtype=DTYPES[FIELDS[p].kind]) for p in paths})


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: f"{rule.id}@{rule.from_date}")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_each_rule_on_any_facts(rule: Rule, data: st.DataObject) -> None:
    rule_set = BOOK.at(day_of(rule))
    resolved = rule_set.rule(rule.id)
    last_day = min(LAST_DAY, date(day_of(rule).year + 1, 12, 31))
    found = data.draw(st.lists(rows(resolved.reads), min_size=1, max_size=8))
    of_polars = statuses(frame(found, resolved.reads), rule_set, rule.id)[rule.id].to_list()
    for row, in_polars in zip(found, of_polars, strict=True):
        plain = checker.check(rule.applies_when, rule.fails_when, row, rule_set.parameters, last_day)
        assert (status(resolved, Example(Words("", ""), row, "pass"), rule_set), in_polars) == (plain, plain), row


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=expressions, found=st.lists(rows(PATHS), min_size=1, max_size=5))
def test_any_expression_on_any_facts(text: str, found: list[dict[str, Any]]) -> None:
    try:
        node = parse(text, SET.parameters, where="any")
    except InvalidExpression as refused:
        assert "exactly" in refused.message or "deeper" in refused.message  # noqa: PT017 - grown too large
        return
    run = Compiler({path: place for place, path in enumerate(FIELDS)}, SET.calendar).compile(node)
    table = frame(found, PATHS)
    expression = Translator(_limits(table, list(PATHS)), SET.calendar).expression(node)
    in_polars = table.with_columns(expression.alias("found"))["found"].to_list()
    for row, of_polars in zip(found, in_polars, strict=True):
        word = checker.check("true", text, row, SET.parameters, LAST_DAY)
        plain = {"fail": True, "pass": False, "unknown": None}[word]
        assert (run([row.get(path) for path in FIELDS]), of_polars) == (plain, plain)


@settings(max_examples=15, deadline=None)
@given(st.lists(rows(tuple(sorted({path for one in SET.rules for path in one.reads}))), min_size=1, max_size=6))
def test_the_table_of_findings_lists_what_fails_or_is_unknown(found: list[dict[str, Any]]) -> None:
    table = frame(found, tuple(found[0]))
    listed = set(findings(table, SET).iter_rows())
    expected = {
        (place, rule, word)
        for rule, column in statuses(table, SET).to_dict(as_series=False).items()
        for place, word in enumerate(column)
        if word in ("fail", "unknown")
    }
    assert listed == expected


def test_a_column_that_is_not_there_is_missing_everywhere() -> None:
    table = pl.DataFrame({"application.line": ["financial", "financial"]})
    found = findings(table, SET).filter(pl.col("rule") == "certificate-genuine")
    assert found.rows() == [(0, "certificate-genuine", "unknown"), (1, "certificate-genuine", "unknown")]
    nothing = findings(pl.DataFrame({"deal.buyers": [1, 2, 3]}, schema={"deal.buyers": pl.Int64}), SET)
    assert nothing.filter(pl.col("rule") == "certificate-genuine")["row"].to_list() == [0, 1, 2]
    assert findings(frame([], PATHS), SET).is_empty()


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("(application.reserve_fen * 256) in (1280, 5)", {"application.reserve_fen": 2**56 + 5}, False),
        (
            "(application.reserve_fen * 256) in earlier.reserve_fen",
            {"application.reserve_fen": 2**56 + 5, "earlier.reserve_fen": (1280, None)}, None,
        ),
        (
            "count_of(earlier.reserve_fen) * application.reserve_fen * 100 > 0",
            {"application.reserve_fen": 10**17, "earlier.reserve_fen": (0, 0, 0)}, True,
        ),
    ],
)  # fmt: skip
def test_nothing_wraps_where_64_bits_would(text: str, row: dict[str, Any], expected: bool | None) -> None:
    node = parse(text, {}, where="any")
    table = frame([row], tuple(row))
    found = table.with_columns(Translator(_limits(table, list(row)), SET.calendar).expression(node).alias("found"))
    run = Compiler({path: place for place, path in enumerate(row)}, SET.calendar).compile(node)
    assert (run(list(row.values())), found["found"].to_list()) == (expected, [expected])
