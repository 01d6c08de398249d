"""Refuses a problem that cannot be right, with one clear line that names the element."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from . import phases
from .network import SWITCH_KINDS, Bus, Feeder, Limits, Line, Switch, Transformer
from .recent import Recent

if TYPE_CHECKING:
    from .problem import Problem

KV = (0.2, 800.0)
MOST_OHM = 500.0
"""A line of more would be hundreds of kilometres: most likely another unit."""

MOST_PU, MOST_LOAD_MW, MOST_RATING_MVA, MOST_TRUCK_MW = 20.0, 100.0, 3000.0, 50.0
LEAST_LOAD_KW, LEAST_RATING_MVA, LEAST_TRUCK_MW = 1e-3, 1e-3, 5e-3
V_PU = (0.5, 1.5)
PHASES = frozenset("abc")


def check(problem: Problem) -> None:
    """Raise ValueError for the first thing that is wrong."""
    feeder = problem.feeder
    _finite({"trucks": problem.trucks, "sites": problem.sites, "limits": [problem.limits]})
    _names([x.id for x in problem.trucks], [x.id for x in problem.sites])
    _passed(feeder)
    _rated(feeder, problem.limits)
    _fault(problem)
    _trucks(problem)
    _limits(problem)


@Recent
def _passed(feeder: Feeder) -> None:
    """What only concerns the network."""
    _finite({
        "buses": feeder.buses, "lines": feeder.lines, "transformers": feeder.transformers, "switches": feeder.switches,
        "loads": feeder.loads, "sources": feeder.sources, "capacitors": feeder.capacitors,
    })  # fmt: skip
    places = [one.id for one in feeder.buses] + [one.id for one in feeder.wires] + [one.id for one in feeder.switches]
    _names(places, [x.id for x in feeder.loads], [x.id for x in feeder.sources], [x.id for x in feeder.capacitors])
    if not feeder.buses or not feeder.sources:
        raise ValueError("feeder: needs at least one bus and one source")
    _ends(feeder)
    _impedances(feeder)
    _switches(feeder)
    _loads(feeder)
    _phases(feeder)
    _normal(feeder)
    phases.check(feeder)


def _finite(groups: Mapping[str, Iterable[object]]) -> None:
    """No figure is NaN or infinite."""
    for group, members in groups.items():
        for one in members:
            for item in fields(one):  # type: ignore[arg-type]  # all groups hold dataclasses
                value = getattr(one, item.name)
                if isinstance(value, float) and not math.isfinite(value):
                    raise ValueError(f"{group}[{getattr(one, 'id', '')}].{item.name}: {value} is not a finite number")


def _names(*lists: Sequence[str]) -> None:
    for ids in lists:
        twice = [name for name, count in Counter(ids).items() if count > 1]
        if twice:
            raise ValueError(f"{twice[0]}: the id is used twice")


def _ends(feeder: Feeder) -> None:
    kv = {one.id: one.kv for one in feeder.buses}
    for bus in feeder.buses:
        if not KV[0] <= bus.kv <= KV[1]:
            raise ValueError(f"buses[{bus.id}].kv: {bus.kv} is not a voltage in kV")
    for wire in feeder.wires:
        for end in (wire.from_bus, wire.to_bus):
            if end not in kv:
                raise ValueError(f"lines[{wire.id}]: there is no bus {end}")
        if wire.from_bus == wire.to_bus:
            raise ValueError(f"lines[{wire.id}]: both ends are at bus {wire.from_bus}")
        if isinstance(wire, Line) and kv[wire.from_bus] != kv[wire.to_bus]:
            raise ValueError(f"lines[{wire.id}]: joins {kv[wire.from_bus]} kV with {kv[wire.to_bus]} kV")
    for group, members in (("loads", feeder.loads), ("sources", feeder.sources)):
        for one in members:
            if one.bus not in kv:
                raise ValueError(f"{group}[{one.id}]: there is no bus {one.bus}")


def _impedances(feeder: Feeder) -> None:
    kv = {one.id: one.kv for one in feeder.buses}
    for wire in feeder.wires:
        size = math.hypot(wire.r_ohm, wire.x_ohm)
        if wire.r_ohm < 0 or wire.x_ohm < 0 or size == 0:
            raise ValueError(f"lines[{wire.id}]: r_ohm {wire.r_ohm}, x_ohm {wire.x_ohm}: zero or negative impedance")
        if isinstance(wire, Line) and (size > MOST_OHM or size > MOST_PU * kv[wire.to_bus] ** 2):
            raise ValueError(f"lines[{wire.id}]: {size:g} ohm is implausible: ohms or per unit?")
        if isinstance(wire, Line) and wire.b_us < 0:
            raise ValueError(f"lines[{wire.id}].b_us: {wire.b_us} must not be negative")
        if isinstance(wire, Transformer) and not V_PU[0] <= wire.ratio <= V_PU[1]:
            raise ValueError(f"transformers[{wire.id}].ratio: {wire.ratio} is not an off-nominal ratio")
    sizes = sorted(math.hypot(one.r_ohm, one.x_ohm) for one in feeder.lines)
    if sizes and len(sizes) > 2 and sizes[len(sizes) // 2] < 1e-5:
        raise ValueError(f"lines: half of them have less than {sizes[len(sizes) // 2]:g} ohm: ohms or per unit?")


def _switches(feeder: Feeder) -> None:
    wires = {one.id: one for one in feeder.wires}
    buses = {one.id: one for one in feeder.buses}
    at_ends: Counter[tuple[str, str]] = Counter()
    for one in feeder.switches:
        if one.kind not in SWITCH_KINDS:
            raise ValueError(f"switches[{one.id}].kind: {one.kind!r} is none of {', '.join(SWITCH_KINDS)}")
        if one.bus not in buses:
            raise ValueError(f"switches[{one.id}]: there is no bus {one.bus}")
        if (one.element is None) == (one.to_bus is None):
            raise ValueError(f"switches[{one.id}]: needs either an element or a second bus")
        if one.to_bus is not None and (one.to_bus not in buses or buses[one.to_bus].kv != buses[one.bus].kv):
            raise ValueError(f"switches[{one.id}]: there is no bus {one.to_bus} of the same voltage")
        if one.to_bus == one.bus:
            raise ValueError(f"switches[{one.id}]: both ends are at bus {one.bus}")
        if one.element is None:
            continue
        if one.element not in wires:
            raise ValueError(f"switches[{one.id}]: there is no line or transformer {one.element}")
        wire = wires[one.element]
        if one.bus not in (wire.from_bus, wire.to_bus):
            raise ValueError(f"switches[{one.id}]: {one.element} does not end at bus {one.bus}")
        at_ends[one.element, one.bus] += 1
        if at_ends[one.element, one.bus] > 1:
            raise ValueError(f"switches[{one.id}]: a second switch at the same end of {one.element}")


def _loads(feeder: Feeder) -> None:
    for one in feeder.loads:
        if one.kw < 0:
            raise ValueError(f"loads[{one.id}].kw: {one.kw} must not be negative")
        if one.priority not in (1, 2, 3):
            raise ValueError(f"loads[{one.id}].priority: {one.priority} is none of 1, 2, 3")
        if one.kw > MOST_LOAD_MW * 1000 or abs(one.kvar) > MOST_LOAD_MW * 1000:
            raise ValueError(f"loads[{one.id}]: {one.kw:g} kW, {one.kvar:g} kvar is implausible: kW or W?")
        if 0 < one.kw < LEAST_LOAD_KW:
            raise ValueError(f"loads[{one.id}]: {one.kw:g} kW is implausible: kW or MW?")
    drawing = [one.kw for one in feeder.loads if one.kw > 0]
    if len(drawing) > 2 and sorted(drawing)[len(drawing) // 2] < 1.0 and min(one.kv for one in feeder.buses) > 1:
        raise ValueError("loads: half of them draw less than 1 kW: kW or MW?")
    for source in feeder.sources:
        if not V_PU[0] <= source.v_pu <= V_PU[1]:
            raise ValueError(f"sources[{source.id}].v_pu: {source.v_pu} is not per unit")


@Recent
def _rated(feeder: Feeder, limits: Limits) -> None:
    rated: list[Line | Transformer | Switch] = [*feeder.wires, *feeder.switches]
    for one in rated:
        rating = one.rating_mva
        if limits.thermal and rating is None and not isinstance(one, Switch):
            raise ValueError(f"lines[{one.id}].rating_mva: is missing, but thermal limits are asked for")
        if rating is not None and not LEAST_RATING_MVA <= rating <= MOST_RATING_MVA:
            raise ValueError(f"lines[{one.id}].rating_mva: {rating:g} is implausible: MVA or kVA?")
        emergency = None if isinstance(one, Switch) else one.emergency_mva
        if rating is not None and emergency is not None and emergency < rating:
            raise ValueError(f"lines[{one.id}].emergency_mva: {emergency} is below the normal rating")


def _phases(feeder: Feeder) -> None:
    """No element has phases that its buses lack; a tie carries every phase that the buses on both sides have."""
    known = {one.id: one.phases for one in feeder.buses}
    places: list[Bus | Line | Transformer | Switch] = [*feeder.buses, *feeder.wires, *feeder.switches]
    for place in places:
        if not place.phases or not set(place.phases) <= PHASES or len(set(place.phases)) != len(place.phases):
            raise ValueError(f"{place.id}.phases: {place.phases!r} is not a set of a, b, c")
    carried = {one.id: set(one.phases) for one in feeder.wires}
    kinds: dict[str, list[Switch]] = {}
    for switch in feeder.switches:
        kinds.setdefault(switch.element or switch.id, []).append(switch)
        if switch.element is None:
            carried[switch.id] = set(switch.phases)
        else:
            carried[switch.element] &= set(switch.phases)
    ends = {one.id: (one.from_bus, one.to_bus) for one in feeder.wires}
    ends |= {one.id: (one.bus, str(one.to_bus)) for one in feeder.switches if one.element is None}
    for name, (one_end, other) in ends.items():
        if not carried[name] <= set(known[one_end]) & set(known[other]):
            raise ValueError(f"{name}.phases: more phases than its buses {one_end} and {other} have")
        is_tie = any(not one.closed for one in kinds.get(name, ()))
        if is_tie and carried[name] < set(known[one_end]) & set(known[other]):
            raise ValueError(f"{name}.phases: a tie of phases {''.join(sorted(carried[name]))} would leave others dead")


def _normal(feeder: Feeder) -> None:
    """The normal state is radial, without parallel duplicates, and feeds every load from one source."""
    open_ones = {one.element or one.id for one in feeder.switches if not one.closed}
    wires = [(one.id, one.from_bus, one.to_bus) for one in feeder.wires]
    wires += [(one.id, one.bus, str(one.to_bus)) for one in feeder.switches if one.element is None]
    closed = [one for one in wires if one[0] not in open_ones]
    pairs: dict[frozenset[str], str] = {}
    for name, one_end, other in closed:
        pair = frozenset((one_end, other))
        if pair in pairs:
            raise ValueError(f"{name}: parallel to {pairs[pair]} between buses {one_end} and {other}")
        pairs[pair] = name
    joined: dict[str, list[tuple[str, str]]] = {one.id: [] for one in feeder.buses}
    for name, one_end, other in closed:
        joined[one_end].append((name, other))
        joined[other].append((name, one_end))
    fed: dict[str, str] = {}
    for source in feeder.sources:
        if source.bus in fed:
            raise ValueError(f"sources[{source.id}]: in parallel with {fed[source.bus]} in the normal state")
        todo = [(source.bus, "")]
        while todo:
            at, via = todo.pop()
            if at in fed:
                what = "a loop" if fed[at] == source.id else f"in parallel with {fed[at]}"
                raise ValueError(f"{via}: closes {what} in the normal state, at bus {at}")
            fed[at] = source.id
            todo += [(other, name) for name, other in joined[at] if name != via]
    for load in feeder.loads:
        if load.bus not in fed and load.kw > 0:
            raise ValueError(f"loads[{load.id}]: not fed in the normal state (bus {load.bus})")
    _dead_loops(feeder, closed, fed)


def _dead_loops(feeder: Feeder, closed: list[tuple[str, str, str]], fed: dict[str, str]) -> None:
    """A loop among buses that no source feeds is one all the same."""
    root = {one.id: one.id for one in feeder.buses}

    def top(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for name, one_end, other in closed:
        if one_end not in fed:
            if top(one_end) == top(other):
                raise ValueError(f"{name}: closes a loop in the normal state, at bus {other}")
            root[top(one_end)] = top(other)


@Recent
def _ids(feeder: Feeder) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of all elements, and those of switches."""
    switches = frozenset(one.id for one in feeder.switches)
    return frozenset(one.id for one in (*feeder.buses, *feeder.wires)) | switches, switches


