"""From the state to a plan in one call; the method is described in ``search`` and ``bundles``.

Method: (1) a grid finds every pair that the detour limit allows, and exact insertion keeps the feasible ones; (2) ruin
and recreate with annealing moves requests between people, reading the detour of each bundle from memory; (3) areas with
turning borders are searched side by side, and (4) after every round the bundles met are packed anew by prices. The
objective is the sum of detours, of penalties for the unserved and of a fairness term that grows with the errands one
person gets.

References
----------
C. Archetti, M. Savelsbergh, M. G. Speranza (2016), The vehicle routing problem with occasional drivers,
doi:10.1016/j.ejor.2016.03.049.
"""

from .dispatcher import Dispatcher
from .problem import Params, Problem
from .result import Result


def solve(problem: Problem, params: Params | None = None, warm: Result | None = None) -> Result:
    """Plan which person takes which request.

    Parameters
    ----------
    problem : Problem
    params : Params, optional
    warm : Result, optional
        An earlier plan of nearly the same problem, to start from.

    Returns
    -------
    Result
        ``infeasible`` when some own route is already broken; the offers to the others stand.

    Notes
    -----
    Deterministic for a seed with any number of threads, unless ``params.wall_s`` asks the clock. The first call in a
    fresh installation compiles for some seconds. The plan is not proven optimal.
    """
    dispatcher = Dispatcher(problem, params, warm, spare=0)
    dispatcher.improve()
    return dispatcher.result()
