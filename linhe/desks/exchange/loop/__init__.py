"""The kinds of this desk."""

from linhe.desks.exchange.loop.review import LISTING
from linhe.desks.exchange.loop.supervision import INSPECTION

KINDS = (LISTING, INSPECTION)

__all__ = ["INSPECTION", "KINDS", "LISTING"]
