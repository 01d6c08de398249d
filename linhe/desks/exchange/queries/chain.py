"""The price chain of a lot, as points of a small drawing: each listing's price against the appraisal, and two lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.dated import value
from linhe.desks.exchange.models import Listing

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 320, 150, 34, 14, 26
MOST_STEP = 70


@dataclass(frozen=True, slots=True)
class Point:
    """One listing: where its price lies, and in percent of the appraisal (two decimals, never rounded up)."""

    listing: Listing
    x: int
    y: int
    percent: str
    here: bool
    below: bool
    under_limit: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The drawing; ``full_y`` and ``limit_y`` are the lines of 100 % and of the dated limit."""

    points: tuple[Point, ...]
    full_y: int
    limit_y: int
    limit: int
    line: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def chain_of(listing: Listing, *, at: datetime) -> Chain:
    """Every listing of the lot, in order."""
    limit: int = value("exchange.below_percent", at=at, place_code=listing.matter.place.code)
    rows = Listing.objects.filter(lot=listing.lot_id).select_related("matter").order_by("sequence")
    priced = [(one, 10_000 * one.reserve_fen // one.appraisal_fen) for one in rows
              if one.reserve_fen is not None and one.appraisal_fen]  # fmt: skip
    hundredths = [p for _, p in priced]
    low, high = min([100 * limit, *hundredths]) - 300, max([10_000, *hundredths]) + 300

    def y(hundredth: int) -> int:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - hundredth) // (high - low)

    step = min(MOST_STEP, (WIDTH - LEFT - 40) // max(1, len(priced) - 1)) if len(priced) > 1 else 0
    points = tuple(
        Point(
            one, LEFT + 30 + step * number, y(p), percent(_price(one), _value(one)),
            one.pk == listing.pk, _price(one) < _value(one), 100 * _price(one) < limit * _value(one),
        )
        for number, (one, p) in enumerate(priced)
    )  # fmt: skip
    line = " ".join(f"{p.x},{p.y}" for p in points)
    return Chain(points, y(10_000), y(100 * limit), limit, line)


def percent(price_fen: int, appraisal_fen: int) -> str:
    """A price in percent of the appraisal, two decimals at most, cut and never rounded up: 89.999 % is not 90 %."""
    hundredths = 10_000 * price_fen // appraisal_fen
    return f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")


def _price(one: Listing) -> int:
    return one.reserve_fen or 0


def _value(one: Listing) -> int:
    return one.appraisal_fen or 0
