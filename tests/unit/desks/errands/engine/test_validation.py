"""Every wrong entry of a Problem is refused with its field and row."""

import re
from typing import Any

import numpy as np
import pytest

from linhe.desks.errands.engine import Params, Problem
from tests.unit.desks.errands.engine.worlds import arrays, changed, with_row, world

GOOD = world(1, 4, 5, most_stops=3)
PLAIN = int(np.flatnonzero(~GOOD.visits)[0])


@pytest.mark.parametrize(
    ("name", "row", "value", "message"),
    [
        ("person_lon", 1, np.nan, "person_lon: row 1: not a number"),
        ("person_lat", 2, 112.7, "person_lat: row 2: outside -90..90: longitude and latitude swapped?"),
        ("person_end_lat", 0, -91, "person_end_lat: row 0: outside -90..90"),
        ("stop_lon", 0, 181, "stop_lon: row 0: outside -180..180"),
        ("stop_lat", 1, np.inf, "stop_lat: row 1: not a number"),
        ("request_dropoff_lon", 3, np.nan, "request_dropoff_lon: row 3: not a number"),
        ("request_pickup_lat", PLAIN, np.nan, f"request_pickup_lat: row {PLAIN}: one of lon and lat is missing"),
        ("request_dropoff_latest_s", 1, 0, "request_dropoff_latest_s: row 1: window reversed"),
        ("request_pickup_latest_s", PLAIN, 0, f"request_pickup_latest_s: row {PLAIN}: window reversed"),
        ("request_pickup_earliest_s", PLAIN, np.nan, f"request_pickup_earliest_s: row {PLAIN}: not a time"),
        ("stop_latest_s", 0, -1e9, "stop_latest_s: row 0: "),
        ("stop_earliest_s", 1, np.nan, "stop_earliest_s: row 1: not a time"),
        ("person_work_to_s", 2, 5, "person_work_to_s: row 2: window reversed"),
        ("person_end_latest_s", 2, np.nan, "person_end_latest_s: row 2: not a time"),
        ("request_load", PLAIN, -1, f"request_load: row {PLAIN}: must be finite and not negative"),
        ("person_load", 1, -2, "person_load: row 1: must be finite and not negative"),
        ("person_detour_max_m", 1, np.inf, "person_detour_max_m: row 1: must be finite"),
        ("person_extra_max", 3, -1, "person_extra_max: row 3: must be finite and not negative"),
        ("stop_service_s", 0, -1, "stop_service_s: row 0: must be finite and not negative"),
        ("request_pickup_service_s", PLAIN, -1, f"request_pickup_service_s: row {PLAIN}: must not be negative"),
        ("person_speed_mps", 0, 0, "person_speed_mps: row 0: must be above 0"),
        ("person_skills", 0, 4, "person_skills: row 0: unknown skill bit; 2 are named"),
        ("request_skills", 2, -1, "request_skills: row 2: unknown skill bit"),
        ("person_id", 3, GOOD.person_id[0], "person_id: row 3: duplicate id"),
        ("request_id", 4, GOOD.request_id[1], "request_id: row 4: duplicate id"),
        ("stop_load_change", 0, -9, "stop_load_change: row 0: hands over more than the person carries"),
    ],
)
def test_wrong_entry_is_refused(name: str, row: int, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        with_row(GOOD, name, row, value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"now_s": np.nan}, "now_s: nan is not a time"),
        ({"road_factor": 0.9}, "road_factor: 0.9 must be at least 1"),
        ({"skill_names": ("a", "a")}, "skill_names: "),
        ({"person_lon": np.zeros(3)}, "person_lon: shape (3,) differs from person_id's (4,)"),
        ({"request_load": np.zeros((5, 1))}, "request_load: shape (5, 1) differs"),
        ({"stop_ref": np.zeros(99)}, "stop_ref: shape (99,) differs"),
        ({"stop_offset": np.zeros(4)}, "stop_offset: shape (4,), expected (5,)"),
        ({"stop_offset": np.zeros(5)}, "stop_offset: must run from 0 to"),
        ({"stop_offset": [0, 3, 2, 2, len(GOOD.stop_lon)]}, "stop_offset: row 1: falls"),
        ({"datum": "bd09"}, "datum: 'bd09' is not one of wgs84, gcj02"),
        (
            {"datum": "gcj02", "person_lon": GOOD.person_lon - 100},
            "person_lon: row 0: outside China, where GCJ-02 is not defined",
        ),
        (
            {"stop_lon": GOOD.stop_lat, "stop_lat": GOOD.stop_lon},
            "stop_lat: row 0: outside -90..90: longitude and latitude swapped?",
        ),
        (
            {"person_lon": np.full(4, 30.0), "person_lat": np.full(4, 85.0)},
            "person_lat: row 0: inside China only with longitude and latitude swapped",
        ),
        ({"declined": [[1, 2, 3]]}, "declined: shape (1, 3), expected (K, 2)"),
        ({"person_id": [1.5, 2, 3, 4]}, "person_id: row 0: not a whole number"),
        ({"person_lon": ["a", "b", "c", "d"]}, "person_lon: could not convert"),
        ({"request_load": np.ones(5)}, "request_load: row "),
    ],
)
def test_wrong_array_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        Problem(**{**arrays(GOOD), **values})


def test_arrays_are_copies_and_read_only() -> None:
    lon = GOOD.person_lon.copy()
    problem = changed(GOOD, person_lon=lon)
    lon[0] = 0
    assert problem.person_lon[0] == GOOD.person_lon[0]
    with pytest.raises(ValueError, match="read-only"):
        problem.person_lon[0] = 0


@pytest.mark.parametrize("name", ["unserved_m", "urgent_unserved_m", "fairness_m", "deadline_s", "seed"])
def test_params_refuse_negative_numbers(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}: -1"):
        Params(**{name: -1})
