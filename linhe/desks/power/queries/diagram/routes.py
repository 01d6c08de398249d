"""The way of a section on the page, and where along it its switches sit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
CLEAR = 30.0
"""How far a tie's switch stays from every other mark [px]."""


@dataclass(frozen=True, slots=True)
class Way:
    """From one point to another: straight, round a corner (``via``), or along a cubic curve (``via`` is a pair)."""

    start: Point
    end: Point
    via: tuple[Point, ...] = ()

    @property
    def curved(self) -> bool:
        """Whether it is a curve."""
        return len(self.via) == 2

    def at(self, share: float) -> Point:
        """The point at a share of the way; round a corner, of what follows the corner."""
        if self.curved:
            return _on((self.start, *self.via, self.end), share)
        (x1, y1), (x2, y2) = (self.via[-1] if self.via else self.start), self.end
        return x1 + share * (x2 - x1), y1 + share * (y2 - y1)

    def path(self, first: float, last: float) -> str:
        """The piece between two shares, as the data of an SVG path."""
        if self.curved:
            (a, b), (c, d), (e, f), (g, h) = _cut((self.start, *self.via, self.end), first, last)
            return f"M{a:.4g} {b:.4g}C{c:.4g} {d:.4g} {e:.4g} {f:.4g} {g:.4g} {h:.4g}"
        corner = [self.start, *self.via] if first == 0 and self.via else []
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in [*corner, self.at(first), self.at(last)])

    def shares(self, near: bool, far: bool, busy: list[Point], *, far_first: bool = False) -> tuple[float, float]:
        """Where its two switches sit: one in the middle (on a curve where it covers nothing), two apart; the second of
        a curve close to its end."""
        if near and far:
            if not self.curved:
                return 0.32, 0.68
            middle = self._clear_of(busy)
            return (self._beside(0.0), middle) if far_first else (middle, self._beside(1.0))
        middle = self._clear_of(busy) if self.curved else 0.5
        return (middle, 1.0) if near else (0.0, middle) if far else (0.0, 1.0)

    def _beside(self, end: float) -> float:
        x, y = self.at(end)
        away = (abs(end - n / 48) for n in range(1, 24))
        return next((s for s in away if hypot(self.at(s)[0] - x, self.at(s)[1] - y) > 0.75 * CLEAR), abs(end - 0.4))

    def _clear_of(self, busy: list[Point]) -> float:
        wanted = sorted((n / 24 for n in range(3, 22)), key=lambda share: abs(share - 0.5))
        for share in wanted:
            x, y = self.at(share)
            if all(hypot(x - a, y - b) > CLEAR and hypot(x - a, y + 20 - b) > CLEAR for a, b in busy):
                return share
        return wanted[0]


def straight(start: Point, end: Point) -> Way:
    """Along one row, or down a column first and then along the row of its end."""
    corner = ((start[0], end[1]),) if start[1] != end[1] else ()
    return Way(start, end, corner)


def bowed(start: Point, end: Point, *, highest: float, column: float) -> Way:
    """A tie bows away from the rows, the further the longer it is [px]."""
    (x1, y1), (x2, y2) = start, end
    if y1 == y2:
        lift = min(highest, 26 + 0.10 * abs(x2 - x1)) * 4 / 3
        side = 18.0 if x2 >= x1 else -18.0
        return Way(start, end, ((x1 + side, y1 - lift), (x2 - side, y1 - lift)))
    bend = 0.5 * (y2 - y1)
    aside = 34.0 if abs(x2 - x1) < column else 0.0
    return Way(start, end, ((x1 + aside, y1 + bend), (x2 + aside, y2 - bend)))


def _on(curve: tuple[Point, ...], share: float) -> Point:
    rest = 1 - share
    weights = (rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y


def _cut(curve: tuple[Point, ...], first: float, last: float) -> list[Point]:
    """The control points of a piece of a cubic curve, by its polar form."""

    def polar(*shares: float) -> Point:
        points = list(curve)
        for share in shares:
            points = [(a + share * (c - a), b + share * (d - b)) for (a, b), (c, d) in pairwise(points)]
        return points[0]

    return [polar(*[last] * n, *[first] * (3 - n)) for n in range(4)]
