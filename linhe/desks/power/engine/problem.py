"""The state that a restoration is planned from, and the parameters of the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from . import case, validation
from .network import NO_SIGNALS, SERVICE, Fault, Feeder, Limits, Signals, Site, Truck


@dataclass(frozen=True, eq=True, kw_only=True)
class Problem:
    """A feeder with a fault, and what may be used to restore it.

    Parameters
    ----------
    feeder : the network in its normal state.
    fault : what has failed; None = not known yet, then ``signals`` are ranked and nothing is switched.
    signals : alarms, indicators and calls, see ``locate``.
    trucks, sites : generator trucks and the points where one may be connected; one truck an island.
    limits : voltage and thermal limits.
    unavailable : ids of switches, trucks, sites, lines and transformers that cannot be used. A switch stays as it is
        (a fault next to a closed one spreads to the next switch).
    present : switch id -> closed, where the state now differs from the normal one (for planning anew midway).
    placed : truck id -> site id of trucks that feed an island already; they stay.

    Raises
    ------
    ValueError
        One clear line: what is wrong, and with which element.
    """

    feeder: Feeder
    fault: Fault | None = None
    signals: Signals = NO_SIGNALS
    trucks: tuple[Truck, ...] = ()
    sites: tuple[Site, ...] = ()
    limits: Limits = SERVICE
    unavailable: tuple[str, ...] = ()
    present: Mapping[str, bool] = field(default_factory=dict)
    placed: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        validation.check(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a case as CASE.md describes it; ValueError names the place in the file."""
        return cls(**case.parts_of(data))

    def to_json(self) -> dict[str, Any]:
        """The case that ``from_json`` reads back to an equal problem."""
        return case.case_of(self)


@dataclass(frozen=True, kw_only=True)
class Params:
    """How the planner weighs and how long it may take.

    Parameters
    ----------
    weights : worth of a kW of priority 1, 2 and 3.
    most_trees : candidates of the exchange enumeration before it gives up its claim to a proof.
    time_limit_s : for the mixed-integer part; the gap that is left then is told. 0 = what is shed is not proven. [s]
    minutes : action -> minutes that a step of it should take, instead of those in ``order``. [min]
    steps : also make the order of switching (bench runs without).
    check : independent AC check of the plan and of every step.
    """

    weights: tuple[float, float, float] = (100.0, 10.0, 1.0)
    most_trees: int = 300_000
    time_limit_s: float = 20.0
    minutes: Mapping[str, float] = field(default_factory=dict)
    steps: bool = True
    check: bool = True
