"""What a round has to order: stops with windows, where the walk begins and how fast it goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linhe.lib.geography import Point, distance_m

_CASE = {"start", "start_s", "stops"}, {"speed_kmh", "way_factor", "title"}
_STOP = {"id", "at"}, {"window_s", "service_s", "name"}
DAY_S = 86_400
MOST_STOPS = 60


@dataclass(frozen=True, slots=True)
class Stop:
    """A door: where, between which seconds to begin there, and for how long."""

    id: int
    at: Point
    earliest_s: int = 0
    latest_s: int = DAY_S
    service_s: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.earliest_s <= self.latest_s <= 7 * DAY_S:
            raise ValueError(f"stop {self.id}: the window must lie in a week and be in order")
        if not 0 <= self.service_s <= DAY_S:
            raise ValueError(f"stop {self.id}: service_s must lie between 0 and a day")


@dataclass(frozen=True, slots=True)
class Problem:
    """One person's round. Times are seconds on one axis, such as of the day."""

    start: Point
    start_s: int
    stops: tuple[Stop, ...]
    speed_kmh: float = 4.0
    way_factor: float = 1.3

    def __post_init__(self) -> None:
        if len({stop.id for stop in self.stops}) != len(self.stops):
            raise ValueError("stops: an id occurs twice")
        if len(self.stops) > MOST_STOPS:
            raise ValueError(f"stops: at most {MOST_STOPS}")
        if not (math.isfinite(self.speed_kmh) and self.speed_kmh > 0):
            raise ValueError("speed_kmh: must be positive")
        if not (math.isfinite(self.way_factor) and self.way_factor >= 1):
            raise ValueError("way_factor: must be at least 1")
        if not 0 <= self.start_s <= 7 * DAY_S:
            raise ValueError("start_s: must lie in a week")

    def way_m(self, a: Point, b: Point) -> float:
        """Metres on foot."""
        return self.way_factor * distance_m(a, b)

    def way_s(self, a: Point, b: Point) -> int:
        """Whole seconds on foot, rounded up."""
        return math.ceil(self.way_m(a, b) / (self.speed_kmh / 3.6))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Problem:
        """Read a case (see CASE.md); ValueError names what is wrong."""
        _names("case", data, _CASE)
        if not isinstance(data["stops"], list):
            raise ValueError("stops: must be a list")
        return cls(
            _point("start", data["start"]), _whole("start_s", data["start_s"]),
            tuple(_stop(f"stops[{n}]", one) for n, one in enumerate(data["stops"])),
            float(data.get("speed_kmh", 4.0)), float(data.get("way_factor", 1.3)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Params:
    """``late_allowed`` takes doors after their window, as little as possible; ``work`` bounds the search in the
    solver's own deterministic units, so that the same case gives the same round on every machine."""

    late_allowed: bool = False
    work: float = 4.0
    seed: int = 1


def _stop(where: str, one: Any) -> Stop:
    if not isinstance(one, Mapping):
        raise ValueError(f"{where}: must be an object")
    _names(where, one, _STOP)
    window = one.get("window_s") or [None, None]
    if not isinstance(window, list) or len(window) != 2:
        raise ValueError(f"{where}.window_s: must be [earliest, latest]")
    return Stop(
        _whole(f"{where}.id", one["id"]), _point(f"{where}.at", one["at"]),
        0 if window[0] is None else _whole(f"{where}.window_s", window[0]),
        DAY_S if window[1] is None else _whole(f"{where}.window_s", window[1]),
        _whole(f"{where}.service_s", one.get("service_s", 0)),
    )  # fmt: skip


def _names(where: str, data: Mapping[str, Any], known: tuple[set[str], set[str]]) -> None:
    needed, optional = known
    if missing := sorted(needed - set(data)):
        raise ValueError(f"{where}: {missing} missing")
    if unknown := sorted(set(data) - needed - optional):
        raise ValueError(f"{where}: unknown {unknown}")


def _whole(where: str, given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError(f"{where}: must be a whole number")
    return given


def _point(where: str, given: Any) -> Point:
    if not isinstance(given, list) or len(given) != 2 or not all(isinstance(v, int | float) for v in given):
        raise ValueError(f"{where}: must be [longitude, latitude]")
    lng, lat = (float(v) for v in given)
    if not (abs(lng) <= 180 and abs(lat) <= 90):
        raise ValueError(f"{where}: out of range")
    return Point(lng, lat)
