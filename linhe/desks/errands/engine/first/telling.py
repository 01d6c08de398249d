"""A plan of the first version as a Result; without reasons and runners-up, which it is not kept for."""

import numpy as np

from linhe.desks.errands.engine.driving import Drive, Stop, depart, end_latest, own_stops, simulate, stop_of
from linhe.desks.errands.engine.problem import Problem
from linhe.desks.errands.engine.result import Broken, Offer, Result, Route, Unserved, Visit

from .kernel import Model, Plan


def nothing(problem: Problem, broken: tuple[Broken, ...], objective_m: float) -> Result:
    """Nobody, or no request."""
    return Result(
        status="infeasible" if broken else "empty",
        offers=(),
        unserved=tuple(Unserved(request_id=int(key), reasons=()) for key in problem.request_id),
        routes=(),
        broken=broken,
        detour_m=0.0,
        objective_m=objective_m,
    )


def told(problem: Problem, m: Model, plan: Plan, broken: tuple[Broken, ...], objective_m: float) -> Result:
    """Offers and routes, driven again in plain Python."""
    offers: list[Offer] = []
    routes: list[Route] = []
    for p in map(int, np.flatnonzero(plan.extra)):
        visits = _visits(problem, m, plan, p)
        stops = [stop_of(problem, p, kind, ref) for kind, ref in visits]
        drive, own = simulate(problem, p, stops), simulate(problem, p, own_stops(problem, p))
        offers += _offers(problem, p, stops, drive, own)
        routes.append(
            Route(
                person_id=int(problem.person_id[p]),
                visits=tuple(_visit(visits, stops, drive, place) for place in range(len(stops))),
                depart_s=depart(problem, p),
                end_arrive_s=drive.end,
                distance_m=drive.distance,
                detour_m=drive.distance - own.distance,
            )
        )
    left = np.flatnonzero(plan.taker < 0)
    return Result(
        status="infeasible" if broken else "solved",
        offers=tuple(offers),
        unserved=tuple(Unserved(request_id=int(problem.request_id[r]), reasons=()) for r in left),
        routes=tuple(routes),
        broken=broken,
        detour_m=sum(route.detour_m for route in routes),
        objective_m=objective_m,
    )


def _visits(problem: Problem, m: Model, plan: Plan, p: int) -> list[tuple[str, int]]:
    first = int(plan.first[p])
    found = []
    for node in map(int, plan.nodes[first + 1 : first + int(plan.size[p]) - 1]):
        if node < m.stops:
            found.append(("own", node - int(problem.stop_offset[p])))
        else:
            kind = "pickup" if node < m.stops + m.requests else "dropoff"
            found.append((kind, int(problem.request_id[(node - m.stops) % m.requests])))
    return found


def _visit(visits: list[tuple[str, int]], stops: list[Stop], drive: Drive, place: int) -> Visit:
    kind, ref = visits[place]
    begin = drive.begin[place]
    return Visit(
        kind=kind,
        ref=ref,
        arrive_s=drive.arrive[place],
        begin_s=begin,
        leave_s=begin + stops[place].service,
        load_after=drive.load[place],
    )


def _offers(problem: Problem, p: int, stops: list[Stop], drive: Drive, own: Drive) -> list[Offer]:
    """One for each errand, in the order of the first stops, each measured against the route with the earlier ones."""
    offers: list[Offer] = []
    before, kept = own, set[int]()
    for key in dict.fromkeys(stop.request for stop in stops if stop.request is not None):
        kept.add(key)
        now = simulate(problem, p, [stop for stop in stops if stop.request is None or stop.request in kept])
        mine = [place for place, stop in enumerate(stops) if stop.request == key]
        pick, drop = (mine[0] if len(mine) == 2 else None), mine[-1]
        offers.append(
            Offer(
                request_id=key,
                person_id=int(problem.person_id[p]),
                pickup_after=None if pick is None else _own_before(stops, pick),
                dropoff_after=_own_before(stops, drop),
                detour_m=now.distance - before.distance,
                detour_s=now.end - before.end,
                slack_s=_slack(problem, p, stops, drive, mine[0]),
                eta_pickup_s=None if pick is None else drive.begin[pick],
                eta_dropoff_s=drive.begin[drop],
                reasons=(),
                runners_up=(),
            )
        )
        before = now
    return offers


def _own_before(stops: list[Stop], place: int) -> int:
    return sum(stop.request is None for stop in stops[:place]) - 1


def _slack(problem: Problem, p: int, stops: list[Stop], drive: Drive, place: int) -> float:
    """How much later service at ``place`` may begin."""
    slack, waits = stops[place].latest - drive.begin[place], 0.0
    for later in range(place + 1, len(stops)):
        waits += drive.begin[later] - drive.arrive[later]
        slack = min(slack, waits + stops[later].latest - drive.begin[later])
    return min(slack, waits + end_latest(problem, p) - drive.end)
