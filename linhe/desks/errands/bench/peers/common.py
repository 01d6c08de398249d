"""What every peer's model needs: whole numbers for times and distances, and one table of all places."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from linhe.desks.errands.engine import Problem

TENTHS = 10
"""Metres and seconds are told in tenths, rounded up, so that a plan that is in time for a peer is in time."""
FOREVER = 10_000_000  # tenths of a second
MOST_PLACES = 9_000  # a table of them has 81 million entries
EARTH_M = 6_371_008.8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TooLarge(ValueError):
    """The peer's model of this problem does not fit; the message says why."""


@dataclass(frozen=True, slots=True)
class Places:
    """Rows of the tables: own stops, pick-ups, drop-offs, starts, ends."""

    metres: NDArray[np.uint32]  # tenths
    seconds: NDArray[np.uint32]  # tenths, driving only
    stops: int
    requests: int
    people: int

    def pickup(self, request: int) -> int:
        """Row of a request's pick-up."""
        return self.stops + request

    def dropoff(self, request: int) -> int:
        """Row of a request's drop-off."""
        return self.stops + self.requests + request

    def start(self, person: int) -> int:
        """Row of where a person is."""
        return self.stops + 2 * self.requests + person

    def end(self, person: int) -> int:
        """Row of where a person's route ends."""
        return self.stops + 2 * self.requests + self.people + person


def places_of(problem: Problem) -> Places:
    """Tables of distances and times.

    Raises
    ------
    TooLarge
        For too many places, for people of different speeds, and for what no peer's model here knows.
    """
    count = len(problem.stop_lon) + 2 * (problem.requests + problem.people)
    if count > MOST_PLACES:
        raise TooLarge(f"{count:,} places: their table does not fit")
    speeds = np.unique(problem.person_speed_mps)
    if len(speeds) > 1 or (problem.stop_errand >= 0).any() or len(problem.declined):
        raise TooLarge("different speeds, movable stops or refusals are not modelled")
    metres = problem.road_m if problem.road_m.size else _straight(problem)
    tenths = np.ceil(metres * TENTHS - 1e-6).astype(np.uint32)
    return Places(
        metres=tenths,
        seconds=np.ceil(metres / speeds[0] * TENTHS - 1e-6).astype(np.uint32),
        stops=len(problem.stop_lon),
        requests=problem.requests,
        people=problem.people,
    )


def _straight(problem: Problem) -> Floats:
    visits = problem.visits
    lon = np.concatenate(
        [problem.stop_lon, np.where(visits, problem.request_dropoff_lon, problem.request_pickup_lon),
         problem.request_dropoff_lon, problem.person_lon, problem.person_end_lon]
    )  # fmt: skip
    lat = np.concatenate(
        [problem.stop_lat, np.where(visits, problem.request_dropoff_lat, problem.request_pickup_lat),
         problem.request_dropoff_lat, problem.person_lat, problem.person_end_lat]
    )  # fmt: skip
    east, north = np.radians(lon), np.radians(lat)
    metres = np.empty((len(lon), len(lon)))
    for row in range(len(lon)):
        up = np.sin((north - north[row]) / 2) ** 2
        across = np.sin((east - east[row]) / 2) ** 2 * np.cos(north) * np.cos(north[row])
        metres[row] = 2 * EARTH_M * np.arcsin(np.minimum(1, np.sqrt(up + across)))
    return metres * problem.road_factor


def window(problem: Problem, earliest: float, latest: float) -> tuple[int, int]:
    """A window in tenths of a second from now."""
    low = 0 if earliest <= problem.now_s else int(np.ceil((earliest - problem.now_s) * TENTHS))
    high = FOREVER if latest == np.inf else int(np.floor((latest - problem.now_s) * TENTHS))
    return low, max(low, min(high, FOREVER))


def tenths(value: float) -> int:
    """Seconds or metres as whole tenths, rounded up."""
    return int(np.ceil(value * TENTHS - 1e-6))


def depart(problem: Problem, p: int) -> float:
    """When a person sets out."""
    return max(float(problem.now_s), float(problem.person_work_from_s[p]))


def end_latest(problem: Problem, p: int) -> float:
    """When a person must be at the end."""
    return min(float(problem.person_end_latest_s[p]), float(problem.person_work_to_s[p]))


def own_rows(problem: Problem, p: int) -> range:
    """The rows of a person's stops."""
    return range(int(problem.stop_offset[p]), int(problem.stop_offset[p + 1]))


def room_left(problem: Problem, p: int) -> int:
    """Errands that a person may still take."""
    return max(0, int(problem.person_extra_max[p] - problem.person_extra_used[p]))


def longest(problem: Problem, places: Places, p: int) -> int:
    """The longest route of a person in tenths of a metre: the present one and the detour that is left."""
    rows = [places.start(p), *own_rows(problem, p), places.end(p)]
    present = sum(int(places.metres[a, b]) for a, b in pairwise(rows))
    return present + int((problem.person_detour_max_m[p] - problem.person_detour_used_m[p]) * TENTHS)
