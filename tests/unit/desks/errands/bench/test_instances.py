"""The instances of the bench: right sizes, the same for a seed, and couriers whose own day works out."""

from functools import cache

import numpy as np
import pytest

from linhe.desks.errands.bench.instances import CITY, LONGEST_M, MOST_EXTRA, SIZES, VISITS, Pool, instance, pool_of
from linhe.desks.errands.engine import Problem
from linhe.desks.errands.engine.driving import limits, own_stops, simulate
from linhe.desks.errands.sample.city import city
from linhe.desks.errands.sample.generate import FOLDER
from linhe.desks.errands.sample.reader import read
from linhe.lib.geography import Point, distance_m
from tests.unit.desks.errands.engine.worlds import arrays


@cache
def drawn() -> Pool:
    return pool_of(city())


def test_city_has_the_figures_it_imitates() -> None:
    day = city()
    assert (len(day.sites), len(day.spots), len(day.shops)) == (94, 6_361, 480)
    assert (len(day.trips), len(day.orders)) == (1_967, 2_408)
    stops = [len(trip.stops) for trip in day.trips]
    assert np.median(stops) == 3
    assert max(sum(stop.pieces for stop in trip.stops) for trip in day.trips) <= 140
    lengths = [distance_m(day.shops[o.shop_id], day.spots[o.spot_id]) for o in day.orders]
    assert 600 < np.median(lengths) < 900
    assert city().orders == day.orders


@pytest.mark.parametrize("size", ["S", "M"])
def test_instance_has_its_size_and_comes_again_for_the_seed(size: str) -> None:
    requests, people = SIZES[size]
    problem = instance(drawn(), requests, people, seed=3)
    assert (problem.requests, problem.people) == (requests, people)
    assert problem.visits.mean() == pytest.approx(VISITS)
    assert set(problem.person_extra_max) == {MOST_EXTRA}
    again, other = instance(drawn(), requests, people, seed=3), instance(drawn(), requests, people, seed=4)
    assert all(np.array_equal(one, two, equal_nan=True) for one, two in _arrays(problem, again))
    assert any(
        one.shape != two.shape or not np.array_equal(one, two, equal_nan=True) for one, two in _arrays(problem, other)
    )


def _arrays(a: Problem, b: Problem) -> list[tuple[np.ndarray, np.ndarray]]:
    return [
        (one, arrays(b)[name]) for name, one in arrays(a).items() if isinstance(one, np.ndarray) and one.dtype != bool
    ]


def test_own_routes_can_be_driven_and_orders_are_short() -> None:
    problem = instance(drawn(), *SIZES["M"])
    for row in range(problem.people):
        stops = own_stops(problem, row)
        assert not limits(problem, row, stops, simulate(problem, row, stops))
    rows = np.flatnonzero(~problem.visits)
    far = [
        distance_m(
            Point(problem.request_pickup_lon[r], problem.request_pickup_lat[r]),
            Point(problem.request_dropoff_lon[r], problem.request_dropoff_lat[r]),
        )
        for r in rows
    ]
    assert max(far) < LONGEST_M + 1


def test_more_than_a_city_stands_side_by_side() -> None:
    """Twice a city's couriers keep a city's density: the second half lies apart from the first."""
    problem = instance(drawn(), 2_000, 2 * CITY)
    first, second = problem.person_lon[:CITY], problem.person_lon[CITY:]
    assert first.max() < second.min()
    assert problem.people == 2 * CITY


def test_instance_from_a_folder_of_files() -> None:
    problem = instance(pool_of(read(FOLDER)), 40, 20)
    assert (problem.requests, problem.people) == (40, 20)
