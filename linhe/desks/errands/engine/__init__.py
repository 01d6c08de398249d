"""Errands on the way: which courier takes which request, where in the route, and why (pure computation).

The inner loops are compiled. Their compiler takes seconds to load, so it comes with the first plan and not with every
command; servers load it when they start.
"""

from .problem import Params, Problem
from .result import Result

__all__ = ["Params", "Problem", "Result", "solve"]


def solve(problem: Problem, params: Params | None = None, warm: Result | None = None) -> Result:
    """Plan which person takes which request, see ``solver.solve``."""
    from . import solver  # noqa: PLC0415 - loads the compiler

    return solver.solve(problem, params, warm)
