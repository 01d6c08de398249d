"""What a one-line diagram shows: a feeder as it stands now, and which of its parts carry voltage from where."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from linhe.lib.text import Text


class State(StrEnum):
    """What a bus or a section is at this moment."""

    LIVE = "live"
    ISLAND = "island"
    DEAD = "dead"
    EARTHED = "earthed"


STATE_NAMES = {
    State.LIVE: Text("带电", "energised"),
    State.ISLAND: Text("孤岛供电", "islanded, fed by a truck"),
    State.DEAD: Text("失电", "dead"),
    State.EARTHED: Text("已接地", "earthed"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A bus: its code, what it feeds (``name`` may be empty) and how much [kW]; ``vital`` loads come first. ``phases``
    tells those that are there where it is not all three."""

    code: str
    name: str = ""
    kw: float = 0.0
    vital: bool = False
    earthed: bool = False
    phases: str = ""


@dataclass(frozen=True, slots=True)
class Switchgear:
    """A switch at the ``frm`` end of a section (``far`` at the other end); ``code`` names it, ``label`` is drawn."""

    code: str
    label: str = ""
    kind: str = "sectionaliser"
    closed: bool = True
    far: bool = False
    normal: bool = True
    """Whether it is closed in the normal state."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A section between two buses, with at most one switch at each end. ``tie``: open in the normal state; ``fault``:
    here the line is broken; ``earthed``: an earthing lead is on."""

    code: str
    frm: str
    to: str
    name: str = ""
    switches: tuple[Switchgear, ...] = ()
    tie: bool = False
    fault: bool = False
    earthed: bool = False

    @property
    def near(self) -> Switchgear | None:
        """The switch at the ``frm`` end."""
        return next((one for one in self.switches if not one.far), None)

    @property
    def far(self) -> Switchgear | None:
        """The switch at the ``to`` end."""
        return next((one for one in self.switches if one.far), None)

    @property
    def closed(self) -> bool:
        """Whether every switch of it is closed."""
        return all(one.closed for one in self.switches)


@dataclass(frozen=True, slots=True)
class Supply:
    """Where power comes from: the substation, or a generator truck. ``on`` is whether it feeds now."""

    bus: str
    name: str
    truck: bool = False
    on: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Net:
    """A feeder as it stands now. ``now`` names the switch, branch or bus at which the current step works."""

    nodes: tuple[Node, ...]
    branches: tuple[Branch, ...]
    supplies: tuple[Supply, ...]
    now: str = ""

    @property
    def phased(self) -> bool:
        """Whether some of it has fewer than three phases."""
        return any(node.phases for node in self.nodes)


def states(net: Net) -> dict[str, State]:
    """The state of every bus: fed by a substation, by trucks alone, by nothing, or earthed."""
    around: dict[str, list[str]] = {node.code: [] for node in net.nodes}
    for branch in net.branches:
        if branch.closed and not branch.fault:
            around[branch.frm].append(branch.to)
            around[branch.to].append(branch.frm)
    live = _reached(around, [s.bus for s in net.supplies if s.on and not s.truck])
    island = _reached(around, [s.bus for s in net.supplies if s.on and s.truck])
    earthed = {node.code for node in net.nodes if node.earthed}
    found = {}
    for code in around:
        if code in live:
            found[code] = State.LIVE
        elif code in island:
            found[code] = State.ISLAND
        else:
            found[code] = State.EARTHED if code in earthed else State.DEAD
    return found


def parts_of(branch: Branch, buses: Mapping[str, State]) -> tuple[State, State, State]:
    """The states along a section: up to its near switch, the conductor itself, and from its far switch on.

    The conductor has the state of the end that it is joined to; where it joins both, that of the livelier one.
    """
    near, far = branch.near, branch.far
    ends = (buses[branch.frm], buses[branch.to])
    joined = [end for end, one in zip(ends, (near, far), strict=True) if one is None or one.closed]
    conductor = State.EARTHED if branch.earthed or State.EARTHED in joined else State.DEAD
    for better in (State.ISLAND, State.LIVE):
        if better in joined and not branch.fault:
            conductor = better
    return (ends[0] if near else conductor, conductor, ends[1] if far else conductor)


def _reached(around: Mapping[str, list[str]], starts: list[str]) -> set[str]:
    seen, queue = set(starts), deque(starts)
    while queue:
        for other in around[queue.popleft()]:
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return seen
