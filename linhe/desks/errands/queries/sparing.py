"""What a further errand of a courier costs beside its way: the less time the route has to spare, the more.

Own stops may be some minutes later than planned, and that time is used up once for the whole shift: 300 metres and two
stops take as much of it at noon as in the evening. Without a price whoever passes the busiest shops spends it
in the busy hours, and later errands are left to people further away, or to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from linhe.core.dated import value
from linhe.desks.errands.queries.state import Duty
from linhe.lib.geography import EARTH_RADIUS_M


def prices_of(
    shifts: Sequence[Duty], stops: Mapping[str, Any], *, at: datetime, place_code: str
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(P,) [m]: the dated price for whoever has no time to spare, falling to nothing at the time own stops are given.

    ``stops`` are the arrays of the problem: ``stop_offset``, ``stop_lon`` and so on.
    """
    most_m = value("errands.no_slack_m", at=at, place_code=place_code)
    if not most_m or not shifts:
        return np.zeros(len(shifts))
    given_s = 60.0 * value("errands.own_stop_slack_minutes", at=at, place_code=place_code)
    road = value("errands.road_factor", at=at, place_code=place_code)
    spare_s = _time_to_spare(shifts, stops, at.timestamp(), road)
    prices: np.ndarray[Any, np.dtype[np.float64]] = most_m * (1 - np.clip(spare_s / max(given_s, 1.0), 0, 1))
    return prices


def _time_to_spare(shifts: Sequence[Duty], stops: Mapping[str, Any], now_s: float, road: float) -> Any:
    """(P,) seconds by which all of a route may still be later, as the crow flies times ``road``; inf without limits."""
    offset, lng, lat = stops["stop_offset"], stops["stop_lon"], stops["stop_lat"]
    spare_s = np.full(len(shifts), np.inf)
    some = np.diff(offset) > 0
    if not some.any():
        return spare_s
    first = offset[:-1][some]
    before_lng, before_lat, waited = np.roll(lng, 1), np.roll(lat, 1), np.roll(stops["stop_service_s"], 1)
    before_lng[first] = np.array([s.lng for s in shifts])[some]
    before_lat[first] = np.array([s.lat for s in shifts])[some]
    waited[first] = np.array([max(0.0, s.from_s - now_s) for s in shifts])[some]
    pace = np.repeat([3.6 / s.speed_kmh for s in shifts], np.diff(offset))
    east = (lng - before_lng) * np.cos(np.radians(lat))
    metres = road * EARTH_RADIUS_M * np.radians(np.hypot(east, lat - before_lat))
    arrive = np.cumsum(metres * pace + waited)
    begun = np.concatenate([[0.0], arrive])[first]
    spare_s[some] = np.minimum.reduceat(stops["stop_latest_s"] - now_s - arrive, first) + begun
    return spare_s
