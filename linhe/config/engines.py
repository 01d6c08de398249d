"""Servers load what the engines compute with when they start, so that no visitor waits for it."""

from __future__ import annotations

from linhe.core.loop import registry


def load_engines() -> None:
    """Load the solver of every desk that has one; what compiles is run once, so that the first real case only runs."""
    for desk in registry.desks():
        if desk.room("engine"):
            desk.room("engine.solver")
            if ready := desk.room("engine.ready"):
                ready.make_ready()
