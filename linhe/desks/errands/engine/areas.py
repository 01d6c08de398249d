"""Dispatch areas whose borders turn from round to round, as a pure function of places."""

import numpy as np

from .jit import Floats, Ints

TURN = 2.399963  # the golden angle [rad]: no direction of borders comes again soon


def split(centre: Floats, areas: int, round_: int) -> Ints:
    """(P,) the area of each place: halves of halves of equal number, along axes that turn with ``round_``.

    Parameters
    ----------
    centre : (P, 2) metres east and north.
    areas : >= 1.
    round_ : >= 0.

    Notes
    -----
    Area sizes differ by at most one a cut. The same places and round give the same areas anywhere.
    """
    label = np.zeros(len(centre), dtype=np.int64)
    _cut(centre, np.arange(len(centre)), areas, round_ * TURN, 0, label)
    return label


def _cut(
    centre: Floats,
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    areas: int,
    angle: float,
    first: int,
    label: Ints,
) -> None:
    if areas <= 1:
        label[rows] = first
        return
    along = centre[rows] @ np.array([np.cos(angle), np.sin(angle)])
    left = areas // 2
    cut = len(rows) * left // areas
    order = rows[np.argpartition(along, cut)] if 0 < cut < len(rows) else rows
    _cut(centre, order[:cut], left, angle + np.pi / 2, first, label)
    _cut(centre, order[cut:], areas - left, angle + np.pi / 2, first + left, label)
