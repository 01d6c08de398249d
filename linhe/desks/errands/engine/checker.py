"""An independent judge of a Result: drives every route again in plain Python and lists what is wrong.

Shares no code with the solver. Slow and obvious on purpose; every benchmark and every replay runs it.
"""

from collections import Counter
from math import isnan

from .driving import (
    TOLERANCE,
    Drive,
    Stop,
    added_limits,
    depart,
    end_latest,
    limits,
    order_faults,
    own_count,
    own_stops,
    rows_of,
    simulate,
    stop_of,
)
from .problem import Problem
from .result import Offer, Result, Route

__all__ = ["Drive", "Stop", "limits", "own_stops", "simulate", "stop_of", "violations"]

Claim = tuple[str, float | None, float | None]  # name, claimed, real


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
    for person in sorted(offers.keys() | routes.keys()):
        if person in routes and (person in offers or _may_be_reordered(problem, person)):
            found += _check_person(problem, offers.get(person, []), routes[person])
        else:
            found.append(f"person {person}: offers and routes disagree on who has errands")
    total = sum(route.detour_m for route in result.routes)
    if abs(total - result.detour_m) > TOLERANCE * max(1, len(result.routes)):
        found.append(f"detour_m {result.detour_m:.3f} is not the sum of the routes {total:.3f}")
    return found


def _may_be_reordered(problem: Problem, person: int) -> bool:
    row = rows_of(problem)[0][person]
    first = int(problem.stop_offset[row])
    return any(int(problem.stop_errand[first + place]) >= 0 for place in range(own_count(problem, row)))


def _check_who(problem: Problem, result: Result) -> list[str]:
    """Who gets what: everything that can be judged without driving."""
    found = []
    people, requests = rows_of(problem)
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
    row = rows_of(problem)[0][route.person_id]
    who = f"person {route.person_id}"
    found = _check_order(problem, row, offers, route)
    if found:
        return found
    stops = [stop_of(problem, row, visit.kind, visit.ref) for visit in route.visits]
    drive, without = simulate(problem, row, stops), simulate(problem, row, own_stops(problem, row))
    found += [f"{who}: {text}" for text in limits(problem, row, stops, drive)]
    found += [f"{who}: {text}" for text in added_limits(problem, row, len(offers), drive, without)]
    detour = drive.distance - without.distance
    claims: list[Claim] = [("distance_m", route.distance_m, drive.distance), ("detour_m", route.detour_m, detour)]
    claims += [("end_arrive_s", route.end_arrive_s, drive.end), ("depart_s", route.depart_s, depart(problem, row))]
    for place, visit in enumerate(route.visits):
        claims.append((f"visits[{place}].arrive_s", visit.arrive_s, drive.arrive[place]))
        claims.append((f"visits[{place}].begin_s", visit.begin_s, drive.begin[place]))
        claims.append((f"visits[{place}].leave_s", visit.leave_s, drive.begin[place] + stops[place].service))
        claims.append((f"visits[{place}].load_after", visit.load_after, drive.load[place]))
    found += _differences(who, claims)
    return found + _check_offers(problem, row, offers, stops, drive)


def _check_order(problem: Problem, row: int, offers: list[Offer], route: Route) -> list[str]:
    """Present stops once and in order; of each errand exactly its stops, the pick-up first."""
    who = f"person {route.person_id}"
    faults = order_faults(problem, row, [visit.ref for visit in route.visits if visit.kind == "own"])
    if faults:
        return [f"{who}: {text}" for text in faults]
    expected = []
    for offer in offers:
        visit_only = isnan(float(problem.request_pickup_lon[rows_of(problem)[1][offer.request_id]]))
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
    """The last present stop before a place of the new route; -1 = none."""
    return next((stop.own for stop in reversed(stops[:place]) if stop.request is None), -1)


def _slack(problem: Problem, row: int, stops: list[Stop], drive: Drive, place: int) -> float:
    """How much later service at ``place`` may begin: what each later stop has left, plus the waits before it."""
    slack = stops[place].latest - drive.begin[place]
    waits = 0.0
    for later in range(place + 1, len(stops)):
        waits += drive.begin[later] - drive.arrive[later]
        slack = min(slack, waits + stops[later].latest - drive.begin[later])
    more = float(problem.person_detour_max_s[row]) - float(problem.person_detour_used_s[row])
    end = min(end_latest(problem, row), simulate(problem, row, own_stops(problem, row)).end + more)
    return min(slack, waits + end - drive.end)
