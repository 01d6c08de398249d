"""What the actions on a supervision case ask for."""

from __future__ import annotations

from linhe.core.loop.data import ActionData, ask
from linhe.desks.exchange.schemas.review import Told


class DrawCase(ActionData):
    """Which listing, and whether it was drawn by lot (by which draw) or carries risk flags."""

    listing_id: int = ask("挂牌编号", "number of the listing", ge=1, le=2**62)
    draw_id: int | None = ask("抽样编号", "number of the draw", default=None, ge=1, le=2**62)


class SayWhy(Told):
    """Words for the other side."""

    words: str = ask("内容", "words", keep="private", min_length=2, max_length=2000, widget="textarea")
