"""The same faults by other means: the mixed-integer program alone, and the search with pandapower as its power flow."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from linhe.desks.power.engine import Params, Problem, solve
from linhe.desks.power.engine.exchange import way_of
from linhe.desks.power.engine.grid import Grid, Outage, build, isolate
from linhe.desks.power.engine.network import Fault, Limits
from linhe.desks.power.engine.partial import Stand, prove, reachable

SOME = ("L5", "L8", "L12", "L16", "L20", "L24", "L28", "L31")
SECONDS = 60.0


def compare(problem: Problem, limits: Limits) -> dict[str, Any]:
    """Times [s] over eight faults, and how many times ours each peer takes."""
    base = replace(problem, limits=limits, trucks=(), sites=())
    problems = [replace(base, fault=Fault(elements=(one,))) for one in SOME]
    ours = _timed(lambda one: solve(one, Params()), problems)
    program = _timed(_program_alone, problems)
    figures: dict[str, Any] = {
        "peer_faults": len(problems),
        "ours_s": round(ours, 4),
        "milp_alone_s": round(program, 2),
        "milp_ratio": round(program / ours, 1),
    }
    if find_spec("pandapower") is not None:
        loop = _timed(_pandapower_loop, problems)
        figures |= {"pandapower_loop_s": round(loop, 2), "pandapower_ratio": round(loop / ours, 1)}
    return figures


def _timed(run: Any, problems: list[Problem]) -> float:
    run(problems[0])
    started = time.perf_counter()
    for one in problems:
        run(one)
    return time.perf_counter() - started


def _program_alone(problem: Problem) -> None:
    """HiGHS from nothing, with the same model and tangents."""
    grid = build(problem)
    outage = isolate(grid)
    start = way_of(grid, outage, outage.live, 0.0, 1.0, 0.0)
    most = float(grid.weight[reachable(grid, outage)].sum())
    prove(grid, outage, Stand(live=start.live, berths=(), worth=start.worth), most, (), SECONDS)


def _pandapower_loop(problem: Problem) -> None:
    """Close each tie in turn and let pandapower say whether it holds; the first that does is taken."""
    import pandapower as pp  # noqa: PLC0415 - a peer, for the bench only

    grid = build(problem)
    outage = isolate(grid)
    net = _net(pp, grid)
    for tie in map(int, np.flatnonzero(outage.closable)):
        live = outage.live.copy()
        live[tie] = True
        net.line["in_service"] = live
        if _holds(pp, net, grid, outage):
            return


def _net(pp: Any, grid: Grid) -> Any:
    feeder = grid.problem.feeder
    net = pp.create_empty_network(sn_mva=1.0)
    for one in feeder.buses:
        pp.create_bus(net, vn_kv=one.kv)
    for line in feeder.lines:
        pp.create_line_from_parameters(
            net, grid.bus_row[line.from_bus], grid.bus_row[line.to_bus], length_km=1.0, r_ohm_per_km=line.r_ohm,
            x_ohm_per_km=line.x_ohm, c_nf_per_km=0.0, max_i_ka=1.0,
        )  # fmt: skip
    for load in feeder.loads:
        pp.create_load(net, grid.bus_row[load.bus], p_mw=load.kw / 1000, q_mvar=load.kvar / 1000)
    for source in feeder.sources:
        pp.create_ext_grid(net, grid.bus_row[source.bus], vm_pu=source.v_pu)
    return net


def _holds(pp: Any, net: Any, grid: Grid, outage: Outage) -> bool:
    try:
        pp.runpp(net, numba=False)
    except pp.LoadflowNotConverged:
        return False
    volts = net.res_bus["vm_pu"].to_numpy()
    healthy = ~outage.lost
    return bool(np.all(volts[healthy] >= grid.problem.limits.v_min))
