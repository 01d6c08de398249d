"""Writes of the exchange desk: what pages call, and the effects that actions run."""

from linhe.desks.exchange.services.supervision import (
    clear_inspection,
    close_inspection,
    conclude_inspection,
    draw_sample,
    open_inspection,
)

__all__ = ["clear_inspection", "close_inspection", "conclude_inspection", "draw_sample", "open_inspection"]
