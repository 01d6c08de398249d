"""Offers with their reasons, routes after the plan, and why the unserved are unserved."""

import numpy as np

from . import kernel
from .kernel import Floats, Ints, Model, Pairs, Plan
from .model import off_duty
from .problem import Problem
from .result import Offer, Reason, Route, RunnerUp, Unserved, Visit

RUNNERS_UP = 2


def _row(plan: Plan, p: int) -> Ints:
    return plan.nodes[plan.first[p] : plan.first[p] + plan.size[p]]


def request_of(m: Model, node: int) -> tuple[str, int]:
    """("own" | "pickup" | "dropoff", row) of a stop's node."""
    if node < m.stops:
        return "own", node
    row = node - m.stops
    return ("pickup", row) if row < m.requests else ("dropoff", row - m.requests)


def routes_of(problem: Problem, m: Model, plan: Plan) -> tuple[Route, ...]:
    """The routes of the people who got something."""
    return tuple(_route(problem, m, plan, int(p)) for p in np.flatnonzero(plan.extra))


def _route(problem: Problem, m: Model, plan: Plan, p: int) -> Route:
    o, n = int(plan.first[p]), int(plan.size[p])
    visits = []
    for k in range(o + 1, o + n - 1):
        node = int(plan.nodes[k])
        kind, row = request_of(m, node)
        before = plan.begin[k - 1] + m.service[plan.nodes[k - 1]]
        visits.append(
            Visit(
                kind=kind,
                ref=row - int(problem.stop_offset[p]) if kind == "own" else int(problem.request_id[row]),
                arrive_s=float(before + plan.leg[k - 1] / m.speed[p]),
                begin_s=float(plan.begin[k]),
                leave_s=float(plan.begin[k] + m.service[node]),
                load_after=int(plan.load[k]),
            )
        )
    return Route(
        person_id=int(problem.person_id[p]),
        visits=tuple(visits),
        depart_s=float(plan.begin[o]),
        end_arrive_s=float(plan.begin[o + n - 1]),
        distance_m=float(plan.length[p]),
        detour_m=float(plan.length[p] - plan.base[p]),
    )


def offers_of(
    problem: Problem, m: Model, base: Plan, plan: Plan, pairs: Pairs, alone: Floats, runners_up: int = RUNNERS_UP
) -> tuple[Offer, ...]:
    """One offer for each errand in the routes, by person, in the order of the first stops."""
    offers = []
    for p in map(int, np.flatnonzero(plan.extra)):
        nodes = _row(plan, p)
        begins = [request_of(m, int(node)) for node in nodes[1:-1]]
        errands = [r for kind, r in begins if kind == "pickup" or (kind == "dropoff" and m.visit[r])]
        so_far = _row(base, p)
        drove = kernel.measure(m, p, so_far)
        for place, r in enumerate(errands):
            keep = np.array([node for node in nodes if not _is_later(m, int(node), set(errands[place + 1 :]))])
            now = kernel.measure(m, p, keep)
            added = (now[0] - drove[0], now[1] - drove[1])
            others = _runners_up(problem, m, plan, pairs, r, p, runners_up)
            reasons = _reasons(m, plan, pairs, alone, r, p, bool(problem.request_urgent[r]))
            offers.append(_offer(problem, m, plan, p, r, added, reasons, others))
            drove = now
    return tuple(offers)


def _is_later(m: Model, node: int, later: set[int]) -> bool:
    if node < m.stops or node >= m.stops + 2 * m.requests:
        return False
    return request_of(m, node)[1] in later


def _offer(
    problem: Problem,
    m: Model,
    plan: Plan,
    p: int,
    r: int,
    added: tuple[float, float],
    reasons: tuple[Reason, ...],
    others: tuple[RunnerUp, ...],
) -> Offer:
    nodes = _row(plan, p)
    own_before = np.cumsum(nodes < m.stops) - 1  # index of the last own stop at or before each slot
    drop = int(np.flatnonzero(nodes == m.stops + m.requests + r)[0])
    pick = drop if m.visit[r] else int(np.flatnonzero(nodes == m.stops + r)[0])
    at = int(plan.first[p]) + pick
    return Offer(
        request_id=int(problem.request_id[r]),
        person_id=int(problem.person_id[p]),
        pickup_after=None if m.visit[r] else int(own_before[pick]),
        dropoff_after=int(own_before[drop]),
        detour_m=float(added[0]),
        detour_s=float(added[1]),
        slack_s=float(plan.late[at] - plan.begin[at]),
        eta_pickup_s=None if m.visit[r] else float(plan.begin[at]),
        eta_dropoff_s=float(plan.begin[plan.first[p] + drop]),
        reasons=reasons,
        runners_up=others,
    )


def _reasons(m: Model, plan: Plan, pairs: Pairs, alone: Floats, r: int, p: int, urgent: bool) -> tuple[Reason, ...]:
    mine = pairs.by_request[pairs.of_request[r] : pairs.of_request[r + 1]]
    detour = float(alone[mine][pairs.person[mine] == p][0])
    rank = 1 + int((alone[mine] < detour - kernel.EPS).sum())
    used = float(plan.length[p] - plan.base[p])
    share = used / float(m.room_m[p]) if m.room_m[p] > 0 else 1.0
    reasons: list[Reason] = [
        ("nearest_route", {"rank": float(rank), "of": float(len(mine)), "detour_m": detour}),
        ("detour_share", {"share": share, "limit_m": float(m.room_m[p])}),
    ]
    if len(mine) == 1:
        reasons.append(("only_one", {}))
    if plan.extra[p] > 1:
        reasons.append(("shared_trip", {"errands": float(plan.extra[p])}))
    if m.needs[r]:
        reasons.append(("skill", {"bits": float(m.needs[r])}))
    if urgent:
        reasons.append(("urgent", {}))
    return tuple(reasons)


