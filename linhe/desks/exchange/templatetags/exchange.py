"""Amounts and their share of the appraisal, as the pages show them."""

from __future__ import annotations

from django import template

from linhe.desks.exchange.models import Listing
from linhe.lib.units import money

register = template.Library()
HUNDREDTHS = 10_000


@register.filter
def yuan(amount_fen: int | None) -> str:
    """An amount in fen with its currency."""
    return "–" if amount_fen is None else str(money(amount_fen))


@register.filter
def of_appraisal(listing: Listing) -> str:
    """The price in percent of the appraisal, cut and never rounded up: 89.999 % is not 90 %."""
    if listing.reserve_fen is None or not listing.appraisal_fen:
        return "–"
    hundredths = listing.reserve_fen * HUNDREDTHS // listing.appraisal_fen
    return f"{hundredths // 100}.{hundredths % 100:02}%"
