"""Tables of applications: exact at the edge of 64 bits, refused where they cannot be, equal to single reviews."""

from __future__ import annotations

import polars as pl
import pytest

from linhe.desks.exchange.bench import DAY, _differing
from linhe.desks.exchange.bench.chains import problems
from linhe.desks.exchange.bench.generate import applications
from linhe.desks.exchange.bench.keyed import Keyed
from linhe.desks.exchange.engine import Params, ir, solve
from linhe.desks.exchange.engine.columns import Translator
from linhe.desks.exchange.engine.fields import FIELDS, MOST
from linhe.desks.exchange.engine.frames import DTYPES, InvalidTable, findings, statuses, table
from linhe.desks.exchange.engine.grammar import parse
from linhe.desks.exchange.engine.reading import shipped
from tests.unit.desks.exchange.engine.world import listing, problem

RULES = shipped().at(DAY)
INT64 = 2**63 - 1
TOO_MUCH = 2_000_000_000_000_000
"""A price in fen whose product with 9,000 wraps in 64 bits."""


def said(rule: str, price: int, value: int) -> str:
    one = problem(
        listing(1), as_of=DAY, application__listing_number=2, application__reserve_fen=price,
        appraisal__value_fen=value, approval__new_price_fen=7,
    )  # fmt: skip
    found = str(statuses(table([one]), RULES, rule)[rule][0])
    alone = next(finding.status for finding in solve(one, Params(on=DAY)).findings if finding.rule == rule)
    assert found == alone
    return found


def test_polars_alone_would_wrap() -> None:
    """Why the range is looked at first."""
    wrapped = pl.select(pl.lit(TOO_MUCH, dtype=pl.Int64) * 9_000).item()
    assert wrapped < 0


@pytest.mark.parametrize("value", [TOO_MUCH, INT64 // 100, INT64 // 100 + 1, INT64 // 90, INT64 // 90 + 10, MOST])
def test_ninety_percent_is_exact_at_and_beyond_64_bits(value: int) -> None:
    value = min(value, MOST) // 100 * 100
    limit = value // 100 * 90
    assert said("below-ninety-percent", limit, value) == "not_applicable"
    assert said("below-ninety-percent", limit - 1, value) == "fail"


@pytest.mark.parametrize("price", [INT64 // 100, INT64 // 100 + 1, MOST - 1, MOST])
def test_a_product_that_would_wrap_is_computed_in_128_bits(price: int) -> None:
    assert price * 100 > INT64 or price == INT64 // 100
    assert said("price-difference", price, price // 2) == "unknown", "far above the appraisal, and not explained"
    assert said("price-difference", price, price) == "not_applicable"


def test_the_width_follows_what_the_table_holds() -> None:
    node = parse("application.reserve_fen * 100 < appraisal.value_fen * below_percent", RULES.parameters, where="x")
    paths = ("application.reserve_fen", "appraisal.value_fen")
    for most, wide in ((INT64 // 100, False), (INT64 // 100 + 1, True)):
        expression = Translator(dict.fromkeys(paths, most), RULES.calendar).expression(node)
        assert ("Int128" in str(expression)) is wide
    with pytest.raises(OverflowError, match="cannot be computed exactly"):
        Translator(dict.fromkeys(paths, 2**126), RULES.calendar).expression(node)
    assert ir.bound(parse("deal.price_fen - 3 > 0", {}, where="x").left, {"deal.price_fen": 5}) == 8  # type: ignore[union-attr]  # a comparison


@pytest.mark.parametrize(
    ("column", "values", "kind", "message"),
    [
        ("appraisal.value_fen", [-1], pl.Int64, "lies outside 0 to"),
        ("appraisal.value_fen", [MOST + 1], pl.Int64, "lies outside 0 to"),
        ("appraisal.value_fen", [1.0], pl.Float64, "is Float64, must be Int64"),
        ("certificate.genuine", [1], pl.Int64, "is Int64, must be Boolean"),
        ("application.applied_on", ["2026-01-01"], pl.String, "is String, must be Date"),
    ],
)
def test_a_table_that_cannot_be_checked_is_refused(
    column: str, values: list[object], kind: object, message: str
) -> None:
    with pytest.raises(InvalidTable, match=column) as error:
        findings(pl.DataFrame({column: pl.Series(values, dtype=kind)}), RULES)  # type: ignore[arg-type]  # a dtype
    assert message in str(error.value)


def test_generated_applications_are_valid_and_both_back_ends_agree() -> None:
    for missing, complete in ((0.06, False), (0.3, False), (0.0, True)):
        generated = applications(400, seed=7, missing=missing, complete=complete)
        assert generated.schema == {path: DTYPES[field.kind] for path, field in FIELDS.items()}
        made = list(problems(generated, DAY))
        if not missing:
            assert table(made).equals(generated), "columns and problems say the same"
        assert _differing(made, Params(on=DAY), RULES) == 0


def test_the_comparison_with_another_engine_is_of_the_same_rules() -> None:
    pytest.importorskip("zen")
    made = list(problems(applications(150, seed=3, complete=True), DAY))
    keyed = Keyed(RULES)
    contexts = keyed.contexts(made)
    ours = [[finding.status for finding in solve(one, Params(on=DAY)).findings] for one in made]
    assert ours == [keyed.statuses(found) for found in keyed.each(contexts)]
    assert {status for one in ours for status in one} == {"pass", "fail", "not_applicable"}


def test_findings_of_single_reviews_and_of_the_table() -> None:
    made = [problem(as_of=DAY), problem(as_of=DAY, application__reserve_fen=1, certificate__genuine=None)]
    listed = findings(table(made), RULES)
    assert listed.filter(pl.col("row") == 1).select("rule", "status").rows() == [
        ("certificate-genuine", "unknown"), ("first-listing-price", "fail"), ("price-difference", "unknown"),
    ]  # fmt: skip
