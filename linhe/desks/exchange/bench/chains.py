"""Generates earlier listings and state holders as columns, and makes single problems of the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from linhe.desks.exchange.engine.chain import Earlier, Holder
from linhe.desks.exchange.engine.facts import MISSING, PPM, Fact
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS
from linhe.desks.exchange.engine.frames import DTYPES
from linhe.desks.exchange.engine.problem import Problem

APART = 90
"""Days between the starts of two listings of a lot."""


def chains(chance: np.random.Generator, c: dict[str, Any], *, missing: float) -> dict[str, pl.Series]:
    """Columns of the earlier listings: now and then one is missing in the middle, did not conform, or was sold."""
    number, size = c["application.listing_number"], len(c["application.listing_number"])
    gap = (number > 2) & (chance.random(size) < 0.02)
    count = number - 1 - gap
    row = np.repeat(np.arange(size), count)
    first = np.cumsum(count) - count
    place = np.arange(len(row)) - first[row] + gap[row]
    starts = c["application.applied_on"][row] - (number[row] - 1 - place) * APART
    flat = {
        "conforming": chance.random(len(row)) > 0.01,
        "sold": (result := chance.random(len(row))) < 0.003,
        "unsold": result >= 0.006,
        "reserve_fen": c["appraisal.value_fen"][row] * (100 - 3 * place) // 100,
        "starts_on": starts.astype(np.int32),
        "ends_on": (starts + chance.integers(40, 88, len(row))).astype(np.int32),
    }
    found = {
        f"earlier.{name}": _lists(f"earlier.{name}", values, count, chance, missing) for name, values in flat.items()
    }
    found["earlier.count"] = pl.Series("earlier.count", count, dtype=pl.Int64)
    found["earlier.complete"] = pl.Series("earlier.complete", ~gap)
    unknown = pl.Series(chance.random(size) >= missing)
    return {path: pl.select(pl.when(unknown).then(one).alias(path)).to_series() for path, one in found.items()}


def holders(chance: np.random.Generator, c: dict[str, Any], *, missing: float) -> dict[str, pl.Series]:
    """One to three state holders; the largest, or two alike, usually belong to the line that filed the appraisal."""
    own = c["application.fiscal_line"]
    size = len(own)
    count = chance.choice([1, 2, 3], size, p=[0.7, 0.2, 0.1])
    line = np.where(chance.random(size) < 0.02, "另一财政厅", own)
    alike = np.where((count > 1) & (chance.random(size) < 0.1), 2, 1)
    lines = np.repeat(line, alike)
    return {
        "holders.count": pl.Series("holders.count", np.where(True, count, count), dtype=pl.Int64),
        "holders.largest_lines": _lists("holders.largest_lines", lines, alike, chance, missing),
    }


def _lists(path: str, flat: Any, count: Any, chance: np.random.Generator, missing: float) -> pl.Series:
    """A list a row, ``count`` items each."""
    items = pl.Series("item", flat, strict=False)
    if missing:
        items = pl.select(pl.when(pl.Series(chance.random(len(flat)) >= missing)).then(items).alias("item")).to_series()
    table = pl.DataFrame({"row": np.repeat(np.arange(len(count)), count), "item": items})
    grouped = table.group_by("row", maintain_order=True).agg("item")
    rows = pl.DataFrame({"row": np.arange(len(count))}).join(grouped, on="row", how="left", maintain_order="left")
    return rows["item"].fill_null([]).cast(DTYPES[FIELDS[path].kind]).alias(path)


def problems(table: pl.DataFrame, as_of: date) -> Iterator[Problem]:
    """The rows of a table as problems, every fact with a document and a page."""
    listed = [(path, DOCUMENTS[field.document].zh) for path, field in FIELDS.items() if not field.derived]
    for row in table.iter_rows(named=True):
        facts = {
            path: Fact(value, document, 1 + place % 9)
            for place, (path, document) in enumerate(listed)
            if (value := row[path]) is not None
        }
        yield Problem(as_of=as_of, facts=facts, earlier=_earlier(row), holders=_holders(row))


def _earlier(row: dict[str, Any]) -> tuple[Earlier, ...] | None:
    if row["earlier.count"] is None:
        return None
    gap = 0 if row["earlier.complete"] else 1
    return tuple(
        Earlier(
            number=Fact(place + 1 + gap),
            reserve_fen=Fact(row["earlier.reserve_fen"][place]),
            starts_on=Fact(row["earlier.starts_on"][place]),
            ends_on=Fact(row["earlier.ends_on"][place]),
            result=_result(row["earlier.sold"][place], row["earlier.unsold"][place]),
            review=_word(row["earlier.conforming"][place], "conforming", "not_conforming"),
        )
        for place in range(row["earlier.count"])
    )


def _holders(row: dict[str, Any]) -> tuple[Holder, ...] | None:
    """Holders with whom the largest are those whose lines the row lists."""
    if row["holders.count"] is None:
        return None
    lines = row["holders.largest_lines"]
    if lines is None:
        return tuple(Holder(name=Fact(f"股东{n}")) for n in range(row["holders.count"]))
    large = [Holder(name=Fact("大股东"), share_ppm=Fact(PPM // 3), fiscal_line=Fact(line)) for line in lines]
    small = [Holder(name=Fact("小股东"), share_ppm=Fact(1))] * (row["holders.count"] - len(lines))
    return (*large, *small)


def _result(sold: bool | None, unsold: bool | None) -> Fact:
    return MISSING if sold is None or unsold is None else Fact("sold" if sold else "unsold" if unsold else "ended")


def _word(value: bool | None, yes: str, no: str) -> Fact:
    return MISSING if value is None else Fact(yes if value else no)
