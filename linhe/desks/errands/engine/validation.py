"""Checks of a Problem's arrays; each error names the field and the row."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .problem import Problem

MAX_SKILLS = 62
DATUMS = ("wgs84", "gcj02")
CHINA = (72.004, 137.8347, 0.8293, 55.8271)
"""West, east, south, north [degree]: where China's shifted coordinates (GCJ-02) are defined."""

STEMS = {
    "person": (
        *("lon", "lat", "end_lon", "end_lat", "end_latest_s", "work_from_s", "work_to_s", "speed_mps", "capacity"),
        *("load", "skills", "detour_max_m", "detour_used_m", "extra_max", "extra_used"),
        *("detour_max_s", "detour_used_s", "points", "price_m"),
    ),
    "stop": ("lat", "earliest_s", "latest_s", "service_s", "load_change", "ref", "errand"),
    "request": (
        *("pickup_lon", "pickup_lat", "pickup_earliest_s", "pickup_latest_s", "pickup_service_s"),
        *("dropoff_lon", "dropoff_lat", "dropoff_earliest_s", "dropoff_latest_s", "dropoff_service_s"),
        *("load", "skills", "urgent"),
    ),
}
WINDOWS = (
    ("person_work_from_s", "person_work_to_s"),
    ("stop_earliest_s", "stop_latest_s"),
    ("request_dropoff_earliest_s", "request_dropoff_latest_s"),
)
AMOUNTS = (
    *("person_capacity", "person_load", "person_detour_max_m", "person_detour_used_m", "person_extra_max"),
    *("person_extra_used", "stop_service_s", "request_dropoff_service_s", "request_load"),
    *("person_detour_used_s", "person_points", "person_price_m"),
)


def converted(name: str, value: Any, dtype: type[np.generic]) -> NDArray[Any]:
    """A read-only copy of the right type; ValueError if the values do not fit it."""
    try:
        raw = np.asarray(value)
        array = np.array(raw, dtype=dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name}: {error}") from None
    if dtype is np.int64 and raw.dtype.kind == "f" and not np.array_equal(array, raw):
        raise ValueError(f"{name}: row {int(np.flatnonzero((array != raw).ravel())[0])}: not a whole number")
    if name == "declined" and array.size == 0:
        array = array.reshape(0, 2)
    array.flags.writeable = False
    return array


def check(problem: "Problem") -> None:
    """Every check; ValueError at the first failure."""
    _check_scalars(problem)
    _check_shapes(problem)
    for kind in ("person", "request"):
        _check_unique(problem, f"{kind}_id")
    _check_numbers(problem)
    _check_places(problem)
    _check_skills(problem)
    _check_visits(problem)
    _check_carried(problem)
    _check_errands(problem)


def _refuse(name: str, bad: NDArray[np.bool_], why: str) -> None:
    if bad.any():
        raise ValueError(f"{name}: row {int(np.flatnonzero(bad)[0])}: {why}")


def _check_scalars(problem: "Problem") -> None:
    if not np.isfinite(problem.now_s):
        raise ValueError(f"now_s: {problem.now_s} is not a time")
    if not (np.isfinite(problem.road_factor) and problem.road_factor >= 1):
        raise ValueError(f"road_factor: {problem.road_factor} must be at least 1")
    if problem.datum not in DATUMS:
        raise ValueError(f"datum: {problem.datum!r} is not one of {', '.join(DATUMS)}")
    if len(set(problem.skill_names)) < len(problem.skill_names) or len(problem.skill_names) > MAX_SKILLS:
        raise ValueError(f"skill_names: at most {MAX_SKILLS} different names")


def _check_shapes(problem: "Problem") -> None:
    for kind, stems in STEMS.items():
        first = f"{kind}_lon" if kind == "stop" else f"{kind}_id"
        rows = getattr(problem, first).shape
        if len(rows) != 1:
            raise ValueError(f"{first}: must have one dimension, not {len(rows)}")
        for stem in stems:
            shape = getattr(problem, f"{kind}_{stem}").shape
            if shape != rows:
                raise ValueError(f"{kind}_{stem}: shape {shape} differs from {first}'s {rows}")
    offset = problem.stop_offset
    if offset.shape != (problem.people + 1,):
        raise ValueError(f"stop_offset: shape {offset.shape}, expected {(problem.people + 1,)}")
    if offset[0] != 0 or offset[-1] != len(problem.stop_lon):
        raise ValueError(f"stop_offset: must run from 0 to {len(problem.stop_lon)}")
    _refuse("stop_offset", np.diff(offset) < 0, "falls")
    places = len(problem.stop_lon) + 2 * (problem.requests + problem.people)
    if problem.road_m.shape not in ((0, 0), (places, places)):
        raise ValueError(f"road_m: shape {problem.road_m.shape}, expected {(places, places)}")
    if problem.road_m.size:
        wrong = ~(np.isfinite(problem.road_m) & (problem.road_m >= 0))
        _refuse("road_m", np.asarray(wrong.any(axis=-1)), "not a distance")
    if problem.declined.ndim != 2 or problem.declined.shape[1] != 2:
        raise ValueError(f"declined: shape {problem.declined.shape}, expected (K, 2)")


