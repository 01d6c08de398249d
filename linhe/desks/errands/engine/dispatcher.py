"""The three modes on one state: plan a batch, answer one new request at once, list what lies on one person's way."""

from dataclasses import replace

import numpy as np

from . import explain, planner
from .jit import Ints
from .listing import list_for
from .model import build_model, write_request
from .near import feasible_alone
from .planner import Planner
from .problem import Params, Problem
from .result import Offer, Result, Unserved
from .rows import PENALTY
from .search import fill
from .sorting import by_place

SPARE = 1_024
"""So many requests may come in before the arrays are built afresh."""


class Dispatcher:
    """A plan that is kept, answers new requests at once and is improved from batch to batch.

    Parameters
    ----------
    problem : Problem
    params : Params, optional
    warm : Result, optional
        An earlier plan: whoever had an offer in it starts with it where that is still possible, and the search looks
        around what is new first.
    spare : int
        Room for requests that come in one by one.

    Notes
    -----
    Deterministic for the seed, the budget and the calls made, whatever ``params.threads`` is; only ``params.wall_s``
    brings the clock in. Not for several callers at once.
    """

    def __init__(
        self, problem: Problem, params: Params | None = None, warm: Result | None = None, spare: int = SPARE
    ) -> None:
        self.params = params or Params()
        self._spare = spare
        self._fresh: Ints | None = None
        self._build(by_place(problem))
        if warm is not None:
            self._warm_start(warm)

    def _build(self, problem: Problem) -> None:
        self._arrange(problem)
        lost = self.model.owner[self.planner.state.taker[: self.model.pinned] < 0]
        if len(lost):  # taken out together, they do not fit back one after the other: these people keep their order
            kept = np.repeat(np.isin(np.arange(problem.people), lost), np.diff(problem.stop_offset))
            problem = replace(problem, stop_errand=np.where(kept, -1, problem.stop_errand))
            self._arrange(problem)
        self._problem, self._more = problem, list[Problem]()
        self._next = self.model.pinned + problem.requests
        self._people = {key: row for row, key in enumerate(problem.person_id.tolist())}
        self._known = set(problem.request_id.tolist())
        self._scratch = np.empty(problem.people, dtype=np.int64), np.empty(problem.people)
        room = len(self.model.city.request) - self.model.pinned - problem.requests
        self._ids = np.concatenate([problem.request_id, np.full(room, -1)])
        self._urgent = np.concatenate([problem.request_urgent, np.zeros(room, dtype=np.bool_)])

    def _arrange(self, problem: Problem) -> None:
        self.model = build_model(problem, self.params, self._spare)
        self.planner: Planner = planner.build_planner(problem, self.model, self.params)

    def _warm_start(self, warm: Result) -> None:
        rows = {key: row for row, key in enumerate(self._problem.request_id.tolist())}
        known = [*(o.request_id for o in warm.offers), *(u.request_id for u in warm.unserved)]
        fresh = np.ones(self._problem.requests, dtype=np.bool_)
        fresh[[rows[key] for key in known if key in rows]] = False
        wishes = [
            (rows[o.request_id] + self.model.pinned, self._people[o.person_id])
            for o in warm.offers
            if o.request_id in rows and o.person_id in self._people
        ]
        planner.assign(self.planner, np.array(wishes, dtype=np.int64).reshape(-1, 2))
        self._fresh = np.flatnonzero(fresh) + self.model.pinned

    @property
    def problem(self) -> Problem:
        """The people, and every request that came in so far."""
        self._settle()
        return self._problem

    @property
    def objective_m(self) -> float:
        """What the plan costs now: detours, penalties of the unserved, fairness."""
        return self.planner.objective_m()

    @property
    def served(self) -> int:
        """How many requests have an offer in the plan."""
        return int((self.planner.state.taker[self.model.pinned :] >= 0).sum())

    def add(self, more: Problem) -> None:
        """Take in the requests of ``more`` (a problem without people); the next ``improve`` finds them a place."""
        self._rebuild([*self._more, more], more.requests)

    def improve(self, params: Params | None = None, part: tuple[float, float] | None = None) -> None:
        """Fill in what fits and search within the budget; after a warm start, ``add`` or ``answer``, around the new.

        With ``part`` (shares of the whole) this call is one part of a longer cooling; see ``shards``.
        """
        self._settle()
        planner.plan(self.planner, params or self.params, self._fresh, part)
        self._fresh = np.empty(0, dtype=np.int64)

    def result(self) -> Result:
        """The plan with its reasons."""
        self._settle()
        return explain.explained(self._problem, self.planner)

    def _settle(self) -> None:
        """Build the arrays with what came in one by one, and the lists by person."""
        if self._more:
            self._rebuild(self._more, 0)

    def _rebuild(self, more: list[Problem], last: int) -> None:
        taker = self.planner.state.taker[self.model.pinned : self._next].copy()
        old = self._problem.requests
        problem = self._problem
        for part in more:
            problem = problem.joined(part)
        calls, before = self.planner.calls, self._fresh
        self._build(problem)
        self.planner.calls = calls
        rows = np.flatnonzero(taker >= 0)
        planner.assign(self.planner, np.column_stack([rows + self.model.pinned, taker[rows]]))
        new = np.arange(old, problem.requests) + self.model.pinned
        self._fresh = None if before is None else np.union1d(before, new)

    def answer(self, request: Problem) -> Offer | Unserved:
        """The best place for one new request in the plan as it stands, at once; it is in the plan from now on.

        Parameters
        ----------
        request : Problem
            One request, and nobody.

        Raises
        ------
        ValueError
            If it is not one request, its id is known, or it does not go with the problem.
        """
        if request.requests != 1 or request.people:
            raise ValueError("request: must be a problem of one request and nobody")
        if int(request.request_id[0]) in self._known:
            raise ValueError("request_id: row 0: duplicate id")
        if request.skill_names != self._problem.skill_names or self._problem.road_m.size:
            raise ValueError("skill_names: differ, or there is a table of roads")
        row = self._take_in(request)
        state, pairs = self.planner.state, self.planner.pairs
        everywhere = np.zeros(len(state.held), dtype=np.int64)
        fill(
            self.planner.model.city,
            self.planner.stores[0],
            self.planner.terms,
            state,
            pairs,
            np.array([row]),
            everywhere,
        )
        return explain.answered(self._problem, request, self.planner, row)

    def _take_in(self, request: Problem) -> int:
        """Write one request into the next empty row with the pairs it has; the row."""
        pairs = self.planner.pairs
        if self._next == len(self.model.city.request) or len(pairs.person) - pairs.start[-1] < len(self._people):
            self._spare = max(self._spare, SPARE)
            self._rebuild(self._more, 0)
            pairs = self.planner.pairs
        row = self._next
        write_request(self.model, request, self.params, row)
        key = int(request.request_id[0])
        refused = sorted({self._people[p] for r, p in request.declined.tolist() if r == key and p in self._people})
        if refused:
            keys = np.concatenate([self.model.allowed.declined, row * len(self._people) + np.array(refused)])
            self.model = replace(self.model, allowed=self.model.allowed._replace(declined=keys))
            self.planner.model = replace(self.planner.model, allowed=self.model.allowed)
        persons, alone = self._scratch
        count = feasible_alone(self.planner.model.city, self.planner.balls(), self.model.allowed, row, persons, alone)
        at = int(pairs.start[row])
        pairs.person[at : at + count] = persons[:count]
        pairs.alone[at : at + count] = alone[:count]
        pairs.start[row + 1 :] = at + count
        terms = self.planner.terms
        terms.alone[at : at + count] = np.round(alone[:count] * 1000)
        terms.penalty[row] = round(self.model.city.request[row, PENALTY] * 1000)
        self._known.add(key)
        self._more.append(request)
        self._ids[row - self.model.pinned], self._urgent[row - self.model.pinned] = key, request.request_urgent[0]
        self._next += 1
        return row

    def list_for(self, person_id: int, limit: int = 20) -> tuple[Offer, ...]:
        """The open requests that lie on one person's way, each judged alone in the route as driven now."""
        if person_id not in self._people:
            raise ValueError(f"person_id: nobody has the id {person_id}")
        if self.planner.held:
            return list_for(self.problem, person_id, limit)
        p, pairs = self._people[person_id], self.planner.pairs
        rows = pairs.request[pairs.of_person[p] : pairs.of_person[p + 1]]
        # whoever came in since the lists by person were made stands in those by request alone
        begun = int(pairs.start[self._next - len(self._more)])
        new = begun + np.flatnonzero(pairs.person[begun : pairs.start[self._next]] == p)
        rows = np.concatenate([rows, np.searchsorted(pairs.start, new, side="right") - 1])
        return explain.on_the_way(self._problem, self.planner, p, limit, rows, self._ids, self._urgent)
