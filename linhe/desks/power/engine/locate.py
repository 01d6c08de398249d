"""Where the fault may be: sections ranked by what alarms, indicators and calls make likely, and where to look next.

Each section between switches is a hypothesis. A terminal or an indicator is right with a known probability and
reports whether the fault lies beyond it; a caller at a line nearly always means that line; calls about no supply
only say that the feeder is out there. Looking somewhere splits the sections in two; it is worth the minutes by
which the expected time of walking the rest, likeliest first, becomes shorter.

References
----------
Bayes' rule over single faults; the patrol in falling order of probability per minute is optimal (W. E. Smith (1956),
doi:10.1002/nav.3800030106).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .naming import Names, say
from .network import Words
from .problem import Problem
from .result import Hypothesis, Located, Look

TERMINAL_RIGHT, INDICATOR_RIGHT = 0.97, 0.92
SEEN_AT_LINE = 40.0
NO_SUPPLY = 1.5
OF_CLEARED = 0.01
OF_A_BUS = 0.05
MINUTES_A_PLACE, LOOK_MIN = 8.0, 5.0
SHOWN, LOOKS = 10, 5


@dataclass
class Section:
    """Places that no switch separates, and the sections beyond it."""

    places: list[str] = field(default_factory=list)
    switches: list[str] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    inlet: str | None = None
    prior: float = 0.0
    why: list[Words] = field(default_factory=list)


def locate(problem: Problem) -> Located:
    """Rank the sections of what has tripped, and the next places to look at."""
    sections, inside = _sections(problem)
    order = _suspected(problem, sections, inside)
    if not order:
        return Located(hypotheses=(), looks=())
    odds = {number: _odds(problem, sections, inside, number) for number in order}
    total = sum(odds.values())
    chance = {number: one / total for number, one in odds.items()}
    ranked = sorted(order, key=lambda number: -chance[number])
    minutes = {number: MINUTES_A_PLACE * len(sections[number].places) for number in order}
    hypotheses = tuple(
        Hypothesis(
            elements=tuple(sections[number].places),
            switches=tuple(sections[number].switches),
            probability=chance[number],
            why=tuple(sections[number].why),
        )
        for number in ranked[:SHOWN]
    )
    return Located(hypotheses=hypotheses, looks=_looks(problem, sections, order, chance, minutes))


def _sections(problem: Problem) -> tuple[list[Section], dict[str, int]]:
    """The sections of the feeder and where each bus, line and transformer lies."""
    feeder = problem.feeder
    switched = {(one.element, one.bus) for one in feeder.switches if one.element is not None}
    joined: dict[str, list[str]] = {one.id: [] for one in feeder.buses}
    for wire in feeder.wires:
        joined[wire.id] = []
        for bus in (wire.from_bus, wire.to_bus):
            if (wire.id, bus) not in switched:
                joined[wire.id].append(bus)
                joined[bus].append(wire.id)
    sections: list[Section] = []
    inside: dict[str, int] = {}
    for first in joined:
        todo = [] if first in inside else [first]
        if todo:
            sections.append(Section())
        while todo:
            place = todo.pop()
            if place not in inside:
                inside[place] = len(sections) - 1
                sections[-1].places.append(place)
                todo += joined[place]
    ohms = {one.id: (one.r_ohm**2 + one.x_ohm**2) ** 0.5 for one in feeder.lines}
    typical = sum(ohms.values()) / len(ohms) if ohms else 1.0
    for section in sections:
        section.prior = sum(ohms.get(one, typical * OF_A_BUS) for one in section.places)
    _grow(problem, sections, inside)
    return sections, inside


def _grow(problem: Problem, sections: list[Section], inside: dict[str, int]) -> None:
    """Hang the sections below each other, outwards from the sources."""
    feeder = problem.feeder
    gates: dict[int, list[tuple[str, int]]] = {}
    for one in feeder.switches:
        ends = inside[one.bus], inside[one.element or str(one.to_bus)]
        for here, there in (ends, ends[::-1]):
            sections[here].switches.append(one.id)
            if one.closed:
                gates.setdefault(here, []).append((one.id, there))
    seen = {inside[one.bus] for one in feeder.sources}
    todo = sorted(seen)
    for here in todo:
        for gate, there in gates.get(here, ()):
            if there not in seen:
                seen.add(there)
                sections[there].inlet = gate
                sections[here].below.append(there)
                todo.append(there)


def _beyond(sections: Sequence[Section], gate: str) -> set[int]:
    """The sections that are fed through a switch."""
    todo = [number for number, one in enumerate(sections) if one.inlet == gate]
    found: set[int] = set()
    while todo:
        number = todo.pop()
        found.add(number)
        todo += sections[number].below
    return found


def _under(sections: Sequence[Section], first: int) -> set[int]:
    found: set[int] = set()
    todo = [first]
    while todo:
        number = todo.pop()
        found.add(number)
        todo += sections[number].below
    return found


def _suspected(problem: Problem, sections: Sequence[Section], inside: Mapping[str, int]) -> list[int]:
    """The sections beyond what tripped; all that are fed when nothing did."""
    tripped = [one.switch for one in problem.signals.alarms if one.seen == "tripped"]
    found: set[int] = set()
    for gate in tripped:
        found |= _beyond(sections, gate)
    if not tripped:
        for source in problem.feeder.sources:
            found |= _under(sections, inside[source.bus])
    return sorted(found)


def _odds(problem: Problem, sections: Sequence[Section], inside: Mapping[str, int], number: int) -> float:
    """How well a fault in one section explains what was told."""
    names, section, signals = Names(problem), sections[number], problem.signals
    odds = section.prior
    for alarm in signals.alarms:
        if alarm.seen == "tripped":
            continue
        expected = number in _beyond(sections, alarm.switch)
        told = alarm.seen == "overcurrent"
        odds *= TERMINAL_RIGHT if told == expected else 1 - TERMINAL_RIGHT
        if told and expected:
            section.why.append(say("{device}检测到过流。", "{device} saw overcurrent.", device=names[alarm.switch]))
        elif expected:
            section.why.append(say("但{device}未检测到过流。", "But {device} saw none.", device=names[alarm.switch]))
    for indicator in signals.indicators:
        expected = number in _under(sections, inside[indicator.line])
        odds *= INDICATOR_RIGHT if indicator.flipped == expected else 1 - INDICATOR_RIGHT
        if indicator.flipped and expected:
            why = say("{line}故障指示器翻牌。", "The indicator at {line} flipped.", line=names[indicator.line])
            section.why.append(why)
    for call in signals.calls:
        if call.line is not None and inside[call.line] == number:
            odds *= SEEN_AT_LINE
            why = say("用户来电反映{line}有异常。", "A caller reports something at {line}.", line=names[call.line])
            section.why.append(why)
        elif call.bus is not None and inside[call.bus] in _under(sections, number):
            odds *= NO_SUPPLY
    if set(section.places) & set(signals.cleared):
        odds *= OF_CLEARED
        section.why.append(say("已巡视，未见异常。", "Walked already, nothing found."))
    return odds


def _patrol(chance: Mapping[int, float], minutes: Mapping[int, float]) -> float:
    """Expected minutes until the fault is found, walking the likeliest first."""
    total = sum(chance.values())
    if total <= 0:
        return 0.0
    expected = walked = 0.0
    for number in sorted(chance, key=lambda one: -chance[one] / minutes[one]):
        walked += minutes[number]
        expected += chance[number] / total * walked
    return expected


def _looks(
    problem: Problem,
    sections: Sequence[Section],
    order: list[int],
    chance: Mapping[int, float],
    minutes: Mapping[int, float],
) -> tuple[Look, ...]:
    """The switches where looking or testing saves most."""
    names, now = Names(problem), _patrol(chance, minutes)
    heard = {one.switch for one in problem.signals.alarms}
    found = []
    for gate in [sections[number].inlet for number in order]:
        if gate is None or gate in heard:
            continue
        beyond = _beyond(sections, gate)
        parts = ({n: p for n, p in chance.items() if (n in beyond) == side} for side in (True, False))
        later = sum(sum(part.values()) * _patrol(part, minutes) for part in parts)
        share = sum(chance[n] for n in beyond if n in chance)
        if now - later - LOOK_MIN > 0:
            why = say(
                "{device}两侧各占 {share}，查此处可把范围缩小最多。",
                "{share} lie on either side of {device}: this narrows it down most.",
                device=names[gate],
                share=Words(f"{share:.0%}/{1 - share:.0%}", f"{share:.0%}/{1 - share:.0%}"),
            )
            found.append(Look(element=gate, saves_min=now - later - LOOK_MIN, why=why))
    return tuple(sorted(found, key=lambda one: -one.saves_min)[:LOOKS])
