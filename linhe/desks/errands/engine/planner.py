"""The search of a batch: areas with borders that turn from round to round, side by side on several threads."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from . import exact, long, rounds
from . import search as kernel
from .areas import split
from .bundles import Store, build_store, random_keys
from .columns import Columns, build_columns
from .jit import Floats, Ints
from .model import Model, find_pairs, lengths, present_nodes, present_rows
from .near import Pairs, balls_of, listed
from .problem import Params, Problem
from .rows import City
from .state import State, Terms, build_state, build_terms, total

TURNS_PER_S = 100_000  # of a common machine
TURNS_A_REQUEST = 20_000  # more is not worth it
KEY_SEED = 0x5EED
LEAST_SLOTS, MOST_SLOTS = 12, 21  # powers of two
PAIRS_A_REQUEST = 64
HOT_M, COLD_M = 3_000.0, 100.0
WARM_M = (60.0, 20.0)


@dataclass
class Planner:
    """Everything that one search needs; ``state`` is the plan so far."""

    model: Model
    params: Params
    pairs: Pairs
    terms: Terms
    state: State
    stores: list[Store]
    desks: list[kernel.Desk]
    columns: Columns
    centre: Floats  # (P, 2) [m] middle of each route
    index: Ints  # (N,) of each node among its person's present stops, or -1
    given: tuple[Ints, Ints]  # rows of nodes of the routes as given, and where each begins
    calls: int = 0
    held: bool = False  # the errands stand in the routes themselves, see ``long``
    fair_m: float = 0.0  # fairness of what stands there
    rows: dict[int, Ints] = field(default_factory=dict)  # nodes of routes that were put in order exactly, see ``exact``
    trace: list[tuple[float, float]] = field(default_factory=list)
    _balls: tuple[City, Floats] | None = None

    def balls(self) -> Floats:
        """Around each route as it is now, see ``near.balls_of``."""
        if self._balls is None or self._balls[0] is not self.model.city:
            self._balls = self.model.city, balls_of(self.model.city)
        return self._balls[1]

    def objective_m(self) -> float:
        """The objective [m], measured against the routes as given."""
        if self.held:
            longer = float((lengths(self.model.city) - self.model.given_m).sum())
            return total(self.terms, self.state) / 1000 + self.fair_m + longer
        held = np.bincount(self.model.owner, minlength=len(self.model.given_m))
        # what the accepted errands cost is no part of this plan, neither their way nor their fairness
        way = float((self.model.given_m - lengths(self.model.city)).sum())
        fair = int((held * self.terms.fair + self.terms.step * held * (held - 1) // 2).sum())
        return (total(self.terms, self.state) - fair) / 1000 - way


def build_planner(problem: Problem, model: Model, params: Params) -> Planner:
    """Feasible pairs, an empty assignment and room for every thread."""
    city = model.city
    people, count = len(city.person), len(city.request)
    keys = random_keys(people + count, KEY_SEED)
    asked = np.arange(model.pinned, model.pinned + model.requests)
    edges = np.linspace(0, people, params.threads + 1).astype(np.int64)
    if params.threads == 1:  # a thread costs more than the pairs of one new request
        parts = [find_pairs(model, asked, 0, people, True)]
    else:
        with ThreadPoolExecutor(params.threads) as pool:
            parts = list(
                pool.map(lambda k: find_pairs(model, asked, int(edges[k]), int(edges[k + 1]), True),
                         range(params.threads))
            )  # fmt: skip
    persons, requests, alone = (np.concatenate([part[k] for part in parts]) for k in range(3))
    own = np.bincount(model.owner, minlength=people)
    slots = 2 ** int(np.clip(np.log2(64 * len(persons) + 1), LEAST_SLOTS, MOST_SLOTS))
    pairs = listed(persons, requests, alone, people, count)
    room = PAIRS_A_REQUEST * (count - model.pinned - model.requests)  # for requests that come in later
    pairs = pairs._replace(
        person=np.concatenate([pairs.person, np.zeros(room, dtype=np.int64)]),
        alone=np.concatenate([pairs.alone, np.zeros(room)]),
    )
    planner = Planner(
        model=model,
        params=params,
        pairs=pairs,
        terms=build_terms(city, keys, own, pairs),
        state=build_state(people, count, keys),
        stores=[build_store(city, slots) for _ in range(params.threads)],
        desks=[kernel.build_desk(people, count) for _ in range(params.threads)],
        columns=build_columns(people, kept=False),
        centre=centres(model),
        index=present_rows(problem, model),
        given=present_nodes(problem, model),
    )
    start(planner)
    return planner


def centres(model: Model) -> Floats:
    """(P, 2) metres east and north of the middle of each route as driven now."""
    city = model.city
    if not len(city.person):
        return np.zeros((0, 2))
    middle = np.add.reduceat(city.node[city.nodes, :3], city.first[:-1])
    middle /= np.diff(city.first)[:, None]
    mean = middle.mean(axis=0)
    up = mean / max(float(np.linalg.norm(mean)), 1e-9)
    east = np.cross([0.0, 0.0, 1.0], up)
    east /= max(float(np.linalg.norm(east)), 1e-9)
    return np.column_stack([middle @ east, middle @ np.cross(up, east)])


def start(planner: Planner) -> None:
    """Give the pinned errands to their people."""
    kernel.assign(
        planner.model.city, planner.stores[0], planner.terms, planner.state,
        np.arange(planner.model.pinned), planner.model.owner,
    )  # fmt: skip


def assign(planner: Planner, wishes: Ints) -> None:
    """Give requests (rows, people) to people where it is allowed, possible and worth it."""
    pairs = planner.pairs
    width = np.diff(pairs.start)[wishes[:, 0]]
    row = np.repeat(np.arange(len(wishes)), width)
    at = np.arange(len(row)) + np.repeat(pairs.start[wishes[:, 0]] - np.cumsum(width) + width, width)
    found = row[pairs.person[at] == wishes[row, 1]]
    allowed = np.bincount(found, minlength=len(wishes)) > 0
    kernel.assign(
        planner.model.city, planner.stores[0], planner.terms, planner.state, wishes[allowed, 0], wishes[allowed, 1]
    )


def plan(planner: Planner, params: Params, fresh: Ints | None, part: tuple[float, float] | None = None) -> None:
    """Fill in every request that fits, search within the budget, and fill in again.

    ``fresh`` are the requests that are new since the last search, None before the first. With ``part`` (shares of the
    whole, such as 0.25 to 0.5) this is one part of a longer cooling, which may end worse than it began.
    """
    begun = time.perf_counter()
    exact.loosen(planner)
    by_areas = fresh is None and rounds.areas_of(planner) > 1 and not long.has_long_routes(planner)
    if by_areas:
        begin(planner, params)
    else:
        fill(planner)
    if len(planner.pairs.person):
        work = requests_at_work(planner, fresh)
        turns = params.iterations if params.iterations is not None else int(params.deadline_s * TURNS_PER_S)
        if params.iterations is None:
            turns = min(turns, TURNS_A_REQUEST * len(work))
        heat = (HOT_M, COLD_M) if fresh is None else WARM_M
        if part is not None:
            heat = (HOT_M * (COLD_M / HOT_M) ** part[0], HOT_M * (COLD_M / HOT_M) ** part[1])
        if turns and long.has_long_routes(planner):
            long.improve(planner, params, turns, begun)
        elif turns and len(work):
            rounds.improve(planner, params, work, turns, begun, heat, part is not None and part[1] < 1)
            fill(planner)
            exact.finish(planner)
        elif by_areas:
            fill(planner)
    planner.calls += 1


def requests_at_work(planner: Planner, fresh: Ints | None) -> Ints:
    """What is searched: all requests that somebody could take, or the fresh ones and those of people around them."""
    pairs, taker = planner.pairs, planner.state.taker
    able = np.diff(pairs.start) > 0
    able[: planner.model.pinned] = False
    if fresh is not None and len(fresh):
        around = np.zeros(len(planner.state.held), dtype=np.bool_)
        for r in fresh.tolist():
            around[pairs.person[pairs.start[r] : pairs.start[r + 1]]] = True
        close = (taker >= 0) & around[np.maximum(taker, 0)]
        close[fresh] = True
        able &= close
    return np.flatnonzero(able)


def fill(planner: Planner) -> None:
    """Put every unserved request where it adds least, the rarest first."""
    everybody = np.zeros(len(planner.state.held), dtype=np.int64)
    kernel.fill(
        planner.model.city, planner.stores[0], planner.terms, planner.state, planner.pairs, _rarest(planner), everybody
    )


def _rarest(planner: Planner) -> Ints:
    """The unserved requests that somebody could take, urgent ones and then those with fewest such people first."""
    width = np.diff(planner.pairs.start)
    left = np.flatnonzero((planner.state.taker < 0) & (width > 0))
    left = left[left >= planner.model.pinned]
    return np.asarray(left[np.lexsort((width[left], -planner.terms.penalty[left]))])


def begin(planner: Planner, params: Params) -> None:
    """A first plan for a search to start from: ``fill``, each area by itself and side by side."""
    areas = rounds.areas_of(planner)
    area = split(planner.centre, areas, 0)
    order = _rarest(planner)
    ground = rounds.ground_of(planner, area, 0)[order]
    free = list(range(params.threads))

    def one(here: int) -> None:
        thread = free.pop()
        kernel.fill(
            planner.model.city, planner.stores[thread], planner.terms, planner.state, planner.pairs,
            order[ground == here], area, here,
        )  # fmt: skip
        free.append(thread)

    with ThreadPoolExecutor(params.threads) as pool:
        list(pool.map(one, range(areas)))
