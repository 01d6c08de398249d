"""Facts and expressions to try rules with: small pools, so that values meet their bounds and each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from linhe.desks.exchange.engine.fields import FIELDS, ITEM, Kind

MONEY = [0, 1, 89, 90, 91, 99, 100, 101, 109, 110, 111, 10**17 - 1, 10**17]
DAYS = [date(2025, 9, 10) + timedelta(days=n) for n in range(45)] + [
    date(2024, 2, 29), date(2025, 2, 28), date(2003, 12, 31), date(2027, 1, 4), date(2150, 1, 4),
]  # fmt: skip
NAMES = ["甲", "乙", "丙"]
UNITS = {"fen": MONEY, "ppm": [0, 350_000, 350_001, 1_000_000], "level": [1, 2, 3, 4]}


def values(path: str) -> st.SearchStrategy[Any]:
    """A value of a fact, or None."""
    field = FIELDS[path]
    if field.kind in ITEM:
        items = st.one_of(st.none(), _single(ITEM[field.kind], path))
        return st.one_of(st.none(), st.lists(items, max_size=3).map(tuple))
    return st.one_of(st.none(), _single(field.kind, path))


def _single(kind: Kind, path: str) -> st.SearchStrategy[Any]:
    field = FIELDS[path]
    if kind == "int":
        return st.sampled_from(UNITS.get(field.unit, [0, 1, 2, 3, 4, 5]))
    if kind == "bool":
        return st.booleans()
    if kind == "date":
        return st.sampled_from(DAYS)
    return st.sampled_from([code for code, _, _ in field.choices] or NAMES)


def rows(paths: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """One row of facts."""
    return st.fixed_dictionaries({path: values(path) for path in paths})


INTS = ("application.reserve_fen", "appraisal.value_fen", "application.listing_number", "holders.count")
DATES = ("appraisal.base_on", "application.applied_on", "disclosure.ends_on")
BOOLS = ("certificate.genuine", "certificate.pledged", "deal.lump_sum")
TEXTS = ("application.seller", "certificate.holder", "approval.authority")
PATHS = (
    *INTS, *DATES, *BOOLS, *TEXTS,
    "earlier.conforming", "earlier.reserve_fen", "earlier.ends_on", "holders.largest_lines",
)  # fmt: skip


def _bigger(part: st.SearchStrategy[str], *forms: str) -> st.SearchStrategy[str]:
    return st.sampled_from(forms).flatmap(
        lambda form: st.tuples(*[part] * form.count("{}")).map(lambda parts: form.format(*parts))
    )


_LISTED = ("first(earlier.reserve_fen)", "last(earlier.reserve_fen)", "least(earlier.reserve_fen)",
           "greatest(earlier.reserve_fen)", "count_of(earlier.ends_on)")  # fmt: skip
_numbers = st.recursive(
    st.sampled_from([*INTS, *_LISTED, "0", "1", "90", "100", "below_percent", "-3"]),
    lambda inner: _bigger(inner, "({} + {})", "({} - {})", "({} * 7)", "(100 * {})"),
    max_leaves=4,
)
_steps = st.sampled_from(["0", "1", "2", "11", "appraisal_years"])
_dates = st.one_of(
    st.sampled_from([*DATES, "first(earlier.ends_on)", "greatest(earlier.ends_on)"]),
    st.tuples(
        st.sampled_from(["add_days", "add_months", "add_years", "add_working_days", "end_of_years"]),
        st.sampled_from(DATES),
        _steps,
    ).map(lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"),
)
_numbers_of_days = st.tuples(st.sampled_from(["days_between", "working_days_between"]), _dates, _dates).map(
    lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"
)
_counts = st.one_of(_numbers, _numbers_of_days)
_texts = st.sampled_from(TEXTS)
_signs = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_simple = st.one_of(
    st.sampled_from(BOOLS),
    st.tuples(_counts, _signs, _counts).map(" ".join),
    st.tuples(_numbers, _signs, _numbers, _signs, _numbers).map(" ".join),
    st.tuples(_dates, _signs, _dates).map(" ".join),
    st.tuples(_texts, st.sampled_from(["==", "!="]), _texts).map(" ".join),
    st.tuples(_texts, st.sampled_from(["in", "not in"]), st.just("('甲', '乙')")).map(" ".join),
    st.tuples(_texts, st.sampled_from(["in", "not in"]), st.just("holders.largest_lines")).map(" ".join),
    st.tuples(_numbers, st.sampled_from(["in", "not in"]), st.just("earlier.reserve_fen")).map(" ".join),
    st.sampled_from([*PATHS]).map(lambda path: f"present({path})"),
    st.sampled_from([*PATHS]).map(lambda path: f"known({path})"),
    st.sampled_from(["all_of(earlier.conforming)", "any_of(earlier.conforming)", "true"]),
)
expressions = st.recursive(
    _simple.map(lambda text: f"({text})"),
    lambda inner: _bigger(inner, "(not {})", "({} and {})", "({} or {})", "({} and {} and {})", "({} or {} or {})"),
    max_leaves=5,
)
"""Any expression of the grammar that says yes or no."""
