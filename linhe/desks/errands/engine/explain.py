"""The routes after the plan, the offers with their reasons, and why the unserved are unserved."""

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from . import outcome
from .jit import Floats, Ints
from .model import Model, find_pairs
from .outcome import ALONE, DETOUR_M, DETOUR_S, ETA_DROPOFF, ETA_PICKUP, OF, RANK, SLACK, Offers, Routes
from .problem import Problem
from .result import Offer, Reason, Result, Route, RunnerUp, Unserved, Visit
from .rows import BEGIN, LATEST, LEG, LOAD, PACE, ROOM_N, SERVICE

if TYPE_CHECKING:
    from .planner import Planner

MISSES = ("extra_limit", "detour_limit", "capacity", "window", "too_costly")
PASSING = 3  # so many routes are looked for around an unserved errand
ROUND_M, LEAST_M = 100, 200  # distances are told this coarsely, so that no place can be worked out from them
ROUND_S = 600


def present_rows(problem: Problem, model: Model) -> Ints:
    """For each node the index among its person's present stops, -1 when it is none of them."""
    city = model.city
    index = np.full(len(city.node), -1, dtype=np.int64)
    known = np.concatenate([model.stop, model.moved.ravel()])
    nodes = np.concatenate([np.arange(len(model.stop)), city.asked + np.arange(2 * model.pinned)])
    owner = np.searchsorted(problem.stop_offset, known, side="right") - 1
    index[nodes] = np.where(known >= 0, known - problem.stop_offset[np.maximum(owner, 0)], -1)
    return index


def present_nodes(problem: Problem, model: Model) -> tuple[Ints, Ints]:
    """The rows of nodes of the routes as given, and where each begins."""
    city, people = model.city, problem.people
    node_of_stop = np.zeros(len(problem.stop_lon), dtype=np.int64)
    node_of_stop[model.stop] = np.arange(len(model.stop))
    for side in range(2):
        there = model.moved[:, side] >= 0
        node_of_stop[model.moved[there, side]] = city.asked + 2 * np.flatnonzero(there) + side
    own = np.diff(problem.stop_offset)
    first = np.concatenate([[0], np.cumsum(own + 2)]).astype(np.int64)
    nodes = np.zeros(int(first[-1]), dtype=np.int64)
    person = np.repeat(np.arange(people), own)
    nodes[first[person] + 1 + np.arange(len(person)) - problem.stop_offset[person]] = node_of_stop
    nodes[first[:-1]] = len(model.stop) + np.arange(people)
    nodes[first[1:] - 1] = len(model.stop) + people + np.arange(people)
    return nodes, first


def routes_of(problem: Problem, planner: "Planner", laid: Routes, index: Ints) -> tuple[Route, ...]:
    """The routes of the people who got something."""
    model, state = planner.model, planner.state
    own = np.bincount(model.owner, minlength=problem.people)
    return tuple(_route(problem, model, laid, index, p) for p in np.flatnonzero(state.held > own).tolist())


def _route(problem: Problem, model: Model, laid: Routes, index: Ints, p: int) -> Route:
    city = model.city
    o, end = int(laid.first[p]), int(laid.first[p + 1])
    nodes = laid.nodes[o:end]
    row = laid.row[o:end]
    leave = row[:, BEGIN] + city.node[nodes, SERVICE]
    arrive = leave[:-1] + row[:-1, LEG] * city.person[p, PACE]
    request = (nodes - city.asked) // 2 - model.pinned
    present = index[nodes]
    ids = problem.request_id
    visits = [
        Visit(
            kind="own" if at >= 0 else ("dropoff" if (node - city.asked) % 2 else "pickup"),
            ref=at if at >= 0 else int(ids[r]),
            arrive_s=come,
            begin_s=begin,
            leave_s=go,
            load_after=int(load),
        )
        for node, at, r, come, begin, go, load in zip(
            nodes[1:-1].tolist(), present[1:-1].tolist(), request[1:-1].tolist(), arrive[:-1].tolist(),
            row[1:-1, BEGIN].tolist(), leave[1:-1].tolist(), row[1:-1, LOAD].tolist(), strict=True,
        )
    ]  # fmt: skip
    length = float(row[:-1, LEG].sum())
    return Route(
        person_id=int(problem.person_id[p]),
        visits=tuple(visits),
        depart_s=float(row[0, BEGIN]),
        end_arrive_s=float(row[-1, BEGIN]),
        distance_m=length,
        detour_m=length - float(model.given_m[p]),
    )


