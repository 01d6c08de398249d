"""How a company is assessed: a survey of households by sample, its estimate, and the score of a round.

SciPy takes a second to load, so it comes with the first result and not with every command; servers load it when they
start.
"""

from linhe.desks.property.engine.problem import Params, Problem
from linhe.desks.property.engine.result import Result

__all__ = ["Params", "Problem", "Result", "solve"]


def solve(problem: Problem, params: Params | None = None) -> Result:
    """The outcome of a round, see ``solver.solve``."""
    from linhe.desks.property.engine import solver  # noqa: PLC0415 - loads SciPy

    return solver.solve(problem, params)
