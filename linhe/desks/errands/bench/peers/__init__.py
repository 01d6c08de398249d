"""Other routing solvers on the same problem: VROOM, OR-Tools and PyVRP, each as it lets own stops be modelled.

They are needed for measuring only (the ``dev`` group of dependencies). What each model leaves out stands in its module.
Their plans are judged like ours: what cannot be driven is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec

from linhe.desks.errands.bench.peers import by_ortools, by_pyvrp, by_vroom
from linhe.desks.errands.bench.peers.common import TooLarge
from linhe.desks.errands.engine import Params, Problem

Plan = dict[int, list[tuple[str, int]]]
Solve = Callable[[Problem, Params, float], Plan]

PEERS: Mapping[str, tuple[str, Solve]] = {
    "VROOM": ("vroom", by_vroom.solve),
    "OR-Tools": ("ortools", by_ortools.solve),
    "PyVRP": ("pyvrp", by_pyvrp.solve),
}
"""Package to import, and how it is asked."""

__all__ = ["PEERS", "Plan", "TooLarge", "is_installed"]


def is_installed(name: str) -> bool:
    """Whether a peer can be asked here."""
    return find_spec(PEERS[name][0]) is not None
