"""What lies on one person's way: each open request alone in the present route, the least detour first."""

from .explain import offers_of
from .kernel import insert
from .model import build_model, build_pairs, build_plan, copied, find_near
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
    m, base, broken = build_plan(mine, build_model(mine, Params()))
    if broken or not mine.requests:
        return ()
    pairs, alone = build_pairs(m, base, find_near(m, base))
    order = sorted(
        range(len(alone)),
        key=lambda k: (not mine.request_urgent[pairs.request[k]], alone[k], mine.request_id[pairs.request[k]]),
    )
    offers: list[Offer] = []
    for k in order[:limit]:
        plan = copied(base)
        insert(m, plan, 0, int(pairs.request[k]), int(pairs.pickup[k]), int(pairs.dropoff[k]))
        offers += offers_of(mine, m, base, plan, pairs, alone, runners_up=0)
    return tuple(offers)
