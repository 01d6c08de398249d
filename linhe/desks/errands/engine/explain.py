"""The routes after the plan, the offers with their reasons, and why the unserved are unserved."""

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from . import exact, outcome
from .bundles import IMPOSSIBLE
from .jit import Bools, Floats, Ints
from .model import Model, find_pairs
from .near import near_alone
from .outcome import ALONE, DETOUR_M, DETOUR_S, ETA_DROPOFF, ETA_PICKUP, OF, RANK, RUNNERS_UP, SLACK, Offers, Routes
from .problem import Problem
from .result import Offer, Reason, Result, Route, RunnerUp, Unserved, Visit
from .rows import BEGIN, LATEST, LEG, LOAD, PACE, ROOM_N, SERVICE
from .search import assign, prices
from .state import State, build_state

if TYPE_CHECKING:
    from .planner import Planner

MISSES = ("extra_limit", "detour_limit", "capacity", "window", "too_costly")
PASSING = 3  # so many routes are looked for around an unserved errand
ROUND_M, LEAST_M = 100, 200  # distances are told this coarsely, so that no place can be worked out from them
ROUND_S = 600


def routes_of(problem: Problem, planner: "Planner", laid: Routes) -> tuple[Route, ...]:
    """The routes of those among the people laid out who got something."""
    model = planner.model
    got = errands_of(planner.state, model, problem.people)[laid.people] > 0
    return tuple(_route(problem, model, laid, planner.index, place) for place in np.flatnonzero(got).tolist())


def _route(problem: Problem, model: Model, laid: Routes, index: Ints, place: int) -> Route:
    city, p = model.city, int(laid.people[place])
    o, end = int(laid.first[place]), int(laid.first[place + 1])
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


def answered(problem: Problem, asked: Problem, planner: "Planner", row: int) -> Offer | Unserved:
    """What came of one request, ``asked``, that stands in row ``row``."""
    p = int(planner.state.taker[row])
    if p < 0:
        return unserved_of(problem, planner, np.array([row]), asked)[0]
    return _offers_with(problem, planner, p, planner.state, row, asked.request_id, asked.request_urgent, RUNNERS_UP)


def on_the_way(
    problem: Problem, planner: "Planner", p: int, limit: int, rows: Ints, ids: Ints, urgent: Bools
) -> tuple[Offer, ...]:
    """Those of the requests ``rows`` that person row ``p`` could take, each alone in the present route.

    ``rows`` are feasible alone for that person; ``ids`` and ``urgent`` begin with the first request that is not
    pinned. Urgent ones come first, then by detour.
    """
    model = planner.model
    city, pinned = model.city, model.pinned
    state = build_state(problem.people, len(city.request), planner.terms.keys)
    mine = np.flatnonzero(model.owner == p)
    assign(city, planner.stores[0], planner.terms, state, mine, np.full(len(mine), p))
    held, cost, key = int(state.held[p]), int(state.cost[p]), state.key[p]
    more = prices(city, planner.stores[0], planner.terms, state, p, rows)
    found = sorted(
        (not urgent[r - pinned], value - cost, int(ids[r - pinned]), r)
        for r, value in zip(rows.tolist(), more.tolist(), strict=True)
        if value != IMPOSSIBLE
    )
    offers = []
    for *_, r in found[:limit]:
        assign(city, planner.stores[0], planner.terms, state, np.array([r]), np.array([p]))
        offers.append(_offers_with(problem, planner, p, state, r, ids[r - pinned :], urgent[r - pinned :], 0))
        state.held[p], state.cost[p], state.key[p], state.taker[r] = held, cost, key, -1
    return tuple(offers)


def _offers_with(
    problem: Problem, planner: "Planner", p: int, state: State, row: int, ids: Ints, urgent: Bools, runners: int
) -> Offer:
    """The offer of request row ``row`` to person row ``p``, by the state given; ids and urgency begin at that row."""
    model = planner.model
    laid = exact.lay_out(planner, state, np.array([p]))
    given, given_first = planner.given
    told = outcome.tell_offers(
        model.city, planner.stores[0], planner.terms, state, planner.pairs, laid, given, given_first, model.pinned,
        runners,
    )  # fmt: skip
    only = np.flatnonzero(told.request == row)
    told = Offers._make(values[only] for values in told)
    return offers_of(problem, planner, state, laid, told, ids, urgent, row)[0]


