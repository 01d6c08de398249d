"""Own rows of this desk, beside its matters."""

from linhe.desks.exchange.models.drafts import Draft
from linhe.desks.exchange.models.findings import Check, Filing, Finding
from linhe.desks.exchange.models.listings import Listing, Lot
from linhe.desks.exchange.models.ties import Tie

__all__ = ["Check", "Draft", "Filing", "Finding", "Listing", "Lot", "Tie"]
