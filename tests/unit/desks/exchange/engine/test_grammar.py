"""The grammar lets in what a rule needs and nothing else, and says where it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from linhe.desks.exchange.engine import functions, ir
from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.grammar import InvalidExpression, parse
from linhe.desks.exchange.engine.reading import shipped
from tests.unit.desks.exchange.engine import strategies
from tests.unit.desks.exchange.engine.test_rule_book import DAY

SET = shipped().at(DAY)


def read(text: str) -> ir.Node:
    return parse(text, SET.parameters, where="rule.fails_when")


def say(text: str, **row: object) -> bool | None:
    node = read(text)
    paths = ir.reads(node)
    values = [row.get(path.replace(".", "__")) for path in paths]
    found = Compiler({path: place for place, path in enumerate(paths)}, SET.calendar).compile(node)(values)
    assert found is None or isinstance(found, bool)
    return found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os').system('true')", "is not part of the grammar"),
        ("open('x')", "'open' is not a known function"),
        ("deal.buyers.__class__ == 1", "is not part of the grammar"),
        ("deal.__class__ == 1", "'deal.__class__' is not a known fact"),
        ("().__class__", "is not part of the grammar"),
        ("[one for one in (1, 2)] == 1", "ListComp is not part of the grammar"),
        ("all(one for one in (1, 2))", "GeneratorExp is not part of the grammar"),
        ("(lambda: true)()", "':' may not be used"),
        ("f'{deal.buyers}' == 'x'", "a text may have no prefix"),
        ("b'x' == 'x'", "a text may have no prefix"),
        ("(buyers := 2) == 2", "':' may not be used"),
        ("application.lot == 'a\0b'", '"\'" may not be used'),
        ("application.lot == '\ud800'", '"\'" may not be used'),
        ("add_years(application.applied_on, 10000) > application.applied_on", "leads on by more than"),
        ("add_days(add_years(appraisal.base_on, 273), 90) > application.applied_on", "leads on by more than"),
        ("deal.buyers ** 9 > 2", "'*' may not be used"),
        ("deal.buyers / 2 > 1", "'/' may not be used"),
        ("deal.buyers // 2 > 1", "'/' may not be used"),
        ("deal.buyers % 2 == 1", "'%' may not be used"),
        ("deal.buyers | 2 == 1", "'|' may not be used"),
        ("deal.buyers == 1.5", "is no whole number"),
        ("deal.buyers == 1000000000000001", "is no whole number up to"),
        ("deal.buyers == 1e9", "is no whole number"),
        ("{'a': 1}['a'] == 1", "'{' may not be used"),
        ("deal.buyers[0] == 1", "Subscript is not part of the grammar"),
        ("1 if certificate.genuine else 2", "IfExp is not part of the grammar"),
        ("certificate.genuine is true", "Is is not part of the grammar"),
        ("await certificate.genuine", "Await is not part of the grammar"),
        ("deal.price_fen * deal.price_fen * deal.price_fen > 1", "beyond what can be computed exactly"),
        ("deal.sellers == 1", "'deal.sellers' is not a known fact"),
        ("many == 1", "'many' is neither a parameter in force nor a fact"),
        ("deal.buyers == 'x'", "int cannot be compared with text"),
        ("deal.buyers", "does not say yes or no"),
        ("deal.buyers and true", "int where yes or no is needed"),
        ("application.seller < 'x'", "text has no order"),
        ("application.line == 'finance'", "'finance' is none of financial, sasac"),
        ("application.line in ('financial', 'x')", "'x' is none of"),
        ("deal.buyers in (1, '2')", "needs constants of kind int"),
        ("deal.buyers in ()", "needs constants of kind int"),
        ("deal.buyers in holders.largest_lines", "is no list of kind int"),
        ("earlier.conforming == earlier.sold", "cannot be compared"),
        ("all_of(earlier.reserve_fen)", "all_of cannot take (ints)"),
        ("present(deal.buyers + 1)", "present takes a fact"),
        ("working_days_between(disclosure.ends_on) > 1", "working_days_between cannot take (date)"),
        ("add_years(appraisal.base_on, deal.buyers) < disclosure.ends_on", "takes a constant or a parameter"),
        ("add_years(appraisal.base_on, 10001) < disclosure.ends_on", "takes a constant or a parameter"),
        ("add_years(appraisal.base_on, years=1) < disclosure.ends_on", "'=' may not be used"),
        ("present(*deal.buyers)", "is not part of the grammar"),
        ("certificate.genuine # true", "'#' may not be used"),
        ("certificate.genuine; true", "';' may not be used"),
        ("certificate.genuine \\\n and true", "may not be used"),
        ("certificate.genuine and", "is no expression"),
        ("", "is no expression"),
        ("'\\x41' == 'A'", "may not be used"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidExpression) as error:
        read(text)
    assert message in error.value.message
    assert str(error.value).startswith("rule.fails_when, position ")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "true" + ")" * 10_000,
        "(" * 900 + "true" + ")" * 900,
        "[" * 999 + "1" + "]" * 999,
        "not " * 490 + "true",
        "-" * 1990 + "1 > 1",
        "- + " * 400 + "1 > 1",
        "(not " * 200 + "true" + ")" * 200,
        "1" + " + 1" * 390 + " > 1",
        "deal" + ".buyers" * 200 + " > 1",
        "true" + " == true" * 250,
        "1 " + "< 1 " * 900,
        "x" * 100_000,
        "'" + "甲" * 100_000 + "' == 'x'",
        "9" * 1999,
    ],
    ids=range(14),
)
def test_what_is_deep_or_long_is_refused_before_it_costs_anything(text: str) -> None:
    with pytest.raises(InvalidExpression):
        read(text)


def test_the_position_is_that_of_the_mistake() -> None:
    with pytest.raises(InvalidExpression) as error:
        read("certificate.genuine and deal.sellers == 1")
    assert error.value.position == 25
    with pytest.raises(InvalidExpression) as error:
        read("application.seller == '甲乙丙' and deal.sellers == 1")
    assert error.value.position == 33


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("certificate.genuine and certificate.complete", {"certificate__genuine": False}, False),
        ("certificate.genuine and certificate.complete", {"certificate__genuine": True}, None),
        ("certificate.complete and certificate.genuine", {"certificate__genuine": False}, False),
        ("certificate.genuine and certificate.complete", {"certificate__complete": True}, None),
        ("certificate.genuine and certificate.complete", {"certificate__complete": False}, False),
        ("certificate.genuine or certificate.complete", {"certificate__complete": False}, None),
        ("certificate.genuine or certificate.complete", {"certificate__complete": True}, True),
        ("certificate.genuine or certificate.complete", {"certificate__genuine": True}, True),
        ("certificate.genuine or certificate.complete", {"certificate__genuine": False}, None),
        ("not certificate.genuine", {}, None),
        ("1 < deal.buyers <= 3", {"deal__buyers": 3}, True),
        ("1 < deal.buyers <= 3", {"deal__buyers": 1}, False),
        ("1 < deal.buyers <= deal.price_fen", {"deal__buyers": 1}, False),
        ("present(deal.buyers)", {}, False),
        ("known(deal.buyers)", {}, None),
        ("known(deal.buyers)", {"deal__buyers": 0}, True),
        ("'甲' in holders.largest_lines", {"holders__largest_lines": (None, "甲")}, True),
        ("'乙' not in holders.largest_lines", {"holders__largest_lines": (None, "甲")}, None),
        ("'乙' not in holders.largest_lines", {"holders__largest_lines": ("甲",)}, True),
        ("all_of(earlier.sold)", {"earlier__sold": ()}, True),
        ("any_of(earlier.sold)", {"earlier__sold": ()}, False),
        ("last(earlier.reserve_fen) > 1", {"earlier__reserve_fen": ()}, None),
        ("- 3 < deal.buyers - 4", {"deal__buyers": 2}, True),
        ("deal.buyers in [1, 2]", {"deal__buyers": 2}, True),
        ("deal.price_fen * 100 < 1_000 * below_percent", {"deal__price_fen": 899}, True),
    ],
)  # fmt: skip
def test_what_is_unknown_decides_only_where_it_must(text: str, row: dict[str, object], expected: bool | None) -> None:
    assert say(text, **row) is expected


def test_every_function_is_tried_by_the_examples_or_the_generated_expressions() -> None:
    text = Path(strategies.__file__).read_text(encoding="utf-8")
    assert [name for name in functions.TABLE if name not in text] == []
