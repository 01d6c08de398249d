"""The demo stories of the desks: ``demo.seed(at=...)`` tells the past, ``demo.tell(stopping)`` goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linhe.core.loop import registry


def stories(name: str) -> dict[str, Callable[..., Any]]:
    """The function of that name in the ``demo`` room of every desk that has one, by desk."""
    rooms = ((desk.code, desk.room("demo")) for desk in registry.desks())
    return {code: getattr(room, name) for code, room in rooms if hasattr(room, name)}
