"""Restoring a failed medium-voltage line: what to isolate, which ties to close, where trucks feed, in which order.

The sweeps are compiled and the checks bring their own solver, so both come with the first plan and not with every
command; servers load them when they start.
"""

from .problem import Params, Problem
from .result import Result

__all__ = ["Params", "Problem", "Result", "solve"]


def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan the restoration, see ``solver.solve``."""
    from . import solver  # noqa: PLC0415 - loads the compiler

    return solver.solve(problem, params)
