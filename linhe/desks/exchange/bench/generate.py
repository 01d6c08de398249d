"""Generates tables of applications: most conform, some slip, some lack facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linhe.desks.exchange.bench.chains import chains, holders
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.frames import DTYPES

EPOCH = date(1970, 1, 1)
FIRST, LAST = (date(2025, 7, 1) - EPOCH).days, (date(2026, 10, 1) - EPOCH).days
SLIP = 0.01
"""Share of wrong values in each fact."""

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Dice:
    """Random columns of one length."""

    size: int
    chance: np.random.Generator

    def whole(self, low: int, high: int) -> Column:
        return self.chance.integers(low, high, self.size)

    def happens(self, share: float) -> Column:
        return self.chance.random(self.size) < share

    def one_of(self, values: list[str], shares: list[float] | None = None) -> Column:
        return np.array(values, dtype=object)[self.chance.choice(len(values), self.size, p=shares)]

    def slips(self, right: Column, wrong: Column) -> Column:
        """The right value, now and then the wrong one."""
        return np.where(self.happens(SLIP), wrong, right)


def applications(size: int, *, seed: int, missing: float = 0.0, complete: bool = False) -> pl.DataFrame:
    """A table as ``engine.frames.table`` makes it.

    Parameters
    ----------
    missing : share of values taken away everywhere, in [0, 1].
    complete : also what an application need not have is there (a floor of price, a suspension ...).
    """
    dice = Dice(size, np.random.default_rng(seed))
    columns: dict[str, Any] = {}
    for part in (_application, _certificate, _approval, _appraisal, _disclosure, _deal):
        part(dice, columns)
    present = chains(dice.chance, columns, missing=missing) | holders(dice.chance, columns, missing=missing)
    columns |= {path: np.ones(size, dtype=bool) for path in STATED.values()}
    if not complete:
        _take_away_what_is_optional(dice, columns)
    for path in columns:
        present[path] = _series(path, columns[path], dice, missing)
    return pl.DataFrame([present[path] for path in FIELDS])


def _series(path: str, values: Column, dice: Dice, missing: float) -> pl.Series:
    gone = np.zeros(dice.size, dtype=bool)
    if isinstance(values, np.ma.MaskedArray):
        gone = np.ma.getmaskarray(values)
        values = values.data
    if missing:
        gone = gone | dice.happens(missing)
    kind = FIELDS[path].kind
    source = pl.Series(path, values.astype(np.int32) if kind == "date" else values, strict=False)
    found = source.cast(DTYPES[kind])
    if not gone.any():
        return found
    return pl.select(pl.when(pl.Series(~gone)).then(found).alias(path)).to_series()


def _application(dice: Dice, c: dict[str, Any]) -> None:
    number = dice.chance.choice([1, 2, 3, 4], dice.size, p=[0.6, 0.25, 0.1, 0.05])
    value = np.exp(dice.chance.normal(20, 1.5, dice.size)).astype(np.int64) + 100
    fall = np.where(number == 1, 0, (number - 1) * 5 + dice.whole(-2, 3))
    percent = np.where(number == 1, 100 + dice.whole(0, 4), 100 - fall)
    reserve = value * dice.slips(percent, np.full(dice.size, 88)) // 100
    c["appraisal.value_fen"], c["application.reserve_fen"] = value, np.where(percent == 100, value, reserve)
    c["application.listing_number"] = number
    c["application.line"] = dice.one_of(["financial", "sasac"], [0.9, 0.1])
    c["application.step"] = dice.one_of(["listing", "closing"], [0.8, 0.2])
    c["application.kind"] = dice.one_of(["equity", "assets"], [0.85, 0.15])
    c["application.lot"] = np.char.add("L", np.arange(dice.size).astype(str))
    c["application.seller"] = dice.one_of([f"第{n}金融控股集团有限公司" for n in range(500)])
    c["application.object_name"] = dice.one_of([f"第{n}融资担保股份有限公司" for n in range(2000)])
    c["application.share_ppm"] = dice.whole(1, 1001) * 1000
    c["application.controls_lost"] = dice.happens(0.3)
    c["application.level"] = dice.whole(1, 5)
    c["application.fiscal_line"] = dice.one_of([f"第{n}财政厅" for n in range(31)])
    c["application.only_price_lowered"] = dice.happens(0.5)
    c["application.difference_explained"] = dice.slips(np.ones(dice.size, bool), np.zeros(dice.size, bool))
    c["application.applied_on"] = dice.whole(FIRST, LAST)


def _yes(dice: Dice, c: dict[str, Any], *paths: str, share: float = 1 - SLIP) -> None:
    for path in paths:
        c[path] = dice.happens(share)


def _certificate(dice: Dice, c: dict[str, Any]) -> None:
    none = np.full(dice.size, "其他公司", dtype=object)
    c["certificate.kind"] = dice.one_of(["possession", "change", "cancelled"], [0.5, 0.495, 0.005])
    c["certificate.number"] = dice.one_of([f"登记{n}" for n in range(1000)])
    c["certificate.holder"] = dice.slips(c["application.seller"], none)
    c["certificate.enterprise"] = dice.slips(c["application.object_name"], none)
    c["certificate.issuer"] = c["application.fiscal_line"]
    _yes(dice, c, "certificate.genuine", "certificate.complete", "certificate.pledgee_agrees")
    _yes(dice, c, "certificate.pledged", share=0.05)
    c["certificate.status"] = dice.one_of(["valid", "lapsed", "changing"], [0.98, 0.01, 0.01])
    c["certificate.share_ppm"] = c["application.share_ppm"] + dice.slips(dice.whole(0, 2), dice.whole(-900, 0))
    c["certificate.share_ppm"] = np.clip(c["certificate.share_ppm"], 0, 1_000_000)
    c["certificate.registered_capital_fen"] = dice.whole(10**9, 10**12)
    c["certificate.state_capital_fen"] = c["certificate.registered_capital_fen"] // 2
    c["certificate.issued_on"] = c["application.applied_on"] - dice.slips(dice.whole(0, 900), dice.whole(-9, 0))


def _approval(dice: Dice, c: dict[str, Any]) -> None:
    reserve, applied = c["application.reserve_fen"], c["application.applied_on"]
    c["approval.number"] = dice.one_of([f"财金〔2025〕{n}号" for n in range(500)])
    c["approval.authority"] = c["application.fiscal_line"]
    c["approval.authority_kind"] = dice.one_of(["finance", "government", "sasac"], [0.5, 0.45, 0.05])
    c["approval.level"] = c["application.level"] + dice.slips(np.zeros(dice.size, np.int64), dice.whole(0, 2))
    c["approval.object_name"] = dice.slips(c["application.object_name"], np.full(dice.size, "其他公司", dtype=object))
    c["approval.scope"] = np.full(dice.size, "全部资产及负债", dtype=object)
    c["approval.kind"] = dice.slips(c["application.kind"], np.full(dice.size, "capital", dtype=object))
    c["approval.share_ppm"] = dice.slips(c["application.share_ppm"], dice.whole(1, 1_000_000))
    c["approval.price_floor_fen"] = reserve - dice.slips(dice.whole(0, 2), dice.whole(-3, 0))
    c["approval.issued_on"] = applied - dice.slips(dice.whole(60, 120), dice.whole(-5, 0))
    until = applied + dice.slips(dice.whole(0, 300), dice.whole(-5, 0))
    c["approval.valid_until"] = np.maximum(until, c["approval.issued_on"])
    c["approval.new_price_fen"] = reserve + dice.slips(np.zeros(dice.size, np.int64), dice.whole(1, 3))
    c["approval.new_price_on"] = applied - dice.whole(0, 5)


def _appraisal(dice: Dice, c: dict[str, Any]) -> None:
    applied, none = c["application.applied_on"], np.full(dice.size, "其他公司", dtype=object)
    c["appraisal.report_number"] = dice.one_of([f"评报字{n}" for n in range(1000)])
    c["appraisal.agency"] = dice.one_of([f"第{n}资产评估公司" for n in range(50)])
    for path in ("appraisal.audit_agency", "appraisal.accounting_agency"):
        c[path] = dice.slips(dice.one_of([f"第{n}会计师事务所" for n in range(50)]), c["appraisal.agency"])
    c["appraisal.object_name"] = dice.slips(c["application.object_name"], none)
    c["appraisal.scope"] = dice.slips(c["approval.scope"], none)
    c["appraisal.kind"] = dice.slips(c["application.kind"], np.full(dice.size, "capital", dtype=object))
    c["appraisal.base_on"] = applied - dice.slips(dice.whole(90, 366), dice.whole(364, 369))
    c["appraisal.filing_kind"] = dice.one_of(["ratified", "filed", "none"], [0.2, 0.79, 0.01])
    c["appraisal.filed_by"] = c["application.fiscal_line"]
    c["appraisal.filed_level"] = c["application.level"] + dice.slips(np.zeros(dice.size, np.int64), dice.whole(0, 2))
    c["appraisal.filing_number"] = dice.one_of([f"备{n}" for n in range(1000)])
    c["appraisal.filed_on"] = c["approval.issued_on"] + dice.slips(dice.whole(0, 50), dice.whole(-5, 0))
    c["appraisal.filed_on"] = np.maximum(c["appraisal.filed_on"], c["appraisal.base_on"])
    _yes(dice, c, "appraisal.undertakings")


def _disclosure(dice: Dice, c: dict[str, Any]) -> None:
    start = c["application.applied_on"] + dice.whole(1, 8)
    c["disclosure.starts_on"] = c["disclosure.newspaper_on"] = start
    c["disclosure.ends_on"] = start + dice.slips(dice.whole(38, 60), dice.whole(26, 34))
    _yes(
        dice, c, "disclosure.newspaper_provincial", "disclosure.on_exchange_site", "disclosure.on_seller_site",
        "disclosure.contents_complete", "disclosure.undertakings", "disclosure.extension_announced",
        "disclosure.change_agreed", "disclosure.buyer_terms_refiled",
    )  # fmt: skip
    _yes(dice, c, "disclosure.suspended", "disclosure.changed", "disclosure.buyer_terms_changed", share=0.05)
    c["disclosure.extensions"] = dice.chance.choice([0, 1, 2], dice.size, p=[0.8, 0.15, 0.05])
    c["disclosure.extension_days"] = dice.whole(4, 12)
    c["disclosure.suspended_on"] = start + dice.whole(3, 10)
    c["disclosure.resumed_on"] = c["disclosure.suspended_on"] + dice.whole(1, 12)
    c["disclosure.restarted_on"] = start + dice.whole(1, 10)


def _deal(dice: Dice, c: dict[str, Any]) -> None:
    reserve = c["application.reserve_fen"]
    c["deal.buyers"] = dice.chance.choice([1, 2, 3], dice.size, p=[0.6, 0.3, 0.1])
    open_to_all = np.where(dice.happens(0.5), "auction", "online").astype(object)
    c["deal.procedure"] = dice.slips(
        np.where(c["deal.buyers"] >= 2, open_to_all, "agreement"), np.full(dice.size, "outside", dtype=object)
    )
    c["deal.price_fen"] = reserve * dice.whole(100, 115) // 100
    c["deal.lump_sum"] = dice.happens(0.8)
    c["deal.first_payment_fen"] = c["deal.price_fen"] * dice.whole(29, 60) // 100
    c["deal.contract_on"] = c["disclosure.ends_on"] + dice.whole(1, 20)
    c["deal.last_payment_on"] = c["deal.contract_on"] + dice.whole(5, 368)


STATED = {
    "approval.price_floor_fen": "approval.price_floor_stated",
    "approval.valid_until": "approval.valid_until_stated",
    "appraisal.accounting_agency": "appraisal.accounting_engaged",
}
"""Whether there is such a thing at all is a fact of its own."""


def _take_away_what_is_optional(dice: Dice, c: dict[str, Any]) -> None:
    """What an application only has in some cases."""
    listing = c["application.step"] == "listing"
    low = c["application.reserve_fen"] * 100 < c["appraisal.value_fen"] * 90
    kept: dict[str, Callable[[], Column]] = {
        "approval.price_floor_fen": lambda: dice.happens(0.3),
        "approval.valid_until": lambda: dice.happens(0.5),
        "approval.new_price_fen": lambda: low & dice.happens(0.9),
        "approval.new_price_on": lambda: low & dice.happens(0.9),
        "appraisal.accounting_agency": lambda: dice.happens(0.5),
        "disclosure.suspended_on": lambda: c["disclosure.suspended"],
        "disclosure.resumed_on": lambda: c["disclosure.suspended"],
        "disclosure.restarted_on": lambda: c["disclosure.changed"],
    }
    for path, keep in kept.items():
        there = keep()
        c[path] = np.ma.masked_array(c[path], mask=~there)
        if path in STATED:
            c[STATED[path]] = there
    for path in [path for path in c if path.startswith("deal.")]:
        c[path] = np.ma.masked_array(c[path], mask=listing)