def _check_unique(problem: "Problem", name: str) -> None:
    ids = getattr(problem, name)
    if len(set(ids.tolist())) == len(ids):
        return
    again = np.ones(len(ids), dtype=np.bool_)
    again[np.unique(ids, return_index=True)[1]] = False
    _refuse(name, again, "duplicate id")


def _check_numbers(problem: "Problem") -> None:
    visits = problem.visits
    nowhere = np.zeros((), dtype=np.bool_)
    windows = [(early, late, nowhere) for early, late in WINDOWS]
    for early, late, skipped in [*windows, ("request_pickup_earliest_s", "request_pickup_latest_s", visits)]:
        low, high = getattr(problem, early), getattr(problem, late)
        _refuse(early, (np.isnan(low) | (low == np.inf)) & ~skipped, "not a time")
        _refuse(late, (np.isnan(high) | (high == -np.inf)) & ~skipped, "not a time")
        _refuse(late, (high < low) & ~skipped, f"window reversed: before {early}")
    _refuse("person_end_latest_s", np.isnan(problem.person_end_latest_s), "not a time")
    _refuse("person_detour_max_s", ~(problem.person_detour_max_s >= 0), "must not be negative")
    for name in AMOUNTS:
        values = getattr(problem, name)
        _refuse(name, ~(np.isfinite(values) & (values >= 0)), "must be finite and not negative")
    pickup = problem.request_pickup_service_s
    _refuse("request_pickup_service_s", ~(np.isfinite(pickup) & (pickup >= 0)) & ~visits, "must not be negative")
    speed = problem.person_speed_mps
    _refuse("person_speed_mps", ~(np.isfinite(speed) & (speed > 0)), "must be above 0")


def _check_places(problem: "Problem") -> None:
    for stem in ("person", "person_end", "stop", "request_pickup", "request_dropoff"):
        lon, lat = getattr(problem, f"{stem}_lon"), getattr(problem, f"{stem}_lat")
        if stem == "request_pickup":
            _refuse("request_pickup_lat", np.isnan(lon) != np.isnan(lat), "one of lon and lat is missing")
            lon, lat = np.where(np.isnan(lon), 0.0, lon), np.where(np.isnan(lat), 0.0, lat)
        _refuse(f"{stem}_lon", ~np.isfinite(lon), "not a number")
        _refuse(f"{stem}_lat", ~np.isfinite(lat), "not a number")
        _refuse(f"{stem}_lat", np.abs(lat) > 90, "outside -90..90: longitude and latitude swapped?")
        _refuse(f"{stem}_lon", np.abs(lon) > 180, "outside -180..180")
        given = ~problem.visits if stem == "request_pickup" else np.isfinite(lon)
        inside = _in_china(lon, lat)
        swapped = given & ~inside & _in_china(lat, lon)
        _refuse(f"{stem}_lat", swapped, "inside China only with longitude and latitude swapped")
        if problem.datum == "gcj02":
            _refuse(f"{stem}_lon", given & ~inside, "outside China, where GCJ-02 is not defined")


def _in_china(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, east, south, north = CHINA
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _check_skills(problem: "Problem") -> None:
    known = (1 << len(problem.skill_names)) - 1
    for name in ("person_skills", "request_skills"):
        bits = getattr(problem, name)
        _refuse(name, (bits < 0) | ((bits & ~known) != 0), f"unknown skill bit; {len(problem.skill_names)} are named")


def _check_visits(problem: "Problem") -> None:
    _refuse("request_load", problem.visits & (problem.request_load > 0), "a visit to one place carries no load")


def _check_carried(problem: "Problem") -> None:
    stops = np.diff(problem.stop_offset)
    total = np.concatenate([[0], np.cumsum(problem.stop_load_change)])
    at_start = problem.person_load - total[problem.stop_offset[:-1]]
    carried = total[1:] + np.repeat(at_start, stops)
    _refuse("stop_load_change", carried < 0, "hands over more than the person carries")


def _check_errands(problem: "Problem") -> None:
    """Each key of ``stop_errand`` stands in one or two rows of one person: pick-up and drop-off, or one place."""
    moved = np.flatnonzero(problem.stop_errand >= 0)
    _refuse("stop_errand", problem.stop_errand < -1, "must be -1 or a key")
    if not len(moved):
        return
    person = np.searchsorted(problem.stop_offset, moved, side="right") - 1
    first: dict[int, int] = {}
    whole: set[int] = set()
    for row, owner in zip(moved.tolist(), person.tolist(), strict=True):
        key, change = int(problem.stop_errand[row]), int(problem.stop_load_change[row])
        bad = np.zeros(row + 1, dtype=np.bool_)
        bad[row] = True
        if key not in first:
            first[key] = row
            continue
        begun = first[key]
        _refuse("stop_errand", bad & (key in whole), "a third stop of one errand")
        other = int(np.searchsorted(problem.stop_offset, begun, side="right")) - 1
        _refuse("stop_errand", bad & (other != owner), "the stops of one errand stand with two people")
        _refuse("stop_errand", bad & (int(problem.stop_load_change[begun]) != -change), "hands over another load")
        whole.add(key)
    single = [row for key, row in first.items() if key not in whole and problem.stop_load_change[row] > 0]
    lone = np.zeros(len(problem.stop_errand), dtype=np.bool_)
    lone[single] = True
    _refuse("stop_errand", lone, "takes on a load that no other stop hands over")
