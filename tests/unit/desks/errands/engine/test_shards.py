"""Areas that are planned apart: everything in exactly one, and together nearly as good as one plan."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from linhe.desks.errands.bench.instances import instance, pool_of
from linhe.desks.errands.engine import Params, solve
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.shards import middles, plan_in_areas, settle
from linhe.desks.errands.sample.city import city
from tests.unit.desks.errands.engine.worlds import world

AREAS, ROUNDS = 8, 16


def test_everybody_and_everything_is_in_one_area_and_borders_turn() -> None:
    problem = world(1, 97, 50, 0.2)
    begin = np.column_stack([problem.request_dropoff_lon, problem.request_dropoff_lat])
    first, again, later = (settle(middles(problem), begin, AREAS, number) for number in (0, 0, 1))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    sizes = np.bincount(first[0], minlength=AREAS)
    assert sizes.sum() == 97
    assert sizes.max() - sizes.min() <= 2
    assert set(first[1].tolist()) <= set(range(AREAS))
    together = first[0][:, None] == first[0]
    assert (together != (later[0][:, None] == later[0])).any(), "other neighbours share an area"


def test_nobody_on_duty_is_no_area() -> None:
    people, requests = settle(np.zeros((0, 2)), np.zeros((3, 2)), AREAS, 0)
    assert (len(people), requests.tolist()) == (0, [0, 0, 0])


def test_four_processes_and_eight_areas_are_within_one_percent_of_one_plan() -> None:
    problem = instance(pool_of(city()), 1_000, 500)
    whole = solve(problem, Params(iterations=100_000, fairness_m=0))
    params = Params(iterations=1_500, threads=1, fairness_m=0)
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        parts = plan_in_areas(problem, params, AREAS, ROUNDS, pool.map)
    assert violations(problem, parts) == []
    assert parts.objective_m <= 1.01 * whole.objective_m
    assert len({offer.request_id for offer in parts.offers}) == len(parts.offers)
