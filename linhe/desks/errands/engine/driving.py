"""Driving a route in plain Python: what the checker and the scoring of other solvers' plans judge by.

Shares no code with the solver, not even the distance (haversine here). Slow and obvious on purpose.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

from .problem import Problem

EARTH_RADIUS_M = 6_371_008.8
TOLERANCE = 1e-3  # [s, m]

Place = tuple[float, float, int]  # lon, lat, row in Problem.road_m


@dataclass
class Stop:
    """One place to serve, ``place`` its row in ``Problem.road_m``; ``request`` is None for the person's own, of which
    ``own`` is the row."""

    name: str
    lon: float
    lat: float
    earliest: float
    latest: float
    service: float
    load: int
    place: int
    request: int | None = None
    own: int = -1


@dataclass
class Drive:
    """What happens when a route is driven."""

    arrive: list[float]
    begin: list[float]
    load: list[int]
    distance: float
    end: float


def limits(problem: Problem, row: int, stops: list[Stop], drive: Drive) -> list[str]:
    """Windows, capacity and the end of a driven route."""
    found = []
    for place, stop in enumerate(stops):
        if drive.begin[place] > stop.latest + TOLERANCE:
            found.append(f"{stop.name}: begins {drive.begin[place] - stop.latest:.1f} s late")
    capacity = int(problem.person_capacity[row])
    loads = [int(problem.person_load[row]), *drive.load]
    found += [f"carries {load} of {capacity}" for load in loads if not 0 <= load <= capacity]
    if drive.end > end_latest(problem, row) + TOLERANCE:
        found.append(f"reaches the end {drive.end - end_latest(problem, row):.1f} s late")
    return found


def added_limits(problem: Problem, row: int, errands: int, drive: Drive, without: Drive) -> list[str]:
    """What a person agreed to add to the present route: metres, seconds, errands."""
    found = []
    detour = drive.distance - without.distance
    if float(problem.person_detour_used_m[row]) + detour > float(problem.person_detour_max_m[row]) + TOLERANCE:
        found.append(f"detour {detour:.1f} m is beyond the limit")
    later = drive.end - without.end
    if float(problem.person_detour_used_s[row]) + later > float(problem.person_detour_max_s[row]) + TOLERANCE:
        found.append(f"detour {later:.1f} s is beyond the limit")
    if int(problem.person_extra_used[row]) + errands > int(problem.person_extra_max[row]):
        found.append(f"{errands} errands are beyond the limit")
    return found


def simulate(problem: Problem, row: int, stops: list[Stop]) -> Drive:
    """Drive ``stops`` from the person's position to the end, beginning each as early as its window allows."""
    time, load = depart(problem, row), int(problem.person_load[row])
    drive = Drive([], [], [], 0.0, 0.0)
    here, end = _ends(problem, row)
    for stop in stops:
        there = (stop.lon, stop.lat, stop.place)
        leg = _road_m(problem, here, there)
        drive.distance += leg
        time += leg / float(problem.person_speed_mps[row])
        drive.arrive.append(time)
        time = max(time, stop.earliest)
        drive.begin.append(time)
        time += stop.service
        load += stop.load
        drive.load.append(load)
        here = there
    leg = _road_m(problem, here, end)
    drive.distance += leg
    drive.end = time + leg / float(problem.person_speed_mps[row])
    return drive


def depart(problem: Problem, row: int) -> float:
    """When a person sets out."""
    return max(float(problem.now_s), float(problem.person_work_from_s[row]))


def end_latest(problem: Problem, row: int) -> float:
    """When a person must have reached the end."""
    return min(float(problem.person_end_latest_s[row]), float(problem.person_work_to_s[row]))


def _ends(problem: Problem, row: int) -> tuple[Place, Place]:
    """Where a person is, and where the route ends."""
    first = len(problem.stop_lon) + 2 * problem.requests + row
    start = (float(problem.person_lon[row]), float(problem.person_lat[row]), first)
    return start, (float(problem.person_end_lon[row]), float(problem.person_end_lat[row]), first + problem.people)


def _road_m(problem: Problem, a: Place, b: Place) -> float:
    """The table of roads where there is one, else the great circle times the factor."""
    if problem.road_m.size:
        return float(problem.road_m[a[2], b[2]])
    (lon_a, lat_a, _), (lon_b, lat_b, _) = a, b
    across = sin(radians(lon_b - lon_a) / 2) ** 2 * cos(radians(lat_a)) * cos(radians(lat_b))
    up = sin(radians(lat_b - lat_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(up + across))) * float(problem.road_factor)


@lru_cache(maxsize=2)
def rows_of(problem: Problem) -> tuple[dict[int, int], dict[int, int]]:
    """The row of each person id and of each request id."""
    people = {int(key): row for row, key in enumerate(problem.person_id)}
    return people, {int(key): row for row, key in enumerate(problem.request_id)}


def own_count(problem: Problem, row: int) -> int:
    """How many stops a person has ahead."""
    return int(problem.stop_offset[row + 1] - problem.stop_offset[row])


def own_stops(problem: Problem, row: int) -> list[Stop]:
    """The person's present stops."""
    return [stop_of(problem, row, "own", place) for place in range(own_count(problem, row))]


def stop_of(problem: Problem, row: int, kind: str, ref: int) -> Stop:
    """The stop that a ``Visit`` names."""
    if kind == "own":
        at = int(problem.stop_offset[row]) + ref
        return Stop(
            name=f"own stop {ref}",
            lon=float(problem.stop_lon[at]),
            lat=float(problem.stop_lat[at]),
            earliest=float(problem.stop_earliest_s[at]),
            latest=float(problem.stop_latest_s[at]),
            service=float(problem.stop_service_s[at]),
            load=int(problem.stop_load_change[at]),
            place=at,
            own=ref,
        )
    at = rows_of(problem)[1][ref]
    if kind == "pickup":
        return Stop(
            name=f"pick-up of request {ref}",
            lon=float(problem.request_pickup_lon[at]),
            lat=float(problem.request_pickup_lat[at]),
            earliest=float(problem.request_pickup_earliest_s[at]),
            latest=float(problem.request_pickup_latest_s[at]),
            service=float(problem.request_pickup_service_s[at]),
            load=int(problem.request_load[at]),
            place=len(problem.stop_lon) + at,
            request=ref,
        )
    return Stop(
        name=f"drop-off of request {ref}",
        lon=float(problem.request_dropoff_lon[at]),
        lat=float(problem.request_dropoff_lat[at]),
        earliest=float(problem.request_dropoff_earliest_s[at]),
        latest=float(problem.request_dropoff_latest_s[at]),
        service=float(problem.request_dropoff_service_s[at]),
        load=-int(problem.request_load[at]),
        place=len(problem.stop_lon) + problem.requests + at,
        request=ref,
    )


def order_faults(problem: Problem, row: int, refs: list[int]) -> list[str]:
    """Present stops are all there, once; those of the person's own work in order; of a moved errand the first first."""
    if sorted(refs) != list(range(own_count(problem, row))):
        return [f"own stops are not kept once each: {refs}"]
    first = int(problem.stop_offset[row])
    key = {ref: int(problem.stop_errand[first + ref]) for ref in refs}
    kept = [ref for ref in refs if key[ref] < 0]
    found = [] if kept == sorted(kept) else [f"own stops are not kept in order: {kept}"]
    for one in sorted({errand for errand in key.values() if errand >= 0}):
        moved = [ref for ref in refs if key[ref] == one]
        if moved != sorted(moved):
            found.append(f"the accepted errand {one} is handed over before it is picked up")
    return found
