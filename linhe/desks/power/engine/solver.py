"""From a fault to a checked plan: isolate, restore by ties, fill with trucks, put in order, check every step.

Method: (1) the zone between switches round the fault is taken out; (2) every exchange of branches, fewest operations
first, until all healthy load is fed (that proves the number); (3) what the grid cannot feed goes to trucks: all
feasible trees round the connection points, chosen by branch and bound; (4) where neither feeds everything, shedding on
many trees and growing trees (or a mixed-integer program) give the best grid plan and the bound; (5) every state of the
order of switching is solved again by another program, and the order is played against a separate set of interlocks. A
plan that either refuses is not given out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from . import grid as grids
from . import islands, locate, order, reach
from .check import checker_of
from .exchange import Way, search, way_of
from .grid import NONE, Bools, Grid, Outage
from .interlocks import verify
from .islands import Column, Ground, Packing
from .naming import Names, say
from .network import Words
from .partial import Stand, best_partial, prove
from .problem import Params, Problem
from .program import Berth
from .result import Result, State
from .telling import Plan, told

MOST_TRIES = 40
FEW_TREES = 3_000
MARGINS = (0.0, 5e-4, 2e-3, 5e-3)
"""How much the voltage limits are drawn in, should the check refuse what the sweep passed. [pu]"""


def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan the restoration of a feeder.

    Parameters
    ----------
    problem : Problem
    params : Params, optional

    Returns
    -------
    Result
        ``located`` when no fault is given but signals are. Every state of the order has passed the independent check,
        and the order the interlocks; ``infeasible`` with its reason when no such plan was found.

    Notes
    -----
    Deterministic except for the time limit of the mixed-integer part. The first call in a fresh installation compiles.

    References
    ----------
    See ``exchange``, ``partial``, ``check`` and ``interlocks``.
    """
    params = params or Params()
    if problem.fault is None:
        return _located(problem)
    reason = Words("", "")
    for margin in MARGINS:
        limits = problem.limits
        drawn = replace(limits, v_min=limits.v_min + margin, v_max=limits.v_max - margin) if margin else limits
        grid = grids.build(replace(problem, limits=drawn) if margin else problem, params.weights)
        whole = grids.isolate(grid)
        held = grids.fed_by_trucks(grid, whole)
        outage = grids.without(grid, whole, held) if held.any() else whole
        for plan in _plans(grid, outage, params):
            result = _result(problem, grid, outage, plan, params, held)
            if result.status != "infeasible":
                return result
            reason = result.reason
    return Result(status="infeasible", reason=reason)


def _located(problem: Problem) -> Result:
    found = locate.locate(problem)
    best = found.hypotheses[0] if found.hypotheses else None
    where = Names(problem).joined(best.elements) if best else Words("无", "nothing")
    return Result(
        status="located", reason=say("最可能的故障段：{where}。", "Most likely: {where}.", where=where), located=found
    )


def _plans(grid: Grid, outage: Outage, params: Params) -> list[Plan]:
    """Plans worth checking, the best first."""
    found = search(grid, outage, params.most_trees)
    if found.ways:
        return [
            Plan(way=way, columns=(), worth=way.worth, bound=way.worth, tried=found.tried, method="exchange")
            for way in found.ways
        ]
    return [_filled(grid, outage, params, found.tried)]


def _filled(grid: Grid, outage: Outage, params: Params, tried: int) -> Plan:
    """The grid's best and trucks for the rest."""
    as_is = way_of(grid, outage, outage.live, 0.0, 1.0, 0.0)
    # Trucks may feed what the grid is proven not to: ask for the proof only where they do not.
    alone = not islands.trucks_of(grid)
    part = best_partial(grid, outage, params.time_limit_s if alone else 0.0)
    way, bound, tried = part.way, part.bound, tried + part.tried
    if alone:
        return Plan(way=way, columns=(), worth=way.worth, bound=bound, tried=tried, method=part.method)
    healthy = _healthy(grid, outage)
    if way.worth >= healthy - 1e-9:
        return Plan(way=way, columns=(), worth=way.worth, bound=way.worth, tried=tried, method="exchange")
    after = islands.Trees(grid, _ground(grid, outage, way), params.most_trees).best()
    best = _joined(way, after, tried, "columns")
    if bound <= as_is.worth + 1e-9:
        return replace(best, bound=best.way.worth + after.bound)
    best = replace(best, bound=healthy)
    if best.worth < healthy - 1e-9:
        best = _trucks_first(grid, outage, params, best, healthy)
    if best.worth < healthy - 1e-9 and params.time_limit_s > 0:
        best = _together(grid, outage, params, best)
    return best


