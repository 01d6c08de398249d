"""Amounts and their share of the appraisal, as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from linhe.desks.exchange.models import Listing
from linhe.desks.exchange.queries import phrases, rulebook
from linhe.desks.exchange.queries.chain import percent
from linhe.lib.text import Text
from linhe.lib.units import money

register = template.Library()
FEN_A_WAN = 1_000_000


@register.filter
def yuan(amount_fen: int | None) -> str:
    """An amount in fen with its currency."""
    return "–" if amount_fen is None else str(money(amount_fen))


@register.filter
def wan(amount_fen: int | None) -> str:
    """A large amount in ten thousand yuan, exact; what is not worth it, and English, in yuan."""
    if amount_fen is None or amount_fen < FEN_A_WAN:
        return yuan(amount_fen)
    whole, rest = divmod(amount_fen, FEN_A_WAN)
    decimals = f"{rest:06}".rstrip("0")
    return str(Text(f"{whole:,}{'.' * bool(decimals)}{decimals} 万元", money(amount_fen).en))


@register.filter
def at(held: Mapping[str, Any] | str, key: str) -> Any:
    """What a mapping holds under a key; nothing where there is no mapping or no such key."""
    return held.get(key, ()) if isinstance(held, Mapping) else ()


@register.filter
def unit(name: str) -> str:
    """The unit of a parameter as it follows a number."""
    return str(phrases.unit(name))


@register.filter
def last_day(until: date | None) -> date | None:
    """The last day of what holds until the day before ``until``."""
    return rulebook.last_day(until)


@register.filter
def of_appraisal(listing: Listing) -> str:
    """The price in percent of the appraisal, cut and never rounded up: 89.999 % is not 90 %."""
    if listing.reserve_fen is None or not listing.appraisal_fen:
        return "–"
    return f"{percent(listing.reserve_fen, listing.appraisal_fen)}%"
