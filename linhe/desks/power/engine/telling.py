"""A plan in words and figures: the result that dispatchers, walls and run sheets read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import order
from .exchange import Way, fed_buses
from .grid import Bools, Grid, Outage
from .islands import Column
from .naming import Names, say
from .network import Words
from .problem import Params, Problem
from .result import Island, Operation, Proof, Result, Served, State, Status, Step


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """What conducts in the end, and what trucks feed."""

    way: Way
    columns: tuple[Column, ...]
    worth: float
    bound: float
    tried: int
    method: str


def told(
    problem: Problem, grid: Grid, outage: Outage, plan: Plan, moves: order.Moves, steps: tuple[Step, ...],
    final: State, params: Params, held: Bools,
) -> Result:  # fmt: skip
    names = Names(problem)
    fed = plan.way.fed
    for one in plan.columns:
        fed = fed | one.member
    lost = outage.lost & ~held
    served = _served(grid, outage, plan, fed, held)
    healthy = bool(np.all((fed | held)[(grid.weight > 0) & ~lost]))
    before = fed_buses(grid, outage, outage.live)
    status: Status = "restored" if healthy else "partial"
    if not healthy and not np.any((fed & ~before)[grid.weight > 0]) and not problem.placed:
        status = "none"
    gap = max(0.0, plan.bound - plan.worth)
    proven = gap <= 1e-9 * max(1.0, plan.bound)
    return Result(
        status=status,
        reason=_reason(status, served),
        isolate=moves.guard,
        reclose=(moves.reclose,) if moves.reclose else (),
        restore=_operations(names, moves, plan.columns),
        islands=tuple(_island(problem, grid, one, final) for one in plan.columns),
        served=served,
        proof=Proof(
            status="optimal" if proven else "gap",
            gap_pct=0.0 if proven else 100.0 * gap / plan.bound,
            bound_kw=plan.bound * 1000.0,
            method=plan.method,
            candidates=plan.tried,
        ),
        steps=steps,
        final=final if params.check else None,
        faulted=tuple(
            [grid.bus_ids[row] for row in np.flatnonzero(lost)]
            + [grid.branch_ids[row] for row in np.flatnonzero(outage.lost_branch)]
        ),
        loss_kw=max(0.0, plan.way.loss) * 1000.0,
    )


def _operations(names: Names, moves: order.Moves, columns: tuple[Column, ...]) -> tuple[Operation, ...]:
    apart = Words("两侧分开，防止合环或过载。", "Parts both sides: no loop, no overload.")
    over = Words("转供停电负荷。", "Takes over the interrupted load.")
    inside = "接通{truck}的孤岛。", "Joins the island of {truck}."
    opens, closes = (*moves.opens, *moves.live_opens), moves.closes
    found = [Operation(switch=one, action="open", why=apart) for one in opens]
    found += [Operation(switch=one, action="close", why=over) for one in closes]
    for column in columns:
        why = say(*inside, truck=names[column.truck])
        found += [Operation(switch=one, action="close", why=why) for one in moves.inner.get(column.truck, ())]
    return tuple(found)


def _served(grid: Grid, outage: Outage, plan: Plan, fed: Bools, held: Bools) -> Served:
    kilo = grid.p * 1000.0
    trucks = held.copy()
    for one in plan.columns:
        trucks |= one.member
    first, second, third = grid.by_priority[:, fed | held].sum(axis=1) * 1000.0
    before = ~outage.dark
    weight = float(grid.weight.sum())
    return Served(
        total_kw=float(kilo.sum()),
        before_kw=float(kilo[before].sum()),
        grid_kw=float(kilo[fed & ~trucks].sum()),
        trucks_kw=float(kilo[trucks].sum()),
        lost_kw=float(kilo[outage.lost & ~held].sum()),
        weighted_pct=100.0 * float(grid.weight[fed | held].sum()) / weight if weight else 100.0,
        by_priority=(float(first), float(second), float(third)),
    )


def _island(problem: Problem, grid: Grid, column: Column, final: State) -> Island:
    truck = next(one for one in problem.trucks if one.id == column.truck)
    site = next(one for one in problem.sites if one.id == column.site)
    members = np.flatnonzero(column.member)
    kw = float(grid.p[members].sum()) * 1000.0
    return Island(
        truck=column.truck,
        site=column.site,
        buses=tuple(grid.bus_ids[row] for row in members),
        kw=kw,
        kvar=float(grid.q[members].sum()) * 1000.0,
        served_kw=kw,
        v_min=final.v_min,
        ready_min=truck.arrival_min + site.hookup_min,
    )


def _reason(status: Status, served: Served) -> Words:
    share = f"{served.pct:.1f}"
    if status == "restored":
        return Words(f"非故障段负荷全部恢复（{share}%）。", f"All load outside the failed section is fed ({share} %).")
    if status == "partial":
        return Words(f"恢复部分负荷，供电 {share}%。", f"Part of the load is fed: {share} %.")
    return Words(
        f"停电负荷无法转供，供电 {share}%。", f"None of the interrupted load can be taken over: {share} % is fed."
    )
