"""What the actions and documents of the exchange desk ask for."""

from linhe.desks.exchange.schemas.review import (
    Assign,
    ChangeNotice,
    CheckDocuments,
    Explain,
    Extend,
    GiveReasons,
    LodgeDraft,
    RecordDeal,
    RegisterBuyers,
)
from linhe.desks.exchange.schemas.supervision import DrawCase, SayWhy

__all__ = [
    "Assign", "ChangeNotice", "CheckDocuments", "DrawCase", "Explain", "Extend", "GiveReasons",
    "LodgeDraft", "RecordDeal", "RegisterBuyers", "SayWhy",
]  # fmt: skip
