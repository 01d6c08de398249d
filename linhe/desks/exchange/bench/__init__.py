"""How fast and how right the review is: one by one with evidence, a million in a table, each against the other."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from datetime import date
from importlib.util import find_spec
from itertools import islice
from typing import Any, TypeVar

from linhe.desks.exchange.bench.chains import problems
from linhe.desks.exchange.bench.generate import applications
from linhe.desks.exchange.bench.keyed import Keyed
from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.engine.frames import findings, statuses, table
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import RuleSet

DAY = date(2026, 10, 31)
MILLION, CASES, TIMED = 1_000_000, 100_000, 5_000
MISSING = 0.06
ROUNDS = 7
BATCH = 10_000
Found = TypeVar("Found")


def bench_exchange(options: Mapping[str, Any]) -> dict[str, Any]:
    """Review applications one by one, and ``size`` (default 1,000,000) as a table; compare both ways and zen-engine.

    One by one: complete applications, every finding with citation and evidence, ``python_per_s`` at its best of seven
    rounds, in turn with zen-engine on the same applications and rules (keyed evaluation; statuses only, and the
    working days reckoned for it beforehand), of which ``zen_per_s`` is the best. Both answer the same, or nothing is
    told. As a table: ``million_s`` from the columns to the findings, at its best, and ``million_cpu_s`` of all cores
    together, on average: on a shared machine the clock tells what the others do. ``mismatches`` are statuses in which
    closures and polars differ on ``cases`` applications with 6 % of all facts missing.
    """
    size, seed = int(options.get("size", MILLION)), int(options["seed"])
    rule_set = shipped().at(DAY)
    params = Params(on=DAY)
    figures: dict[str, Any] = {"rules": len(rule_set.rules), "timed": TIMED}
    figures |= _one_by_one(params, rule_set, seed)
    cases = min(CASES, size)
    figures |= {"cases": cases, "statuses": cases * len(rule_set.rules)}
    figures["mismatches"] = _mismatches(params, rule_set, cases, seed)
    million = applications(size, seed=seed + 1, missing=0.002)
    started = time.process_time()
    seconds, found = _best(ROUNDS, lambda: findings(million, rule_set))
    figures |= {
        "applications": size,
        "million_s": round(seconds, 3),
        "million_cpu_s": round((time.process_time() - started) / ROUNDS, 3),
        "findings": found.height,
    }
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def _one_by_one(params: Params, rule_set: RuleSet, seed: int) -> dict[str, Any]:
    complete = list(problems(applications(TIMED, seed=seed, complete=True), DAY))
    if find_spec("zen") is None:
        seconds = _best(ROUNDS, lambda: _reviewed(complete, params))[0]
        return {"python_per_s": round(TIMED / seconds), "zen_per_s": None, "ratio_zen": None}
    keyed = Keyed(rule_set)
    contexts = keyed.contexts(complete)
    python = zen = compiled = float("inf")
    for _ in range(ROUNDS):  # in turn, so that what else the machine does meets all
        python = min(python, _best(1, lambda: _reviewed(complete, params))[0])
        zen = min(zen, _best(1, lambda: keyed.evaluate(contexts))[0])
        compiled = min(compiled, _best(1, lambda: keyed.evaluate_compiled(contexts))[0])
    ours = [solve(one, params).findings for one in complete]
    theirs = [keyed.statuses(one) for one in keyed.each(contexts)]
    differing = sum([one.status for one in one_of] != found for one_of, found in zip(ours, theirs, strict=True))
    if differing:
        raise RuntimeError(f"zen-engine answers {differing} of {TIMED} applications otherwise: no comparison")
    return {
        "python_per_s": round(TIMED / python),
        "zen_per_s": round(TIMED / zen),
        "ratio_zen": round(zen / python, 2),
        "zen_compiled_per_s": round(TIMED / compiled),
    }


def _reviewed(complete: list[Problem], params: Params) -> None:
    """Review each, down to its findings with citation and evidence; nothing is kept, as by whoever stores them."""
    for one in complete:
        _ = solve(one, params).findings


def _mismatches(params: Params, rule_set: RuleSet, cases: int, seed: int) -> int:
    """Statuses in which the two back ends differ."""
    generated = problems(applications(cases, seed=seed + 2, missing=MISSING), DAY)
    wrong = 0
    while batch := list(islice(generated, BATCH)):
        wrong += _differing(batch, params, rule_set)
    return wrong


def _differing(batch: list[Problem], params: Params, rule_set: RuleSet) -> int:
    in_polars = statuses(table(batch), rule_set)
    by_row = zip(*(in_polars[one.rule.id].to_list() for one in rule_set.rules), strict=True)
    return sum(
        finding.status != status
        for problem, row in zip(batch, by_row, strict=True)
        for finding, status in zip(solve(problem, params).findings, row, strict=True)
    )


def _best(rounds: int, work: Callable[[], Found]) -> tuple[float, Found]:
    """Seconds of the fastest round, and what it gave."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    return best, found


BENCHES = {"exchange": bench_exchange}
