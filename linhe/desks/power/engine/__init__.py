"""Restoring a failed medium-voltage line: what to isolate, which ties to close, where trucks feed, in which order.

The sweeps are compiled and the checks bring their own solver, so both come with the first plan and not with every
command; servers load them when they start.
"""

from . import phases
from .problem import Params, Problem
from .result import Result

__all__ = ["Params", "Problem", "Result", "solve"]


def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan the restoration, see ``solver.solve``, and ``phased.solve`` for feeders whose phases differ."""
    if problem.fault is not None and phases.told_apart(problem.feeder):
        from . import phased  # noqa: PLC0415 - loads the simulator of phases

        return phased.solve(problem, params)
    from . import solver  # noqa: PLC0415 - loads the compiler

    return solver.solve(problem, params)
