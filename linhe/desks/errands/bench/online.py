"""``linhe bench online``: a new errand answered from the database of a city of couriers, in a scratch database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linhe.core.loop.acting import begin
from linhe.core.loop.bench import ground, scratch_database
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.desks.errands.bench.instances import NOW_S, instance, pool_of
from linhe.desks.errands.bench.ours import percentiles
from linhe.desks.errands.engine import Params, Problem, Result, solve
from linhe.desks.errands.models import ErrandDetail, Shift, Stop
from linhe.desks.errands.queries.state import errand_of
from linhe.desks.errands.sample.city import city
from linhe.desks.errands.services.online import best_near

COURIERS, NEW, WARM_UP = 5_000, 200, 20
AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


def bench_online(options: Mapping[str, Any]) -> dict[str, Any]:
    """Put ``size`` couriers (default 5,000) on duty with the routes of a whole plan (twice as many requests), then
    answer 200 new errands: ``online_db`` is reads and engine together, ``online_engine`` the engine's part."""
    couriers, seed = int(options.get("size", COURIERS)), int(options.get("seed", 1))
    pool = pool_of(city())
    problem = instance(pool, 2 * couriers, couriers, seed)
    plan = solve(problem, Params(iterations=0, fairness_m=0))
    with scratch_database():
        building, person = ground()
        Place.objects.filter(pk=building.pk).update(lat=float(problem.stop_lat[0]), lng=float(problem.stop_lon[0]))
        building.refresh_from_db()
        stops = put_on_duty(problem, plan, building.district_id or 0)
        errands = _asked(instance(pool, 2 * couriers, couriers, seed + 1), building, person)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for errand in errands[:WARM_UP]:
            best_near(errand, at=AT)
        both, engine, served = _timed(errands[WARM_UP:])
        with CaptureQueriesContext(connection) as seen:
            best_near(errands[-1], at=AT)
    return {
        "couriers": couriers, "stops": stops, "answered": len(both[0]), "served": served, "queries": len(seen),
        **percentiles("online_db", both, 50, 99), **percentiles("online_engine", engine, 50, 99),
    }  # fmt: skip


def put_on_duty(problem: Problem, plan: Result, district_id: int) -> int:
    """A shift for each person of the problem, with the stops that the plan gives them; how many stops."""
    people = [Account(username=f"online-{key}", password="!", name=f"小哥{key}") for key in problem.person_id.tolist()]
    Account.objects.bulk_create(people, batch_size=1_000)
    since = AT - timedelta(days=30)
    Post.objects.bulk_create(
        [Post(account=a, role="courier", place_id=district_id, valid_from=since) for a in people], batch_size=1_000
    )
    shifts = Shift.objects.bulk_create([_shift(problem, row, a, district_id) for row, a in enumerate(people)])
    stops = [stop for row, shift in enumerate(shifts) for stop in _stops(problem, plan, row, shift)]
    Stop.objects.bulk_create(stops, batch_size=5_000)
    return len(stops)


def _shift(problem: Problem, row: int, courier: Account, district_id: int) -> Shift:
    return Shift(
        courier=courier, district_id=district_id, started_at=AT - timedelta(hours=2), until_at=AT + timedelta(hours=8),
        lat=float(problem.person_lat[row]), lng=float(problem.person_lon[row]), seen_at=AT, free_at=AT,
        end_lat=float(problem.person_end_lat[row]), end_lng=float(problem.person_end_lon[row]),
        speed_kmh=3.6 * float(problem.person_speed_mps[row]), capacity=int(problem.person_capacity[row]) + 40,
        load=int(problem.person_load[row]), detour_max_m=round(float(problem.person_detour_max_m[row])),
        extra_max=int(problem.person_extra_max[row]),
    )  # fmt: skip


def _stops(problem: Problem, plan: Result, row: int, shift: Shift) -> list[Stop]:
    """Own stops and, as they read the same, the stops of what the plan gives this person."""
    first = int(problem.stop_offset[row])
    own = [(at, "own", at - first) for at in range(first, int(problem.stop_offset[row + 1]))]
    route = next((r for r in plan.routes if r.person_id == int(problem.person_id[row])), None)
    where = [(v.kind, v.ref) for v in route.visits] if route else [(kind, ref) for _, kind, ref in own]
    request = {key: at for at, key in enumerate(problem.request_id.tolist())}
    made = []
    for seq, (kind, ref) in enumerate(where, 1):
        side, at = ("stop", first + ref) if kind == "own" else (f"request_{kind}", request[ref])
        latest = float(getattr(problem, f"{side}_latest_s")[at])
        made.append(
            Stop(
                shift=shift, seq=seq, kind=Stop.Kind.OWN, label="", lat=float(getattr(problem, f"{side}_lat")[at]),
                lng=float(getattr(problem, f"{side}_lon")[at]),
                service_s=round(float(getattr(problem, f"{side}_service_s")[at])),
                latest_at=_moment(latest) if np.isfinite(latest) else None,
                load_change=int(problem.stop_load_change[at]) if kind == "own" else 0,
            )
        )  # fmt: skip
    return made


def _asked(problem: Problem, building: Place, person: Account) -> list[ErrandDetail]:
    """New errands at the places of another instance; their drop-offs lie there in memory only."""
    errands = []
    rows = np.random.default_rng(NEW).choice(problem.requests, NEW + WARM_UP, replace=False).tolist()
    for row in rows:
        visit = bool(problem.visits[row])
        data: dict[str, Any] = {"service": "parcel", "latest_at": AT + timedelta(minutes=90)}
        if not visit:
            data |= {"pickup_name": "店", "pickup_lat": float(problem.request_pickup_lat[row])}
            data |= {"pickup_lng": float(problem.request_pickup_lon[row])}
        errand = errand_of(begin("errand", "request", by=person, place=building, data=data, at=AT).matter)
        errand.lat, errand.lng = float(problem.request_dropoff_lat[row]), float(problem.request_dropoff_lon[row])
        errands.append(errand)
    return errands


Times = tuple[list[float], list[float]]


def _timed(errands: list[ErrandDetail]) -> tuple[Times, Times, int]:
    """Seconds of each answer and of the engine in it, by the clock and of this thread; how many found somebody."""
    both: Times = ([], [])
    engine: Times = ([], [])
    served = 0

    def planned(problem: Problem, params: Params) -> Result:
        with _noted(engine):
            return solve(problem, params)

    for errand in errands:
        with _noted(both):
            served += best_near(errand, at=AT, plan=planned) is not None
    return both, engine, served


@contextmanager
def _noted(times: Times) -> Iterator[None]:
    begun, working = time.perf_counter(), time.thread_time()
    yield
    times[1].append(time.thread_time() - working)
    times[0].append(time.perf_counter() - begun)


def _moment(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds - NOW_S)
