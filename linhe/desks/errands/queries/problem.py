"""From rows to the engine's problem: people with their routes, and the errands that may join them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import inf, nan
from typing import Any

import numpy as np

from linhe.core.dated import value
from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries.expected import with_expected
from linhe.desks.errands.queries.menu import SKILL_NAMES
from linhe.desks.errands.queries.roads import on_roads, share_of_speed
from linhe.desks.errands.queries.state import PICKUP_SERVICE_S, Ahead, bit_of, skills_of, stops_ahead

LONGEST_S = 0.4
"""A plan is never searched for longer: the next one follows within seconds."""
MOVABLE = 4
"""So many of the errands in hand may be moved in the route; more are rare, and the first ones then keep their place."""


def problem_of(
    shifts: Sequence[Shift],
    errands: Sequence[ErrandDetail],
    *,
    at: datetime,
    place_code: str,
    refused: Sequence[tuple[int, int]] = (),
    waiting: Sequence[Offer] = (),
    movable: bool = True,
    at_once: bool = False,
    ahead: Mapping[int, Sequence[Ahead]] | None = None,
) -> Problem:
    """The engine's problem at a moment. People carry the account id of the courier, requests that of the matter.

    ``waiting`` are offers that still want an answer: they stand in the routes as if accepted. Unless ``movable`` is
    False the stops of errands in hand may change their places in the route. With ``at_once`` nobody gets more than may
    be in hand at once; whoever takes errands by choice may. ``ahead`` are the stops ahead by shift, when they have been
    read already.
    """
    rows = ahead if ahead is not None else stops_ahead(s.pk for s in shifts)
    route = with_expected(rows, shifts, waiting)
    skills = skills_of((s.courier_id for s in shifts), at=at) if any(e.skill for e in errands) else {}
    in_hand = [len({stop.matter_id for stop in route.get(s.pk, ()) if stop.matter_id}) for s in shifts]
    expected: dict[int, list[Offer]] = {}
    for offer in waiting:
        expected.setdefault(offer.courier_id, []).append(offer)
    in_hand_max = value("errands.at_once_max", at=at, place_code=place_code)
    used = [s.extra_used + len(expected.get(s.courier_id, ())) for s in shifts]
    pace = share_of_speed(at=at, place_code=place_code)
    problem = Problem(
        now_s=at.timestamp(),
        person_id=_ints(s.courier_id for s in shifts),
        person_lon=_floats(s.lng for s in shifts),
        person_lat=_floats(s.lat for s in shifts),
        person_end_lon=_floats(s.end_lng for s in shifts),
        person_end_lat=_floats(s.end_lat for s in shifts),
        person_end_latest_s=np.full(len(shifts), inf),
        person_work_from_s=_floats(max(s.started_at, s.free_at).timestamp() for s in shifts),
        person_work_to_s=_floats(s.until_at.timestamp() for s in shifts),
        person_speed_mps=_floats(pace * s.speed_kmh / 3.6 for s in shifts),
        person_capacity=_ints(s.capacity for s in shifts),
        person_load=_ints(s.load for s in shifts),
        person_skills=_ints(skills.get(s.courier_id, 0) for s in shifts),
        person_detour_max_m=_floats(s.detour_max_m for s in shifts),
        person_detour_used_m=_floats(
            s.detour_used_m + sum(o.detour_m or 0 for o in expected.get(s.courier_id, ())) for s in shifts
        ),
        person_extra_max=_ints(
            min(s.extra_max, n + max(0, in_hand_max - held)) if at_once else s.extra_max
            for s, n, held in zip(shifts, used, in_hand, strict=True)
        ),
        person_extra_used=_ints(used),
        declined=np.array(refused, dtype=np.int64).reshape(-1, 2),
        skill_names=SKILL_NAMES,
        road_factor=value("errands.road_factor", at=at, place_code=place_code),
        **_stops([route.get(s.pk, ()) for s in shifts], movable=movable),
        **_requests(errands),
    )
    return on_roads(problem, at=at, place_code=place_code)


def _stops(routes: Sequence[Sequence[Ahead]], *, movable: bool) -> dict[str, Any]:
    stops = [stop for route in routes for stop in route]
    return {
        "stop_offset": np.cumsum([0, *(len(route) for route in routes)]),
        "stop_lon": _floats(s.lng for s in stops),
        "stop_lat": _floats(s.lat for s in stops),
        "stop_earliest_s": _floats(_seconds(s.earliest_at, -inf) for s in stops),
        "stop_latest_s": _floats(_seconds(s.latest_at, inf) for s in stops),
        "stop_service_s": _floats(s.service_s for s in stops),
        "stop_load_change": _ints(s.load_change for s in stops),
        "stop_ref": _ints(s.stop_id for s in stops),
        "stop_errand": _ints(key for route in routes for key in _movable(route if movable else (), len(route))),
    }


def _movable(route: Sequence[Ahead], count: int) -> list[int]:
    """For each stop the errand with which it may be moved, -1 for none; the last errands of the route may."""
    keys = [stop.matter_id or -1 for stop in route] or [-1] * count
    errands = list(dict.fromkeys(key for key in keys if key >= 0))[-MOVABLE:]
    return [key if key in errands else -1 for key in keys]


def _requests(errands: Sequence[ErrandDetail]) -> dict[str, Any]:
    visit, count = [e.pickup_lat is None for e in errands], len(errands)
    latest = _floats(e.latest_at.timestamp() for e in errands)
    return {
        "request_id": _ints(e.matter_id for e in errands),
        "request_pickup_lon": _floats(nan if e.pickup_lng is None else e.pickup_lng for e in errands),
        "request_pickup_lat": _floats(nan if e.pickup_lat is None else e.pickup_lat for e in errands),
        "request_pickup_earliest_s": _floats(e.earliest_at.timestamp() for e in errands),
        "request_pickup_latest_s": latest,
        "request_pickup_service_s": np.full(count, float(PICKUP_SERVICE_S)),
        "request_dropoff_lon": _floats(e.lng for e in errands),
        "request_dropoff_lat": _floats(e.lat for e in errands),
        "request_dropoff_earliest_s": _floats(
            e.earliest_at.timestamp() if v else -inf for e, v in zip(errands, visit, strict=True)
        ),
        "request_dropoff_latest_s": latest,
        "request_dropoff_service_s": _floats(e.service_s for e in errands),
        "request_load": _ints(0 if v else e.load for e, v in zip(errands, visit, strict=True)),
        "request_skills": _ints(bit_of(e.skill) for e in errands),
        "request_urgent": np.array([e.matter.urgent for e in errands], dtype=bool),
    }


def params_of(*, at: datetime, place_code: str, seed: int = 0, errands: int = 0) -> Params:
    """What the search weighs, from the dated parameters; the more errands, the longer it may take, to a limit."""

    def of(name: str) -> float:
        return float(value(f"errands.{name}", at=at, place_code=place_code))

    return Params(
        unserved_m=of("unserved_m"), urgent_unserved_m=of("urgent_unserved_m"), fairness_m=of("fairness_m"), seed=seed,
        deadline_s=min(LONGEST_S, of("solve_seconds") * max(1.0, errands / 100)),
    )  # fmt: skip


def _seconds(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()


def _floats(values: Iterable[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.fromiter(values, dtype=np.float64)


def _ints(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.fromiter(values, dtype=np.int64)
