"""The three modes on one state: plan a batch, answer one new request, list what lies on one person's way."""

import numpy as np

from . import explain, planner
from .jit import Ints
from .model import build_model
from .planner import Planner
from .problem import Params, Problem
from .result import Result


class Dispatcher:
    """A plan that is kept and improved as requests come in.

    Parameters
    ----------
    problem : Problem
    params : Params, optional
    warm : Result, optional
        An earlier plan: whoever had an offer in it starts with it where that is still possible, and the search looks
        around what is new first.

    Notes
    -----
    Deterministic for the seed, the budget and the calls made, whatever ``params.threads`` is; only ``params.wall_s``
    brings the clock in. Not for several callers at once.
    """

    def __init__(self, problem: Problem, params: Params | None = None, warm: Result | None = None) -> None:
        self.problem = problem
        self.params = params or Params()
        self.model = build_model(problem, self.params)
        self.planner: Planner = planner.build_planner(self.model, self.params)
        self._new: Ints | None = None
        if warm is not None:
            self._warm_start(warm)

    def _warm_start(self, warm: Result) -> None:
        rows = {key: row for row, key in enumerate(self.problem.request_id.tolist())}
        people = {key: row for row, key in enumerate(self.problem.person_id.tolist())}
        known = [*(o.request_id for o in warm.offers), *(u.request_id for u in warm.unserved)]
        fresh = np.ones(self.problem.requests, dtype=np.bool_)
        fresh[[rows[key] for key in known if key in rows]] = False
        wishes = [
            (rows[o.request_id] + self.model.pinned, people[o.person_id])
            for o in warm.offers
            if o.request_id in rows and o.person_id in people
        ]
        planner.assign(self.planner, np.array(wishes, dtype=np.int64).reshape(-1, 2))
        self._new = np.flatnonzero(fresh) + self.model.pinned

    def improve(self, params: Params | None = None) -> None:
        """Fill in what fits and search within the budget; after a warm start or ``add``, around what is new."""
        planner.plan(self.planner, params or self.params, self._new)
        self._new = np.empty(0, dtype=np.int64)

    @property
    def objective_m(self) -> float:
        """What the plan costs now: detours, penalties of the unserved, fairness."""
        return self.planner.objective_m()

    @property
    def served(self) -> int:
        """How many requests have an offer in the plan."""
        return int((self.planner.state.taker[self.model.pinned :] >= 0).sum())

    def result(self) -> Result:
        """The plan with its reasons."""
        return explain.explained(self.problem, self.planner)
