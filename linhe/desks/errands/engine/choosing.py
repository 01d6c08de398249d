"""The best of the bundles that the search has met, put together anew: set packing, small area by small area.

Few of a plan's bundles are wrong, but to put them right takes many people at once. A linear programme over the bundles
kept of an area's people prices its requests; those bundles whose reduced cost is small go into an integer programme.

References
----------
Y. Rochat, E. D. Taillard (1995), Probabilistic diversification and intensification in local search for vehicle
routing, doi:10.1007/BF02430370 (a set partition over the routes met); HiGHS: Q. Huangfu, J. A. J. Hall (2018),
doi:10.1007/s12532-017-0130-5.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .areas import split
from .bundles import MILLI
from .jit import Bools, Floats, Ints, Keys, Shorts

if TYPE_CHECKING:
    from .planner import Planner

PASSES = 4
PEOPLE = 40  # of an area
CLOSE_M = 150.0  # bundles of a greater reduced cost are left out
NODES = 20  # of the search tree
NEAR_ENOUGH = 2e-4
LEAST_S = 0.05  # too little for a programme
FIRST_BORDERS = 1_000  # other directions than those of the search


class Choice(NamedTuple):
    """Bundles of an area: the place of each one's person, members, what each saves (a negative number) and costs."""

    place: Ints
    members: Shorts
    saves: Ints
    cost: Ints
    key: Keys


def improve(
    planner: "Planner", threads: int, ends: float | None, ground_of: Callable[["Planner", Ints, int], Ints]
) -> None:
    """Go over all areas again and again with other borders, until nothing is gained or the clock says ``ends``.

    ``ground_of`` tells the area of each request.
    """
    areas = max(1, len(planner.state.held) // PEOPLE)
    with ThreadPoolExecutor(threads) as pool:
        for number in range(PASSES if ends is None else 1_000):
            borders = FIRST_BORDERS + number
            area = split(planner.centre, areas, borders)
            ground = ground_of(planner, area, borders)

            def one(here: int, area: Ints = area, ground: Ints = ground) -> int:
                return _improve_area(planner, np.flatnonzero(area == here), ground == here, ends)

            gained = sum(pool.map(one, range(areas)))
            if ends is not None and time.perf_counter() > ends - LEAST_S:
                return
            if gained == 0 and number >= PASSES - 1:
                return


def _improve_area(planner: "Planner", people: Ints, free: Bools, ends: float | None) -> int:
    """Give the people of an area the best bundles of the ``free`` (R,) requests; what was gained [mm]."""
    if ends is not None and time.perf_counter() > ends - LEAST_S:
        return 0
    state, terms = planner.state, planner.terms
    pinned = np.bincount(planner.model.owner, minlength=len(state.held))
    people = people[pinned[people] == 0]
    choice = _bundles(planner, people, free)
    if not len(choice.place):
        return 0
    present = choice.key == state.key[people][choice.place]
    now = sum(int(state.cost[p] - terms.penalty[state.members[p, : state.held[p]]].sum()) for p in people.tolist())
    picked = _pick(choice, len(people), present, ends)
    if picked is None or int(choice.saves[picked].sum()) >= now:
        return 0
    for p in people.tolist():
        state.taker[state.members[p, : state.held[p]]] = -1
        state.held[p], state.cost[p], state.key[p] = 0, 0, terms.keys[p]
    for k in picked.tolist():
        p, mine = people[choice.place[k]], choice.members[k][choice.members[k] >= 0]
        state.members[p, : len(mine)] = mine
        state.held[p], state.cost[p], state.key[p], state.taker[mine] = len(mine), choice.cost[k], choice.key[k], p
    return now - int(choice.saves[picked].sum())


def _bundles(planner: "Planner", people: Ints, free: Bools) -> Choice:
    """The bundles kept of these people that hold nothing but free requests and are worth it."""
    columns, penalty = planner.columns, planner.terms.penalty
    place, slot = np.nonzero(columns.key[people])
    members = columns.members[people[place], slot]
    cost = columns.cost[people[place], slot]
    there, row = members >= 0, np.maximum(members, 0)
    worth = np.where(there, penalty[row], 0).sum(axis=1)
    able = (free[row] | ~there).all(axis=1) & (cost < worth)
    place, slot = place[able], slot[able]
    return Choice(place, members[able], cost[able] - worth[able], cost[able], columns.key[people[place], slot])


def _pick(choice: Choice, people: int, present: Bools, ends: float | None) -> Ints | None:
    """Rows of the bundles that save most together, no request and no person twice; None if none were found in time."""
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp  # noqa: PLC0415 - takes a second to load
    from scipy.sparse import csc_matrix  # noqa: PLC0415 - loads with it

    count = len(choice.place)
    bundle, column = np.nonzero(choice.members >= 0)
    requests, row = np.unique(choice.members[bundle, column], return_inverse=True)
    rows = np.concatenate([row, choice.place + len(requests)])
    taken = csc_matrix(
        (np.ones(len(rows)), (rows, np.concatenate([bundle, np.arange(count)]))), shape=(len(requests) + people, count)
    )
    saves: Floats = choice.saves / MILLI
    relaxed = linprog(saves, A_ub=taken, b_ub=np.ones(taken.shape[0]), bounds=(0, None), method="highs-ds")
    if relaxed.x is None:
        return None
    close = np.flatnonzero((saves - taken.T @ relaxed.ineqlin.marginals < CLOSE_M) | present)
    options = {"node_limit": NODES, "mip_rel_gap": NEAR_ENOUGH}
    if ends is not None:
        options["time_limit"] = max(LEAST_S, ends - time.perf_counter())
    found = milp(
        saves[close],
        constraints=LinearConstraint(taken[:, close], ub=np.ones(taken.shape[0])),
        integrality=np.ones(len(close)),
        bounds=Bounds(0, 1),
        options=options,
    )
    return None if found.x is None else np.asarray(close[found.x > 0.5])
