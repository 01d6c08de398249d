"""The rule book in words: every name of the grammar has one, and nothing is lost of an expression."""

from __future__ import annotations

from datetime import date

import pytest

from linhe.desks.exchange.engine.functions import TABLE
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.queries import rulebook

DAY = date(2026, 3, 4)


def test_every_function_of_the_grammar_has_words() -> None:
    assert set(TABLE) <= set(rulebook.FUNCTIONS)


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda one: f"{one.id}-{one.from_date}")
def test_no_code_is_left_in_the_words_of_a_rule(rule: object) -> None:
    for text in (rule.applies_when, rule.fails_when):  # type: ignore[attr-defined]  # the ids need no type
        words = rulebook.in_words(text).zh
        assert "_" not in words, words
        assert "." not in words.replace("...", ""), words


def test_a_condition_reads_as_a_sentence() -> None:
    words = rulebook.in_words('application.line == "financial" and application.reserve_fen < appraisal.value_fen')
    assert words.zh == "「监管条线」 ＝ “金融企业（财政部门）” 且 「转让底价（挂牌价）」 < 「评估结果」"
    assert words.en.startswith("“line of supervision” = “financial enterprise")


def test_a_diff_tells_what_came_went_and_changed() -> None:
    changes, found = rulebook.changes(date(2024, 3, 4), DAY)
    kinds = {one.kind for one in changes}
    assert kinds == {"added", "ended", "changed"}
    assert found.hashes[0] != found.hashes[1]
    back, _ = rulebook.changes(DAY, date(2024, 3, 4))
    assert {one.rule_id for one in back if one.kind == "added"} == {o.rule_id for o in changes if o.kind == "ended"}
    same, nothing = rulebook.changes(DAY, DAY)
    assert (same, nothing.parameters) == ((), ())


def test_examples_show_every_status() -> None:
    for one in rulebook.entries(DAY):
        assert {case.code for case in one.cases} >= {"pass", "fail", "unknown"}, one.rule.id
        assert all(case.facts for case in one.cases), one.rule.id