def offers_of(problem: Problem, planner: "Planner", laid: Routes, told: Offers, index: Ints) -> tuple[Offer, ...]:
    """One offer for each errand in the routes, by person, in the order of the first stops."""
    city, pinned = planner.model.city, planner.model.pinned
    own = np.bincount(planner.model.owner, minlength=problem.people)
    used = lengths_of(laid) - planner.model.given_m
    limit = np.asarray(problem.person_detour_max_m - problem.person_detour_used_m)
    share = np.where(limit > 0, used / np.where(limit > 0, limit, 1), 1.0)
    count = planner.state.held - own
    before = _own_before(laid, index)
    place = np.full(len(city.node), -1, dtype=np.int64)
    place[laid.nodes] = before
    ids, people = problem.request_id.tolist(), problem.person_id.tolist()
    offers = []
    rows = zip(told.request.tolist(), told.person.tolist(), told.figures.tolist(), strict=True)
    for at, (r, p, figures) in enumerate(rows):
        visit = city.request[r, 1] > 0
        reasons: list[Reason] = [
            ("nearest_route", {"rank": figures[RANK], "of": figures[OF], "detour_m": figures[ALONE]}),
            ("detour_share", {"share": float(share[p]), "limit_m": float(limit[p])}),
        ]
        if figures[OF] == 1:
            reasons.append(("only_one", {}))
        if count[p] > 1:
            reasons.append(("shared_trip", {"errands": float(count[p])}))
        if planner.model.allowed.needs[r]:
            reasons.append(("skill", {"bits": float(planner.model.allowed.needs[r])}))
        if problem.request_urgent[r - pinned]:
            reasons.append(("urgent", {}))
        others = tuple(
            RunnerUp(person_id=people[q], detour_m=float(told.runner_m[at, k]), detour_s=float(told.runner_s[at, k]))
            for k, q in enumerate(told.runner[at].tolist())
            if q >= 0
        )
        offers.append(
            Offer(
                request_id=ids[r - pinned],
                person_id=people[p],
                pickup_after=None if visit else int(place[city.asked + 2 * r]),
                dropoff_after=int(place[city.asked + 2 * r + 1]),
                detour_m=figures[DETOUR_M],
                detour_s=figures[DETOUR_S],
                slack_s=figures[SLACK],
                eta_pickup_s=None if visit else figures[ETA_PICKUP],
                eta_dropoff_s=figures[ETA_DROPOFF],
                reasons=tuple(reasons),
                runners_up=others,
            )
        )
    return tuple(offers)


def lengths_of(laid: Routes) -> Floats:
    """(P,) road metres of every laid-out row."""
    total = np.concatenate([[0.0], np.cumsum(laid.row[:, LEG])])
    return np.asarray(total[laid.first[1:]] - total[laid.first[:-1]])


def _own_before(laid: Routes, index: Ints) -> Ints:
    """For each slot the index of the last present stop before it in its row, -1 = none."""
    at = index[laid.nodes]
    slot = np.arange(len(at))
    begins = np.repeat(laid.first[:-1], np.diff(laid.first))
    last = np.maximum.accumulate(np.where(at >= 0, slot, -1))
    return np.where(last >= begins, at[np.maximum(last, 0)], -1)


def unserved_of(problem: Problem, planner: "Planner", laid: Routes) -> tuple[Unserved, ...]:
    """Why each request without a taker has none."""
    model, state = planner.model, planner.state
    city, pinned = model.city, model.pinned
    rows = np.flatnonzero(state.taker[pinned:] < 0) + pinned
    if not len(rows):
        return ()
    anyone = model.allowed._replace(needs=np.zeros_like(model.allowed.needs), declined=np.empty(0, np.int64))
    persons, requests, _ = find_pairs(model, rows, 0, problem.people, False, anyone)
    needs = model.allowed.needs
    may = (needs[requests] & ~model.allowed.skills[persons]) == 0
    may &= ~np.isin(requests * problem.people + persons, model.allowed.declined)
    open_node = city.node.copy()
    open_node[city.asked :, LATEST] = np.inf
    code, away, begin = outcome.tell_misses(
        city, city._replace(node=open_node), planner.stores[0], planner.terms, state, laid, model.given_m, persons,
        requests, may,
    )  # fmt: skip
    count = len(state.taker)
    close = np.stack([np.bincount(requests[code == k], minlength=count) for k in range(len(MISSES))])
    far = _far_counts(problem, model, np.bincount(requests[may], minlength=count))
    by_request = np.argsort(requests, kind="stable")
    edges = np.searchsorted(requests[by_request], np.arange(count + 1))
    latest = np.minimum(city.node[city.asked :: 2, LATEST], city.node[city.asked + 1 :: 2, LATEST])
    told = []
    for r in rows.tolist():
        mine = by_request[edges[r] : edges[r + 1]]
        late = problem.now_s - float(latest[r])
        reasons: list[Reason] = [("window_passed", {"late_s": late})] if late > 0 else []
        found = sorted(
            ((MISSES[k], int(close[k, r])) for k in range(len(MISSES))), key=lambda item: (-item[1], item[0])
        )
        counts = [*found, *((name, int(values[r])) for name, values in far.items())]
        reasons += [(name, {"people": float(number)}) for name, number in counts if number]
        passing, within = _passing(away[mine])
        told.append(
            Unserved(
                request_id=int(problem.request_id[r - pinned]),
                reasons=tuple(reasons),
                passing=passing,
                within_m=within,
                next_window_s=_next_window(begin[mine], float(latest[r])),
            )
        )
    return tuple(told)


