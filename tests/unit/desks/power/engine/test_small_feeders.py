"""Random small feeders: every radial state tried one by one finds nothing better than the plan."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import hypothesis.strategies as st
import numpy as np
from hypothesis import assume, given, settings

from linhe.desks.power.engine import Params, Problem, exchange, grow, partial, solve
from linhe.desks.power.engine.check import Checker, Position
from linhe.desks.power.engine.grid import build, isolate
from linhe.desks.power.engine.network import Bus, Fault, Feeder, Limits, Line, Load, Site, Source, Switch, Truck


@st.composite
def problems(draw: st.DrawFn, most_ties: int = 2) -> Problem:
    """A tree of a few buses with a few ties; every line has a switch at each end."""
    count = draw(st.integers(4, 7))
    parents = [draw(st.integers(0, bus - 1)) for bus in range(1, count)]
    pairs = [(parent, bus) for bus, parent in enumerate(parents, 1)]
    spare = [(a, b) for a in range(count) for b in range(a + 1, count) if (a, b) not in pairs]
    ties = draw(st.lists(st.sampled_from(spare), min_size=1, max_size=most_ties, unique=True))
    lines, switches, charging = [], [], draw(st.sampled_from((0.0, 1.0)))
    for number, (one, other) in enumerate([*pairs, *ties]):
        ohm = draw(st.sampled_from((1.0, 3.0, 6.0)))
        rating = draw(st.sampled_from((0.6, 1.2, 3.0)))
        lines.append(Line(id=f"L{number}", from_bus=f"{one}", to_bus=f"{other}", r_ohm=ohm, x_ohm=ohm, b_us=charging,
                          rating_mva=rating))  # fmt: skip
        for side, bus in enumerate((one, other)):
            closed = number < len(pairs) or side == 1
            switches.append(Switch(id=f"K{number}{side}", kind="breaker" if not number and not side else "load_break",
                                   bus=f"{bus}", element=f"L{number}", closed=closed))  # fmt: skip
    loads = [
        Load(id=f"D{bus}", bus=f"{bus}", kw=float(draw(st.integers(1, 6)) * 50), kvar=20.0) for bus in range(1, count)
    ]
    feeder = Feeder(
        buses=tuple(Bus(id=f"{bus}", kv=10.0) for bus in range(count)), lines=tuple(lines), switches=tuple(switches),
        loads=tuple(loads), sources=(Source(id="S", bus="0"),),
    )  # fmt: skip
    site = draw(st.integers(1, count - 1))
    trucks = (Truck(id="t", mw=0.3, mva=0.4, arrival_min=10.0),) if draw(st.booleans()) else ()
    fault = Fault(elements=(f"L{draw(st.integers(0, len(pairs) - 1))}",))
    return Problem(feeder=feeder, fault=fault, trucks=trucks, sites=(Site(id="p", bus=f"{site}"),),
                   limits=Limits(v_min=0.93, v_max=1.07))  # fmt: skip


def most_served(problem: Problem) -> float:
    """The most load that any set of closed lines feeds, with and without the truck: checked one by one."""
    failed = problem.fault.elements[0] if problem.fault else ""
    usable = [one for one in problem.feeder.lines if one.id != failed]
    ties = {str(one.element) for one in problem.feeder.switches if not one.closed}
    checker = Checker(replace(problem, fault=None))
    positions = []
    for size in range(len(usable) + 1):
        for chosen in combinations(usable, size):
            names = {one.id for one in chosen}
            if len(names & ties) > (len(ties) if problem.limits.most_ties is None else problem.limits.most_ties):
                continue
            closed = {one.id: one.element in names for one in problem.feeder.switches}
            stands = ({}, {"t": "p"}) if problem.trucks else ({},)
            positions += [
                Position(closed=closed, sources=frozenset({"S"}), running=running)
                for running in stands
                if _radial(problem, names, bool(running))
            ]
    return max((one.served_kw for one in checker.states(positions) if one.ok), default=0.0)


def _radial(problem: Problem, names: set[str], running: bool) -> bool:
    """No loop, and no two supplies joined."""
    root = {one.id: one.id for one in problem.feeder.buses}

    def top(bus: str) -> str:
        return bus if root[bus] == bus else top(root[bus])

    for line in problem.feeder.lines:
        if line.id in names:
            one, other = top(line.from_bus), top(line.to_bus)
            if one == other:
                return False
            root[one] = other
    return not running or top("0") != top(problem.sites[0].bus)


@given(problem=problems())
@settings(max_examples=25)
def test_no_radial_state_feeds_more_than_the_plan(problem: Problem) -> None:
    normal = {one.id: one.closed for one in problem.feeder.switches}
    assume(Checker(problem).states([Position(closed=normal, sources=frozenset({"S"}))])[0].ok)
    result = solve(problem, Params())
    assert result.status != "infeasible"
    assert result.served is not None
    assert result.proof is not None
    assert result.proof.status == "optimal"
    assert np.isclose(result.served.kw, most_served(problem), atol=1e-6)


@given(problem=problems(4), most_ties=st.sampled_from((None, 1)))
@settings(max_examples=60)
def test_growing_trees_find_the_most_that_any_radial_state_feeds(problem: Problem, most_ties: int | None) -> None:
    lines = tuple(replace(one, b_us=0.0) for one in problem.feeder.lines)
    problem = replace(
        problem, feeder=replace(problem.feeder, lines=lines), trucks=(),
        limits=replace(problem.limits, most_ties=most_ties),
    )  # fmt: skip
    grid = build(problem)
    outage = isolate(grid)
    assume(not outage.dead_source.any())
    assert grow.applies(grid, outage)
    most, total = most_served(problem) / 1000.0, float(grid.weight.sum())
    for worth in (-1.0, most - grow.grain(grid), most):
        found = grow.better(grid, outage, worth, partial.MOST_VISITS)
        assert found.whole
        assert (found.live is None) == (worth == most)
        if found.live is not None:
            assert partial.flow_of(grid, outage, found.live)[0]
            assert np.isclose(grid.weight[exchange.fed_buses(grid, outage, found.live)].sum(), most)
    assert exchange.possible(grid, outage) == bool(np.isclose(most, total))
