"""The second back end: the rules as polars expressions over a table of applications, for re-checking all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.columns import Translator
from linhe.desks.exchange.engine.fields import FIELDS, MOST, Kind
from linhe.desks.exchange.engine.problem import Problem
from linhe.desks.exchange.engine.rulebook import Resolved, RuleSet, Status

DTYPES: dict[Kind, pl.DataType] = {
    "int": pl.Int64(), "bool": pl.Boolean(), "text": pl.String(), "date": pl.Date(),
    "ints": pl.List(pl.Int64()), "bools": pl.List(pl.Boolean()),
    "texts": pl.List(pl.String()), "dates": pl.List(pl.Date()),
}  # fmt: skip
STATUSES: tuple[Status, ...] = ("pass", "fail", "unknown", "not_applicable")
FOUND = pl.Enum(["fail", "unknown"])
WHOLE = ("int", "ints")
Expressions = Callable[[int, Resolved, Translator], list[pl.Expr]]


class InvalidTable(ValueError):
    """A table that cannot be re-checked exactly; names the column."""


def table(problems: Iterable[Problem]) -> pl.DataFrame:
    """Applications as a table: a row an application, a column a fact by its path, null where it is missing."""
    rows = [problem.known for problem in problems]
    columns = {
        path: pl.Series(path, [row[path].value for row in rows], dtype=DTYPES[field.kind])
        for path, field in FIELDS.items()
    }
    return pl.DataFrame(columns)


def findings(applications: pl.DataFrame, rule_set: RuleSet) -> pl.DataFrame:
    """Everything that is not as it should be.

    Parameters
    ----------
    applications : as :func:`table` makes it; a column that is left out is missing everywhere.

    Returns
    -------
    DataFrame : ``row`` (place of the application, uint32), ``rule`` (id) and ``status`` (``fail`` or ``unknown``), by
        rule in the order of the rule book, then by row. What passes or does not apply is not listed.

    Raises
    ------
    InvalidTable : a column of another type, or whole numbers below 0 or above ``MOST``, which cannot be computed with.
    """
    rules = pl.Enum([one.rule.id for one in rule_set.rules])
    masks = _evaluated(applications, rule_set, _masks)
    parts = []
    for place, resolved in enumerate(rule_set.rules):
        for status in FOUND.categories:
            rows = masks[f"{place} {status}"].arg_true().rename("row")
            if len(rows):
                parts.append(
                    pl.DataFrame(rows).with_columns(
                        pl.lit(resolved.rule.id, dtype=rules).alias("rule"), pl.lit(status, dtype=FOUND).alias("status")
                    )
                )
    empty = pl.DataFrame(schema={"row": pl.get_index_type(), "rule": rules, "status": FOUND})
    return pl.concat([empty, *parts])


def statuses(applications: pl.DataFrame, rule_set: RuleSet, *only: str) -> pl.DataFrame:
    """The status of every rule (or ``only`` of some) for every application: a column a rule by its id."""
    return _evaluated(applications, rule_set, _status, only)


def _evaluated(
    applications: pl.DataFrame, rule_set: RuleSet, expressions: Expressions, only: tuple[str, ...] = ()
) -> pl.DataFrame:
    rules = [one for one in rule_set.rules if not only or one.rule.id in only]
    read = sorted({path for one in rules for path in one.reads})
    missing = [pl.lit(None, dtype=DTYPES[FIELDS[path].kind]).alias(path) for path in read if path not in applications]
    applications = applications.with_columns(missing)
    translator = Translator(_limits(applications, read), rule_set.calendar)
    wanted = [expression for place, one in enumerate(rules) for expression in expressions(place, one, translator)]
    return applications.lazy().select(wanted).collect()


def _masks(place: int, resolved: Resolved, translator: Translator) -> list[pl.Expr]:
    applies = translator.expression(resolved.applies)
    both = translator.expression(ir.And((resolved.applies, resolved.fails)))
    return [both.alias(f"{place} fail"), (applies.is_null() | both.is_null()).alias(f"{place} unknown")]


def _status(place: int, resolved: Resolved, translator: Translator) -> list[pl.Expr]:
    applies, fails = translator.expression(resolved.applies), translator.expression(resolved.fails)
    status = (
        pl.when(applies.not_()).then(pl.lit("not_applicable"))
        .when(applies.is_null() | fails.is_null()).then(pl.lit("unknown"))
        .when(fails).then(pl.lit("fail"))
        .otherwise(pl.lit("pass"))
    )  # fmt: skip
    return [status.cast(pl.Enum(list(STATUSES))).alias(resolved.rule.id)]


def _limits(applications: pl.DataFrame, read: list[str]) -> Mapping[str, int]:
    """The greatest whole number of each column, after checking types and ranges: Int64 wraps without a word."""
    whole = []
    for path in read:
        if applications.schema[path] != DTYPES[FIELDS[path].kind]:
            raise InvalidTable(f"{path}: is {applications.schema[path]}, must be {DTYPES[FIELDS[path].kind]}")
        if FIELDS[path].kind in WHOLE:
            whole.append(path)
    limits = dict.fromkeys(read, 0)
    if not whole or applications.is_empty():
        return limits
    columns = [pl.col(path) if FIELDS[path].kind == "int" else pl.col(path).list for path in whole]
    least = applications.select((one.min() if isinstance(one, pl.Expr) else one.min().min()) for one in columns).row(0)
    most = applications.select((one.max() if isinstance(one, pl.Expr) else one.max().max()) for one in columns).row(0)
    for path, low, high in zip(whole, least, most, strict=True):
        if low is not None and (low < 0 or high > MOST):
            raise InvalidTable(f"{path}: lies outside 0 to {MOST}")
        limits[path] = high or 0
    return limits
