"""The kinds of this desk."""

from linhe.desks.exchange.loop.review import LISTING

KINDS = (LISTING,)

__all__ = ["KINDS", "LISTING"]
