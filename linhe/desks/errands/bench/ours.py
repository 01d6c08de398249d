"""Our engine measured: batches at several budgets, warm batches, one new request, one person's list, the cold start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linhe.desks.errands.bench.rows import Row, judged
from linhe.desks.errands.engine import Params, Problem, Result
from linhe.desks.errands.engine.dispatcher import Dispatcher

Ints = NDArray[np.int64]

BUDGETS_S = {"S": (0.1, 1.0), "M": (0.03, 0.5, 5.0, 30.0), "L": (2.0, 5.0, 20.0), "XL": (15.0,)}
LONG_RUN_S = 120.0
"""Sizes without a bound are compared with the best of our own runs; this one is the longest."""
NEW = 200
WARM_S = {"L": 0.3, "XL": 3.0}
ONLINE = 300
UNLIMITED_S = 1e6

COLD = """
import json, sys, time
from linhe.desks.errands.engine import Params, Problem, solve
case = Problem.from_json(json.load(sys.stdin))
loaded = time.time()
solve(case, Params(deadline_s=0.05))
first = time.time()
solve(case, Params(deadline_s=0.05))
print(json.dumps([first - float(sys.argv[1]), first - loaded, time.time() - first]))
"""


def batch(
    problem: Problem, params: Params, budget_s: float, warm: Result | None = None
) -> tuple[Dispatcher, float, float]:
    """Plan within a budget of wall time, everything counted from the arrays of the problem on.

    Returns the plan, the time taken, and the time that all processors together spent on it.
    """
    begun, worked = time.perf_counter(), time.process_time()
    dispatcher = Dispatcher(problem, replace(params, deadline_s=UNLIMITED_S, wall_s=budget_s), warm)
    left = max(0.001, budget_s - (time.perf_counter() - begun))
    dispatcher.improve(replace(params, deadline_s=UNLIMITED_S, wall_s=left))
    return dispatcher, time.perf_counter() - begun, time.process_time() - worked


def batches(size: str, problem: Problem, params: Params, budgets: tuple[float, ...]) -> tuple[list[Row], Dispatcher]:
    """A row a budget, and the plan of the longest."""
    rows = []
    for budget in budgets:
        dispatcher, took, worked = batch(problem, params, budget)
        begun = time.perf_counter()
        result = dispatcher.result()
        row = judged(size, "linhe", budget, took, problem, params, result)
        row.note = row.note or f"{worked:.2f} s of processors; reasons {time.perf_counter() - begun:.2f} s more"
        rows.append(row)
    return rows, dispatcher


def warm_batch(size: str, problem: Problem, params: Params, seed: int) -> list[Row]:
    """200 requests are new since the last plan: plan without them, then all of them from there."""
    budgets = BUDGETS_S[size]
    draw = np.random.default_rng([seed, NEW])
    new = draw.choice(problem.requests, NEW, replace=False)
    before, _, _ = batch(without(problem, new), params, budgets[-1])
    earlier = before.result()
    dispatcher, took, worked = batch(problem, params, WARM_S[size], earlier)
    row = judged(size, f"linhe, {NEW} new", WARM_S[size], took, problem, params, dispatcher.result())
    row.note = row.note or f"{worked:.2f} s of processors"
    return [row]


def without(problem: Problem, rows: Ints) -> Problem:
    """The problem without some requests."""
    kept = np.ones(problem.requests, dtype=np.bool_)
    kept[rows] = False
    names = [item.name for item in fields(problem) if item.name.startswith("request_")]
    return replace(problem, **{name: getattr(problem, name)[kept] for name in names})


def only_requests(problem: Problem, rows: Ints) -> Problem:
    """The problem with some requests only."""
    return without(problem, np.setdiff1d(np.arange(problem.requests), rows))


def percentiles(name: str, times: tuple[list[float], list[float]], *shares: int) -> dict[str, float]:
    """Milliseconds under which so many percent of the answers came, by the clock and of the processor."""
    kinds = (("ms", times[0]), ("cpu_ms", times[1]))
    return {
        f"{name}_p{share}_{unit}": round(1000 * float(np.percentile(values, share)), 3)
        for unit, values in kinds
        for share in shares
    }


def timed(work: Callable[[Any], object], inputs: list[Any]) -> tuple[list[float], list[float]]:
    """Seconds of each call, by the clock and of the processor; the first two only warm up."""
    for one in inputs[:2]:
        work(one)
    times, worked = [], []
    for one in inputs[2:]:
        begun, busy = time.perf_counter(), time.process_time()
        work(one)
        times.append(time.perf_counter() - begun)
        worked.append(time.process_time() - busy)
    return times, worked


def cold_start(problem: Problem) -> dict[str, float]:
    """Seconds from the start of a fresh process to its first plan, of that plan itself and of the next one.

    ``compile_s`` is the same start with nothing compiled; the others find the compiled code on disk.
    """
    case = json.dumps(problem.to_json())
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        for name in ("compile_s", "cold_start_s"):
            command = [sys.executable, "-c", COLD, str(time.time())]
            said = subprocess.run(command, input=case, env=environment, capture_output=True, text=True, check=True)
            start, first, following = json.loads(said.stdout)
            figures[name] = round(start, 2)
            figures |= {"first_batch_s": round(first, 3), "next_batch_s": round(following, 3)}
    return figures
