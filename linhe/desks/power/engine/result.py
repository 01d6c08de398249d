"""The plan that comes out: what is isolated, restored and fed by trucks, in which order, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from . import case
from .network import Words

Status = Literal["restored", "partial", "none", "located", "infeasible"]
"""All healthy load is fed; some is; none of the interrupted load can be; only located; no safe state exists."""

Phase = Literal["alarm", "isolate", "truck", "transfer", "restore"]
PHASES: tuple[Phase, ...] = ("alarm", "isolate", "truck", "transfer", "restore")
"""告警研判, 故障定位隔离, 发电车接入, 负荷转供, 恢复与撤离."""

Act = Literal[
    "open", "close", "test", "tag", "untag", "earth", "unearth", "repair",
    "connect", "ground", "phase_check", "start", "close_truck", "stop_truck", "disconnect",
]  # fmt: skip
"""What is done to the device of a step. Only open, close, close_truck, stop_truck change what is energised."""

Role = Literal["dispatcher", "operator", "truck_crew"]


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """The network after a step, as the independent check computed it. Buses not listed are dead."""

    energised: tuple[str, ...]
    islands: dict[str, tuple[str, ...]]
    served_kw: float
    v_min: float
    v_min_bus: str
    max_loading_pct: float
    max_loading_at: str
    ok: bool
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One item of the order of switching.

    ``number`` counts from 1. ``code`` names the kind of step, such as ``isolate.open`` (see ``order``). ``device`` is
    the id of a switch, source, truck or line (an earth goes to a line or bus); ``name`` its dual name.
    ``needs`` are codes of interlocks that must hold before it (see ``interlocks.CODES``); ``after`` numbers of steps
    that must be done before (always including the last one at the same device). ``target_min`` is this step's own
    time [min]. ``state`` is None where the step changes nothing electrically, and where no check was asked for.
    """

    number: int
    code: str
    action: Act
    device: str
    name: Words
    phase: Phase
    role: Role
    needs: tuple[str, ...]
    after: tuple[int, ...]
    target_min: float
    why: Words
    state: State | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """A switch that the restoration closes or opens, and for what."""

    switch: str
    action: Literal["open", "close"]
    why: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Island:
    """What one truck feeds. ``ready_min`` = arrival and hook-up [min]; the power is at the truck, with losses."""

    truck: str
    site: str
    buses: tuple[str, ...]
    kw: float
    kvar: float
    served_kw: float
    v_min: float
    ready_min: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """Load sums [kW]. ``lost_kw`` lies in the faulted zone: no plan can feed it before the repair."""

    total_kw: float
    before_kw: float
    grid_kw: float
    trucks_kw: float
    lost_kw: float
    weighted_pct: float
    by_priority: tuple[float, float, float]

    @property
    def kw(self) -> float:
        """Fed by grid or truck. [kW]"""
        return self.grid_kw + self.trucks_kw

    @property
    def pct(self) -> float:
        """Share of all load that is fed. [%]"""
        return 100.0 * self.kw / self.total_kw if self.total_kw else 100.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """How good the plan is known to be: ``optimal``, or at most ``gap_pct`` of weighted load below the best."""

    status: Literal["optimal", "gap"]
    gap_pct: float
    bound_kw: float
    method: str
    candidates: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """A place where the fault may be: the lines and buses between switches, and how likely."""

    elements: tuple[str, ...]
    switches: tuple[str, ...]
    probability: float
    why: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Where a crew looks next, and the minutes that this is expected to save against walking the line. [min]"""

    element: str
    saves_min: float
    why: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Located:
    """Ranked hypotheses, the likeliest first, and the next best places to look."""

    hypotheses: tuple[Hypothesis, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """A plan of restoration.

    ``isolate`` are switches that are opened and kept open round the fault, ``reclose`` those that tripped upstream and
    are closed again, ``restore`` the further operations (their number is what the plan keeps least), ``islands`` what
    trucks feed, ``steps`` the order of switching, ``final`` the last state by the independent check.
    """

    status: Status
    reason: Words
    isolate: tuple[str, ...] = ()
    reclose: tuple[str, ...] = ()
    restore: tuple[Operation, ...] = ()
    islands: tuple[Island, ...] = ()
    served: Served | None = None
    proof: Proof | None = None
    steps: tuple[Step, ...] = ()
    final: State | None = None
    located: Located | None = None
    faulted: tuple[str, ...] = ()
    loss_kw: float = 0.0

    @property
    def operations(self) -> int:
        """Switch operations of the restoration, isolation and reclosing of the tripped breaker not counted."""
        return len(self.restore)

    def to_json(self) -> dict[str, Any]:
        """The result as plain JSON."""
        plain: dict[str, Any] = case.plain(self)
        return plain
