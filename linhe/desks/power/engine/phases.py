"""Feeders whose phases differ: what must hold of the data, and the balanced feeder that stands for them in planning."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from .network import Capacitor, Feeder, Line, Load, Source, Transformer

if TYPE_CHECKING:
    from .problem import Problem

ABC = frozenset("abc")
SYMMETRY = 1e-6
Wire = TypeVar("Wire", Line, Transformer)


T = TypeVar("T")


def lately(make: Callable[[Feeder], T]) -> Callable[[Feeder], T]:
    """Keep what was made of the last few feeders: the same one comes again with every fault."""
    kept: deque[tuple[Feeder, T]] = deque(maxlen=8)

    def found(feeder: Feeder) -> T:
        for known, made in tuple(kept):
            if known is feeder:
                return made
        kept.append((feeder, make(feeder)))
        return kept[-1][1]

    return found


@lately
def told_apart(feeder: Feeder) -> bool:
    """``feeder.phased``, looked up once."""
    return feeder.phased


def carried(feeder: Feeder) -> dict[str, frozenset[str]]:
    """The phases that each line, transformer and switch between buses carries, its switches included."""
    found = {one.id: frozenset(one.phases) for one in feeder.wires}
    for switch in feeder.switches:
        if switch.element is None:
            found[switch.id] = frozenset(switch.phases)
        else:
            found[switch.element] &= frozenset(switch.phases)
    return found


def check(feeder: Feeder) -> None:
    """Raise ValueError for the first thing that is wrong with the phases of a feeder."""
    if not feeder.phased:
        return
    phases = {one.id: frozenset(one.phases) for one in feeder.buses}
    for source in feeder.sources:
        if phases[source.bus] != ABC:
            raise ValueError(f"sources[{source.id}]: bus {source.bus} has no three phases")
    drawing: list[Load | Capacitor] = [*feeder.loads, *feeder.capacitors]
    for one in drawing:
        _drawing(one, phases)
    for line in feeder.lines:
        _matrices(line)
    for wound in feeder.transformers:
        _windings(wound)
    _complete(feeder, phases)


def _drawing(one: Load | Capacitor, phases: dict[str, frozenset[str]]) -> None:
    where = f"{'loads' if isinstance(one, Load) else 'capacitors'}[{one.id}]"
    if one.bus not in phases:
        raise ValueError(f"{where}: there is no bus {one.bus}")
    if not one.phases or len(set(one.phases)) != len(one.phases) or not frozenset(one.phases) <= phases[one.bus]:
        raise ValueError(f"{where}.phases: {one.phases!r} are not phases of bus {one.bus}")
    if one.delta and len(one.phases) < 2:
        raise ValueError(f"{where}.delta: one phase is not connected to another")
    if one.kv is not None and not one.kv > 0:
        raise ValueError(f"{where}.kv: {one.kv} is not a voltage in kV")
    if isinstance(one, Capacitor) and not 0 < one.kvar < 1e5:
        raise ValueError(f"{where}.kvar: {one.kvar:g} is implausible")
    if isinstance(one, Load) and not 0 <= one.v_low < 1 < one.v_high:
        raise ValueError(f"{where}: {one.v_low} to {one.v_high} is not a range of voltages round 1")


def _matrices(one: Line) -> None:
    """Square, symmetrical, of finite figures, and with losses that are not negative."""
    size = len(one.phases)
    for name in ("r_abc", "x_abc", "b_abc"):
        matrix = getattr(one, name)
        if not matrix:
            continue
        if len(matrix) != size or any(len(row) != size for row in matrix):
            raise ValueError(f"lines[{one.id}].{name}: is not a matrix of {size} by {size}")
        if not all(math.isfinite(value) for row in matrix for value in row):
            raise ValueError(f"lines[{one.id}].{name}: holds what is not a finite number")
        largest = max(abs(value) for row in matrix for value in row)
        if any(abs(matrix[i][j] - matrix[j][i]) > SYMMETRY * largest for i in range(size) for j in range(i)):
            raise ValueError(f"lines[{one.id}].{name}: is not symmetrical")
        if any(matrix[i][i] < 0 for i in range(size)):
            raise ValueError(f"lines[{one.id}].{name}: a negative figure on the diagonal")
    if bool(one.r_abc) != bool(one.x_abc):
        raise ValueError(f"lines[{one.id}]: r_abc and x_abc come together")
    if one.r_abc and any(one.r_abc[i][i] == one.x_abc[i][i] == 0 for i in range(size)):
        raise ValueError(f"lines[{one.id}].r_abc: zero impedance")


def _windings(one: Transformer) -> None:
    where = f"transformers[{one.id}]"
    if one.conn and (len(one.kv) != 2 or min(one.kv) <= 0):
        raise ValueError(f"{where}.kv: needs the rated voltages of both windings")
    if "d" in one.conn and len(one.phases) != 3:
        raise ValueError(f"{where}.conn: windings in delta need three phases")
    if len(one.taps) not in (0, 1, len(one.phases)) or not all(0.5 <= tap <= 1.5 for tap in one.taps):
        raise ValueError(f"{where}.taps: needs one for all phases or one for each [pu]")
    measured = [control.phase for control in one.regulators]
    each = len(one.taps) > 1 or len(one.phases) < 3
    if one.regulators and (not set(measured) <= set(one.phases) or len(set(measured)) != len(measured)):
        raise ValueError(f"{where}.regulators: measure phases {measured} of {one.phases}")
    if one.regulators and len(one.regulators) != (len(one.phases) if each else 1):
        raise ValueError(f"{where}.regulators: needs one for each tap")
    for control in one.regulators:
        if min(control.volts, control.band, control.pt, control.ct, control.steps, control.most_steps) <= 0:
            raise ValueError(f"{where}.regulators: a setting that is not positive")


def _complete(feeder: Feeder, phases: dict[str, frozenset[str]]) -> None:
    """Every phase of every bus that is fed in the normal state reaches it."""
    through = carried(feeder)
    shut = {one.element or one.id for one in feeder.switches if not one.closed}
    joined: dict[str, list[tuple[str, str]]] = {}
    ends = [(one.id, one.from_bus, one.to_bus) for one in feeder.wires]
    ends += [(one.id, one.bus, str(one.to_bus)) for one in feeder.switches if one.element is None]
    for name, one_end, other in ends:
        if name not in shut:
            joined.setdefault(one_end, []).append((name, other))
            joined.setdefault(other, []).append((name, one_end))
    todo = [one.bus for one in feeder.sources]
    seen = set(todo)
    while todo:
        at = todo.pop()
        for name, other in joined.get(at, ()):
            if other not in seen:
                if missing := phases[other] - through[name]:
                    raise ValueError(f"{name}.phases: phase {min(missing)} does not reach bus {other}")
                seen.add(other)
                todo.append(other)


def balanced(problem: Problem) -> Problem:
    """The same problem with all phases alike: what is planned on; the check has the last word on the real one."""
    return replace(problem, feeder=alike(problem.feeder))


@lately
def alike(feeder: Feeder) -> Feeder:
    """The feeder with all phases alike.

    A line of one phase that carries a load alone drops as much voltage as a line of three times its impedance that
    carries it on three phases. Capacitors are loads that give reactive power.
    """
    kv = {one.id: one.kv for one in feeder.buses}
    loads = [
        Load(id=one.id, bus=one.bus, kw=one.kw, kvar=one.kvar, priority=one.priority, name=one.name)
        for one in feeder.loads
    ]
    loads += [Load(id=f"capacitor {one.id}", bus=one.bus, kw=0.0, kvar=-one.kvar) for one in feeder.capacitors]
    return replace(
        feeder,
        buses=tuple(replace(one, phases="abc") for one in feeder.buses),
        lines=tuple(replace(one, r_abc=(), x_abc=(), b_abc=()) for one in _spread(feeder.lines)),
        switches=tuple(replace(one, phases="abc") for one in feeder.switches),
        loads=tuple(loads),
        sources=tuple(Source(id=one.id, bus=one.bus, v_pu=one.v_pu, name=one.name) for one in feeder.sources),
        transformers=tuple(_plain(one, kv) for one in _spread(feeder.transformers)),
        capacitors=(),
    )


def _spread(wires: Iterable[Wire]) -> list[Wire]:
    return [
        replace(one, phases="abc", r_ohm=one.r_ohm * 3 / len(one.phases), x_ohm=one.x_ohm * 3 / len(one.phases))
        for one in wires
    ]


def _plain(one: Transformer, kv: dict[str, float]) -> Transformer:
    """Ratings and taps as one off-nominal ratio."""
    rated = (one.kv[0] / kv[one.from_bus]) / (one.kv[1] / kv[one.to_bus]) if one.kv else 1.0
    tap = sum(one.taps) / len(one.taps) if one.taps else 1.0
    return replace(one, ratio=one.ratio * rated / tap, conn="", kv=(), taps=(), regulators=())
