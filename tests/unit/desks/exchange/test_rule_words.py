"""The rule book in words: every name of the grammar has one, and a condition reads as a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from linhe.desks.exchange.engine.examples import day_of
from linhe.desks.exchange.engine.functions import TABLE
from linhe.desks.exchange.engine.grammar import parse
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import Rule
from linhe.desks.exchange.queries import phrases, rulebook

DAY = date(2026, 3, 4)
BOOK = shipped()


def said(text: str) -> tuple[str, str]:
    words = rulebook.in_words(parse(text, BOOK.at(DAY).parameters, where="a"))
    return words.zh, words.en


def test_every_function_of_the_grammar_has_words() -> None:
    assert set(TABLE) == set(phrases.CALLS) | {name for name, _ in phrases.HOLDS}


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda one: f"{one.id}-{one.from_date}")
def test_no_code_is_left_in_the_words_of_a_rule(rule: Rule) -> None:
    resolved = BOOK.at(day_of(rule)).rule(rule.id)
    for node in (resolved.applies, resolved.fails):
        words = rulebook.in_words(node)
        assert not set("_=<>{}") & set(words.zh + words.en), words
        assert "." not in words.zh.replace(".00 元", ""), words
        assert "1 years" not in words.en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ('application.line == "financial" and application.reserve_fen < appraisal.value_fen',
         "「监管条线」为“金融企业（财政部门）”，并且「转让底价（挂牌价）」低于「评估结果」",
         "“line of supervision” is “financial enterprise (finance departments)”, and “reserve price” is below "
         "“appraised value”"),
        ("application.reserve_fen * 100 < appraisal.value_fen * below_percent",
         "「转让底价（挂牌价）」低于「评估结果」的 90%", "“reserve price” is below 90 % of “appraised value”"),
        ("deal.price_fen * 100 >= appraisal.value_fen * (100 + difference_percent)",
         "「成交价」不低于「评估结果」的 110%", "“deal price” is not below 110 % of “appraised value”"),
        ("approval.level > application.level", "「批准机关层级」低于「转让方所属财政（国资）层级」",
         "“level of the authority” is lower than “level of the seller's finance (SASAC) line”"),
        ("working_days_between(disclosure.newspaper_on, disclosure.ends_on) < disclosure_working_days",
         "自「首次报刊公告日」次日起至「公告截止日」的工作日少于 20 个",
         "the working days after “first newspaper notice” up to “end of the notice” are fewer than 20"),
        ("application.applied_on > end_of_years(appraisal.base_on, appraisal_years)",
         "「申请日期」晚于自「评估基准日」起 1 年期间的最后一日",
         "“date of application” lies after the last day of 1 year from “base date”"),
        ("not (certificate.genuine and certificate.complete) or not known(certificate.number)",
         "（「经登记机关核验属实」为否，或者「内容、页码、印章齐全」为否），或者未载「登记证（表）编号」（按待补正处理）",
         "(“confirmed as genuine by the issuer”: no, or “complete in contents, pages and seals”: no), or "
         "“number of the certificate” is not stated (to be completed)"),
        ('deal.procedure not in ("auction", "online")', "「成交方式」不属于“拍卖”、“网络竞价”",
         "“procedure” is none of “auction”, “online bidding”"),
        ("not any_of(earlier.unsold)", "「历次是否期满未征集到受让方」：没有一次为是",
         "“earlier notices ran out with no buyer”: never yes"),
        ("last(earlier.reserve_fen) > 100", "最近一次的「历次挂牌价」高于 1.00 元",
         "the last of “earlier reserve prices” is above 1.00 yuan"),
        ("deal.buyers - 1 > 7", "「意向受让方数」减1多于 7", "“intended buyers” minus 1 are more than 7"),
        ("true", "任何情形", "always"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_a_sentence(text: str, zh: str, en: str) -> None:
    assert said(text) == (zh, en)


def test_a_diff_tells_what_came_went_and_changed() -> None:
    changes, found = rulebook.changes(date(2024, 3, 4), DAY)
    kinds = {one.kind for one in changes}
    assert kinds == {"added", "ended", "changed"}
    assert found.hashes[0] != found.hashes[1]
    back, _ = rulebook.changes(DAY, date(2024, 3, 4))
    assert {one.rule_id for one in back if one.kind == "added"} == {o.rule_id for o in changes if o.kind == "ended"}
    same, nothing = rulebook.changes(DAY, DAY)
    assert (same, nothing.parameters) == ((), ())


def test_a_diff_names_the_last_day_on_which_a_rule_held() -> None:
    (changed,) = [
        one for one in rulebook.changes(date(2025, 2, 17), date(2025, 2, 18))[0] if one.rule_id == "sasac-notice-days"
    ]
    moved = {name.zh: (was.zh, now.zh) for name, was, now in changed.moved}
    assert moved["起始日"] == ("2022-05-16", "2025-02-18")
    assert moved["最后一日"] == ("2025-02-17", "–")
    assert "首次报刊公告日" in moved["判定条件"][0]
    assert "公告起始日" in moved["判定条件"][1]


def test_examples_show_every_status() -> None:
    for one in rulebook.entries(DAY):
        assert {case.code for case in one.cases} >= {"pass", "fail", "unknown"}, one.rule.id
        assert all(case.facts and case.name.en.isascii() for case in one.cases), one.rule.id


def test_rules_are_found_by_word_article_and_id_in_both_languages() -> None:
    every = rulebook.entries(DAY)
    assert {one.rule.id for one in every} == {one.rule.id for one in BOOK.at(DAY).rules}
    assert [code for code, _, _ in rulebook.grouped(every)] == list(rulebook.GROUPS), "each file has a place"
    for text, expected in (
        ("90%", "below-ninety-percent"), ("第二十一条 竞价", "deal-competition"),
        ("working DAYS notice", "disclosure-days"), ("sasac-instalments", "sasac-instalments"),
        ("民法典", "appraisal-validity"),
    ):  # fmt: skip
        found = {one.rule.id for one in rulebook.entries(DAY, text)}
        assert expected in found, text
        assert len(found) < len(every)
    assert rulebook.entries(DAY, "没有这样的词") == ()


def test_sources_count_what_was_seen_and_what_was_verified() -> None:
    every = rulebook.entries(DAY)
    found = rulebook.sources(every)
    assert sum(one.rules for one in found) == len(every)
    assert sum(one.verified for one in found) == 0
    (order54,) = [one for one in found if one.document.startswith("财政部令第54号")]
    assert {"第二十条第一款", "第二十条第二款", "第二十四条"} <= set(order54.articles)
    assert 0 < order54.copied < order54.rules


def test_a_rule_names_its_other_versions_by_their_days() -> None:
    (first,) = [one for one in rulebook.entries(date(2010, 1, 4)) if one.rule.id == "sasac-notice-days"]
    assert (first.last_day, [(one.first, one.last) for one in first.others]) == (
        date(2022, 5, 15), [(date(2022, 5, 16), date(2025, 2, 17)), (date(2025, 2, 18), None)],
    )  # fmt: skip
