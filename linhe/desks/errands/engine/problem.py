"""The state that a plan is made from, as flat numpy arrays, and the parameters of the search."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from . import case, validation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DTYPES: Mapping[Any, type[np.generic]] = {Floats: np.float64, Ints: np.int64, Bools: np.bool_}


def _no_pairs() -> Ints:
    return np.empty((0, 2), dtype=np.int64)


def _no_roads() -> Floats:
    return np.empty((0, 0))


def _left_out() -> Any:
    return np.empty(0)


FILLED = {
    "person_detour_max_s": np.inf,
    "person_detour_used_s": 0,
    "person_points": 0,
    "person_price_m": 0,
    "stop_errand": -1,
}
"""What stands in every row of an array that is left out."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """People with the route they drive anyway, and requests that may be added to it.

    Every array is copied, converted to its type and made read-only. Times are seconds on any one axis
    (of the day, or since an epoch). Positions are WGS-84 degrees. Travel is the great circle times
    ``road_factor``, at the person's speed.

    Parameters
    ----------
    now_s : float
        Nobody moves before this time. [s]
    person_id : (P,) unique ids; all ``person_*`` arrays share this order.
    person_lon, person_lat : (P,) present position. [degree]
    person_end_lon, person_end_lat : (P,) where the route ends. [degree]
    person_end_latest_s : (P,) latest arrival there; ``inf`` = none. [s]
    person_work_from_s, person_work_to_s : (P,) working hours; the whole rest of the route lies inside. [s]
    person_speed_mps : (P,) > 0. [m/s]
    person_capacity, person_load : (P,) >= 0, what fits and what is carried now. [pieces]
    person_skills : (P,) bit set over ``skill_names``.
    person_detour_max_m, person_detour_used_m : (P,) >= 0, over the shift; used counts accepted errands. [m road]
    person_extra_max, person_extra_used : (P,) >= 0, errands over the shift; used counts accepted ones.
    person_detour_max_s, person_detour_used_s : (P,) >= 0, by how much the route may end later over the shift, and
        what accepted errands used of it; ``inf`` and 0 when left out. [s]
    person_points : (P,) >= 0, earned over the last days, 0 when left out: fairness counts them as errands done
        before (``Params.points_an_errand`` each).
    person_price_m : (P,) >= 0, what each errand of this person costs beside its way, 0 when left out: for people of
        whom little is left for later. [m]
    stop_offset : (P+1,) the stops of person ``p`` are rows ``stop_offset[p]:stop_offset[p+1]``, in driving order.
        Stops of errands already accepted are ordinary rows; they stay with their person, and so do their windows.
    stop_lon, stop_lat : (S,) [degree]
    stop_earliest_s, stop_latest_s : (S,) service begins inside; ``-inf`` / ``inf`` = open. [s]
    stop_service_s : (S,) >= 0. [s]
    stop_load_change : (S,) pieces taken on (+) or handed over (-).
    stop_ref : (S,) the caller's own label, -1 = none; not used here.
    stop_errand : (S,) -1 = the order among these is kept. A key >= 0 marks the stop of an accepted errand, which may
        be moved within the person's route: one row (its one stop, or the drop-off of what is on board) or two rows of
        one person (pick-up, then drop-off, which stay in this order). All -1 when left out.
    request_id : (R,) unique ids; all ``request_*`` arrays share this order.
    request_pickup_lon, request_pickup_lat : (R,) both NaN = a visit to one place. [degree]
    request_pickup_earliest_s, request_pickup_latest_s, request_pickup_service_s : (R,) unused for visits. [s]
    request_dropoff_lon, request_dropoff_lat : (R,) [degree]
    request_dropoff_earliest_s, request_dropoff_latest_s, request_dropoff_service_s : (R,) [s]
    request_load : (R,) >= 0, 0 for visits. [pieces]
    request_skills : (R,) bit set: all of these are needed.
    request_urgent : (R,)
    declined : (K, 2) pairs (request id, person id) that are never offered.
    skill_names : names of the bits, lowest first.
    road_factor : float >= 1, road metres per straight metre.
    road_m : (N, N) metres by road between all places, in the order stops, pick-ups, drop-offs, people, ends of routes
        (N = S + 2R + 2P); then ``road_factor`` is not used. Left out (0, 0): straight line times ``road_factor``. [m]
    datum : ``wgs84``, or ``gcj02`` when all positions are in China's shifted system, which is refused outside China.

    Raises
    ------
    ValueError
        Naming the field and the row.
    """

    now_s: float
    person_id: Ints
    person_lon: Floats
    person_lat: Floats
    person_end_lon: Floats
    person_end_lat: Floats
    person_end_latest_s: Floats
    person_work_from_s: Floats
    person_work_to_s: Floats
    person_speed_mps: Floats
    person_capacity: Ints
    person_load: Ints
    person_skills: Ints
    person_detour_max_m: Floats
    person_detour_used_m: Floats
    person_extra_max: Ints
    person_extra_used: Ints
    stop_offset: Ints
    stop_lon: Floats
    stop_lat: Floats
    stop_earliest_s: Floats
    stop_latest_s: Floats
    stop_service_s: Floats
    stop_load_change: Ints
    stop_ref: Ints
    request_id: Ints
    request_pickup_lon: Floats
    request_pickup_lat: Floats
    request_pickup_earliest_s: Floats
    request_pickup_latest_s: Floats
    request_pickup_service_s: Floats
    request_dropoff_lon: Floats
    request_dropoff_lat: Floats
    request_dropoff_earliest_s: Floats
    request_dropoff_latest_s: Floats
    request_dropoff_service_s: Floats
    request_load: Ints
    request_skills: Ints
    request_urgent: Bools
    person_detour_max_s: Floats = field(default_factory=_left_out)
    person_detour_used_s: Floats = field(default_factory=_left_out)
    person_points: Floats = field(default_factory=_left_out)
    person_price_m: Floats = field(default_factory=_left_out)
    stop_errand: Ints = field(default_factory=_left_out)
    declined: Ints = field(default_factory=_no_pairs)
    skill_names: tuple[str, ...] = ()
    road_factor: float = 1.3
    road_m: Floats = field(default_factory=_no_roads)
    datum: str = "wgs84"

    def __post_init__(self) -> None:
        for name, filling in FILLED.items():
            rows = np.shape(self.person_id if name.startswith("person_") else self.stop_lon)
            if np.size(getattr(self, name)) == 0:
                object.__setattr__(self, name, np.full(rows, filling))
        for item in fields(self):
            dtype = DTYPES.get(item.type)
            if dtype is not None:
                array = validation.converted(item.name, getattr(self, item.name), dtype)
                object.__setattr__(self, item.name, array)
        object.__setattr__(self, "skill_names", tuple(self.skill_names))
        validation.check(self)

    @property
    def people(self) -> int:
        """Number of people."""
        return len(self.person_id)

    @property
    def requests(self) -> int:
        """Number of requests."""
        return len(self.request_id)

    @property
    def visits(self) -> Bools:
        """(R,) true where a request is a visit to one place."""
        return np.isnan(self.request_pickup_lon)

    def places_of(self, row: int) -> Ints:
        """Rows of ``road_m`` that matter to one person: own stops, every request, start and end."""
        stops, people = len(self.stop_lon), self.people
        own = np.arange(self.stop_offset[row], self.stop_offset[row + 1])
        asked = np.arange(stops, stops + 2 * self.requests)
        start = stops + 2 * self.requests + row
        return np.concatenate([own, asked, [start, start + people]]).astype(np.int64)

    def only(self, person_id: int) -> Self:
        """The same problem with this one person; ValueError if there is none of that id."""
        rows = np.flatnonzero(self.person_id == person_id)
        if not len(rows):
            raise ValueError(f"person_id: nobody has the id {person_id}")
        row = int(rows[0])
        stops = slice(int(self.stop_offset[row]), int(self.stop_offset[row + 1]))
        values: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        for name, value in values.items():
            if name.startswith("person_"):
                values[name] = value[row : row + 1]
            elif name.startswith("stop_") and name != "stop_offset":
                values[name] = value[stops]
        values["stop_offset"] = np.array([0, stops.stop - stops.start])
        values["declined"] = self.declined[self.declined[:, 1] == person_id]
        if self.road_m.size:
            keep = self.places_of(row)
            values["road_m"] = self.road_m[np.ix_(keep, keep)]
        return type(self)(**values)

    def joined(self, more: Self) -> Self:
        """The same people with the requests of ``more``, which has nobody, too; ValueError when they do not match."""
        for name in ("skill_names", "road_factor", "datum"):
            if getattr(more, name) != getattr(self, name):
                raise ValueError(f"{name}: {getattr(more, name)!r} differs from {getattr(self, name)!r}")
        if more.people or self.road_m.size:
            raise ValueError("requests can be added from a problem without people, and without a table of roads")
        names = [item.name for item in fields(self) if item.name.startswith("request_")]
        values: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        for name in (*names, "declined"):
            values[name] = np.concatenate([getattr(self, name), getattr(more, name)])
        return type(self)(**values)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a case as CASE.md describes it; ValueError names the place in the file."""
        return cls(**case.arrays_of(data))

    def to_json(self) -> dict[str, Any]:
        """The case that ``from_json`` reads back to an equal problem."""
        return case.case_of(self)


