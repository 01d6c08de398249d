"""The straight line times a factor: the distances where there is no road network."""

import numpy as np

from . import Floats, Pace, Table

EARTH_M = 6_371_008.8


def great_circle(origins: Floats, goals: Floats) -> Floats:
    """(n, m) metres between places in degrees, by the haversine formula."""
    east_a, north_a = np.radians(origins[:, :1]), np.radians(origins[:, 1:])
    east_b, north_b = np.radians(goals[:, 0]), np.radians(goals[:, 1])
    across = np.sin((east_b - east_a) / 2) ** 2 * np.cos(north_a) * np.cos(north_b)
    half = np.sqrt(np.sin((north_b - north_a) / 2) ** 2 + across)
    apart: Floats = 2 * EARTH_M * np.arcsin(np.minimum(half, 1.0))
    return apart


class StraightLine:
    """Great circle times a factor, at one speed.

    Parameters
    ----------
    factor : float
        Road metres per straight metre, at least 1.
    speed_kmh : float
        [km/h]
    pace : Pace, optional
    """

    def __init__(self, factor: float = 1.3, speed_kmh: float = 15.0, pace: Pace | None = None) -> None:
        if not (factor >= 1 and speed_kmh > 0):
            raise ValueError(f"factor, speed_kmh: {factor}, {speed_kmh} must be at least 1 and above 0")
        self.factor, self.speed_mps, self.pace = factor, speed_kmh / 3.6, pace or Pace()

    def table(self, origins: Floats, goals: Floats, *, hour: int | None = None) -> Table:
        """See :class:`Distances`."""
        metres = great_circle(origins, goals) * self.factor
        return Table(metres, metres / self.speed_mps * self.pace.at(hour))
