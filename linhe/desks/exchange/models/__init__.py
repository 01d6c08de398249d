"""Own rows of this desk, beside its matters."""

from linhe.desks.exchange.models.drafts import Draft
from linhe.desks.exchange.models.findings import Check, Filing, Finding
from linhe.desks.exchange.models.listings import Listing, Lot
from linhe.desks.exchange.models.rechecks import Difference, Recheck
from linhe.desks.exchange.models.supervision import Draw, Inspection
from linhe.desks.exchange.models.ties import Tie
from linhe.desks.exchange.models.uploads import Suggestion, Upload

__all__ = [
    "Check", "Difference", "Draft", "Draw", "Filing", "Finding", "Inspection", "Listing", "Lot",
    "Recheck", "Suggestion", "Tie", "Upload",
]  # fmt: skip
