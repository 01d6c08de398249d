"""``linhe bench areas``: one plan of a city beside the same city in areas, planned by several processes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from linhe.desks.errands.bench.instances import instance, pool_of
from linhe.desks.errands.engine import Params, solve
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.shards import plan_in_areas
from linhe.desks.errands.sample.city import city

REQUESTS, PROCESSES, AREAS, ROUNDS = 1_000, 4, 8, 16
TURNS_A_REQUEST = 200


def bench_areas(options: Mapping[str, Any]) -> dict[str, Any]:
    """Plan ``size`` requests (default 1,000; half as many couriers) whole, and in 8 areas with turning borders by 4
    processes that get as many turns in all. ``worse_pct`` is by how much the areas together cost more."""
    size, seed = int(options.get("size", REQUESTS)), int(options.get("seed", 1))
    problem = instance(pool_of(city()), size, max(AREAS, size // 2), seed)
    turns = TURNS_A_REQUEST * size
    begun = time.perf_counter()
    whole = solve(problem, Params(iterations=turns, fairness_m=0, seed=seed, threads=1))
    middle = time.perf_counter()
    params = Params(iterations=max(1, turns // (AREAS * ROUNDS)), fairness_m=0, seed=seed, threads=1)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = plan_in_areas(problem, params, AREAS, ROUNDS, pool.map)
    taken = [offer.request_id for offer in parts.offers]
    wrong = violations(problem, parts)
    return {
        "requests": problem.requests, "couriers": problem.people, "processes": PROCESSES, "areas": AREAS,
        "rounds": ROUNDS, "whole_m": round(whole.objective_m), "whole_served": len(whole.offers),
        "whole_s": round(middle - begun, 2), "areas_m": round(parts.objective_m), "areas_served": len(taken),
        "areas_s": round(time.perf_counter() - middle, 2),
        "worse_pct": round(100 * (parts.objective_m / whole.objective_m - 1), 2),
        "offered_twice": len(taken) - len(set(taken)), "violations": len(wrong), "exit_code": int(bool(wrong)),
    }  # fmt: skip
