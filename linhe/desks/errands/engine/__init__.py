"""Errands on the way: which courier takes which request, where in the route, and why (pure computation).

The inner loops are compiled. Their compiler takes seconds to load, so it comes with the first plan and not with every
command; servers load it when they start.
"""

from .problem import Params, Problem
from .result import Offer, Result

__all__ = ["Params", "Problem", "Result", "list_for", "solve"]


def solve(problem: Problem, params: Params | None = None) -> Result:
    """Plan which person takes which request, see ``solver.solve``."""
    from . import solver  # noqa: PLC0415 - loads the compiler

    return solver.solve(problem, params)


def list_for(problem: Problem, person_id: int, limit: int) -> tuple[Offer, ...]:
    """The requests that one person could take now, see ``listing.list_for``."""
    from . import listing  # noqa: PLC0415 - loads the compiler

    return listing.list_for(problem, person_id, limit)
