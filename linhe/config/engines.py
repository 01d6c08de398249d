"""Servers load what the engines compute with when they start, so that no visitor waits for it."""

from __future__ import annotations

from linhe.core.loop import registry


def load_engines() -> None:
    """Load the solver of every desk that has one."""
    for desk in registry.desks():
        if desk.room("engine"):
            desk.room("engine.solver")
