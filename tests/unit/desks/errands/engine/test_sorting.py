"""A large problem in the order of places is the same problem."""

import numpy as np
import pytest

from linhe.desks.errands.engine import Params, sorting
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.dispatcher import Dispatcher
from linhe.desks.errands.engine.driving import own_stops
from tests.unit.desks.errands.engine.worlds import world

SMALL = 16


def test_nothing_changes_but_the_order_and_plans_hold_for_the_problem_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = world(3, 80, 120, 0.1)
    assert sorting.by_place(problem) is problem
    monkeypatch.setattr(sorting, "LARGE", SMALL)
    monkeypatch.setattr(sorting, "PATCHES", SMALL)
    ordered = sorting.by_place(problem)
    assert not np.array_equal(ordered.person_id, problem.person_id)
    assert not np.array_equal(ordered.request_id, problem.request_id)
    rows = {key: row for row, key in enumerate(problem.person_id.tolist())}
    for row, key in enumerate(ordered.person_id.tolist()):
        as_given, now = own_stops(problem, rows[key]), own_stops(ordered, row)
        assert [(s.lon, s.lat, s.latest, s.load) for s in now] == [(s.lon, s.lat, s.latest, s.load) for s in as_given]
    dispatcher = Dispatcher(problem, Params(iterations=2_000))
    dispatcher.improve()
    result = dispatcher.result()
    assert result.offers
    assert violations(problem, result) == []
    warm = Dispatcher(problem, Params(iterations=0), result)
    assert warm.objective_m == pytest.approx(result.objective_m)
