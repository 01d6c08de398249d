"""How far it is: one interface for the straight line, a road network and servers of routes."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOURS = 24


class Unreachable(ValueError):
    """A place has no road near it, or no road leads from one place to another; the message names the row."""


class Table(NamedTuple):
    """From every origin (row) to every goal (column)."""

    metres: Floats
    seconds: Floats


class Distances(Protocol):
    """Anything that knows how far it is between places (n, 2) of longitude and latitude in degrees.

    Metres are never below the great circle, so that what the straight line at factor 1 excludes is excluded.
    """

    def table(self, origins: Floats, goals: Floats, *, hour: int | None = None) -> Table:
        """Metres and seconds, the latter at an hour of the day (0-23), None = as fast as it goes.

        Raises
        ------
        Unreachable
            Naming the place.
        """
        ...


class Pace:
    """How much longer a way takes at each hour of the day than when the roads are free.

    Parameters
    ----------
    shares : sequence of float
        24 factors, each at least 1. [1]

    Raises
    ------
    ValueError
        If there are not 24 of them, or one is below 1.
    """

    def __init__(self, shares: Sequence[float] = (1.0,) * HOURS) -> None:
        if len(shares) != HOURS or not all(np.isfinite(share) and share >= 1 for share in shares):
            raise ValueError(f"pace: expected {HOURS} factors of at least 1")
        self.shares = tuple(map(float, shares))

    def at(self, hour: int | None) -> float:
        """The factor of an hour; 1 without one."""
        if hour is None:
            return 1.0
        if not 0 <= hour < HOURS:
            raise ValueError(f"hour: {hour} is not an hour of the day")
        return self.shares[hour]


__all__ = ["HOURS", "Distances", "Floats", "Pace", "Table", "Unreachable"]