def _passing(away: Floats) -> tuple[int, float]:
    """How many routes pass within the distance of the third nearest, told coarsely."""
    if not len(away):
        return 0, 0.0
    near = np.sort(away)[:PASSING][-1]
    within = max(LEAST_M, ROUND_M * ceil(float(near) / ROUND_M))
    return int((away <= within).sum()), float(within)


def _next_window(begin: Floats, latest: float) -> float | None:
    """The first moment after the window at which somebody could begin, to the next ten minutes."""
    first = float(begin.min(initial=np.inf))
    return float(ROUND_S * ceil(first / ROUND_S)) if latest < first < np.inf else None


def _far_counts(problem: Problem, model: Model, reached: Ints) -> dict[str, Ints]:
    """For each code (R,) people who were not near enough or not allowed at all; each person counts once."""
    city, allowed = model.city, model.allowed
    fit, off = city.fit, model.off_duty
    room_m = problem.person_detour_max_m - problem.person_detour_used_m
    room_s = problem.person_detour_max_s - problem.person_detour_used_s
    out_of_room = ~fit & ~off & ((city.person[:, ROOM_N] <= 0) | (room_m < 0) | (room_s < 0))
    late = ~fit & ~off & ~out_of_room
    needs, which = np.unique(allowed.needs, return_inverse=True)
    able = np.array([int(((allowed.skills & need) == need)[fit].sum()) for need in needs])[which]
    declined = np.zeros(len(allowed.needs), dtype=np.int64)
    for pair in np.unique(allowed.declined).tolist():
        r, p = divmod(pair, problem.people)
        declined[r] += fit[p] and (allowed.skills[p] & allowed.needs[r]) == allowed.needs[r]
    everyone = np.ones(len(allowed.needs), dtype=np.int64)
    return {
        "no_courier_within": able - declined - reached,
        "declined": declined,
        "limits_used_up": everyone * int(out_of_room.sum()),
        "off_duty": everyone * int(off.sum()),
        "own_route_late": everyone * int(late.sum()),
        "none_with_skill": int(fit.sum()) - able,
    }


def explained(problem: Problem, planner: "Planner") -> Result:
    """The plan with its routes, offers and reasons."""
    model = planner.model
    status = "infeasible" if model.broken else "solved"
    if not problem.people or not problem.requests:
        return _empty(problem, planner)
    laid = outcome.lay_out_all(model.city, planner.stores[0], planner.terms, planner.state)
    index = present_rows(problem, model)
    given, given_first = present_nodes(problem, model)
    told = outcome.tell_offers(
        model.city, planner.stores[0], planner.terms, planner.state, planner.pairs, laid, given, given_first,
        model.pinned, outcome.RUNNERS_UP,
    )  # fmt: skip
    routes = routes_of(problem, planner, laid, index)
    return Result(
        status=status,
        offers=offers_of(problem, planner, laid, told, index),
        unserved=unserved_of(problem, planner, laid),
        routes=routes,
        broken=model.broken,
        detour_m=float(sum(route.detour_m for route in routes)),
        objective_m=planner.objective_m(),
    )


def _empty(problem: Problem, planner: "Planner") -> Result:
    reasons = (("no_couriers", {"people": 0.0}),)
    return Result(
        status="infeasible" if planner.model.broken else "empty",
        offers=(),
        unserved=tuple(Unserved(request_id=int(key), reasons=reasons) for key in problem.request_id),
        routes=(),
        broken=planner.model.broken,
        detour_m=0.0,
        objective_m=planner.objective_m(),
    )
