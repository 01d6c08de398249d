"""Feeders whose phases differ: planned by phase, and every step checked by a power flow of three phases."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from linhe.desks.power.engine import Params, Problem, phased, solve
from linhe.desks.power.engine.check import Position
from linhe.desks.power.engine.check_phases import PhaseChecker
from linhe.desks.power.engine.importers import opendss
from linhe.desks.power.engine.interlocks import verify
from linhe.desks.power.engine.network import Bus, Fault, Feeder, Limits, Line, Load, Site, Source, Switch, Truck
from linhe.desks.power.engine.simulator import borrowed_engine, simulated
from tests.unit.desks.power.engine.test_opendss import IEEE, MASTER

CASE = json.loads((Path(phased.__file__).parent / "case-three-phase.json").read_text(encoding="utf-8"))
WIDE = Limits(v_min=0.6, v_max=1.4, thermal=False)
OPEN = Limits(thermal=False)


@pytest.fixture(scope="module")
def ieee() -> Feeder:
    return opendss.read(IEEE[MASTER], IEEE)


def problem(fault: str, **changes: Any) -> Problem:
    return replace(Problem.from_json(CASE), fault=Fault(elements=(fault,)), **changes)


def test_the_lateral_of_one_phase_goes_over_to_the_tie_of_that_phase() -> None:
    result = solve(Problem.from_json(CASE))
    assert (result.status, [one.switch for one in result.restore]) == ("restored", ["KT2"])
    assert result.served is not None
    assert result.served.kw == pytest.approx(1950)
    assert result.proof is not None
    assert (result.proof.status, result.proof.method) == ("optimal", "phases")


def test_a_main_line_is_not_fed_over_a_tie_that_lacks_phases() -> None:
    lateral = solve(problem("LA1", unavailable=("KT1",)))
    assert [(one.action, one.switch) for one in lateral.restore] == [("open", "KLA4"), ("close", "KT2")]
    assert lateral.served is not None
    assert lateral.served.kw == pytest.approx(1350 + 180)
    result = solve(problem("LA1", unavailable=("KT1", "KLA4")))
    assert (result.status, result.restore) == ("none", ())
    assert "T2 lacks phases" in result.reason.en
    assert "缺相" in result.reason.zh


def test_every_electrical_step_has_been_checked() -> None:
    result = solve(problem("LA1"))
    moved = [one for one in result.steps if one.action in ("open", "close")]
    assert moved
    assert all(one.state is not None and one.state.ok for one in moved)
    assert verify(problem("LA1"), result.steps, tripped=("KLA0",)) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"limits": Limits(v_min=1.0, v_max=1.1)}, "pu below 1.0"),
        ({"limits": Limits(loading=0.1)}, "%"),
    ],
    ids=["voltage", "loading"],
)
def test_what_the_check_refuses_is_not_given_out(changes: dict[str, Any], words: str) -> None:
    """With the limits drawn in, the tie cannot take the load over: the next best is told, or that there is none."""
    result = solve(problem("LA1", **changes))
    assert not result.restore or result.status == "infeasible"
    for one in result.steps:
        assert one.phase == "restore" or one.state is None or one.state.ok
    refused = phased._Planner(problem("LA1", **changes), Params())
    first = refused.attempt(refused.blocks.candidates()[0])
    assert first.result is None
    assert words in first.why.en


def test_load_of_one_phase_breaks_limits_that_its_average_would_keep() -> None:
    """The same power, but all on phase a: what a balanced flow would call sound is refused by phase."""
    loads = tuple(
        replace(one, phases="a", delta=False, kv=None, kw=3 * one.kw) if one.id == "D2" else one
        for one in Problem.from_json(CASE).feeder.loads
    )
    sound, uneven = problem("LA1"), problem("LA1", feeder=replace(Problem.from_json(CASE).feeder, loads=loads))
    narrow = Limits(v_min=0.96, v_max=1.07)
    assert solve(replace(sound, limits=narrow)).status == "restored"
    result = solve(replace(uneven, limits=narrow))
    assert result.status != "restored"


def faults() -> list[tuple[str, float, float]]:
    """(line, kW that stay fed, the same as a share of all that a three-phase program of others reaches)."""
    return [
        ("L3", 0.0, 0.0), ("L35", 2735.0, 0.7846), ("L48", 2735.0, 0.7846), ("L52", 2940.0, 0.8436),
        ("L67", 2385.0, 0.6812), ("L77", 2385.0, 0.6812), ("L105", 3170.0, 0.9084),
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "kw", "share"), faults(), ids=[one[0] for one in faults()])
def test_ieee_123_serves_what_others_found_and_passes_at_every_step(
    ieee: Feeder, line: str, kw: float, share: float
) -> None:
    result = solve(Problem(feeder=ieee, fault=Fault(elements=(line,)), limits=OPEN))
    assert result.served is not None
    assert result.served.kw == pytest.approx(kw)
    assert result.served.kw / 3490 == pytest.approx(share, abs=0.004)
    assert result.final is not None
    assert result.final.ok
    assert all(one.state.ok for one in result.steps if one.state is not None)
    assert result.proof is not None
    assert result.proof.status == "optimal"


@simulated
def lowest(folder: Path, bus: str) -> float:
    """The lowest voltage at a bus as OpenDSS itself finds it in the script, switched as the plan for L52 does. [pu]"""
    with borrowed_engine() as engine:
        engine.Text.Command(f'Redirect "{folder}/{MASTER}"')
        for text in ("Open Line.Sw2 1", "Open Line.Sw4 1", "Open Line.Sw6 1", "Close Line.Sw7 2"):
            engine.Text.Command(text)
        engine.Text.Command("Set maxcontroliter=100 tolerance=1e-9")
        engine.Solution.Solve()
        engine.Circuit.SetActiveBus(bus)
        return float(min(engine.Bus.VMagAngle()[::2])) / (4160 / 3**0.5)


def test_the_final_state_is_what_opendss_finds_in_the_script(ieee: Feeder, tmp_path: Path) -> None:
    for name, text in IEEE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = solve(Problem(feeder=ieee, fault=Fault(elements=("L52",)), limits=OPEN))
    assert result.final is not None
    assert lowest(tmp_path, result.final.v_min_bus) == pytest.approx(result.final.v_min, abs=1e-5)


def test_plans_made_side_by_side_are_those_made_alone(ieee: Feeder) -> None:
    base = Problem(feeder=ieee, limits=OPEN)
    problems = [replace(base, fault=Fault(elements=(one[0],))) for one in faults()]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(solve, problems))
    assert together == [solve(one) for one in problems]


@simulated
def test_a_regulator_that_is_fed_backwards_stands_at_neutral(ieee: Feeder) -> None:
    checker = PhaseChecker(Problem(feeder=ieee, limits=OPEN))
    closed = {one.id: one.closed for one in ieee.switches}
    taps = []
    for moved in ({}, {"KSw2": False, "KSw4": True, "KSw7-2": True}, {}):
        state = checker.states([Position(closed=closed | moved, sources=frozenset({"Ssource"}))])[0]
        assert len(state.energised) == len(ieee.buses)
        read = checker.circuit.engine.Transformers
        for unit in checker.circuit.units["reg4"]:
            read.Name(unit.partition(".")[2])
            read.Wdg(2)
            taps.append(read.Tap())
    assert all(tap > 1.02 for tap in taps[:3])
    assert taps[3:6] == [1.0, 1.0, 1.0]
    assert taps[6:] == taps[:3]


Change = Callable[[dict[str, Any]], object]


def one(case: dict[str, Any], group: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(x for x in case["feeder"][group] if x["id"] == name)
    return found


WRONG: dict[str, tuple[Change, str]] = {
    "tie without a phase that both sides have": (
        lambda c: one(c, "switches", "KT1").update(phases="ab"), "a tie of phases ab would leave others dead"
    ),
    "phase that does not reach": (
        lambda c: one(c, "switches", "KLA2").update(phases="ab"), "phase c does not reach bus A3"
    ),
    "phases beyond the buses": (lambda c: one(c, "lines", "LA5").update(phases="abc"), "more phases than its buses"),
    "load on another phase": (lambda c: one(c, "loads", "D3").update(phases="b"), "'b' are not phases of bus A6"),
    "delta of one phase": (lambda c: one(c, "loads", "D3").update(delta=True), "not connected to another"),
    "capacitor of W": (lambda c: one(c, "capacitors", "C1").update(kvar=3e8), "implausible"),
    "capacitor nowhere": (lambda c: one(c, "capacitors", "C1").update(bus="X"), "there is no bus X"),
    "matrix too small": (lambda c: one(c, "lines", "LA1").update(r_abc=[[1.0]]), "is not a matrix of 3 by 3"),
    "matrix of nothing": (lambda c: one(c, "lines", "LA5").update(r_abc=[[0.0]], x_abc=[[0.0]]), "zero impedance"),
    "matrix of NaN": (lambda c: one(c, "lines", "LA5").update(r_abc=[[float("nan")]]), "not a finite number"),
    "negative resistance": (lambda c: one(c, "lines", "LA5").update(r_abc=[[-1.0]]), "negative figure"),
    "half a matrix": (lambda c: one(c, "lines", "LA5").update(r_abc=[]), "come together"),
    "uneven matrix": (
        lambda c: one(c, "lines", "LA6").update(r_abc=[[0.4, 0.1], [0.2, 0.4]]), "is not symmetrical"
    ),
    "taps": (lambda c: one(c, "transformers", "Reg").update(taps=[1.0, 1.0]), "needs one for all phases"),
    "controls": (lambda c: one(c, "transformers", "Reg")["regulators"].pop(), "needs one for each tap"),
    "rated voltages": (lambda c: one(c, "transformers", "Reg").pop("kv"), "needs the rated voltages"),
    "source of two phases": (lambda c: one(c, "buses", "Sub").update(phases="ab"), "phases"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_phases_that_cannot_be_right_are_refused(name: str) -> None:
    change, words = WRONG[name]
    case = json.loads(json.dumps(CASE))
    change(case)
    with pytest.raises(ValueError, match=words):
        Problem.from_json(case)


def small(seed: int) -> Problem:
    """A random tree of nine buses with laterals of fewer phases, switches on some lines, and three ties."""
    draw = random.Random(seed)
    phases = ["abc"]
    lines: list[tuple[int, int, str]] = []
    for bus in range(1, 9):
        parent = draw.randrange(bus)
        own = phases[parent] if draw.random() < 0.6 else "".join(
            sorted(draw.sample(phases[parent], draw.randint(1, len(phases[parent]))))
        )  # fmt: skip
        phases.append(own)
        lines.append((parent, bus, own))
    there = {frozenset(pair[:2]) for pair in lines}
    ties = []
    for pair in draw.sample([p for p in combinations(range(9), 2) if frozenset(p) not in there], 12):
        shared = "".join(sorted(set(phases[pair[0]]) & set(phases[pair[1]])))
        if shared and len(ties) < 3:
            ties.append((*pair, shared))
    made = [*lines, *ties]
    switched = {row for row in range(8) if draw.random() < 0.75} | set(range(8, len(made)))
    feeder = Feeder(
        buses=tuple(Bus(id=f"{row}", kv=10.0, phases=own) for row, own in enumerate(phases)),
        lines=tuple(
            Line(id=f"L{row}", from_bus=f"{f}", to_bus=f"{t}", phases=own, r_ohm=0.1, x_ohm=0.1)
            for row, (f, t, own) in enumerate(made)
        ),
        switches=tuple(
            Switch(
                id=f"K{row}", kind="sectionaliser" if row < 8 else "tie", bus=f"{made[row][0]}", element=f"L{row}",
                closed=row < 8, phases=made[row][2],
            )
            for row in sorted(switched)
        ),
        loads=tuple(
            Load(id=f"D{row}", bus=f"{row}", kw=float(draw.randint(2, 60)), kvar=1.0, phases=own)
            for row, own in enumerate(phases) if row
        ),
        sources=(Source(id="S", bus="0"),),
    )  # fmt: skip
    return Problem(feeder=feeder, fault=Fault(elements=(f"L{draw.randrange(8)}",)), limits=WIDE)


def lost_of(given: Problem) -> tuple[set[str], set[str]]:
    """Buses and lines that no switch separates from the fault."""
    guarded = {(one.element, one.bus) for one in given.feeder.switches}
    assert given.fault is not None
    buses: set[str] = set()
    lines = set(given.fault.elements)
    while True:
        more = {
            bus for line in given.feeder.lines if line.id in lines for bus in (line.from_bus, line.to_bus)
            if (line.id, bus) not in guarded
        }  # fmt: skip
        wires = {
            line.id for line in given.feeder.lines for bus in (line.from_bus, line.to_bus)
            if bus in more and (line.id, bus) not in guarded
        }  # fmt: skip
        if more <= buses and wires <= lines:
            return buses, lines
        buses |= more
        lines |= wires


def fed_from(feeder: Feeder, on: set[str], start: str) -> tuple[set[str], bool]:
    """The buses that a source at a bus feeds, each phase followed for itself; whether that is radial and complete."""
    live, before = {(start, phase) for phase in "abc"}, 0
    while len(live) != before:
        before = len(live)
        for line in feeder.lines:
            for phase in line.phases if line.id in on else "":
                ends = {(line.from_bus, phase), (line.to_bus, phase)}
                live |= ends if ends & live else set()
    fed = {bus for bus, _ in live}
    used = [line for line in feeder.lines if line.id in on and {line.from_bus, line.to_bus} <= fed]
    whole = all({(one.id, phase) for phase in one.phases} <= live for one in feeder.buses if one.id in fed)
    return fed, whole and len(used) == len(fed) - 1


def states(given: Problem, lost: tuple[set[str], set[str]]) -> Iterator[tuple[float, int, int]]:
    """(kW fed, operations, trucks) of every sound state of the switches, with and without the truck."""
    feeder, site = given.feeder, given.sites[0].bus if given.sites else ""
    free = [one.element for one in feeder.switches if one.element not in lost[1]]
    fixed = {one.id for one in feeder.lines} - {one.element for one in feeder.switches} - lost[1]
    at_lost = {one.id for one in feeder.lines if {one.from_bus, one.to_bus} & lost[0] and one.id not in lost[1]}
    shut = {one.element for one in feeder.switches if not one.closed}
    now = {one.id for one in feeder.lines} - shut - lost[1] - at_lost
    for chosen in (some for size in range(len(free) + 1) for some in combinations(free, size)):
        on = (fixed | set(map(str, chosen))) - at_lost
        grid, sound = fed_from(feeder, on, "0") if "0" not in lost[0] else (set[str](), True)
        if not sound:
            continue
        options = [(grid, 0)]
        if site and site not in grid | lost[0]:
            island, good = fed_from(feeder, on, site)
            if good and sum(one.kw for one in feeder.loads if one.bus in island) <= given.trucks[0].mw * 1000:
                options.append((grid | island, 1))
        for fed, trucks in options:
            moved = {one.id for one in feeder.lines if {one.from_bus, one.to_bus} & fed} & (on ^ now)
            yield sum(one.kw for one in feeder.loads if one.bus in fed), len(moved), trucks


@pytest.mark.parametrize("with_truck", [False, True], ids=["ties", "truck"])
@pytest.mark.parametrize("seed", range(24))
def test_random_feeders_agree_with_plain_enumeration(seed: int, with_truck: bool) -> None:
    given = small(seed)
    if with_truck:
        place = [one.id for one in given.feeder.buses if one.phases == "abc"][-1]
        truck = Truck(id="T", mw=0.12, mva=5.0, arrival_min=20.0)
        given = replace(given, trucks=(truck,), sites=(Site(id="P", bus=place),))
    result = solve(given)
    best, trucks, moved = max((kw, -trucks, -moved) for kw, moved, trucks in states(given, lost_of(given)))
    assert result.served is not None, result.reason
    assert result.served.kw == pytest.approx(best)
    assert result.operations == -moved
    assert len(result.islands) == -trucks
    assert result.proof is not None
    assert result.proof.status == "optimal"


def test_a_truck_feeds_what_no_tie_reaches_and_no_conductor_of_it_is_overloaded() -> None:
    dark = {"unavailable": ("KT1", "KT2"), "sites": (Site(id="P", bus="A4"),)}
    for mva, kw, restore in ((1.25, 990.0, []), (1.15, 810.0, ["KLA4"])):
        truck = Truck(id="T", mw=1.0, mva=mva, arrival_min=20.0)
        result = solve(problem("LA1", trucks=(truck,), **dark))
        assert result.served is not None
        assert result.served.trucks_kw == pytest.approx(kw)
        assert [one.switch for one in result.restore] == restore
        assert [one.truck for one in result.islands] == ["T"]
        fed = next(one.state for one in result.steps if one.action == "close_truck")
        assert fed is not None
        assert fed.ok
        assert set(fed.islands["T"]) >= {"A3", "A4", "A7"}
        assert all(one.state.ok for one in result.steps if one.state is not None)


def test_a_truck_that_feeds_already_keeps_its_island() -> None:
    truck = Truck(id="T", mw=1.0, mva=1.25, arrival_min=20.0)
    given = problem("LA1", trucks=(truck,), sites=(Site(id="P", bus="A4"),), unavailable=("KT1", "KT2"))
    now = {"KLA2": False, "KLA0": False}
    result = solve(replace(given, present=now, placed={"T": "P"}))
    assert result.served is not None
    assert result.served.trucks_kw == pytest.approx(990)
    assert (result.islands, result.restore) == ((), ())
    assert any(one.action == "stop_truck" for one in result.steps)