def _fault(problem: Problem) -> None:
    known, switches = _ids(problem.feeder)
    if problem.fault is not None:
        if not problem.fault.elements:
            raise ValueError("fault.elements: there is none")
        for name in problem.fault.elements:
            if name not in known:
                raise ValueError(f"fault: there is no bus, line, transformer or switch {name}")
    more = {one.id for one in problem.trucks} | {one.id for one in problem.sites}
    for name in problem.unavailable:
        if name not in known and name not in more:
            raise ValueError(f"unavailable: there is no {name}")
    for name in problem.present:
        if name not in switches:
            raise ValueError(f"present: there is no switch {name}")
    signals = problem.signals
    heard = [(one.switch, switches) for one in signals.alarms]
    heard += [(one.line, known - switches) for one in signals.indicators]
    heard += [(one.bus or one.line or "", known - switches) for one in signals.calls]
    heard += [(one, known - switches) for one in signals.cleared]
    for name, among in heard:
        if name not in among:
            raise ValueError(f"signals: there is no {name}")


def _trucks(problem: Problem) -> None:
    for truck in problem.trucks:
        if truck.mw <= 0 or truck.mva <= 0:
            raise ValueError(f"trucks[{truck.id}]: has no rating ({truck.mw} MW, {truck.mva} MVA)")
        if truck.arrival_min < 0:
            raise ValueError(f"trucks[{truck.id}].arrival_min: {truck.arrival_min}: has no time of arrival")
        if not LEAST_TRUCK_MW <= truck.mw <= MOST_TRUCK_MW or truck.mva > 2 * MOST_TRUCK_MW:
            raise ValueError(f"trucks[{truck.id}]: {truck.mw:g} MW, {truck.mva:g} MVA is implausible: MW or kW?")
        if truck.mva < truck.mw:
            raise ValueError(f"trucks[{truck.id}]: {truck.mva} MVA is less than {truck.mw} MW")
        if truck.fuel_h is not None and truck.fuel_h <= 0:
            raise ValueError(f"trucks[{truck.id}].fuel_h: {truck.fuel_h} must be positive")
        if not V_PU[0] <= truck.v_pu <= V_PU[1]:
            raise ValueError(f"trucks[{truck.id}].v_pu: {truck.v_pu} is not per unit")
    buses = {one.id for one in problem.feeder.buses} if problem.sites else set()
    for site in problem.sites:
        if site.bus not in buses:
            raise ValueError(f"sites[{site.id}]: off the network, there is no bus {site.bus}")
        if site.hookup_min < 0:
            raise ValueError(f"sites[{site.id}].hookup_min: {site.hookup_min} must not be negative")
    trucks, sites = {one.id for one in problem.trucks}, {one.id for one in problem.sites}
    for name, place in problem.placed.items():
        if name not in trucks or place not in sites:
            raise ValueError(f"placed: there is no truck {name} or no site {place}")
    twice = [place for place, count in Counter(problem.placed.values()).items() if count > 1]
    if twice:
        raise ValueError(f"placed: site {twice[0]} is used twice")


def _limits(problem: Problem) -> None:
    limits = problem.limits
    if not V_PU[0] <= limits.v_min < limits.v_max <= V_PU[1]:
        raise ValueError(f"limits: {limits.v_min} to {limits.v_max} is not a range of voltages per unit")
    if not 0 < limits.loading <= 2:
        raise ValueError(f"limits.loading: {limits.loading} is not a share")
    if limits.most_ties is not None and limits.most_ties < 0:
        raise ValueError(f"limits.most_ties: {limits.most_ties} must not be negative")
