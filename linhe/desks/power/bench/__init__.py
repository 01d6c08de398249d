"""How good and how fast the restoration is: a known feeder in four modes, real networks, a large one, and peers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from linhe.desks.power.bench import brute, brute_trucks, networks, peers, phases
from linhe.desks.power.bench.furnishing import READERS, furnish
from linhe.desks.power.bench.measure import Case, measure, side_by_side
from linhe.desks.power.engine import Params, Problem
from linhe.desks.power.engine.network import Limits
from linhe.lib.benches import Bench, Option

__all__ = ["BENCHES", "READERS", "bench_power", "furnish"]

PER_UNIT = {"loose": Limits(v_min=0.9, v_max=1.05, thermal=False), "tight": Limits(v_min=0.9, v_max=1.05)}
SERVICE = Limits(v_min=0.93, v_max=1.07, most_ties=2)
LARGE_FAULTS = 16


def bench_power(options: Mapping[str, Any]) -> dict[str, Any]:
    """Plan every fault of case33bw (four modes), of five real networks with and without trucks, and of a large feeder.

    ``size`` is the number of buses of the large feeder (default 2500). Wall-clock times count planning, the order of
    switching and the independent check of every step; ``cpu_s`` is what the process itself used. ``brute_force_agree``
    counts faults where a plain enumeration that shares no code gives the same, of those that were checked: of ties, or
    in mode trucks of islands round every connection point (None: not asked for, or not finite in a bench). The real
    networks need pandapower and simbench. ``--peers`` adds the times of the mixed-integer program alone and of the same
    search with pandapower as its power flow.
    """
    rows, figures = [], dict(networks.base_cases())
    only = options.get("only")
    for mode, case in _known().items():
        if only in (None, "case33bw"):
            judge = (brute_trucks if mode == "trucks" else brute).agrees if options.get("brute") else None
            rows.append(measure(case, mode, Params(time_limit_s=60.0), judge))
    if only in (None, "real"):
        rows += _real(figures)
    if only in (None, "large"):
        rows.append(_large(int(options.get("size", 2500)), int(options["seed"])))
    if only in (None, "ieee123"):
        told, more = phases.rows()
        figures |= told
        rows += more
    if options.get("peers"):
        figures |= peers.compare(networks.case33(), PER_UNIT["loose"])
    return figures | {"rows": rows}


def _case33(problem: Problem, faults: tuple[str, ...], **changes: Any) -> Case:
    return Case("case33bw", problem, faults, changes)


def _known() -> dict[str, Case]:
    problem = networks.case33()
    ties = tuple(one.id for one in problem.feeder.switches if not one.closed)
    faults = tuple(one.id for one in problem.feeder.lines if one.id not in {"L33", "L34", "L35", "L36", "L37"})
    make = partial(_case33, problem, faults)
    none: dict[str, Any] = {"trucks": (), "sites": ()}
    return {
        "loose": make(limits=PER_UNIT["loose"], **none),
        "tight": make(limits=PER_UNIT["tight"], **none),
        "trucks": make(limits=PER_UNIT["loose"], unavailable=ties),
        "ties+trucks": make(limits=PER_UNIT["loose"]),
    }


def _real(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the five networks: ties only, then with three trucks that fill what is left.

    ``real_*_s`` is all of it in one process, ``real_*_side_by_side_s`` the same faults by a process a processor.
    """
    feeders, params = networks.real(), Params(time_limit_s=0.0)
    rows = []
    for mode in ("ties", "ties+trucks"):
        cases: list[Case] = []
        started, cpu = time.perf_counter(), time.process_time()
        for name, feeder in feeders.items():
            problem = networks.with_trucks(feeder, SERVICE) if mode != "ties" else networks.plain(feeder, SERVICE)
            case = Case(name, problem, networks.faults(problem), {})
            rows.append(measure(case, mode, params))
            cases.append(case)
        figures[f"real_{mode}_s"] = round(time.perf_counter() - started, 2)
        figures[f"real_{mode}_cpu_s"] = round(time.process_time() - cpu, 2)
        figures[f"real_{mode}_side_by_side_s"] = round(side_by_side(cases, params), 2)
    return rows


def _large(size: int, seed: int) -> dict[str, Any]:
    problem = networks.chained(size)
    faults = networks.faults(problem)
    picked = faults[seed % 7 :: max(1, len(faults) // LARGE_FAULTS)]
    return measure(Case(f"chained-{len(problem.feeder.buses)}", problem, picked, {}), "ties", Params(time_limit_s=0.0))


BENCHES = {
    "power": Bench(
        bench_power,
        (
            Option("--peers", "also run the peers", bool),
            Option("--brute", "also compare with plain enumeration (minutes)", bool),
            Option("--only", "case33bw, real, large or ieee123", str),
        ),
    )
}
