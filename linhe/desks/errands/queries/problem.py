"""From rows to the engine's problem: people with their routes, and the errands that may join them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from math import inf, nan
from typing import Any

import numpy as np

from linhe.core.dated import value
from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.models import ErrandDetail, Offer
from linhe.desks.errands.queries.expected import with_expected
from linhe.desks.errands.queries.menu import SKILL_NAMES
from linhe.desks.errands.queries.roads import on_roads, share_of_speed
from linhe.desks.errands.queries.sparing import prices_of
from linhe.desks.errands.queries.state import PICKUP_SERVICE_S, Ahead, Duty, bit_of, skills_of, stops_ahead

LONGEST_S = 0.4
"""A plan is never searched for longer: the next one follows within seconds."""
MOVABLE = 4
"""So many of the errands in hand may be moved in the route; more are rare, and the first ones then keep their place."""


def problem_of(
    shifts: Sequence[Duty],
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
    of = _columns(Duty, shifts)
    stops = _stops([route.get(s.pk, ()) for s in shifts], movable=movable)
    promised_m = [sum(o.detour_m or 0 for o in expected.get(s.courier_id, ())) for s in shifts] if waiting else 0
    problem = Problem(
        now_s=at.timestamp(),
        person_id=of("courier_id", np.int64),
        person_lon=of("lng", np.float64),
        person_lat=of("lat", np.float64),
        person_end_lon=of("end_lng", np.float64),
        person_end_lat=of("end_lat", np.float64),
        person_end_latest_s=np.full(len(shifts), inf),
        person_work_from_s=of("from_s", np.float64),
        person_work_to_s=of("until_s", np.float64),
        person_speed_mps=of("speed_kmh", np.float64) * (pace / 3.6),
        person_capacity=of("capacity", np.int64),
        person_load=of("load", np.int64),
        person_skills=_ints(skills.get(s.courier_id, 0) for s in shifts),
        person_detour_max_m=of("detour_max_m", np.float64),
        person_detour_used_m=of("detour_used_m", np.float64) + promised_m,
        person_extra_max=_ints(
            min(s.extra_max, n + max(0, in_hand_max - held)) if at_once else s.extra_max
            for s, n, held in zip(shifts, used, in_hand, strict=True)
        ),
        person_extra_used=_ints(used),
        person_price_m=prices_of(shifts, stops, at=at, place_code=place_code),
        declined=np.array(refused, dtype=np.int64).reshape(-1, 2),
        skill_names=SKILL_NAMES,
        road_factor=value("errands.road_factor", at=at, place_code=place_code),
        **stops,
        **_requests(errands),
    )
    return on_roads(problem, at=at, place_code=place_code)


def _columns(row: type[Ahead | Duty], rows: Sequence[Ahead | Duty]) -> Callable[[str, type], np.ndarray[Any, Any]]:
    """The rows by column, as arrays of the type asked for."""
    columns = dict(zip(row._fields, zip(*rows, strict=True), strict=True)) if rows else {}
    return lambda name, kind: np.array(columns.get(name, ()), dtype=kind)


def _stops(routes: Sequence[Sequence[Ahead]], *, movable: bool) -> dict[str, Any]:
    of = _columns(Ahead, [stop for route in routes for stop in route])
    return {
        "stop_offset": np.cumsum([0, *(len(route) for route in routes)]),
        "stop_lon": of("lng", np.float64),
        "stop_lat": of("lat", np.float64),
        "stop_earliest_s": of("earliest_s", np.float64),
        "stop_latest_s": of("latest_s", np.float64),
        "stop_service_s": of("service_s", np.float64),
        "stop_load_change": of("load_change", np.int64),
        "stop_ref": of("stop_id", np.int64),
        "stop_errand": _ints(key for route in routes for key in _movable(route if movable else (), len(route))),
    }


def _movable(route: Sequence[Ahead], count: int) -> list[int]:
    """For each stop the errand with which it may be moved, -1 for none; the last errands of the route may."""
    errands = list(dict.fromkeys(stop.matter_id for stop in route if stop.matter_id))[-MOVABLE:]
    if not errands:
        return [-1] * count
    return [stop.matter_id if stop.matter_id in errands else -1 for stop in route]


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


def _floats(values: Iterable[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([*values], dtype=np.float64)


def _ints(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([*values], dtype=np.int64)
