"""An independent judge of a Result: drives every route again in plain Python and lists what is wrong.

Shares no code with the solver, not even the distance (haversine here). Slow and obvious on purpose; every
benchmark and every replay runs it.
"""

from collections import Counter
from dataclasses import dataclass
from math import asin, cos, isnan, radians, sin, sqrt

from .problem import Problem
from .result import Offer, Result, Route

EARTH_RADIUS_M = 6_371_008.8
TOLERANCE = 1e-3  # [s, m]

Claim = tuple[str, float | None, float | None]  # name, claimed, real


@dataclass
class Stop:
    """One place to serve; ``request`` is None for the person's own."""

    name: str
    lon: float
    lat: float
    earliest: float
    latest: float
    service: float
    load: int
    request: int | None = None


@dataclass
class Drive:
    """What happens when a route is driven."""

    arrive: list[float]
    begin: list[float]
    load: list[int]
    distance: float
    end: float


def violations(problem: Problem, result: Result) -> list[str]:
    """Everything in ``result`` that breaks ``problem`` or its own claims; empty = the plan is feasible."""
    found = _check_who(problem, result)
    if found:
        return found
    found += _check_broken(problem, result)
    offers: dict[int, list[Offer]] = {}
    for offer in result.offers:
        offers.setdefault(offer.person_id, []).append(offer)
    routes = {route.person_id: route for route in result.routes}
    if len(routes) < len(result.routes):
        found.append("routes: a person appears twice")
    for person in sorted(offers.keys() ^ routes.keys()):
        found.append(f"person {person}: offers and routes disagree on who has errands")
    for person in sorted(offers.keys() & routes.keys()):
        found += _check_person(problem, offers[person], routes[person])
    total = sum(offer.detour_m for offer in result.offers)
    if abs(total - result.detour_m) > TOLERANCE * max(1, len(result.offers)):
        found.append(f"detour_m {result.detour_m:.3f} is not the sum of the offers {total:.3f}")
    return found


def _check_who(problem: Problem, result: Result) -> list[str]:
    """Who gets what: everything that can be judged without driving."""
    found = []
    people = {int(key): row for row, key in enumerate(problem.person_id)}
    requests = {int(key): row for row, key in enumerate(problem.request_id)}
    told = Counter([offer.request_id for offer in result.offers] + [entry.request_id for entry in result.unserved])
    for key, times in told.items():
        if key not in requests:
            found.append(f"request {key}: unknown")
        elif times > 1:
            found.append(f"request {key}: appears {times} times")
    found += [f"request {key}: neither offered nor unserved" for key in requests if key not in told]
    declined = {(int(r), int(p)) for r, p in problem.declined}
    for offer in result.offers:
        names = [offer.person_id, *(other.person_id for other in offer.runners_up)]
        if len(set(names)) < len(names):
            found.append(f"request {offer.request_id}: a person is named twice among taker and runners-up")
        for name in names:
            who = f"request {offer.request_id}, person {name}"
            if name not in people:
                found.append(f"{who}: unknown person")
            elif offer.request_id in requests:
                needed = int(problem.request_skills[requests[offer.request_id]])
                if (offer.request_id, name) in declined:
                    found.append(f"{who}: had declined")
                if needed & int(problem.person_skills[people[name]]) != needed:
                    found.append(f"{who}: lacks a skill")
    found += [f"route of person {route.person_id}: unknown" for route in result.routes if route.person_id not in people]
    return found


def _check_broken(problem: Problem, result: Result) -> list[str]:
    """People whose own route is broken must be told, and get nothing."""
    found = []
    busy = {offer.person_id for offer in result.offers}
    told = {entry.person_id for entry in result.broken}
    for row in range(problem.people):
        person = int(problem.person_id[row])
        stops = own_stops(problem, row)
        if not stops and problem.person_work_to_s[row] <= problem.now_s:
            late = person in busy
            broken = False
        else:
            late = broken = bool(limits(problem, row, stops, simulate(problem, row, stops)))
        if broken != (person in told):
            found.append(f"person {person}: own route {'is' if broken else 'is not'} broken, told otherwise")
        if late and person in busy:
            found.append(f"person {person}: offered an errand with a broken own route or off duty")
    if bool(told) != (result.status == "infeasible"):
        found.append(f"status {result.status} does not fit {len(told)} broken routes")
    return found


