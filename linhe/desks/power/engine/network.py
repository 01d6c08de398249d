"""What a feeder is made of: buses, lines, transformers, switches, loads, sources, and the trucks that may come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

SwitchKind = Literal["breaker", "sectionaliser", "tie", "boundary", "load_break", "disconnector", "fuse"]
SWITCH_KINDS: tuple[SwitchKind, ...] = (
    "breaker",
    "sectionaliser",
    "tie",
    "boundary",
    "load_break",
    "disconnector",
    "fuse",
)
UNDER_LOAD: frozenset[SwitchKind] = frozenset(("breaker", "sectionaliser", "tie", "boundary", "load_break"))
"""Kinds that may be opened and closed while current flows; the others only when dead on one side."""


class Words(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


UNNAMED = Words("", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bus:
    """A place of one potential. ``kv`` is the line-to-line base voltage [kV]; ``lon``/``lat`` WGS-84 [degree]."""

    id: str
    kv: float
    name: Words = UNNAMED
    lon: float | None = None
    lat: float | None = None
    phases: str = "abc"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line or cable. Whole-length series ``r_ohm``, ``x_ohm`` > 0 in sum [ohm] and charging ``b_us`` >= 0 [µS].

    ``rating_mva`` is for normal service, ``emergency_mva`` for the hours of a restoration [MVA]; None = not known.
    """

    id: str
    from_bus: str
    to_bus: str
    r_ohm: float
    x_ohm: float
    b_us: float = 0.0
    rating_mva: float | None = None
    emergency_mva: float | None = None
    phases: str = "abc"
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Transformer:
    """A two-winding transformer; ``r_ohm``, ``x_ohm`` are seen from ``to_bus`` [ohm].

    ``ratio`` is the off-nominal ratio at ``from_bus`` over the base voltages [pu]. Iron losses and magnetising
    current are the constant shunt ``g_us``, ``b_us`` at ``from_bus``, seen from ``to_bus`` [µS] (b_us < 0 = inductive).
    """

    id: str
    from_bus: str
    to_bus: str
    r_ohm: float
    x_ohm: float
    ratio: float = 1.0
    g_us: float = 0.0
    b_us: float = 0.0
    rating_mva: float | None = None
    emergency_mva: float | None = None
    phases: str = "abc"
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """A switch at ``bus``, on the end of ``element`` (a line or transformer) or, without one, towards ``to_bus``.

    ``closed`` is the normal state. ``number`` is the second half of the dual name. ``remote`` = operated from the
    dispatch room. ``rating_mva`` limits a switch between two buses [MVA].
    """

    id: str
    kind: SwitchKind
    bus: str
    element: str | None = None
    to_bus: str | None = None
    closed: bool = True
    remote: bool = False
    number: str = ""
    phases: str = "abc"
    rating_mva: float | None = None
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What customers draw at a bus at the same time [kW], [kvar]; ``priority`` 1 (first) to 3."""

    id: str
    bus: str
    kw: float
    kvar: float
    priority: int = 3
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A bus held at ``v_pu`` [pu] by the grid above."""

    id: str
    bus: str
    v_pu: float = 1.0
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Truck:
    """A generator truck: rated [MW], [MVA], minutes until it stands at any site [min], fuel at full power [h]."""

    id: str
    mw: float
    mva: float
    arrival_min: float
    owner: str = ""
    fuel_h: float | None = None
    v_pu: float = 1.0
    lon: float | None = None
    lat: float | None = None
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A connection point for a truck at ``bus``; ``hookup_min`` from arrival to ready to close [min]."""

    id: str
    bus: str
    hookup_min: float = 20.0
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Feeder:
    """The network in its normal state: radial, every load fed by exactly one source."""

    buses: tuple[Bus, ...]
    lines: tuple[Line, ...]
    switches: tuple[Switch, ...]
    loads: tuple[Load, ...]
    sources: tuple[Source, ...]
    transformers: tuple[Transformer, ...] = ()
    name: Words = UNNAMED
    origin: str = ""

    @property
    def wires(self) -> tuple[Line | Transformer, ...]:
        """Lines and transformers."""
        return (*self.lines, *self.transformers)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a plan keeps at every step.

    ``v_min``, ``v_max`` [pu]; ``thermal``: ratings count; ``emergency``: the emergency rating counts where one is
    given; ``loading`` share of it that may be used; ``most_ties`` that may be closed, None = any number.
    """

    v_min: float = 0.93
    v_max: float = 1.07
    thermal: bool = True
    emergency: bool = False
    loading: float = 1.0
    most_ties: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What has failed: one element or bus, or a zone of several (all of them are taken as faulted)."""

    elements: tuple[str, ...]
    kind: str = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """What a feeder terminal at a switch told: ``overcurrent`` seen, or ``quiet``; ``tripped`` opened by itself."""

    switch: str
    seen: Literal["overcurrent", "quiet", "tripped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """A fault indicator on a line: flipped, or not."""

    line: str
    flipped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A customer's call: no supply at the bus, or something seen or heard at the line (``line``)."""

    bus: str | None = None
    line: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Signals:
    """Everything known about where the fault may be."""

    alarms: tuple[Alarm, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    calls: tuple[Call, ...] = ()
    cleared: tuple[str, ...] = ()


NO_SIGNALS = Signals()
SERVICE = Limits()
