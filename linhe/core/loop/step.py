"""One pass through the door: what an effect or a listener gets to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linhe.core.loop.kinds import Action, Kind
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account


@dataclass(slots=True)
class Step:
    """An action under way, inside its transaction.

    An effect may change the matter's ``handler``, ``organisation``, ``title``, ``beneficiary`` and ``urgent``, add to
    ``record`` what the event shall keep (no personal text), set ``to`` to another declared stage, set in ``due`` when
    a clock that starts with this action runs out, and ask for work after the event.
    """

    kind: Kind
    action: Action
    matter: Matter
    by: Account | None
    role: str
    data: Any
    at: datetime
    from_stage: str
    to: str
    record: dict[str, Any] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    event: Event | None = None
    _after: list[Callable[[Event], None]] = field(default_factory=list)

    def after(self, work: Callable[[Event], None]) -> None:
        """Run ``work(event)`` in the same transaction, once the event is written."""
        self._after.append(work)

    def finish(self, event: Event) -> None:
        """Run what effects asked for."""
        self.event = event
        for work in self._after:
            work(event)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action led to. ``repeated`` tells that the same key had its effect before."""

    matter: Matter
    event: Event
    repeated: bool = False
