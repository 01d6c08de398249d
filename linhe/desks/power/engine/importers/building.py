"""What the importers share: plain rows of buses, wires and switches become a radial feeder with sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from linhe.desks.power.engine.network import Bus, Capacitor, Feeder, Line, Load, Source, Switch, Transformer, Words


@dataclass(kw_only=True)
class Draft:
    """Rows on their way to a feeder."""

    buses: list[Bus] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    transformers: list[Transformer] = field(default_factory=list)
    capacitors: list[Capacitor] = field(default_factory=list)

    def feeder(self, name: str, origin: str) -> Feeder:
        """The feeder, without what no source can ever reach."""
        kept = self._reachable()
        lines = [one for one in self.lines if one.from_bus in kept and one.to_bus in kept]
        wires = {one.id for one in lines}
        return Feeder(
            buses=tuple(one for one in self.buses if one.id in kept),
            lines=tuple(lines),
            switches=tuple(
                one for one in self.switches if one.bus in kept and (one.element in wires or one.to_bus in kept)
            ),
            loads=tuple(one for one in self.loads if one.bus in kept),
            sources=tuple(self.sources),
            transformers=tuple(one for one in self.transformers if one.from_bus in kept and one.to_bus in kept),
            name=Words(name, name),
            origin=origin,
            capacitors=tuple(one for one in self.capacitors if one.bus in kept),
        )

    def _reachable(self) -> set[str]:
        joined: dict[str, list[str]] = {one.id: [] for one in self.buses}
        pairs = [(one.from_bus, one.to_bus) for one in self.lines]
        pairs += [(one.from_bus, one.to_bus) for one in self.transformers]
        pairs += [(one.bus, one.to_bus) for one in self.switches if one.to_bus is not None]
        for one_end, other in pairs:
            joined[one_end].append(other)
            joined[other].append(one_end)
        seen: set[str] = set()
        todo = [one.bus for one in self.sources]
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += joined[at]
        return seen


def beside(switches: Sequence[Switch]) -> dict[str, str]:
    """Bus -> the first of the buses that closed switches join it to."""
    joined: dict[str, list[str]] = {}
    for one in switches:
        if one.to_bus is not None and one.closed:
            joined.setdefault(one.bus, []).append(one.to_bus)
            joined.setdefault(one.to_bus, []).append(one.bus)
    found: dict[str, str] = {}
    for first in joined:
        todo = [first]
        while todo:
            at = todo.pop()
            if at not in found:
                found[at] = first
                todo += joined[at]
    return found


def parallel(group: Sequence[Transformer]) -> Transformer:
    """Transformers between the same busbars as one; they must have the same ratio."""
    if len(group) == 1:
        return group[0]
    if max(one.ratio for one in group) - min(one.ratio for one in group) > 1e-9:
        raise ValueError(f"{group[1].id}: in parallel with {group[0].id} at another tap")
    admittance = sum(1 / complex(one.r_ohm, one.x_ohm) for one in group)
    z = 1 / admittance
    return replace(
        group[0],
        r_ohm=z.real,
        x_ohm=z.imag,
        g_us=sum(one.g_us for one in group),
        b_us=sum(one.b_us for one in group),
        rating_mva=sum(one.rating_mva or 0.0 for one in group),
    )