def _together(grid: Grid, outage: Outage, params: Params, best: Plan) -> Plan:
    """Grid and trucks in one program, from the best plan so far."""
    problem = grid.problem
    berths = tuple(
        Berth(
            truck=truck.id, site=site.id, bus=grid.bus_row[site.bus], mw=truck.mw, mva=truck.mva, v_pu=truck.v_pu
        )
        for truck in islands.trucks_of(grid)
        for site in problem.sites
        if site.id not in {*problem.unavailable, *problem.placed.values()}
    )  # fmt: skip
    live = best.way.live.copy()
    for one in best.columns:
        live &= ~(one.member[grid.f] | one.member[grid.t])
    for one in best.columns:
        live |= one.chosen
    taken = {(one.truck, one.site) for one in best.columns}
    chosen = tuple(one for one in berths if (one.truck, one.site) in taken)
    fed = best.way.fed.copy()
    for one in best.columns:
        fed |= one.member
    live &= fed[grid.f] & fed[grid.t]
    start = Stand(live=live, berths=chosen, worth=best.worth)
    found = prove(grid, outage, start, best.bound, berths, params.time_limit_s)
    if found.stand is start:
        return replace(best, bound=found.bound, tried=best.tried + found.nodes)
    members = {one.truck: reach.reached(grid, found.stand.live, np.array([one.bus])) for one in found.stand.berths}
    columns = tuple(
        Column(
            truck=one.truck, site=one.site, member=members[one.truck],
            chosen=found.stand.live & members[one.truck][grid.f] & members[one.truck][grid.t],
            worth=float(grid.weight[members[one.truck]].sum()),
        )
        for one in found.stand.berths
    )  # fmt: skip
    held = np.zeros(grid.buses, dtype=np.bool_)
    for member in members.values():
        held |= member
    rest = grids.without(grid, outage, held)
    way = way_of(grid, rest, found.stand.live & ~(held[grid.f] | held[grid.t]), 0.0, 1.0, 0.0)
    worth = way.worth + sum(one.worth for one in columns)
    return Plan(
        way=way, columns=columns, worth=worth, bound=found.bound, tried=best.tried + found.nodes, method="program"
    )


def _healthy(grid: Grid, outage: Outage) -> float:
    """The worth of all load outside the zone and outside what trucks hold already."""
    return float(grid.weight[~outage.lost].sum())


def _joined(way: Way, packing: Packing, tried: int, method: str) -> Plan:
    worth = way.worth + packing.worth
    return Plan(way=way, columns=packing.columns, worth=worth, bound=worth, tried=tried + packing.tried, method=method)


def _ground(grid: Grid, outage: Outage, way: Way) -> Ground:
    """What trucks may use beside a grid plan."""
    free = ~way.fed & ~outage.lost
    inside = free[grid.f] & free[grid.t]
    return Ground(
        live=outage.live,
        fixed=outage.live & ~outage.openable & inside,
        usable=(outage.openable | outage.closable) & inside,
        free=free,
    )


def _trucks_first(grid: Grid, outage: Outage, params: Params, best: Plan, healthy: float) -> Plan:
    """Give islands to trucks first and let the grid feed what is left, fewest trucks first."""
    dark = way_of(grid, outage, outage.live, 0.0, 1.0, 0.0)
    trees = islands.Trees(grid, _ground(grid, outage, dark), params.most_trees)
    names = [one.id for one in trees.trucks]
    for count in range(1, len(names) + 1):
        for chosen in combinations(names, count):
            for packing in trees.good(chosen)[:MOST_TRIES]:
                taken = np.zeros(grid.buses, dtype=np.bool_)
                for one in packing.columns:
                    taken |= one.member
                rest = grids.without(grid, outage, taken)
                found = search(grid, rest, FEW_TREES)
                if not found.ways:
                    continue
                plan = _joined(found.ways[0], packing, best.tried + found.tried, "columns and exchange")
                if plan.worth > best.worth + 1e-9:
                    best = replace(plan, bound=healthy)
                if best.worth >= healthy - 1e-9:
                    return best
    return best


def _result(problem: Problem, grid: Grid, outage: Outage, plan: Plan, params: Params, held: Bools) -> Result:
    moves = order.moves_of(grid, outage, plan.way.live, plan.columns)
    written = order.write(grid, outage, moves, plan.columns, params.minutes)
    steps = tuple(written.steps)
    final = State(
        energised=(), islands={}, served_kw=0.0, v_min=1.0, v_min_bus="", max_loading_pct=0.0, max_loading_at="",
        ok=True,
    )  # fmt: skip
    last = max((one.number for one in steps if one.phase != "restore"), default=0)
    if params.check:
        wanted = [one for one in written.positions if params.steps or one[0] <= last]
        states = checker_of(problem).states([position for _, position in wanted])
        after = {number: state for (number, _), state in zip(wanted, states, strict=True)}
        # A normal state that breaks limits of its own is told in its states, but is no reason to restore nothing.
        until = len(steps) if states[-1].ok else last
        broken = next((number for number, state in after.items() if 0 < number <= until and not state.ok), None)
        if broken is not None:
            why = after[broken].broken[0]
            return Result(
                status="infeasible",
                reason=Words(
                    f"独立校核未通过：第 {broken} 步后 {why}", f"refused by the check after step {broken}: {why}"
                ),
            )
        steps = tuple(replace(one, state=after.get(one.number)) for one in steps)
        final = after[max(number for number in after if number <= last)]
    tripped = [problem.feeder.switches[outage.tripped].id] if outage.tripped != NONE else sorted(
        {one.id for one in problem.feeder.sources} - set(written.positions[0][1].sources)
    )  # fmt: skip
    refusal = verify(problem, steps, tripped=tripped)
    if refusal:
        zh, en = refusal.words
        return Result(
            status="infeasible",
            reason=Words(f"闭锁校核未通过：第 {refusal.number} 步，{zh}", f"interlock at step {refusal.number}: {en}"),
        )
    return told(problem, grid, outage, plan, moves, steps if params.steps else (), final, params, held)
