"""The guard passes every order of the planner and refuses orders that were made unsafe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from linhe.desks.power.bench import networks
from linhe.desks.power.engine import Problem, Result, solve
from linhe.desks.power.engine.interlocks import CODES, Guard, verify
from linhe.desks.power.engine.network import Fault
from linhe.desks.power.engine.order import NEEDS
from linhe.desks.power.engine.result import Step

Orders = list[Step]
TRIPPED = ["K01021"]


@cache
def planned(line: str, *, ties: bool) -> tuple[Problem, Result]:
    base = networks.case33()
    barred = () if ties else tuple(one.id for one in base.feeder.switches if not one.closed)
    problem = replace(base, fault=Fault(elements=(line,)), unavailable=barred)
    return problem, solve(problem)


def numbered(steps: Orders, *, free: bool = True) -> Orders:
    """Steps in the order given; ``free`` leaves out what has to come before, so that only the rules speak."""
    return [replace(one, number=number, after=() if free else one.after) for number, one in enumerate(steps, 1)]


def without(steps: Orders, code: str) -> Orders:
    return [one for one in steps if one.code != code]


def first(steps: Orders, code: str) -> Step:
    return next(one for one in steps if one.code == code)


def moved(steps: Orders, code: str, before: str) -> Orders:
    step = first(steps, code)
    rest = [one for one in steps if one is not step]
    at = rest.index(first(rest, before))
    return [*rest[:at], step, *rest[at:]]


def doubled(steps: Orders, code: str) -> Orders:
    step = first(steps, code)
    at = steps.index(step)
    return [*steps[: at + 1], step, *steps[at + 1 :]]


BAD: dict[str, tuple[str, bool, Callable[[Orders], Orders], str]] = {
    "closes onto the fault": ("L6", True, lambda s: moved(s, "isolate.reclose", "isolate.open"), "no_fault"),
    "no voltage test": ("L6", True, lambda s: without(s, "isolate.test"), "tested"),
    "earths before isolation": ("L6", True, lambda s: moved(moved(s, "isolate.earth", "isolate.open"), "isolate.test",
                                                            "isolate.earth"), "isolated"),
    "no tag": ("L6", True, lambda s: without(s, "isolate.tag"), "isolated"),
    "repairs without earth": ("L6", True, lambda s: without(s, "isolate.earth"), "earthed"),
    "restores with the earth on": ("L6", True, lambda s: without(s, "restore.unearth"), "no_earth"),
    "closes a tagged switch": ("L6", True, lambda s: without(s, "restore.untag"), "not_tagged"),
    "makes a loop": ("L6", True, lambda s: without(s, "restore.open"), "no_parallel"),
    "opens twice": ("L6", True, lambda s: doubled(s, "isolate.open"), "right_device"),
    "truck unearthed": ("L2", False, lambda s: without(s, "truck.ground"), "grounded"),
    "truck without phase check": ("L2", False, lambda s: without(s, "truck.phase_check"), "phase_checked"),
    "truck not started": ("L2", False, lambda s: without(s, "truck.start"), "running"),
    "truck cable at an untested place": ("L2", False, lambda s: without(s, "truck.test"), "tested"),
    "truck onto another's island": ("L2", False, lambda s: without(s, "isolate.section"), "dead"),
    "truck still feeds when the grid returns": ("L2", False, lambda s: without(s, "restore.stop"), "stopped"),
    "repair before earthing": ("L6", True, lambda s: moved(s, "restore.repair", "isolate.earth"), "earthed"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_order_is_refused_by_the_rule_it_breaks(name: str) -> None:
    line, ties, change, code = BAD[name]
    problem, result = planned(line, ties=ties)
    bad = numbered(change(list(result.steps)))
    refusal = verify(problem, bad, tripped=TRIPPED)
    assert refusal is not None
    assert refusal.code == code, refusal


@pytest.mark.parametrize(("line", "ties"), [("L6", True), ("L2", False), ("L29", True)])
def test_the_planners_order_passes_and_out_of_turn_it_does_not(line: str, ties: bool) -> None:
    problem, result = planned(line, ties=ties)
    assert verify(problem, result.steps, tripped=TRIPPED) is None
    assert verify(problem, result.steps[1:], tripped=TRIPPED) is not None
    swapped = [*result.steps[:2], result.steps[3], result.steps[2], *result.steps[4:]]
    refusal = verify(problem, swapped, tripped=TRIPPED)
    assert refusal is not None
    assert refusal.code == "in_turn"
    late = numbered([*result.steps[2:], *result.steps[:2]], free=False)
    assert verify(problem, late, tripped=TRIPPED) is not None


def test_nobody_switches_at_the_pole_in_lightning_but_remote_control_goes_on() -> None:
    problem, result = planned("L6", ties=True)
    refusal = verify(problem, result.steps, tripped=TRIPPED, lightning=True)
    assert refusal is not None
    assert (refusal.number, refusal.code) == (1, "no_lightning")
    remote = replace(
        problem,
        feeder=replace(problem.feeder, switches=tuple(replace(one, remote=True) for one in problem.feeder.switches)),
    )
    again = verify(remote, solve(remote).steps, tripped=TRIPPED, lightning=True)
    assert again is not None
    assert again.number > 2


def test_a_disconnector_is_never_moved_under_load() -> None:
    base = networks.case33()
    kinds = {"K06071": "disconnector", "K06072": "fuse"}
    switches = tuple(replace(one, kind=kinds.get(one.id, one.kind)) for one in base.feeder.switches)  # type: ignore[arg-type]  # both are kinds
    problem = replace(base, feeder=replace(base.feeder, switches=switches), fault=Fault(elements=("L6",)))
    result = solve(problem)
    assert result.status == "restored"
    assert verify(problem, result.steps, tripped=TRIPPED) is None
    codes = [one.code for one in result.steps]
    unsafe = numbered([one for one in result.steps if one.code != "restore.off"])
    refusal = verify(problem, unsafe, tripped=TRIPPED)
    assert "restore.off" in codes
    assert refusal is not None
    assert refusal.code == "not_under_load"


def test_a_tie_that_is_a_disconnector_is_not_closed_onto_a_live_line() -> None:
    base = networks.case33()
    switches = tuple(replace(one, kind="disconnector") if one.id == "K21081" else one for one in base.feeder.switches)
    problem = replace(base, feeder=replace(base.feeder, switches=switches), fault=Fault(elements=("L6",)))
    result = solve(problem)
    assert result.status == "restored"
    assert "K21081" not in {one.switch for one in result.restore}


def test_nothing_is_closed_onto_an_earth_or_into_another_supply() -> None:
    problem, result = planned("L6", ties=True)
    reclose = replace(first(list(result.steps), "isolate.reclose"), after=())
    guard = Guard(problem, tripped=TRIPPED)
    guard.faults.clear()
    guard.earths.add("L12")
    refusal = guard.refuse(reclose)
    assert refusal is not None
    assert refusal.code == "no_earth"
    guard.earths.clear()
    guard.feeding["own-1000"] = "25"
    refusal = guard.refuse(reclose)
    assert refusal is not None
    assert refusal.code == "no_parallel"


def test_every_need_has_its_words() -> None:
    assert {code for codes in NEEDS.values() for code in codes} | {"no_lightning", "in_turn"} == set(CODES)
