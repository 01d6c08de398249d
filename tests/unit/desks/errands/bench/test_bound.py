"""The bound never lies above what brute force finds, and meets it where the linear programme is whole."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.errands.bench import bundles, master
from linhe.desks.errands.bench.bound import Pricing, lower_bound
from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.engine.checker import own_stops
from tests.unit.desks.errands.engine.test_solve_oracle import drawn
from tests.unit.desks.errands.engine.worlds import (
    NEVER,
    allowed,
    changed,
    detour_if_feasible,
    insertions,
    optimum,
    world,
)

SEEDS = st.integers(0, 2**32 - 1)
PLAIN, FAIR = Params(fairness_m=0), Params(fairness_m=150)


def at_most(problem: Problem, errands: int) -> Problem:
    used = problem.person_extra_used
    return changed(problem, person_extra_max=np.minimum(problem.person_extra_max, used + errands))


def least(problem: Problem, person: int, requests: tuple[int, ...]) -> float:
    """Least detour of a bundle by trying every sequence."""
    rows = [own_stops(problem, person)]
    for request in requests:
        if not allowed(problem, person, request):
            return NEVER
        rows = [new for row in rows for new in insertions(problem, person, row, request)]
    return min(detour_if_feasible(problem, person, row) for row in rows)


@drawn(15)
@given(SEEDS, st.integers(1, 3), st.integers(1, 4), st.sampled_from([0.004, 0.01, 0.03]))
def test_bundles_cost_what_brute_force_says(seed: int, people: int, requests: int, size: float) -> None:
    problem = changed(world(seed, people, requests, size), person_extra_max=np.full(people, 4))
    pricing = Pricing(problem, PLAIN)
    for p in range(people):
        x = bundles.local_of(pricing.routes, pricing.asked, p, pricing.road)
        labels = bundles.new_labels(x.own)
        mine = pricing.routes.asked[pricing.routes.near[p] : pricing.routes.near[p + 1]].tolist()
        alone = {r for r in range(requests) if least(problem, p, (r,)) < NEVER}
        assert set(mine) == alone
        room_n = int(problem.person_extra_max[p] - problem.person_extra_used[p])
        for count in range(1, min(3, room_n) + 1):
            for rows in combinations(range(len(mine)), count):
                expected = least(problem, p, tuple(mine[c] for c in rows))
                found = bundles.least_detour(x, labels, np.array(rows), x.room)
                assert found == pytest.approx(expected, abs=1e-3)


@drawn(30)
@given(SEEDS, st.integers(1, 3), st.integers(1, 4), st.sampled_from([0.006, 0.015]), st.sampled_from([PLAIN, FAIR]))
def test_bound_is_not_above_the_optimum(seed: int, people: int, requests: int, size: float, params: Params) -> None:
    problem = at_most(world(seed, people, requests, size), 3)
    bound = lower_bound(problem, params)
    assert bound.tight
    assert bound.metres <= optimum(problem, params) + 1e-3


def test_bound_nearly_meets_the_optimum() -> None:
    gaps = []
    for seed in range(15):
        problem = at_most(world(seed, 3, 4, size=0.012), 3)
        gaps.append(optimum(problem, PLAIN) / lower_bound(problem, PLAIN).metres - 1)
    assert min(gaps) >= 0
    assert sum(gap < 1e-6 for gap in gaps) >= 12


def test_bound_holds_for_people_who_take_four() -> None:
    """Four errands are two bundles at half of their detour; still no more than the optimum."""
    for seed in (3, 8, 21):
        problem = changed(world(seed, 1, 4, size=0.004, most_stops=1), person_extra_max=np.full(1, 6))
        problem = changed(problem, person_extra_used=np.zeros(1, dtype=int), request_skills=np.zeros(4, dtype=int))
        for params in (PLAIN, FAIR):
            bound = lower_bound(problem, params)
            assert 0 < bound.metres <= optimum(problem, params) + 1e-3


def test_bound_holds_when_the_time_is_over() -> None:
    problem = at_most(world(5, 3, 4, size=0.012), 3)
    early, whole = lower_bound(problem, PLAIN, seconds=0), lower_bound(problem, PLAIN)
    assert early.rounds == 1
    assert not early.tight
    assert early.metres <= whole.metres <= optimum(problem, PLAIN)


def test_more_time_never_lowers_the_bound() -> None:
    seen: list[float] = []
    lower_bound(at_most(world(7, 6, 12, size=0.012), 3), PLAIN, told=lambda _, bound, __: seen.append(bound))
    assert seen == sorted(seen)


def test_large_programmes_end_at_the_same_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = at_most(world(7, 6, 12, size=0.012), 3)
    exact = lower_bound(problem, FAIR)
    monkeypatch.setattr(master, "MANY_ROWS", 0)
    inner = lower_bound(problem, FAIR)
    assert inner.metres == pytest.approx(exact.metres, rel=1e-5)
    assert inner.metres <= exact.metres + 1e-3


def test_limit_of_minutes_counts() -> None:
    """Nobody may end later, so nothing can be served."""
    problem = at_most(world(5, 3, 4, size=0.012), 3)
    assert lower_bound(problem, PLAIN).metres < 15_000
    held = replace(problem, person_detour_max_s=np.zeros(3))
    assert lower_bound(held, PLAIN).metres == pytest.approx(20_000 + 5_000 * held.request_urgent.sum())


@pytest.mark.parametrize("field", ["stop_errand", "road_m"])
def test_what_the_bound_does_not_know_is_refused(field: str) -> None:
    problem = world(15, 2, 3, most_stops=3)
    places = len(problem.stop_lon) + 2 * (problem.people + problem.requests)
    load = np.zeros(len(problem.stop_lon), dtype=int)
    values = {"road_m": np.ones((places, places)), "stop_errand": np.arange(len(problem.stop_lon))}
    with pytest.raises(ValueError, match=field):
        lower_bound(changed(problem, stop_load_change=load, **{field: values[field]}), PLAIN)
