"""Restoring a feeder whose phases differ: every radial state of its switches, the best first, each checked by phase.

Between switches the feeder is a tree, so that what counts are blocks of buses and the switches that join them; feeders
with phases have few. A part of the feeder is fed on all the phases that its buses have, or not at all: a tie that lacks
one would leave motors on two phases. The order of switching is written as for balanced feeders, and every state of it
passes ``check_phases``, or the plan is not given out and the next best one is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from math import comb

import numpy as np

from . import grid as grids
from . import order
from .check_phases import PhaseChecker
from .exchange import Way, way_of
from .grid import NONE, Bools, Grid, Outage
from .interlocks import verify
from .naming import Names
from .network import Words
from .phases import balanced, carried
from .problem import Params, Problem
from .result import Proof, Result, State
from .telling import Plan, told

MOST_STATES = 20_000
"""So many combinations of switch positions are looked at; all of them, or those with fewest operations."""

MOST_CHECKED, ALIKE = 1000, 24
"""So many plans are checked by phase, and so many that are equally good before their losses decide."""

GRAIN = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidate:
    """A radial state that feeds all phases: worth [MW], operations, branches that conduct."""

    worth: float
    operations: int
    way: Way


@dataclass(frozen=True, eq=False, kw_only=True)
class Tried:
    """A candidate that the check has seen: its result, or None with why; whether the final state itself was refused."""

    candidate: Candidate
    result: Result | None
    losses_kw: float
    why: Words
    final: bool


def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan the restoration of a feeder with phases.

    Parameters
    ----------
    problem : Problem
        With a fault, without trucks.
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
    candidates, whole = planner.candidates()
    most = planner.healthy if not whole else 0.0
    why, count = Words("", ""), 0
    for _, group in groupby(candidates, key=lambda one: (round(one.worth, 9), one.operations)):
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
    """One fault: its blocks, the states of the switches between them, and the check."""

    def __init__(self, problem: Problem, params: Params) -> None:
        self.problem, self.params = problem, params
        self.grid: Grid = grids.build(balanced(problem), params.weights)
        self.outage: Outage = grids.isolate(self.grid)
        self.checker = PhaseChecker(problem)
        self.phases = [frozenset(one.phases) for one in problem.feeder.buses]
        through = carried(problem.feeder)
        self.carried = [through[name] for name in self.grid.branch_ids]
        self.healthy = float(self.grid.weight[~self.outage.lost].sum())
        outage = self.outage
        self.fixed = outage.live & ~outage.openable
        self.edges = [int(one) for one in np.flatnonzero((outage.live & outage.openable) | outage.closable)]
        self.block = self._blocks()
        self._entered: dict[int, bool] = {}

    def _blocks(self) -> list[int]:
        """The block of each bus, -1 in the failed zone."""
        grid, outage = self.grid, self.outage
        found = [NONE] * grid.buses
        count = 0
        for first in range(grid.buses):
            if outage.lost[first] or found[first] != NONE:
                continue
            member = grids.part_of(grid, self.fixed, first)
            for bus in map(int, np.flatnonzero(member)):
                found[bus] = count
            count += 1
        self.worth = np.bincount(
            [one for one in found if one != NONE],
            [float(grid.weight[bus]) for bus, one in enumerate(found) if one != NONE], minlength=count,
        )  # fmt: skip
        return found

    def candidates(self) -> tuple[list[Candidate], bool]:
        """Every state worth checking, the best first, and whether none was left out."""
        found = [one for flips in self._flips() if (one := self._candidate(flips)) is not None]
        found.sort(key=lambda one: (-round(one.worth, 9), one.operations, len(one.way.closes)))
        return found, 2 ** len(self.edges) <= MOST_STATES

    def _flips(self) -> Iterator[tuple[int, ...]]:
        seen = 0
        for count in range(len(self.edges) + 1):
            seen += comb(len(self.edges), count)
            if seen > MOST_STATES and count > 2:
                return
            yield from combinations(self.edges, count)

    def _candidate(self, flips: tuple[int, ...]) -> Candidate | None:
        """The state with these branches changed, if it is radial, feeds all phases and needs every change."""
        outage, grid = self.outage, self.grid
        most = self.problem.limits.most_ties
        if most is not None and sum(not outage.live[e] for e in flips) > most:
            return None
        changed = set(flips)
        joined: dict[int, list[int]] = {}
        for e in self.edges:
            if bool(outage.live[e]) != (e in changed):
                for bus in (int(grid.f[e]), int(grid.t[e])):
                    joined.setdefault(self.block[bus], []).append(e)
        fed = self._fed(joined)
        if fed is None:
            return None
        if any(not {self.block[int(grid.f[e])], self.block[int(grid.t[e])]} & fed for e in flips):
            return None
        live = outage.live.copy()
        live[list(flips)] ^= True
        way = way_of(grid, outage, live, 0.0, 1.0, 0.0)
        return Candidate(worth=float(sum(self.worth[one] for one in fed)), operations=way.operations, way=way)

    def _fed(self, joined: dict[int, list[int]]) -> set[int] | None:
        """The blocks that sources reach, None when the state is not radial or a phase is missing somewhere."""
        grid, outage = self.grid, self.outage
        todo = [
            (int(bus), NONE) for bus, dead in zip(grid.source_bus, outage.dead_source, strict=True) if not dead
        ]  # fmt: skip
        fed: set[int] = set()
        while todo:
            bus, via = todo.pop()
            here = self.block[bus]
            if here in fed or not self._complete(bus) or (via != NONE and not self.carried[via] >= self.phases[bus]):
                return None
            fed.add(here)
            for e in joined.get(here, ()):
                if e != via:
                    inside = self.block[int(grid.f[e])] == here
                    todo.append((int(grid.t[e] if inside else grid.f[e]), e))
        return fed

    def _complete(self, entry: int) -> bool:
        """Whether a block that is entered at this bus gets all phases everywhere."""
        known = self._entered.get(entry)
        if known is not None:
            return known
        grid, seen, todo, good = self.grid, {entry}, [entry], True
        while todo and good:
            at = todo.pop()
            for e in map(int, grid.edge[grid.start[at] : grid.start[at + 1]]):
                other = int(grid.t[e] if grid.f[e] == at else grid.f[e])
                if self.fixed[e] and other not in seen:
                    good = good and self.carried[e] >= self.phases[other]
                    seen.add(other)
                    todo.append(other)
        self._entered[entry] = good
        return good

    def attempt(self, candidate: Candidate) -> Tried:
        """Write the order of a candidate and check every state of it, the final one first."""
        grid, outage = self.grid, self.outage
        moves = order.moves_of(grid, outage, candidate.way.live, ())
        written = order.write(grid, outage, moves, (), self.params.minutes)
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
            way=replace(candidate.way, loss=losses / 1000.0), columns=(), worth=candidate.worth, bound=candidate.worth,
            tried=0, method="phases",
        )  # fmt: skip
        held: Bools = np.zeros(grid.buses, dtype=np.bool_)
        kept = steps if self.params.steps else ()
        result = told(grid.problem, grid, outage, plan, moves, kept, final, self.params, held)
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
                short = not self.carried[e] >= self.phases[bus] or not self._complete(bus)
                if short and grid.bus_ids[bus] not in alive and grid.branch_ids[e] not in found:
                    found.append(grid.branch_ids[e])
        return tuple(found)


def _refused(number: int, state: State) -> Words:
    why = state.broken[0]
    return Words(f"独立校核未通过：第 {number} 步后 {why}", f"refused by the check after step {number}: {why}")
