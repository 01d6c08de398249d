"""The independent check: many positions at once as each alone; and plans keep how many ties may be closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linhe.desks.power.bench import networks
from linhe.desks.power.engine import solve
from linhe.desks.power.engine.check import Checker, Position, checker_of
from linhe.desks.power.engine.network import Fault, Limits

PROBLEM = replace(networks.case33(), limits=Limits(v_min=0.9, v_max=1.05))
NORMAL = {one.id: one.closed for one in PROBLEM.feeder.switches}


def positions() -> list[Position]:
    """The normal state, each line open at its first switch, a truck's island, nothing at all, and a long detour."""
    first = {one.element: one.id for one in reversed(PROBLEM.feeder.switches)}
    sources = frozenset({"S1"})
    found = [Position(closed=NORMAL, sources=sources), Position(closed=NORMAL, sources=frozenset())]
    found += [Position(closed=NORMAL | {switch: False}, sources=sources) for switch in first.values()]
    apart = NORMAL | {first["L24"]: False}
    found.append(Position(closed=apart, sources=sources, running={"own-1000": "P25"}))
    ties = dict.fromkeys((one for one, closed in NORMAL.items() if not closed), True)
    found.append(Position(closed=NORMAL | ties | {first["L2"]: False}, sources=sources))
    return found


def test_states_of_a_batch_are_those_of_each_position_alone() -> None:
    together = Checker(PROBLEM).states(positions())
    for position, state in zip(positions(), together, strict=True):
        alone = Checker(PROBLEM).states([position])[0]
        assert (alone.energised, alone.islands, alone.ok) == (state.energised, state.islands, state.ok)
        assert alone.served_kw == state.served_kw
        assert (alone.v_min, alone.max_loading_pct) == pytest.approx((state.v_min, state.max_loading_pct), abs=1e-9)


def test_a_position_that_comes_again_is_told_the_same_and_limits_are_not_mixed_up() -> None:
    checker = checker_of(PROBLEM)
    assert checker_of(replace(PROBLEM, fault=Fault(elements=("L7",)))) is checker
    assert checker.states(positions()) == checker.states(positions()) == Checker(PROBLEM).states(positions())
    loose = checker_of(replace(PROBLEM, limits=Limits(v_min=0.5, v_max=1.05, thermal=False)))
    assert sum(one.ok for one in loose.states(positions())) > sum(one.ok for one in checker.states(positions()))


def test_a_switch_that_moves_where_all_is_dead_leaves_the_state_as_a_solution_anew_finds_it() -> None:
    first = {one.element: one.id for one in reversed(PROBLEM.feeder.switches)}
    sources = frozenset({"S1"})
    moves = [first["L6"], first["L10"], first["L33"], first["L7"], first["L2"], first["L20"], first["L6"]]
    closed, order = dict(NORMAL), []
    for switch in moves:
        closed[switch] = not closed[switch]
        order.append(Position(closed=dict(closed), sources=sources))
    checker = Checker(PROBLEM)
    checker.states(order[:1])
    states = checker.states(order)
    assert states[1] is states[0], "beyond the first open switch all is dead"
    assert states == [Checker(PROBLEM).states([one])[0] for one in order]
    assert len({one.served_kw for one in states}) > 1


@pytest.mark.parametrize(("line", "most"), [("L22", 0), ("L8", 1), ("L3", 2)])
def test_no_plan_closes_more_ties_than_allowed(line: str, most: int) -> None:
    limits = replace(PROBLEM.limits, most_ties=most)
    result = solve(replace(PROBLEM, fault=Fault(elements=(line,)), limits=limits, trucks=(), sites=()))
    assert sum(one.action == "close" and not NORMAL[one.switch] for one in result.restore) <= most
    assert result.proof is not None
    assert result.proof.status == "optimal"
