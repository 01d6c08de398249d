"""What the rules read of one listing: the seller's content, and what the exchange knows by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linhe.desks.exchange.engine import Params, Problem, Result, solve
from linhe.desks.exchange.engine.chain import Earlier
from linhe.desks.exchange.engine.facts import Fact, InvalidFact
from linhe.desks.exchange.models import Listing, Lot
from linhe.desks.exchange.schemas.content import Content, facts_of, holders_of
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.lib.text import Text

REGISTER = "交易所登记"
NOTICE = "挂牌公告记录"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the exchange knows of an application besides its content."""

    seller: str
    number: int
    applied_on: date
    lot: str = ""
    earlier: tuple[Earlier, ...] = ()


def problem_of(
    content: Content, standing: Standing, *, as_of: date, more: Mapping[str, Fact] | None = None, step: str = "listing"
) -> Problem:
    """One application as the engine takes it.

    Raises
    ------
    NotADocument : documents that contradict each other in a way that no rule judges (reversed dates, a broken chain).
    """
    own: dict[str, Any] = {
        "application.step": step, "application.seller": standing.seller, "application.listing_number": standing.number,
        "application.applied_on": standing.applied_on, "application.lot": standing.lot or None,
    }  # fmt: skip
    facts = facts_of(content) | {path: Fact(value, REGISTER) for path, value in own.items() if value is not None}
    facts |= more or {}
    try:
        return Problem(as_of=as_of, facts=facts, earlier=standing.earlier, holders=holders_of(content))
    except InvalidFact as wrong:
        raise NotADocument({wrong.path: Text(f"{wrong.zh}。", f"{wrong.en}.")}) from None


def found_in(problem: Problem) -> Result:
    """What the rules in force on the day of the problem find."""
    return solve(problem, Params())


def standing_of(listing: Listing, *, applied_on: date) -> Standing:
    """What is known of a listing that was lodged."""
    listed = listed_before(listing.lot, listing.sequence)
    lot = listing.lot
    return Standing(lot.seller.name, len(listed) + 1, applied_on, lot.number, earlier_of(listed))


def standing_of_next(lot: Lot | None, seller: str, *, applied_on: date) -> Standing:
    """What is known of an application that is not lodged yet: a first one, or the next of a lot."""
    listed = listed_before(lot, None) if lot else []
    return Standing(seller, len(listed) + 1, applied_on, lot.number if lot else "", earlier_of(listed))


def listed_before(lot: Lot, sequence: int | None) -> list[Listing]:
    """The listings of a lot that were announced, before one of its listings (or all), in order.

    An application that was refused or withdrawn before it was listed is part of the lot's history, but no listing.
    """
    rows = Listing.objects.filter(lot=lot, listed_on__isnull=False)
    if sequence is not None:
        rows = rows.filter(sequence__lt=sequence)
    return list(rows.select_related("matter").order_by("sequence"))


def earlier_of(listed: Sequence[Listing]) -> tuple[Earlier, ...]:
    """Earlier listings as the engine takes them, numbered by themselves."""
    found = []
    for number, one in enumerate(listed, 1):
        source = f"第 {number} 次挂牌（{one.matter_id}）"
        review = None if one.conforming is None else ("conforming" if one.conforming else "not_conforming")
        values: dict[str, Any] = {
            "number": number, "reserve_fen": one.reserve_fen, "starts_on": one.starts_on, "ends_on": one.ends_on,
            "result": one.result or None, "review": review,
        }  # fmt: skip
        found.append(Earlier(**{name: Fact(value, source) for name, value in values.items()}))
    return tuple(found)


def confirmed_facts(listing: Listing) -> dict[str, Fact]:
    """What a reviewer confirmed with the originals."""
    return {
        path: Fact(one["value"], one["document"], one.get("page")) for path, one in sorted(listing.confirmed.items())
    }  # fmt: skip


def notice_facts(listing: Listing) -> dict[str, Fact]:
    """What became of the notice, by the exchange's own record. Before it begins, nothing did."""
    values: dict[str, Any] = {
        "extensions": listing.extensions, "suspended": listing.suspended_on is not None, "changed": listing.changed,
        "suspended_on": listing.suspended_on, "resumed_on": listing.resumed_on, "buyer_terms_changed": False,
    }  # fmt: skip
    if listing.extensions:
        values |= {"extension_days": listing.extension_days, "extension_announced": True}
    if listing.changed:
        values |= {"change_agreed": listing.change_agreed, "restarted_on": listing.restarted_on}
    if listing.listed_on:
        values |= {"starts_on": listing.starts_on, "ends_on": listing.ends_on}
    return {f"disclosure.{name}": Fact(value, NOTICE) for name, value in values.items() if value is not None}


def fresh_notice_facts() -> dict[str, Fact]:
    """The same of a listing that is not there yet."""
    plain = {"extensions": 0, "suspended": False, "changed": False, "buyer_terms_changed": False}
    return {f"disclosure.{name}": Fact(value, NOTICE) for name, value in plain.items()}
