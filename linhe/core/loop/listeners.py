"""Apps above the loop hear of every event, inside its transaction."""

from collections.abc import Callable

from linhe.core.loop.models import Event
from linhe.core.loop.step import Step

Listener = Callable[[Event, Step], None]
_LISTENERS: list[Listener] = []


def on_event(listener: Listener) -> Listener:
    """Have ``listener(event, step)`` called for every event. What it raises undoes the action."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def tell(event: Event, step: Step) -> None:
    """Call every listener."""
    for listener in _LISTENERS:
        listener(event, step)
