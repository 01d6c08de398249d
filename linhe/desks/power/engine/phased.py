"""Restoring a feeder whose phases differ: every radial state of its switches, the best first, each checked by phase.

Between switches the feeder is a tree, so that what counts are ``blocks`` of buses and the switches that join them. A
part is fed on all the phases that its buses have, or not at all: a tie that lacks one would leave motors on two. The
order of switching is written as for balanced feeders, and every state of it passes ``check_phases``, or the plan is not
given out and the next best one is tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from . import grid as grids
from . import order
from .blocks import Blocks, Candidate
from .check_phases import PhaseChecker
from .grid import NONE, Grid, Outage
from .interlocks import verify
from .naming import Names
from .network import Words
from .phases import balanced
from .problem import Params, Problem
from .result import Proof, Result, State
from .simulator import simulated
from .telling import Plan, told

MOST_CHECKED, ALIKE = 1000, 24
"""So many plans are checked by phase, and so many that are equally good before their losses decide."""

GRAIN = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Tried:
    """A candidate that the check has seen: its result, or None with why; whether the final state itself was refused."""

    candidate: Candidate
    result: Result | None
    losses_kw: float
    why: Words
    final: bool


@simulated
def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan the restoration of a feeder with phases.

    Parameters
    ----------
    problem : Problem
        With a fault.
    params : Params, optional

    Returns
    -------
    Result
        ``proof`` is optimal when every state with more load was looked at and itself refused by the check.

    Notes
    -----
    Deterministic. Regulators start from the taps in the data at every state.
    """
    params = params or Params()
    planner = _Planner(problem, params)
    candidates = planner.blocks.candidates()
    most = planner.healthy if not planner.blocks.whole else 0.0
    why, count = Words("", ""), 0
    for _, group in groupby(candidates, key=lambda one: one.rank):
        best: Tried | None = None
        for candidate in list(group)[:ALIKE]:
            count += 1
            tried = planner.attempt(candidate)
            if tried.result is None:
                why = why if why.en else tried.why
                most = most if tried.final else max(most, candidate.worth)
            elif best is None or tried.losses_kw < best.losses_kw - GRAIN:
                best = tried
        if best is not None and best.result is not None:
            worth = best.candidate.worth
            return planner.told(best.result, worth, max(most, worth), count)
        if count > MOST_CHECKED:
            break
    return Result(status="infeasible", reason=why)


class _Planner:
    """One fault: its blocks and the check."""

    def __init__(self, problem: Problem, params: Params) -> None:
        self.problem, self.params = problem, params
        self.grid: Grid = grids.build(balanced(problem), params.weights)
        whole = grids.isolate(self.grid)
        self.held = grids.fed_by_trucks(self.grid, whole)
        self.outage: Outage = grids.without(self.grid, whole, self.held) if self.held.any() else whole
        self.checker = PhaseChecker(problem)
        self.blocks = Blocks(problem, self.grid, self.outage)
        self.healthy = float(self.grid.weight[~self.outage.lost].sum())

    def attempt(self, candidate: Candidate) -> Tried:
        """Write the order of a candidate and check every state of it, the final one first."""
        grid, outage = self.grid, self.outage
        way, columns = self.blocks.state(candidate)
        moves = order.moves_of(grid, outage, way.live, columns)
        written = order.write(grid, outage, moves, columns, self.params.minutes)
        last = max((one.number for one in written.steps if one.phase != "restore"), default=0)
        positions = dict(written.positions)
        final_at = max(number for number in positions if number <= last)
        final = self.checker.states([positions[final_at]])[0]
        losses = self.checker.losses_kw()
        if not final.ok and self.params.check:
            return Tried(candidate=candidate, result=None, losses_kw=losses, why=_refused(final_at, final), final=True)
        states = {final_at: final}
        if self.params.check:
            wanted = [number for number in positions if self.params.steps or number <= last]
            states |= dict(zip(wanted, self.checker.states([positions[one] for one in wanted]), strict=True))
            until = len(written.steps) if states[max(states)].ok else last
            for number in sorted(states):
                if 0 < number <= until and not states[number].ok:
                    why = _refused(number, states[number])
                    return Tried(candidate=candidate, result=None, losses_kw=losses, why=why, final=False)
        steps = tuple(replace(one, state=states.get(one.number)) for one in written.steps)
        sources = {one.id for one in self.problem.feeder.sources} - positions[0].sources
        tripped = [self.problem.feeder.switches[outage.tripped].id] if outage.tripped != NONE else sorted(sources)
        refusal = verify(grid.problem, steps, tripped=tripped)
        if refusal:
            zh, en = refusal.words
            why = Words(f"闭锁校核未通过：第 {refusal.number} 步，{zh}", f"interlock at step {refusal.number}: {en}")
            return Tried(candidate=candidate, result=None, losses_kw=losses, why=why, final=False)
        plan = Plan(
            way=replace(way, loss=losses / 1000.0), columns=columns, worth=candidate.worth,
            bound=candidate.worth, tried=0, method="phases",
        )  # fmt: skip
        kept = steps if self.params.steps else ()
        result = told(grid.problem, grid, outage, plan, moves, kept, final, self.params, self.held)
        return Tried(candidate=candidate, result=result, losses_kw=losses, why=Words("", ""), final=False)

    def told(self, result: Result, worth: float, bound: float, count: int) -> Result:
        """The result with how sure it is, and the ties that phases rule out."""
        gap = max(0.0, bound - worth)
        sure = gap <= GRAIN * max(1.0, bound)
        proof = Proof(
            status="optimal" if sure else "gap", gap_pct=0.0 if sure else 100.0 * gap / bound, bound_kw=bound * 1000.0,
            method="phases", candidates=count,
        )  # fmt: skip
        reason = result.reason
        names = self._barred(result)
        if names and result.status != "restored":
            missing = Names(self.problem).joined(names)
            reason = Words(
                f"{reason.zh}{missing.zh}缺相，只能带同相支线。",
                f"{reason.en} {missing.en} lacks phases and may only feed laterals of its own.",
            )
        return replace(result, proof=proof, reason=reason)

    def _barred(self, result: Result) -> tuple[str, ...]:
        """Open branches that could feed a dead part, but not on all of its phases."""
        grid = self.grid
        alive = set(result.final.energised) if result.final else set()
        found = []
        for e in map(int, np.flatnonzero(self.outage.closable)):
            for bus in (int(grid.f[e]), int(grid.t[e])):
                dead = grid.bus_ids[bus] not in alive
                if dead and not self.blocks.enters(bus, e) and grid.branch_ids[e] not in found:
                    found.append(grid.branch_ids[e])
        return tuple(found)


def _refused(number: int, state: State) -> Words:
    why = state.broken[0]
    return Words(f"独立校核未通过：第 {number} 步后 {why}", f"refused by the check after step {number}: {why}")