def offers_of(
    problem: Problem, planner: "Planner", state: State, laid: Routes, told: Offers, ids: Ints, urgent: Bools, begin: int
) -> tuple[Offer, ...]:
    """One offer for each errand told; ``ids`` and ``urgent`` are those of the requests from row ``begin`` on."""
    city = planner.model.city
    used = np.zeros(problem.people)
    used[laid.people] = lengths_of(laid) - planner.model.given_m[laid.people]
    limit = np.asarray(problem.person_detour_max_m - problem.person_detour_used_m)
    share = np.where(limit > 0, used / np.where(limit > 0, limit, 1), 1.0)
    count = errands_of(state, planner.model, problem.people)
    before = _own_before(laid, planner.index)
    place = np.full(len(city.node), -1, dtype=np.int64)
    place[laid.nodes] = before
    people = problem.person_id
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
        if urgent[r - begin]:
            reasons.append(("urgent", {}))
        others = tuple(
            RunnerUp(person_id=int(people[q]), detour_m=float(more_m), detour_s=float(more_s))
            for q, more_m, more_s in zip(told.runner[at], told.runner_m[at], told.runner_s[at], strict=True)
            if q >= 0
        )
        offers.append(
            Offer(
                request_id=int(ids[r - begin]),
                person_id=int(people[p]),
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


def errands_of(state: State, model: Model, people: int) -> Ints:
    """(P,) how many of the open requests each person has."""
    taker = state.taker[model.pinned :]
    return np.bincount(taker[taker >= 0], minlength=people)


def lengths_of(laid: Routes) -> Floats:
    """Road metres of every laid-out row."""
    total = np.concatenate([[0.0], np.cumsum(laid.row[:, LEG])])
    return np.asarray(total[laid.first[1:]] - total[laid.first[:-1]])


def _own_before(laid: Routes, index: Ints) -> Ints:
    """For each slot the index of the last present stop before it in its row, -1 = none."""
    at = index[laid.nodes]
    slot = np.arange(len(at))
    begins = np.repeat(laid.first[:-1], np.diff(laid.first))
    last = np.maximum.accumulate(np.where(at >= 0, slot, -1))
    return np.where(last >= begins, at[np.maximum(last, 0)], -1)


def unserved_of(problem: Problem, planner: "Planner", rows: Ints, asked: Problem | None = None) -> tuple[Unserved, ...]:
    """Why each of these requests without a taker has none; ``asked`` when it is one that just came in."""
    model, state = planner.model, planner.state
    city, pinned = model.city, model.pinned
    if not len(rows):
        return ()
    persons, requests = _near(problem, planner, rows)
    needs = model.allowed.needs
    may = (needs[requests] & ~model.allowed.skills[persons]) == 0
    may &= ~np.isin(requests * problem.people + persons, model.allowed.declined)
    laid = exact.lay_out(planner, state, np.unique(persons))
    code, away, begin = outcome.tell_misses(city, planner.stores[0], planner.terms, state, laid, persons, requests, may)
    count, place = len(rows), np.searchsorted(rows, requests)
    close = np.stack([np.bincount(place[code == k], minlength=count) for k in range(len(MISSES))])
    far = _far_counts(problem, model, rows, np.bincount(place[may], minlength=count))
    by_request = np.argsort(place, kind="stable")
    edges = np.searchsorted(place[by_request], np.arange(count + 1))
    picks = city.asked + 2 * rows
    latest = np.minimum(city.node[picks, LATEST], city.node[picks + 1, LATEST])
    told = []
    for at, r in enumerate(rows.tolist()):
        mine = by_request[edges[at] : edges[at + 1]]
        late = problem.now_s - float(latest[at])
        reasons: list[Reason] = [("window_passed", {"late_s": late})] if late > 0 else []
        found = sorted(
            ((MISSES[k], int(close[k, at])) for k in range(len(MISSES))), key=lambda item: (-item[1], item[0])
        )
        counts = [*found, *((name, int(values[at])) for name, values in far.items())]
        reasons += [(name, {"people": float(number)}) for name, number in counts if number]
        passing, within = _passing(away[mine])
        told.append(
            Unserved(
                request_id=int(asked.request_id[0] if asked else problem.request_id[r - pinned]),
                reasons=tuple(reasons),
                passing=passing,
                within_m=within,
                next_window_s=_next_window(begin[mine], float(latest[at])),
            )
        )
    return tuple(told)


def _near(problem: Problem, planner: "Planner", rows: Ints) -> tuple[Ints, Ints]:
    """People and requests, by person, where the one passes near the other, whoever may take what."""
    if len(rows) == 1:
        persons = np.empty(problem.people, dtype=np.int64)
        count = near_alone(planner.model.city, planner.balls(), int(rows[0]), persons)
        return persons[:count], np.full(count, rows[0])
    model = planner.model
    anyone = model.allowed._replace(needs=np.zeros_like(model.allowed.needs), declined=np.empty(0, np.int64))
    persons, requests, _ = find_pairs(model, rows, 0, problem.people, False, anyone)
    return persons, requests


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


def _far_counts(problem: Problem, model: Model, rows: Ints, reached: Ints) -> dict[str, Ints]:
    """For each code (R,) people who were not near enough or not allowed at all; each person counts once."""
    city, allowed = model.city, model.allowed
    fit, off = city.fit, model.off_duty
    room_m = problem.person_detour_max_m - problem.person_detour_used_m
    room_s = problem.person_detour_max_s - problem.person_detour_used_s
    out_of_room = ~fit & ~off & ((city.person[:, ROOM_N] <= 0) | (room_m < 0) | (room_s < 0))
    late = ~fit & ~off & ~out_of_room
    needs, which = np.unique(allowed.needs[rows], return_inverse=True)
    able = np.array([int(((allowed.skills & need) == need)[fit].sum()) for need in needs])[which]
    declined = np.zeros(len(rows), dtype=np.int64)
    for at, r in enumerate(rows.tolist() if len(allowed.declined) else ()):
        low, high = np.searchsorted(allowed.declined, [r * problem.people, (r + 1) * problem.people])
        who = np.unique(allowed.declined[low:high]) - r * problem.people
        declined[at] = (fit[who] & ((allowed.skills[who] & allowed.needs[r]) == allowed.needs[r])).sum()
    everyone = np.ones(len(rows), dtype=np.int64)
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
    everybody = np.arange(problem.people)
    laid = exact.lay_out(planner, planner.state, everybody)
    given, given_first = planner.given
    told = outcome.tell_offers(
        model.city, planner.stores[0], planner.terms, planner.state, planner.pairs, laid, given, given_first,
        model.pinned, outcome.RUNNERS_UP,
    )  # fmt: skip
    routes = routes_of(problem, planner, laid)
    open_ = planner.state.taker[model.pinned : model.pinned + problem.requests]
    return Result(
        status=status,
        offers=offers_of(
            problem, planner, planner.state, laid, told, problem.request_id, problem.request_urgent, model.pinned
        ),
        unserved=unserved_of(problem, planner, np.flatnonzero(open_ < 0) + model.pinned),
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
