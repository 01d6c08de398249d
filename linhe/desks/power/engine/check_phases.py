"""The independent check of feeders with phases: each state by OpenDSS, every phase and every conductor for itself.

As ``check``, it is made from the problem and the positions of the switches alone. A regulator that is fed the right way
round moves its taps; one that is fed backwards stands at neutral, as controls do that idle on reverse power.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .check import TOLERANCE, Position
from .circuit import Circuit
from .network import Line, Switch, Transformer
from .problem import Problem
from .result import State
from .simulator import simulated

Node = tuple[str, str]
ROOT3 = math.sqrt(3.0)


@dataclass(kw_only=True)
class Reach:
    """What the sources reach: live nodes, buses that nothing ties to earth, regulators that are fed the right way."""

    live: set[Node] = field(default_factory=set)
    floating: set[str] = field(default_factory=set)
    forward: set[str] = field(default_factory=set)
    islands: dict[str, tuple[str, ...]] = field(default_factory=dict)


class PhaseChecker:
    """Power flows of positions of one problem's network, phase by phase."""

    @simulated
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        feeder = problem.feeder
        self.site_bus = {one.id: one.bus for one in problem.sites}
        self.trucks = {one.id: one for one in problem.trucks}
        three = {one.id for one in feeder.buses if len(one.phases) == 3}
        self.circuit = Circuit(
            feeder,
            {
                (truck.id, site.id): (site.bus, truck.v_pu)
                for truck in problem.trucks for site in problem.sites if site.bus in three
            },
        )  # fmt: skip
        wires: list[Line | Transformer] = list(feeder.wires)
        self.ends = {one.id: (one.from_bus, one.to_bus) for one in wires}
        self.phases = {one.id: one.phases for one in wires}
        self.wound = {one.id: one for one in feeder.transformers}
        self.switches_of: dict[str, list[Switch]] = {}
        for switch in feeder.switches:
            name = switch.element or switch.id
            self.switches_of.setdefault(name, []).append(switch)
            if switch.element is None:
                self.ends[name] = switch.bus, str(switch.to_bus)
                self.phases[name] = switch.phases
        self.at: dict[str, list[str]] = {}
        for name, pair in self.ends.items():
            for bus in pair:
                self.at.setdefault(bus, []).append(name)
        self.closed_now: dict[str, bool] = {one.id: True for one in feeder.switches}
        self.rated = self._ratings()

    def _ratings(self) -> list[tuple[str, str, tuple[float, float]]]:
        """(id, element, amperes at each end) of what has a rating."""
        feeder, limits = self.problem.feeder, self.problem.limits
        if not limits.thermal:
            return []
        kv = self.circuit.kv
        found = []
        for line in feeder.lines:
            mva = line.emergency_mva if limits.emergency and line.emergency_mva is not None else line.rating_mva
            found.append((line.id, self.circuit.lines[line.id], mva, (kv[line.from_bus], kv[line.to_bus])))
        for one in feeder.transformers:
            mva = one.emergency_mva if limits.emergency and one.emergency_mva is not None else one.rating_mva
            each = (kv[one.from_bus], kv[one.to_bus])
            found += [(one.id, unit, mva, each) for unit in self.circuit.units[one.id]]
        for switch in feeder.switches:
            if switch.element is None:
                element = self.circuit.lines[switch.id]
                found.append((switch.id, element, switch.rating_mva, (kv[switch.bus], kv[switch.bus])))
        share = limits.loading * 1000.0 / ROOT3
        return [
            (name, element, (mva * share / pair[0], mva * share / pair[1]))
            for name, element, mva, pair in found
            if mva is not None
        ]

    @simulated
    def states(self, positions: Sequence[Position]) -> list[State]:
        """The state of the network in each position."""
        return [self._state(one) for one in positions]

    @simulated
    def losses_kw(self) -> float:
        """What the network itself took in the state solved last. [kW]"""
        return float(self.circuit.engine.Circuit.Losses()[0]) / 1000.0

    def _state(self, position: Position) -> State:
        reach = self.reach(position)
        if not reach.live:
            return State(
                energised=(), islands={}, served_kw=0.0, v_min=1.0, v_min_bus="", max_loading_pct=0.0,
                max_loading_at="", ok=True,
            )  # fmt: skip
        self._place(position, reach)
        solved = self.circuit.solve()
        volts = self._volts(reach)
        hot, where = self._loading() if solved else (0.0, "")
        low = min(volts, key=lambda one: volts[one])
        broken = self._broken(volts, reach, hot, where) if solved else ["no power flow: it does not converge"]
        broken += self._overdrawn(position) if solved else []
        feeder = self.problem.feeder
        fed = sum(one.kw for one in feeder.loads if all((one.bus, phase) in reach.live for phase in one.phases))
        return State(
            energised=tuple(
                one.id for one in feeder.buses if any((one.id, phase) in reach.live for phase in one.phases)
            ),
            islands=reach.islands, served_kw=fed, v_min=volts[low], v_min_bus=low[0], max_loading_pct=hot,
            max_loading_at=where, ok=not broken, broken=tuple(broken),
        )  # fmt: skip

    def reach(self, position: Position) -> Reach:
        """Follow conducting elements from the sources, phase by phase."""
        found = Reach()
        for source in self.problem.feeder.sources:
            if source.id in position.sources:
                self._spread(source.bus, position, found)
        for truck, site in position.running.items():
            before = set(found.live)
            self._spread(self.site_bus[site], position, found)
            inside = {bus for bus, _ in found.live - before}
            found.islands[truck] = tuple(one.id for one in self.problem.feeder.buses if one.id in inside)
        return found

    def _spread(self, start: str, position: Position, found: Reach) -> None:
        todo: list[Node] = [(start, phase) for phase in "abc"]
        while todo:
            node = todo.pop()
            if node in found.live:
                continue
            found.live.add(node)
            bus, phase = node
            for name in self.at.get(bus, ()):
                if phase not in self.phases[name] or not self.conducts(name, position.closed):
                    continue
                one_end, other = self.ends[name]
                far = other if bus == one_end else one_end
                if (far, phase) in found.live:
                    continue
                todo.append((far, phase))
                if name in self.wound:
                    self._over(self.wound[name], bus, far, found)
                elif bus in found.floating:
                    found.floating.add(far)

    def _over(self, one: Transformer, bus: str, far: str, found: Reach) -> None:
        """Pass a transformer: which way round, and whether the far side is tied to earth."""
        side = 1 if bus == one.from_bus else 0
        if side == 1:
            found.forward.add(one.id)
        if (one.conn or "yy")[side] == "d":
            found.floating.add(far)

    def conducts(self, name: str, closed: Mapping[str, bool]) -> bool:
        """Whether all switches of an element are closed."""
        return all(closed[one.id] for one in self.switches_of.get(name, ()))

    def _place(self, position: Position, reach: Reach) -> None:
        """Bring the circuit into a position, with its regulators at the taps that they have in the data."""
        circuit, say = self.circuit, self.circuit.engine.Text.Command
        for name, switches in self.switches_of.items():
            for one in switches:
                closed = position.closed[one.id]
                if closed != self.closed_now[one.id]:
                    terminal = 1 if one.bus == self.ends[name][0] else 2
                    for element in circuit.units.get(name) or [circuit.lines[name]]:
                        say(f"{'Close' if closed else 'Open'} {element} {terminal}")
                    self.closed_now[one.id] = closed
        for source_id, source in circuit.sources.items():
            say(f"Edit {source} enabled={'yes' if source_id in position.sources else 'no'}")
        for (truck, site), source in circuit.berths.items():
            say(f"Edit {source} enabled={'yes' if position.running.get(truck) == site else 'no'}")
        for wound in self.problem.feeder.transformers:
            forward = wound.id in reach.forward
            neutral = bool(wound.regulators) and not forward
            for place in range(len(circuit.units[wound.id])):
                say(circuit.taps(wound, place, neutral=neutral))
            for control in circuit.controls[wound.id]:
                say(f"Edit {control} enabled={'yes' if forward else 'no'}")

    def _volts(self, reach: Reach) -> dict[Node, float]:
        """Voltage of each live node to earth, or between phases where nothing is tied to earth. [pu]"""
        volts = self.circuit.volts()
        found = {}
        for bus in self.problem.feeder.buses:
            live = [phase for phase in bus.phases if (bus.id, phase) in reach.live]
            for place, phase in enumerate(live):
                value = volts[bus.id, phase]
                if bus.id in reach.floating and len(live) > 1:
                    value = (value - volts[bus.id, live[place - 1]]) / ROOT3
                found[bus.id, phase] = abs(value)
        return found

    def _loading(self) -> tuple[float, str]:
        hot, where = 0.0, ""
        for name, element, rates in self.rated:
            flows = self.circuit.amperes(element)
            load = max(100.0 * flow / rate for flow, rate in zip(flows, rates, strict=True))
            if load > hot:
                hot, where = load, name
        return hot, where

    def _overdrawn(self, position: Position) -> list[str]:
        """Trucks that give more than they can, in sum or in one conductor."""
        found = []
        for name, site in position.running.items():
            truck, element = self.trucks[name], self.circuit.berths[name, site]
            mw = self.circuit.power(element).real
            kv = self.circuit.kv[self.site_bus[site]] * truck.v_pu
            mva = self.circuit.amperes(element)[0] * ROOT3 * kv / 1000.0
            if mw > truck.mw * (1 + TOLERANCE) or mva > truck.mva * (1 + TOLERANCE):
                found.append(f"{name}: {mw:.3f} MW, {mva:.3f} MVA of {truck.mw} MW, {truck.mva} MVA")
        return found

    def _broken(self, volts: Mapping[Node, float], reach: Reach, hot: float, where: str) -> list[str]:
        limits = self.problem.limits
        broken = []
        for bus in self.problem.feeder.buses:
            live = "".join(phase for phase in bus.phases if (bus.id, phase) in reach.live)
            if live and live != "".join(sorted(bus.phases)):
                broken.append(f"{bus.id}: only phases {live} of {bus.phases} are live")
                break
        low, high = min(volts, key=lambda one: volts[one]), max(volts, key=lambda one: volts[one])
        if volts[low] < limits.v_min - TOLERANCE:
            broken.append(f"{low[0]} phase {low[1]}: {volts[low]:.4f} pu below {limits.v_min}")
        if volts[high] > limits.v_max + TOLERANCE:
            broken.append(f"{high[0]} phase {high[1]}: {volts[high]:.4f} pu above {limits.v_max}")
        if hot > 100.0 + 100 * TOLERANCE:
            broken.append(f"{where}: {hot:.1f} %")
        return broken