def _runners_up(
    problem: Problem, m: Model, plan: Plan, pairs: Pairs, r: int, taker: int, most: int
) -> tuple[RunnerUp, ...]:
    mine = pairs.by_request[pairs.of_request[r] : pairs.of_request[r + 1]]
    persons = pairs.person[mine]
    persons = persons[(persons != taker) & (plan.extra[persons] < m.room_n[persons])]
    if not most or not len(persons):
        return ()
    detour, pickup, dropoff = kernel.insertions(m, plan, persons, np.full(len(persons), r), True, True)
    found = []
    for k in np.argsort(detour, kind="stable")[:most]:
        if np.isfinite(detour[k]):
            p = int(persons[k])
            nodes = list(_row(plan, p))
            late = _with(m, nodes, r, int(pickup[k]), int(dropoff[k]))
            more_s = kernel.measure(m, p, late)[1] - kernel.measure(m, p, _row(plan, p))[1]
            found.append(
                RunnerUp(person_id=int(problem.person_id[p]), detour_m=float(detour[k]), detour_s=float(more_s))
            )
    return tuple(found)


def _with(m: Model, nodes: list[int], r: int, pickup: int, dropoff: int) -> Ints:
    drop = m.stops + m.requests + r
    pick = [] if m.visit[r] else [m.stops + r]
    first, between, last = nodes[: pickup + 1], nodes[pickup + 1 : dropoff + 1], nodes[dropoff + 1 :]
    return np.array([*first, *pick, *between, drop, *last], dtype=np.int64)


def unserved_of(problem: Problem, m: Model, plan: Plan, near: tuple[Ints, Ints]) -> tuple[Unserved, ...]:
    """Why each request without a taker has none."""
    rows = np.flatnonzero(plan.taker < 0)
    if not len(rows):
        return ()
    misses = near_misses(m, plan, near)
    far = _far_counts(problem, m, near)
    told = []
    for r in rows:
        late = problem.now_s - float(min(m.latest[m.stops + r], m.latest[m.stops + m.requests + r]))
        reasons: list[Reason] = [("window_passed", {"late_s": late})] if late > 0 else []
        close = sorted(((code, int(count[r])) for code, count in misses.items()), key=lambda item: (-item[1], item[0]))
        counts = [*close, *((code, int(count[r])) for code, count in far.items())]
        reasons += [(code, {"people": float(count)}) for code, count in counts if count]
        told.append(Unserved(request_id=int(problem.request_id[r]), reasons=tuple(reasons)))
    return tuple(told)


def near_misses(m: Model, plan: Plan, near: tuple[Ints, Ints]) -> dict[str, Ints]:
    """For each code (R,) people near enough whom that limit stops, given the plan."""
    open_near = np.flatnonzero(plan.taker[near[1]] < 0)
    person, request = near[0][open_near], near[1][open_near]
    full = plan.extra[person] >= m.room_n[person]
    fits = {}
    for name, timed, carried in (("detour", False, False), ("capacity", False, True), ("time", True, True)):
        fits[name] = np.isfinite(kernel.insertions(m, plan, person, request, timed, carried)[0])
    cases = {
        "extra_limit": full,
        "detour_limit": ~full & ~fits["detour"],
        "capacity": ~full & fits["detour"] & ~fits["capacity"],
        "window": ~full & fits["capacity"] & ~fits["time"],
        "too_costly": ~full & fits["time"],
    }
    return {code: np.bincount(request[mask], minlength=m.requests) for code, mask in cases.items()}


def _far_counts(problem: Problem, m: Model, near: tuple[Ints, Ints]) -> dict[str, Ints]:
    """For each code (R,) people who were not near enough or not allowed at all; each person counts once."""
    off = off_duty(problem)
    out_of_room = ~m.fit & ~off & ((m.room_n <= 0) | (m.room_m < 0))
    late = ~m.fit & ~off & ~out_of_room
    needs, which = np.unique(m.needs, return_inverse=True)
    able = np.array([int(((m.skills & need) == need)[m.fit].sum()) for need in needs])[which]
    declined = np.zeros(m.requests, dtype=np.int64)
    for pair in np.unique(m.declined):
        r, p = divmod(int(pair), m.people)
        declined[r] += m.fit[p] and (m.skills[p] & m.needs[r]) == m.needs[r]
    reached = np.bincount(near[1], minlength=m.requests)
    everyone = np.ones(m.requests, dtype=np.int64)
    return {
        "no_courier_within": able - declined - reached,
        "declined": declined,
        "limits_used_up": everyone * int(out_of_room.sum()),
        "off_duty": everyone * int(off.sum()),
        "own_route_late": everyone * int(late.sum()),
        "none_with_skill": int(m.fit.sum()) - able,
    }
