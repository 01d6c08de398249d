"""In which order to walk a round: every door in its window, the earliest end, the shortest way (pure computation).

OR-Tools takes a second to load, so it comes with the first round and not with every command; servers load it when they
start.
"""

from .problem import Params, Problem, Stop
from .result import Call, Result

__all__ = ["Call", "Params", "Problem", "Result", "Stop", "solve"]


def solve(problem: Problem, params: Params) -> Result:
    """The best order of a round, see ``solver.solve``."""
    from . import solver  # noqa: PLC0415 - loads OR-Tools

    return solver.solve(problem, params)
