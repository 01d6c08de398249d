"""What lies on one person's way: each open request alone in the present route, the least detour first."""

from . import explain, planner
from .model import build_model
from .problem import Params, Problem
from .result import Offer

DEFAULT_LIMIT = 20


def list_for(problem: Problem, person_id: int, limit: int = DEFAULT_LIMIT) -> tuple[Offer, ...]:
    """The requests that this person could take now, each judged alone; urgent ones first, then by detour.

    Parameters
    ----------
    problem : Problem
        May hold other people too; they are left out of account.
    person_id : int
    limit : int
        At most so many offers.

    Raises
    ------
    ValueError
        If nobody has this id.

    Notes
    -----
    The same exact insertion as ``solve``. Any one of the offers is feasible, not all of them together.
    """
    mine = problem.only(person_id)
    params = Params(threads=1, fairness_m=0)
    model = build_model(mine, params)
    if model.broken or not mine.requests:
        return ()
    kept = planner.build_planner(mine, model, params)
    return explain.on_the_way(mine, kept, 0, limit, kept.pairs.request, mine.request_id, mine.request_urgent)