def _check_person(problem: Problem, offers: list[Offer], route: Route) -> list[str]:
    """Drive the route, then take the errands away one by one to judge every claim."""
    row = [int(key) for key in problem.person_id].index(route.person_id)
    who = f"person {route.person_id}"
    stops = [stop_of(problem, row, visit.kind, visit.ref) for visit in route.visits]
    found = _check_order(problem, row, offers, route)
    if found:
        return found
    drive = simulate(problem, row, stops)
    found += [f"{who}: {text}" for text in limits(problem, row, stops, drive)]
    own = own_stops(problem, row)
    without = simulate(problem, row, own)
    detour = drive.distance - without.distance
    if float(problem.person_detour_used_m[row]) + detour > float(problem.person_detour_max_m[row]) + TOLERANCE:
        found.append(f"{who}: detour {detour:.1f} m is beyond the limit")
    if int(problem.person_extra_used[row]) + len(offers) > int(problem.person_extra_max[row]):
        found.append(f"{who}: {len(offers)} errands are beyond the limit")
    claims: list[Claim] = [("distance_m", route.distance_m, drive.distance), ("detour_m", route.detour_m, detour)]
    claims += [("end_arrive_s", route.end_arrive_s, drive.end), ("depart_s", route.depart_s, _depart(problem, row))]
    for place, visit in enumerate(route.visits):
        claims.append((f"visits[{place}].arrive_s", visit.arrive_s, drive.arrive[place]))
        claims.append((f"visits[{place}].begin_s", visit.begin_s, drive.begin[place]))
        claims.append((f"visits[{place}].leave_s", visit.leave_s, drive.begin[place] + stops[place].service))
        claims.append((f"visits[{place}].load_after", visit.load_after, drive.load[place]))
    found += _differences(who, claims)
    return found + _check_offers(problem, row, offers, stops, drive)


def _check_order(problem: Problem, row: int, offers: list[Offer], route: Route) -> list[str]:
    """Own stops once and in order; of each errand exactly its stops, the pick-up first."""
    who = f"person {route.person_id}"
    own = [visit.ref for visit in route.visits if visit.kind == "own"]
    if own != list(range(len(own_stops(problem, row)))):
        return [f"{who}: own stops are not kept in order: {own}"]
    expected = []
    for offer in offers:
        visit_only = isnan(float(problem.request_pickup_lon[_request_row(problem, offer.request_id)]))
        expected += [("dropoff", offer.request_id)] if visit_only else [("pickup", offer.request_id)]
        expected += [] if visit_only else [("dropoff", offer.request_id)]
    errands = [(visit.kind, visit.ref) for visit in route.visits if visit.kind != "own"]
    if Counter(errands) != Counter(expected):
        return [f"{who}: the route's errand stops are not those of the offers"]
    return [
        f"{who}: request {key} is dropped off before it is picked up"
        for kind, key in errands
        if kind == "pickup" and errands.index(("dropoff", key)) < errands.index(("pickup", key))
    ]


def _check_offers(problem: Problem, row: int, offers: list[Offer], stops: list[Stop], drive: Drive) -> list[str]:
    found = []
    kept: set[int] = set()
    before = simulate(problem, row, own_stops(problem, row))
    for offer in offers:
        kept.add(offer.request_id)
        now = simulate(problem, row, [stop for stop in stops if stop.request is None or stop.request in kept])
        mine = [place for place, stop in enumerate(stops) if stop.request == offer.request_id]
        drop, pick = mine[-1], (mine[0] if len(mine) == 2 else None)
        claims: list[Claim] = [
            ("detour_m", offer.detour_m, now.distance - before.distance),
            ("detour_s", offer.detour_s, now.end - before.end),
            ("eta_dropoff_s", offer.eta_dropoff_s, drive.begin[drop]),
            ("eta_pickup_s", offer.eta_pickup_s, None if pick is None else drive.begin[pick]),
            ("dropoff_after", offer.dropoff_after, _own_before(stops, drop)),
            ("pickup_after", offer.pickup_after, None if pick is None else _own_before(stops, pick)),
            ("slack_s", offer.slack_s, _slack(problem, row, stops, drive, mine[0])),
        ]
        found += _differences(f"request {offer.request_id}", claims)
        before = now
    return found