@dataclass(frozen=True, kw_only=True)
class Params:
    """What the search weighs, and how long it may take.

    Parameters
    ----------
    unserved_m, urgent_unserved_m : cost of leaving a request, an urgent request, unserved. [m]
    fairness_m : the n-th errand of a person costs n times this, counting those of the shift and the points of the
        last days; 0 turns fairness off. [m]
    points_an_errand : so many ``person_points`` count as one errand done before. [points]
    seed : start of the engine's own random numbers; same seed, same result.
    deadline_s : time for improving the first plan. It is spent as a count of turns that a common machine does in this
        time, not by a clock, so that a result can be repeated anywhere. [s]
    iterations : that count itself; replaces ``deadline_s``.
    wall_s : when given, the clock too ends the search: the result then depends on the machine. [s]
    threads : so many areas are searched side by side; the result does not depend on it.
    """

    unserved_m: float = 5_000.0
    urgent_unserved_m: float = 10_000.0
    fairness_m: float = 100.0
    points_an_errand: float = 5.0
    seed: int = 0
    deadline_s: float = 1.0
    iterations: int | None = None
    wall_s: float | None = None
    threads: int = 2

    def __post_init__(self) -> None:
        for name in ("unserved_m", "urgent_unserved_m", "fairness_m", "deadline_s", "iterations", "wall_s"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{name}: {value} must be finite and not negative")
        for name in ("points_an_errand", "threads"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: {getattr(self, name)} must be above 0")
        if self.seed < 0:
            raise ValueError(f"seed: {self.seed} must not be negative")
