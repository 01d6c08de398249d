"""A review on both sides of every bound, what it shows, and that it says the same for ever."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from typing import Any

import pytest

from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.engine.chain import BrokenChain, Earlier, Holder, walk
from linhe.desks.exchange.engine.comparison import comparison
from linhe.desks.exchange.engine.facts import Fact, InvalidFact
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.result import OUTCOMES
from linhe.lib.working_calendar import is_working_day
from tests.unit.desks.exchange.engine.world import AS_OF, listing, problem, review, status

VALUE = 100_000_000


def test_everything_conforms() -> None:
    result = review()
    assert result.status == "passed"
    assert {one.status for one in result.findings} == {"pass", "not_applicable"}
    assert [one.rule for one in result.findings] == [one.rule.id for one in Params().rule_set(AS_OF).rules]


@pytest.mark.parametrize(
    ("price", "expected"),
    [(VALUE, "pass"), (VALUE - 1, "fail"), (VALUE + 1, "pass"), (None, "unknown")],
)
def test_a_first_listing_at_the_appraisal(price: int | None, expected: str) -> None:
    assert status("first-listing-price", application__reserve_fen=price) == expected


@pytest.mark.parametrize(
    ("price", "approved", "expected"),
    [
        (90_000_000, None, "not_applicable"),
        (89_999_999, None, "unknown"),
        (89_999_999, 89_999_999, "pass"),
        (89_999_999, 89_999_998, "fail"),
        (89_999_999, 90_000_000, "fail"),
    ],
)
def test_below_ninety_percent_needs_approval_for_exactly_that_price(
    price: int, approved: int | None, expected: str
) -> None:
    again: dict[str, Any] = {
        "application__listing_number": 2, "application__reserve_fen": price, "approval__new_price_fen": approved,
        "approval__new_price_on": date(2026, 3, 2), "application__difference_explained": True,
    }  # fmt: skip
    assert status("below-ninety-percent", listing(1), **again) == expected
    outcome = {"pass": "passed", "not_applicable": "passed", "unknown": "to_complete", "fail": "returned"}[expected]
    assert review(listing(1), **again).status == outcome


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (90_000_001, "not_applicable"), (90_000_000, "fail"), (89_999_999, "fail"),
        (109_999_999, "not_applicable"), (110_000_000, "fail"), (110_000_001, "fail"),
    ],
)  # fmt: skip
def test_a_difference_of_ten_percent_is_explained(price: int, expected: str) -> None:
    again = {"application__listing_number": 2, "application__reserve_fen": price}
    assert status("price-difference", listing(1), application__difference_explained=False, **again) == expected
    explained = "not_applicable" if expected == "not_applicable" else "pass"
    assert status("price-difference", listing(1), application__difference_explained=True, **again) == explained


@pytest.mark.parametrize(
    "start",
    [
        date(2024, 1, 15), date(2024, 4, 22), date(2024, 9, 9), date(2025, 1, 13),
        date(2025, 4, 14), date(2025, 9, 15), date(2026, 2, 2), date(2026, 9, 14),
    ],
)  # fmt: skip
def test_the_twentieth_working_day_over_holidays_and_shifted_days(start: date) -> None:
    day, left = start, 20
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    at = {"as_of": date(2026, 6, 1), "disclosure__newspaper_on": start, "disclosure__starts_on": start}
    assert status("disclosure-days", disclosure__ends_on=day, **at) == "pass"
    assert status("disclosure-days", disclosure__ends_on=day - timedelta(days=1), **at) == "fail"


@pytest.mark.parametrize(
    ("base", "last"),
    [
        (date(2024, 2, 28), date(2025, 2, 27)), (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 3, 1), date(2025, 2, 28)), (date(2023, 3, 1), date(2024, 2, 29)),
        (date(2024, 12, 31), date(2025, 12, 30)), (date(2025, 1, 1), date(2025, 12, 31)),
    ],
)  # fmt: skip
def test_a_year_of_validity_begins_with_the_base_date(base: date, last: date) -> None:
    for line, rule in (("financial", "appraisal-validity"), ("sasac", "sasac-appraisal-validity")):
        at = {"application__line": line, "appraisal__base_on": base, "appraisal__filed_on": base}
        assert status(rule, application__applied_on=last, **at) == "pass"
        assert status(rule, application__applied_on=last + timedelta(days=1), **at) == "fail"


def test_the_last_day_of_validity() -> None:
    assert status("appraisal-validity", appraisal__base_on=date(2025, 3, 17)) == "pass"
    assert status("appraisal-validity", appraisal__base_on=date(2025, 3, 16)) == "fail"


def test_money_up_to_a_quadrillion_yuan_is_compared_exactly() -> None:
    again = {"application__listing_number": 2, "appraisal__value_fen": 10**17, "approval__new_price_fen": 1}
    assert status("below-ninety-percent", listing(1), application__reserve_fen=9 * 10**16, **again) == "not_applicable"
    assert status("below-ninety-percent", listing(1), application__reserve_fen=9 * 10**16 - 1, **again) == "fail"


def test_a_chain_below_the_appraisal_is_looked_at_whole() -> None:
    third: dict[str, Any] = {
        "application__listing_number": 3,
        "application__reserve_fen": 95_000_000,
        "application__applied_on": date(2026, 3, 16),
    }
    assert review(listing(1), listing(2), **third).status == "passed"
    assert status("relisting-chain", listing(2), **third) == "fail"
    assert status("relisting-chain", **third) == "fail"
    assert status("relisting-conforming", listing(1, review="not_conforming"), listing(2), **third) == "fail"
    assert status("relisting-conforming", listing(1, review=None), listing(2), **third) == "unknown"
    assert status("relisting-unsold", listing(1), listing(2, result="sold"), **third) == "fail"
    assert status("relisting-after-notice", listing(1), listing(2), **third | {
        "application__applied_on": date(2026, 1, 30)}) == "fail"  # fmt: skip
    ended = (listing(1, result="ended"), listing(2, result="ended"))
    assert status("relisting-no-buyer", *ended, **third) == "fail", "a listing that was ended has not found no buyer"
    assert status("relisting-no-buyer", listing(1), listing(2, result="ended"), **third) == "pass"
    unknown = Problem(as_of=AS_OF, facts=problem(**third).facts, earlier=None)
    assert next(o.status for o in solve(unknown, Params()).findings if o.rule == "relisting-chain") == "unknown"


def test_the_fiscal_line_of_the_largest_holder() -> None:
    def holder(share: int | None, line: str | None) -> Holder:
        return Holder(name=Fact("某"), share_ppm=Fact(share), fiscal_line=Fact(line))

    def said(*holders: Holder) -> str:
        return status("appraisal-largest-holder", holders=holders)

    province, city = holder(200_000, "省财政厅"), holder(100_000, "市财政局")
    assert said(province, city) == "pass"
    assert said(holder(100_000, "省财政厅"), holder(100_001, "市财政局")) == "fail"
    assert said(holder(100_000, "省 财政厅"), city) == "pass", "equal holders agree on one; blanks do not count"
    assert said(province, holder(None, "市财政局")) == "unknown"
    assert said(holder(200_000, None), city) == "unknown"
    assert said(province) == "not_applicable"


def test_a_finding_shows_article_and_evidence_with_document_and_page() -> None:
    result = review(application__reserve_fen=99_000_000)
    assert result.status == "returned"
    (failed,) = result.of("fail")
    assert (failed.rule, failed.severity, failed.cite.article) == ("first-listing-price", "return", "第二十条第一款")
    assert not failed.cite.verified
    assert [(one.path, one.fact.value, one.fact.document) for one in failed.evidence] == [
        ("application.listing_number", 1, "转让申请"),
        ("application.reserve_fen", 99_000_000, "转让申请"),
        ("appraisal.value_fen", VALUE, "资产评估报告及核准、备案"),
    ]
    assert all(one.fact.page for one in failed.evidence)
    assert failed.message.zh == "首次挂牌价 990,000.00 元，低于核准（备案）的评估结果 1,000,000.00 元。"
    assert failed.message.en == "The first listing price 990,000.00 yuan is below the appraisal 1,000,000.00 yuan."


def test_a_note_points_out_and_stops_nothing() -> None:
    result = review(application__reserve_fen=110_000_000, application__difference_explained=False)
    assert result.status == "passed"
    assert [(one.rule, one.severity) for one in result.of("fail")] == [("price-difference", "note")]
    sold: dict[str, Any] = {
        "application__step": "closing", "application__difference_explained": False, "deal__buyers": 1,
        "deal__procedure": "agreement", "deal__price_fen": 110_000_000, "deal__lump_sum": True,
        "disclosure__changed": False, "disclosure__suspended": False, "disclosure__extensions": 0,
        "disclosure__buyer_terms_changed": False,
    }  # fmt: skip
    assert [one.rule for one in review(**sold).of("fail", "unknown")] == ["deal-difference"]
    below = review(**sold | {"deal__price_fen": 99_999_999})
    assert (below.status, [one.rule for one in below.of("fail")]) == ("refused", ["deal-price"])


def test_what_is_missing_is_named_and_never_a_pass() -> None:
    result = review(certificate__genuine=None, certificate__share_ppm=None)
    assert result.status == "to_complete"
    assert {one.rule for one in result.of("unknown")} == {"certificate-genuine", "certificate-share"}
    share = next(one for one in result.findings if one.rule == "certificate-share")
    assert share.missing == ("certificate.share_ppm",)
    assert share.message.zh == "待补正：缺少登记持有比例，不能判断。"
    empty = solve(Problem(as_of=AS_OF, facts={}), Params())
    assert not {"pass", "fail"} & {one.status for one in empty.findings}
    assert empty.status == "to_complete"
    refused = review(certificate__genuine=False, certificate__share_ppm=None, application__reserve_fen=1)
    assert refused.status == "refused"
    assert set(OUTCOMES) == {"passed", "to_complete", "returned", "refused"}


def test_a_date_outside_the_working_calendar_is_unknown() -> None:
    result = review(disclosure__ends_on=date(2150, 4, 30))
    late = next(one for one in result.findings if one.rule == "disclosure-days")
    assert (late.status, late.missing) == ("unknown", ())
    assert "工作日历" in late.message.zh


def test_the_two_lines_are_kept_apart() -> None:
    result = review(application__line="sasac")
    applied = {one.rule for one in result.findings if one.status != "not_applicable"}
    assert applied
    assert all(rule.startswith("sasac-") for rule in applied)


def test_the_same_application_gives_the_same_findings_for_ever() -> None:
    one = problem(application__reserve_fen=99_000_000)
    first = solve(one, Params()).to_json()
    again = solve(Problem.from_json(json.loads(json.dumps(one.to_json()))), Params(on=AS_OF)).to_json()
    assert first == again
    assert first["rule_set_hash"] == Params().rule_set(AS_OF).hash
    kept = first["findings"][0]
    assert set(kept) >= {"rule", "status", "cite", "evidence", "message"}


def test_the_rules_of_the_day_decide() -> None:
    sold: dict[str, Any] = {
        "application__line": "sasac", "application__step": "closing", "disclosure__extensions": 1,
        "disclosure__extension_days": 4, "disclosure__extension_announced": True,
    }  # fmt: skip
    before = review(as_of=date(2025, 2, 17), **sold)
    after = review(as_of=date(2025, 2, 18), **sold)
    assert "sasac-extension" in {one.rule for one in before.of("fail")}
    assert "sasac-extension" not in {one.rule for one in after.findings}
    assert before.rule_set_hash != after.rule_set_hash
    fixed = solve(problem(as_of=date(2025, 2, 18), **sold), Params(on=date(2025, 2, 17)))
    assert fixed.rule_set_hash == before.rule_set_hash


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("application.reserve_fen", -1), ("application.reserve_fen", float("nan")), ("application.reserve_fen", 1.0),
        ("application.reserve_fen", True), ("application.reserve_fen", 10**17 + 1), ("application.reserve_fen", "1"),
        ("application.share_ppm", 1_000_001), ("application.line", "bank"), ("application.seller", "  "),
        ("application.seller", 5), ("certificate.genuine", 1), ("application.applied_on", "2026-01-01"),
        ("application.applied_on", date(1800, 1, 1)), ("application.colour", "red"), ("earlier.count", 1),
        ("disclosure.ends_on", date(2026, 3, 22)),
    ],
)  # fmt: skip
def test_bad_facts_name_their_path(path: str, value: Any) -> None:
    with pytest.raises(InvalidFact) as error:
        problem(**{path.replace(".", "__"): value})
    assert error.value.path == path
    assert error.value.zh
    assert error.value.en


def test_chains_that_cannot_be_are_refused() -> None:
    with pytest.raises(BrokenChain, match="listing 1 is there twice"):
        problem(listing(1), listing(1), application__listing_number=3)
    with pytest.raises(BrokenChain, match="listing 2 is not before the present one"):
        problem(listing(1), listing(2), application__listing_number=2)
    with pytest.raises(BrokenChain, match="positive"):
        Earlier(number=Fact(0))
    with pytest.raises(InvalidFact, match="ends before it starts"):
        Earlier(number=Fact(1), starts_on=Fact(date(2026, 1, 2)), ends_on=Fact(date(2026, 1, 1)))
    with pytest.raises(InvalidFact, match="none of conforming"):
        Earlier(number=Fact(1), review=Fact("fine"))
    with pytest.raises(InvalidFact, match="whole number"):
        Earlier(number=Fact(1), reserve_fen=Fact(-1))


def test_links_of_a_chain_are_followed_to_the_first() -> None:
    assert walk("c", {"c": "b", "b": "a", "a": None}) == ["b", "a"]
    with pytest.raises(BrokenChain, match="circle"):
        walk("c", {"c": "b", "b": "a", "a": "b"})
    with pytest.raises(BrokenChain, match="circle"):
        walk("c", {"c": "c"})
    with pytest.raises(BrokenChain, match="not there"):
        walk("c", {"c": "b"})
    with pytest.raises(BrokenChain, match="not there"):
        walk("c", {})


def test_documents_stand_side_by_side() -> None:
    lines = {one.label.en: one for one in comparison(problem(certificate__holder="乙", appraisal__scope=None))}
    assert lines["object"].verdict == "agrees"
    assert lines["seller (holder)"].verdict == "differs"
    assert lines["scope of assets"].verdict == "unknown"
    assert [cell and cell.path for cell in lines["share offered"].cells] == [
        "application.share_ppm", "certificate.share_ppm", "approval.share_ppm", None,
    ]  # fmt: skip
    less = {one.label.en: one for one in comparison(problem(application__share_ppm=1, application__reserve_fen=1))}
    assert [cell and cell.verdict for cell in less["share offered"].cells[:3]] == ["agrees", "agrees", "differs"]
    assert less["price and appraised value"].verdict == "differs"


def test_a_result_cannot_be_changed() -> None:
    result = review()
    with pytest.raises(FrozenInstanceError):
        result.status = "refused"  # type: ignore[misc]  # the point
    assert all(one.fact.value is None or one.path in FIELDS for found in result.findings for one in found.evidence)
