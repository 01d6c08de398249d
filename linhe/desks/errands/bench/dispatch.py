"""``linhe bench dispatch``: our engine, baselines and three other solvers on one instance, against a proven bound."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from linhe.desks.errands.bench import bounds, ours
from linhe.desks.errands.bench.bound import lower_bound
from linhe.desks.errands.bench.instances import SIZES, Pool, instance, pool_of
from linhe.desks.errands.bench.literature import literature_rows
from linhe.desks.errands.bench.modes import mode_figures
from linhe.desks.errands.bench.peers import PEERS
from linhe.desks.errands.bench.plot import draw
from linhe.desks.errands.bench.report import write_report
from linhe.desks.errands.bench.rows import Row, baselines, peer_row
from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.engine.ready import make_ready
from linhe.desks.errands.sample.city import city
from linhe.desks.errands.sample.reader import read
from linhe.lib.benches import Bench, Option

PEER_SECONDS = 10.0
LIVE_BOUND = ("S", "M")
"""Sizes whose bound is computed in every run; the others' is looked up unless ``--bound`` asks for it."""
BOUND_SECONDS = 1_800.0
WITH_PEERS = ("S", "M", "L")
"""The first version, greedy and regret insertion look at every request in every step: not for XL."""
WEIGHTS = Params(fairness_m=0.0)
"""No fairness: no peer has it, and what remains is metres."""


def bench_dispatch(options: Mapping[str, Any]) -> dict[str, Any]:
    """Plan generated instances of a city with every method, and judge every plan by the independent checker.

    Raises ``ValueError`` for unknown sizes and a folder that is not in the format.
    """
    sizes = _sizes(str(options.get("sizes") or "S,M"))
    seed, folder = int(options.get("seed", 1)), options.get("data")
    pool = pool_of(read(folder) if folder else city())
    rows: list[Row] = []
    figures: dict[str, Any] = {"at": f"{datetime.now().astimezone():%Y-%m-%d %H:%M}", "seed": seed}
    figures |= {"data": Path(folder).name if folder else "generated", "cores": os.cpu_count(), "load": [_load()]}
    for size in sizes:
        rows += _one_size(size, pool, seed, options, figures)
        figures["load"].append(_load())
    if literature := options.get("pdptw"):
        rows += literature_rows(Path(literature), told=_tell)
    figures["rows"] = [row.as_json() for row in rows]
    if plot := options.get("plot"):
        Path(plot).write_text(draw(figures), encoding="utf-8")
    if page := options.get("report"):
        write_report(figures, Path(page))
    if any(row.checker_ok is False and row.method.startswith("linhe") for row in rows):
        figures["exit_code"] = 1
    return figures


BENCH = Bench(
    bench_dispatch,
    (
        Option("--sizes", f"which of {', '.join(SIZES)}, with commas between (default S,M)", str),
        Option("--data", "folder of a courier company's day instead of the generated city", Path),
        Option("--peer-seconds", f"time for each other solver, 0 for none (default {PEER_SECONDS:g})", float),
        Option("--bound", "compute the bound of every size again and write it down", bool),
        Option("--bound-seconds", f"most time for it (default {BOUND_SECONDS:g})", float),
        Option("--pdptw", "folder of Li & Lim or Sartori & Buriol instances, with bks/ beside them", Path),
        Option("--plot", "write the gap over time as an SVG file", Path),
        Option("--report", "write the table into a page with marks for it, such as docs/dispatch.md", Path),
    ),
)


def _sizes(text: str) -> list[str]:
    wanted = [part.strip().upper() for part in text.split(",") if part.strip()]
    unknown = [size for size in wanted if size not in SIZES]
    if unknown or not wanted:
        raise ValueError(f"--sizes: {', '.join(unknown) or 'nothing'} is not among {', '.join(SIZES)}")
    return wanted


def _one_size(size: str, pool: Pool, seed: int, options: Mapping[str, Any], figures: dict[str, Any]) -> list[Row]:
    problem = instance(pool, *SIZES[size], seed=seed)
    if "cold_start_s" not in figures:
        figures |= ours.cold_start(instance(pool, *SIZES["S"], seed=seed))
        make_ready()  # the rows below should not wait for the compiler
    budgets = ours.BUDGETS_S[size]
    reference = _bound(size, problem, options, seed)
    if not reference:
        budgets = (*budgets, ours.LONG_RUN_S)
    rows, dispatcher = ours.batches(size, problem, WEIGHTS, budgets)
    _tell(rows)
    if size in ours.WARM_S:
        rows += _tell(ours.warm_batch(size, problem, WEIGHTS, seed))
    figures["modes_at"] = size
    figures |= mode_figures(problem, dispatcher, pool, seed)
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    rows += _tell(baselines(size, problem, WEIGHTS)) if size in WITH_PEERS else []
    seconds = float(options.get("peer_seconds", PEER_SECONDS))
    for name in PEERS if seconds and size in WITH_PEERS else ():
        rows += _tell([peer_row(size, name, problem, WEIGHTS, seconds)])
        figures[f"{name} version"] = _version(name)
    return _with_gaps(size, rows, reference)


def _bound(size: str, problem: Problem, options: Mapping[str, Any], seed: int) -> Row | None:
    """The bound as a row: computed now, or looked up."""
    seconds = float(options.get("bound_seconds") or BOUND_SECONDS)
    if options.get("bound"):
        found = bounds.keep(problem, WEIGHTS, f"{size}, seed {seed}", seconds=seconds)
        metres, took, note = found["metres"], found["seconds"], "" if found["tight"] else "could be higher"
    elif size in LIVE_BOUND:
        bound = lower_bound(problem, WEIGHTS, seconds=seconds)
        metres, took, note = bound.metres, bound.seconds, "" if bound.tight else "could be higher"
    elif kept := bounds.kept(problem, WEIGHTS):
        metres, took, note = kept["metres"], kept["seconds"], "computed before"
    else:
        return None
    row = Row(size, "lower bound", None, round(took, 2), None, round(metres, 1), 0.0, None, note)
    _tell([row])
    return row


def _with_gaps(size: str, rows: list[Row], reference: Row | None) -> list[Row]:
    """Gaps to the bound; without one, to the best of our own runs, and the note says so."""
    least = min(row.objective for row in rows if row.objective is not None)
    against = reference.objective if reference and reference.objective else least
    for row in rows:
        if row.objective is not None:
            row.gap_pct = round(100 * (row.objective / against - 1), 2)
            row.note += "" if reference else ("; " if row.note else "") + "gap to the best run, there is no bound"
    return [*([reference] if reference else []), *rows]


def _tell(rows: list[Row]) -> list[Row]:
    """Say at once what was measured: the whole may take minutes."""
    for row in rows:
        took = "" if row.time_s is None else f"{row.time_s:.2f} s"
        worth = "-" if row.objective is None else f"{row.objective:,.0f}"
        sys.stderr.write(f"{row.size:<8}{row.method:<18}{took:>10}{worth:>14}  {row.note}\n")
    sys.stderr.flush()
    return rows


def _load() -> float:
    """Of the machine, since figures of a busy one say little."""
    return round(os.getloadavg()[0], 1)


def _version(peer: str) -> str:
    package = {"VROOM": "pyvroom", "OR-Tools": "ortools", "PyVRP": "pyvrp"}[peer]
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