def _differences(who: str, claims: list[Claim]) -> list[str]:
    found = []
    for name, claimed, real in claims:
        if claimed is None or real is None:
            same = claimed is real
        else:
            same = claimed == real or abs(claimed - real) <= TOLERANCE
        if not same:
            found.append(f"{who}: {name} is claimed {claimed}, really {real}")
    return found


def _own_before(stops: list[Stop], place: int) -> int:
    return sum(1 for stop in stops[:place] if stop.request is None) - 1


def _slack(problem: Problem, row: int, stops: list[Stop], drive: Drive, place: int) -> float:
    """How much later service at ``place`` may begin: what each later stop has left, plus the waits before it."""
    slack = stops[place].latest - drive.begin[place]
    waits = 0.0
    for later in range(place + 1, len(stops)):
        waits += drive.begin[later] - drive.arrive[later]
        slack = min(slack, waits + stops[later].latest - drive.begin[later])
    return min(slack, waits + _end_latest(problem, row) - drive.end)


def limits(problem: Problem, row: int, stops: list[Stop], drive: Drive) -> list[str]:
    """Windows, capacity and the end of a driven route."""
    found = []
    for place, stop in enumerate(stops):
        if drive.begin[place] > stop.latest + TOLERANCE:
            found.append(f"{stop.name}: begins {drive.begin[place] - stop.latest:.1f} s late")
    capacity = int(problem.person_capacity[row])
    loads = [int(problem.person_load[row]), *drive.load]
    found += [f"carries {load} of {capacity}" for load in loads if not 0 <= load <= capacity]
    if drive.end > _end_latest(problem, row) + TOLERANCE:
        found.append(f"reaches the end {drive.end - _end_latest(problem, row):.1f} s late")
    return found


def simulate(problem: Problem, row: int, stops: list[Stop]) -> Drive:
    """Drive ``stops`` from the person's position to the end, beginning each as early as its window allows."""
    time, load = _depart(problem, row), int(problem.person_load[row])
    lon, lat = float(problem.person_lon[row]), float(problem.person_lat[row])
    drive = Drive([], [], [], 0.0, 0.0)
    end = (float(problem.person_end_lon[row]), float(problem.person_end_lat[row]))
    for stop in stops:
        leg = _road_m(problem, lon, lat, stop.lon, stop.lat)
        drive.distance += leg
        time += leg / float(problem.person_speed_mps[row])
        drive.arrive.append(time)
        time = max(time, stop.earliest)
        drive.begin.append(time)
        time += stop.service
        load += stop.load
        drive.load.append(load)
        lon, lat = stop.lon, stop.lat
    leg = _road_m(problem, lon, lat, *end)
    drive.distance += leg
    drive.end = time + leg / float(problem.person_speed_mps[row])
    return drive


def _depart(problem: Problem, row: int) -> float:
    return max(float(problem.now_s), float(problem.person_work_from_s[row]))


def _end_latest(problem: Problem, row: int) -> float:
    return min(float(problem.person_end_latest_s[row]), float(problem.person_work_to_s[row]))


def _road_m(problem: Problem, lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    across = sin(radians(lon_b - lon_a) / 2) ** 2 * cos(radians(lat_a)) * cos(radians(lat_b))
    up = sin(radians(lat_b - lat_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(up + across))) * float(problem.road_factor)


def own_stops(problem: Problem, row: int) -> list[Stop]:
    """The person's present stops."""
    count = int(problem.stop_offset[row + 1] - problem.stop_offset[row])
    return [stop_of(problem, row, "own", place) for place in range(count)]


def _request_row(problem: Problem, request_id: int) -> int:
    return [int(key) for key in problem.request_id].index(request_id)


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
        )
    at = _request_row(problem, ref)
    if kind == "pickup":
        return Stop(
            name=f"pick-up of request {ref}",
            lon=float(problem.request_pickup_lon[at]),
            lat=float(problem.request_pickup_lat[at]),
            earliest=float(problem.request_pickup_earliest_s[at]),
            latest=float(problem.request_pickup_latest_s[at]),
            service=float(problem.request_pickup_service_s[at]),
            load=int(problem.request_load[at]),
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
        request=ref,
    )
