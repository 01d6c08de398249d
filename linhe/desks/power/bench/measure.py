"""Plans every fault of a case and adds up what came out."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from statistics import mean, median, quantiles
from typing import Any

from linhe.desks.power.engine import Params, Problem, Result, solve
from linhe.desks.power.engine.network import Fault

CHUNK = 8
_TAKEN: dict[str, Any] = {}
Judge = Callable[[Problem, Result], bool | None]


@dataclass(frozen=True)
class Case:
    """A network, its faults, and what is changed in the problem."""

    network: str
    problem: Problem
    faults: tuple[str, ...]
    changes: Mapping[str, Any]

    def each(self) -> list[Problem]:
        """The problem of every fault."""
        base = replace(self.problem, **dict(self.changes))
        return [replace(base, fault=Fault(elements=(one,))) for one in self.faults]


def measure(case: Case, mode: str, params: Params, judge: Judge | None = None) -> dict[str, Any]:
    """One row of figures; the first fault is planned once before, so that loading is not counted, and the collector
    leaves what is loaded alone, as in the processes that serve."""
    problems = case.each()
    solve(problems[0], params)
    gc.collect()
    gc.freeze()
    results, times = [], []
    cpu = time.process_time()
    for problem in problems:
        started = time.perf_counter()
        results.append(solve(problem, params))
        times.append((time.perf_counter() - started) * 1000.0)
    cpu = time.process_time() - cpu
    judged = [judge(*pair) for pair in zip(problems, results, strict=True)] if judge else []
    return {
        "network": case.network,
        "mode": mode,
        "faults": len(results),
        **_counts(results),
        **_states(results),
        "t_median_ms": round(median(times), 1),
        "t_p95_ms": round(quantiles(times, n=20)[-1], 1),
        "t_max_ms": round(max(times), 1),
        "cpu_s": round(cpu, 2),
        "brute_force_agree": _agreement(judged),
    }


def side_by_side(cases: Sequence[Case], params: Params) -> float:
    """Seconds to plan all faults of all cases by as many processes as there are processors, forked from this one."""
    problems = [problem for case in cases for problem in case.each()]
    with get_context("fork").Pool(os.cpu_count(), _take, (problems, params)) as pool:
        started = time.perf_counter()
        pool.map(_plan, range(len(problems)), chunksize=CHUNK)
        return time.perf_counter() - started


def _take(problems: list[Problem], params: Params) -> None:
    """What the forked process goes on with; it is not sent, so that networks stay the same objects."""
    _TAKEN.update(problems=problems, params=params)


def _plan(row: int) -> str:
    return solve(_TAKEN["problems"][row], _TAKEN["params"]).status


def _counts(results: list[Result]) -> dict[str, Any]:
    gaps = [one.proof.gap_pct for one in results if one.proof]
    return {
        "full": sum(one.status == "restored" for one in results),
        "partial": sum(one.status == "partial" for one in results),
        "none": sum(one.status == "none" for one in results),
        "infeasible": sum(one.status == "infeasible" for one in results),
        "mean_served_pct": round(mean(one.served.pct if one.served else 0.0 for one in results), 2),
        "operations": sum(one.operations for one in results),
        "trucks": sum(len(one.islands) for one in results),
        "proved": sum(one.proof is not None and one.proof.status == "optimal" for one in results),
        "worst_gap_pct": round(max(gaps, default=0.0), 2),
    }


def _states(results: list[Result]) -> dict[str, Any]:
    finals = [one.final for one in results if one.final is not None]
    steps = [step.state for one in results for step in one.steps if step.state is not None]
    return {
        "ac_pass_final": sum(one.ok for one in finals),
        "ac_pass_steps": f"{sum(one.ok for one in steps)}/{len(steps)}",
        "v_min": round(min((one.v_min for one in finals if one.energised), default=1.0), 4),
        "max_loading_pct": round(max((one.max_loading_pct for one in finals), default=0.0), 1),
    }


def _agreement(judged: list[bool | None]) -> str | None:
    known = [one for one in judged if one is not None]
    return f"{sum(known)}/{len(known)}" if known else None
