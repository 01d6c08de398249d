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
Connection = Literal["", "yy", "dy", "yd", "dd"]
"""Windings at ``from_bus`` and ``to_bus``: star or delta."""

Draws = Literal["power", "impedance", "current"]
"""What of a load stays the same when the voltage changes."""

Matrix = tuple[tuple[float, ...], ...]
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
    Where ``phases`` differ, ``r_abc``, ``x_abc`` [ohm] and ``b_abc`` [µS] are the matrices of the whole length, in the
    order of ``phases``, and ``r_ohm``, ``x_ohm``, ``b_us`` their positive sequence. A rating stands for the current of
    each conductor, ``rating_mva / (sqrt(3) kv)``, however many there are.
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
    r_abc: Matrix = ()
    x_abc: Matrix = ()
    b_abc: Matrix = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Regulator:
    """The control of a voltage regulator: a transformer whose tap at ``to_bus`` it moves.

    It holds ``volts`` within ``band`` [V, secondary of a voltage transformer of ratio ``pt``], measured on ``phase``,
    at a point that lies ``r``, ``x`` [V at the primary current ``ct`` [A]] away. There are ``steps`` from ``tap_min``
    to ``tap_max`` [pu], at most ``most_steps`` of them at once after ``delay`` [s] (the order in which several act).
    """

    phase: str
    volts: float
    band: float
    pt: float
    ct: float = 300.0
    r: float = 0.0
    x: float = 0.0
    tap_min: float = 0.9
    tap_max: float = 1.1
    steps: int = 32
    most_steps: int = 16
    delay: float = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Transformer:
    """A two-winding transformer; ``r_ohm``, ``x_ohm`` are seen from ``to_bus`` [ohm].

    ``ratio`` is the off-nominal ratio at ``from_bus`` over the base voltages [pu]. Iron losses and magnetising
    current are the constant shunt ``g_us``, ``b_us`` at ``from_bus``, seen from ``to_bus`` [µS] (b_us < 0 = inductive).
    In a feeder with phases ``conn`` tells the windings and ``kv`` their rated voltages, line to line [kV]; ``ratio`` is
    then the tap at ``from_bus`` and ``taps`` those at ``to_bus`` [pu]: one for all phases together, or one for each. A
    bank of single-phase units is one transformer that is rated like three of them.
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
    conn: Connection = ""
    kv: tuple[float, ...] = ()
    taps: tuple[float, ...] = ()
    regulators: tuple[Regulator, ...] = ()


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
    """What customers draw at a bus at the same time [kW], [kvar]; ``priority`` 1 (first) to 3.

    ``phases`` share it evenly, between each other when ``delta`` (two of them: one load from phase to phase). ``draws``
    and the rated voltage across its terminals ``kv`` [kV; of a load of three phases line to line] tell what it does at
    another voltage; outside of ``v_low`` to ``v_high`` [pu] it is an impedance.
    """

    id: str
    bus: str
    kw: float
    kvar: float
    priority: int = 3
    name: Words = UNNAMED
    phases: str = "abc"
    delta: bool = False
    draws: Draws = "power"
    kv: float | None = None
    v_low: float = 0.5
    v_high: float = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacitor:
    """A shunt capacitor of ``kvar`` at its rated voltage ``kv`` [kV; of three phases line to line]."""

    id: str
    bus: str
    kvar: float
    kv: float | None = None
    phases: str = "abc"
    delta: bool = False
    name: Words = UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A bus held at ``v_pu`` [pu] by the grid above.

    In a feeder with phases ``r_ohm``, ``x_ohm`` and ``r0_ohm``, ``x0_ohm`` [ohm] are the impedances of the grid above,
    and ``angle`` [degree] tells sources apart that are not in step.
    """

    id: str
    bus: str
    v_pu: float = 1.0
    name: Words = UNNAMED
    r_ohm: float = 0.0
    x_ohm: float = 0.0
    r0_ohm: float = 0.0
    x0_ohm: float = 0.0
    angle: float = 0.0


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
    capacitors: tuple[Capacitor, ...] = ()

    @property
    def phased(self) -> bool:
        """Whether phases have to be told apart: not all places have all three, or not all of them are alike."""
        places = (*self.buses, *self.wires, *self.switches, *self.loads)
        return (
            bool(self.capacitors)
            or any(len(one.phases) != 3 for one in places)
            or any(one.r_abc for one in self.lines)
            or any(one.conn for one in self.transformers)
        )

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
