"""Tables of roads in the engine: ways there and back that differ, as one-way streets make them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall

from linhe.desks.errands.engine import Params, Problem, solve
from linhe.desks.errands.engine.checker import own_stops, violations
from linhe.desks.errands.engine.distances.straight import great_circle
from linhe.desks.errands.engine.distances.tables import places_of
from linhe.desks.errands.engine.scoring import plan_of, score
from tests.unit.desks.errands.engine.test_solve_oracle import drawn
from tests.unit.desks.errands.engine.worlds import best_added, changed, world


def one_way_world(seed: int, people: int, requests: int) -> Problem:
    """A drawn district in which the way back is another one, and every way a shortest one."""
    problem = world(seed, people, requests, 0.01, most_stops=4)
    places, draw = places_of(problem), np.random.default_rng(seed)
    longer = draw.uniform(1.0, 2.0, (len(places), len(places)))
    roads = floyd_warshall(np.where(np.eye(len(places)), 0, great_circle(places, places) * longer + 1e-3))
    roads = np.maximum(roads, great_circle(places, places))
    late = {name: np.full_like(getattr(problem, name), np.inf) for name in ("stop_latest_s", "person_end_latest_s")}
    return changed(problem, road_m=roads, **late)


@drawn(40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 10))
def test_plans_on_one_way_roads_are_feasible_and_cost_what_they_claim(seed: int, people: int, requests: int) -> None:
    problem = one_way_world(seed, people, requests)
    params = Params(deadline_s=0.02, fairness_m=0)
    result = solve(problem, params)
    assert violations(problem, result) == []
    assert abs(score(problem, params, plan_of(result)).objective_m - result.objective_m) < 0.01


@drawn(25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_one_request_gets_its_best_place_on_one_way_roads(seed: int, people: int) -> None:
    problem = one_way_world(seed, people, 1)
    params = Params(deadline_s=0.01, fairness_m=0)
    least = min(best_added(problem, p, own_stops(problem, p), 0)[0] for p in range(people))
    penalty = params.urgent_unserved_m if problem.request_urgent[0] else params.unserved_m
    assert abs(solve(problem, params).objective_m - min(least, penalty)) < 0.01
