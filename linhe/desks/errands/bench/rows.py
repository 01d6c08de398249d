"""One row of the dispatch bench: a method on a size, judged by the independent checker."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from typing import Any

from linhe.desks.errands.bench.peers import PEERS, Plan, TooLarge, is_installed
from linhe.desks.errands.engine import Params, Problem, Result
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.first import solve as solve_first
from linhe.desks.errands.engine.scoring import plan_of, score

GRACE_S = 60.0
"""How much longer than it was allowed a peer may take, and twice its time more, before it is stopped."""


@dataclass(slots=True)
class Row:
    """``time_s`` is wall time, ``gap_pct`` the gap to the lower bound; ``checker_ok``: nothing had to be dropped."""

    size: str
    method: str
    budget_s: float | None
    time_s: float | None
    served: int | None
    objective: float | None
    gap_pct: float | None = None
    checker_ok: bool | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def judged(
    size: str, method: str, budget_s: float | None, time_s: float, problem: Problem, params: Params, result: Result
) -> Row:
    """A result of ours: every claim of it is checked, and its objective counted anew."""
    told = score(problem, params, plan_of(result))
    wrong = violations(problem, result)
    same = abs(told.objective_m - result.objective_m) <= 1e-6 * max(1.0, abs(result.objective_m)) + 0.01
    note = wrong[0] if wrong else "" if same else f"claims {result.objective_m:.1f}"
    ok = not wrong and not told.dropped and same
    return Row(size, method, budget_s, round(time_s, 3), len(told.served), round(told.objective_m, 1), None, ok, note)


def baselines(size: str, problem: Problem, params: Params) -> list[Row]:
    """Greedy and regret insertion, and the first version of the engine with its second of improvement."""
    rows = []
    for method in ("greedy", "regret", "first"):
        solve_first(problem.only(int(problem.person_id[0])), params, method=method)  # nobody waits for a compiler here
        begun = time.perf_counter()
        result = solve_first(problem, params, method=method)
        took = time.perf_counter() - begun
        name = "first version" if method == "first" else f"{method} insertion"
        rows.append(judged(size, name, params.deadline_s if method == "first" else None, took, problem, params, result))
    return rows


def peer_row(size: str, name: str, problem: Problem, params: Params, seconds: float) -> Row:
    """A peer in a process of its own, stopped when it overruns by far."""
    if not is_installed(name):
        return Row(size, name, seconds, None, None, None, note="not installed")
    begun = time.perf_counter()
    said = in_a_process(lambda: PEERS[name][1](problem, params, seconds), 3 * seconds + GRACE_S)
    took = round(time.perf_counter() - begun, 3)
    if isinstance(said, str):
        return Row(size, name, seconds, took, None, None, note=said)
    told = score(problem, params, said)
    note = f"{len(told.dropped)} errands dropped" if told.dropped else ""
    ok = not told.dropped
    return Row(size, name, seconds, took, len(told.served), round(told.objective_m, 1), None, ok, note)


def in_a_process(work: Callable[[], Plan], most_s: float) -> Plan | str:
    """What a fork of this process finds, or why there is nothing."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, theirs))
    process.start()
    theirs.close()
    try:
        said: Plan | str = ours.recv() if ours.poll(most_s) else f"stopped after {most_s:.0f} s"
    except EOFError:
        said = "ended without a plan (out of memory?)"
    finally:
        process.kill()
        process.join()
        ours.close()
    return said


def _work(work: Callable[[], Plan], link: Connection) -> None:
    try:
        said: Plan | str = work() or "found no plan"
    except TooLarge as error:
        said = str(error)
    link.send(said)
    link.close()
