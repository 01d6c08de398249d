"""The other solvers' models: their plans are drivable on a small problem, and what they cannot model is said."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from linhe.desks.errands.bench import rows
from linhe.desks.errands.bench.bound import lower_bound
from linhe.desks.errands.bench.instances import instance, pool_of
from linhe.desks.errands.bench.peers import PEERS, TooLarge, common, is_installed
from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.engine.driving import own_stops, simulate
from linhe.desks.errands.engine.scoring import score
from linhe.desks.errands.sample.city import city
from tests.unit.desks.errands.engine.worlds import changed

PARAMS = Params(fairness_m=0, deadline_s=0.05)
NAMES = sorted(PEERS)


@cache
def small() -> Problem:
    return instance(pool_of(city()), 16, 8)


@pytest.mark.parametrize("name", NAMES)
def test_peer_finds_a_plan_that_can_be_driven(name: str) -> None:
    problem = small()
    assert is_installed(name)
    plan = PEERS[name][1](problem, PARAMS, 1.0)
    told = score(problem, PARAMS, plan)
    assert len(told.served) >= 4
    assert len(told.dropped) <= 2
    nothing = score(problem, PARAMS, {})
    assert lower_bound(problem, PARAMS).metres - 1 <= told.objective_m < nothing.objective_m


def test_whole_numbers_never_flatter_a_route() -> None:
    problem = small()
    places = common.places_of(problem)
    for p in range(problem.people):
        drive = simulate(problem, p, own_stops(problem, p))
        stops = [places.start(p), *common.own_rows(problem, p), places.end(p)]
        driven = sum(int(places.metres[a, b]) for a, b in pairwise(stops))
        assert drive.distance <= driven / common.TENTHS + 1e-6 <= drive.distance + len(stops) / common.TENTHS + 0.01
        assert common.longest(problem, places, p) >= driven + 10 * problem.person_detour_max_m[p] - 1


def test_windows_lie_inside_the_true_ones() -> None:
    problem = small()
    assert common.window(problem, -np.inf, np.inf) == (0, common.FOREVER)
    assert common.window(problem, problem.now_s + 1.26, problem.now_s + 2.29) == (13, 22)


def test_what_no_model_knows_is_said() -> None:
    problem = small()
    with pytest.raises(TooLarge, match="different speeds"):
        common.places_of(changed(problem, person_speed_mps=np.linspace(3, 5, problem.people)))
    crowd = instance(pool_of(city()), 4_000, 2_000)
    with pytest.raises(TooLarge, match="their table does not fit"):
        common.places_of(crowd)
    with pytest.raises(TooLarge, match="tables of"):
        PEERS["PyVRP"][1](instance(pool_of(city()), 400, 200), PARAMS, 1.0)


def test_row_of_a_peer_that_has_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "is_installed", lambda name: False)
    told = rows.peer_row("S", "VROOM", small(), PARAMS, 1.0)
    assert (told.objective, told.note) == (None, "not installed")


def test_work_in_another_process() -> None:
    assert rows.in_a_process(lambda: {1: [("own", 0)]}, 30) == {1: [("own", 0)]}
    assert rows.in_a_process(dict, 30) == "found no plan"


def test_baselines_pass_the_checker_and_keep_their_order() -> None:
    greedy, regret, first = rows.baselines("S", small(), PARAMS)
    assert (greedy.method, regret.method, first.method) == ("greedy insertion", "regret insertion", "first version")
    assert all(row.checker_ok for row in (greedy, regret, first))
    assert first.objective is not None
    assert greedy.objective is not None
    assert first.objective <= greedy.objective
