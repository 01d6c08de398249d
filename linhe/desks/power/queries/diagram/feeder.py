"""From the engine's feeder and the operations carried out so far to the net that is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linhe.desks.power.engine.network import Bus, Line, Switch, Transformer, Truck, Words
from linhe.desks.power.engine.problem import Problem
from linhe.desks.power.queries.diagram.net import Branch, Net, Node, Supply, Switchgear
from linhe.lib.text import Text

FIRST_PRIORITY = 1


@dataclass(slots=True)
class Present:
    """What stands otherwise than in the normal state.

    ``positions`` switch -> closed; ``earthed`` lines, switches or buses with an earthing lead; ``trucks`` truck ->
    whether it feeds; ``repaired`` once the fault is.
    """

    positions: dict[str, bool] = field(default_factory=dict)
    earthed: set[str] = field(default_factory=set)
    trucks: dict[str, bool] = field(default_factory=dict)
    repaired: bool = False

    def take(self, action: str, device: str) -> None:
        """One operation was carried out; those that move nothing (tests, tags) are passed over."""
        match action:
            case "open" | "close":
                self.positions[device] = action == "close"
            case "earth":
                self.earthed.add(device)
            case "unearth":
                self.earthed.discard(device)
            case "connect" | "stop_truck":
                self.trucks[device] = False
            case "close_truck":
                self.trucks[device] = True
            case "disconnect":
                self.trucks.pop(device, None)
            case "repair":
                self.repaired = True


def after(operations: Iterable[Mapping[str, Any]], *, tripped: Iterable[str] = ()) -> Present:
    """The state after these operations (``{"action": ..., "device": ...}``), begun with the breakers that tripped."""
    present = Present(positions=dict.fromkeys(tripped, False))
    for one in operations:
        present.take(str(one.get("action", "")), str(one.get("device", "")))
    return present


def net_of(problem: Problem, present: Present, *, sites: Mapping[str, str], now: str = "") -> Net:
    """The net as it stands. ``sites`` tells at which site each truck of the plan is connected; ``now`` is the device
    of the current step."""
    feeder = problem.feeder
    positions = {**problem.present, **present.positions}
    faulted = set(problem.fault.elements) if problem.fault and not present.repaired else set()
    by_element: dict[str, list[Switch]] = {}
    for switch in feeder.switches:
        by_element.setdefault(switch.element or switch.id, []).append(switch)
    sections: list[Line | Transformer] = [*feeder.lines, *feeder.transformers]
    branches = [
        _branch(one, by_element.get(one.id, []), positions, present, fault=one.id in faulted) for one in sections
    ]
    branches += [_link(one, positions) for one in feeder.switches if one.element is None]
    return Net(
        tuple(_node(bus, problem, present) for bus in feeder.buses),
        tuple(branches),
        (*(Supply(s.bus, said(s.name) or s.id) for s in feeder.sources), *_trucks(problem, present, sites)),
        now=now,
    )


def said(words: Words) -> str:
    """In the reader's language; empty where there is no name."""
    return str(Text(words.zh, words.en))


def _node(bus: Bus, problem: Problem, present: Present) -> Node:
    loads = [load for load in problem.feeder.loads if load.bus == bus.id]
    first = next((load for load in loads if load.priority == FIRST_PRIORITY), None)
    name = said(first.name) if first else ""
    return Node(
        bus.id, name or said(bus.name), sum(load.kw for load in loads), vital=first is not None,
        earthed=bus.id in present.earthed, phases="" if len(bus.phases) > 2 else "".join(sorted(bus.phases)).upper(),
    )  # fmt: skip


def _branch(
    one: Line | Transformer, switches: Iterable[Switch], positions: Mapping[str, bool], present: Present, *, fault: bool
) -> Branch:  # fmt: skip
    gear = tuple(_gear(switch, positions, far=switch.bus != one.from_bus) for switch in switches)
    return Branch(
        one.id, one.from_bus, one.to_bus, said(one.name) or one.id, gear, tie=any(not g.normal for g in gear),
        fault=fault, earthed=one.id in present.earthed or any(g.code in present.earthed for g in gear),
    )  # fmt: skip


def _link(switch: Switch, positions: Mapping[str, bool]) -> Branch:
    """A switch straight between two buses."""
    gear = (_gear(switch, positions, far=False),)
    return Branch(switch.id, switch.bus, switch.to_bus or switch.bus, said(switch.name), gear, tie=not switch.closed)


def _gear(switch: Switch, positions: Mapping[str, bool], *, far: bool) -> Switchgear:
    closed = positions.get(switch.id, switch.closed)
    return Switchgear(switch.id, switch.number or switch.id, switch.kind, closed, far, normal=switch.closed)


def _trucks(problem: Problem, present: Present, sites: Mapping[str, str]) -> Iterable[Supply]:
    known: dict[str, Truck] = {truck.id: truck for truck in problem.trucks}
    buses = {site.id: site.bus for site in problem.sites}
    for code, on in present.trucks.items():
        bus = buses.get(sites.get(code, ""))
        if bus is not None and code in known:
            yield Supply(bus, said(known[code].name) or code, truck=True, on=on, note=f"{known[code].mw:g} MW")
