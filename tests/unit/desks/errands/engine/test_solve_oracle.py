"""The engine against brute force: nothing feasible is missed, nothing infeasible is offered."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linhe.desks.errands.engine import Params, Problem, solve
from linhe.desks.errands.engine.checker import own_stops, stop_of, violations
from linhe.desks.errands.engine.model import build_model, find_pairs
from tests.unit.desks.errands.engine.worlds import arrays, best_added, changed, greedy, optimum, penalty, world

SEEDS = st.integers(0, 2**32 - 1)
BRIEF = Params(deadline_s=0.01)


def drawn(examples: int) -> settings:
    """Compilation may fall into any example, so no deadline."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def few_errands(problem: Problem) -> Problem:
    """At most two errands a person, so that trying every sequence stays quick."""
    used = problem.person_extra_used
    return changed(problem, person_extra_max=np.minimum(problem.person_extra_max, used + 2))


@drawn(60)
@given(SEEDS, st.integers(1, 6), st.integers(1, 8), st.sampled_from([0.005, 0.03, 0.1]))
def test_pairs_are_complete_and_cost_what_brute_force_says(seed: int, people: int, requests: int, size: float) -> None:
    problem = world(seed, people, requests, size, most_stops=4)
    model = build_model(problem, Params())
    pairs = find_pairs(model, np.arange(requests), 0, people, True)
    found = {(int(p), int(r)): cost for p, r, cost in zip(*pairs, strict=True)}
    assert len(found) == len(pairs[0])
    for person in range(people):
        for request in range(requests):
            expected, _ = best_added(problem, person, own_stops(problem, person), request)
            if expected < np.inf:
                assert found.pop((person, request)) == pytest.approx(expected, abs=1e-4)
    assert not found


@drawn(60)
@given(SEEDS, st.integers(1, 12), st.integers(1, 25), st.sampled_from([0.005, 0.03, 0.1]))
def test_plans_are_feasible(seed: int, people: int, requests: int, size: float) -> None:
    problem = world(seed, people, requests, size, most_stops=5)
    for params in (Params(deadline_s=0), BRIEF, Params(deadline_s=0.01, fairness_m=0, unserved_m=700)):
        assert violations(problem, solve(problem, params)) == []


@drawn(30)
@given(SEEDS, st.integers(1, 3), st.integers(1, 4), st.sampled_from([0.01, 0.03]))
def test_objective_lies_between_optimum_and_greedy(seed: int, people: int, requests: int, size: float) -> None:
    problem = few_errands(world(seed, people, requests, size))
    least = optimum(problem, BRIEF)
    result = solve(problem, BRIEF)
    assert result.objective_m >= least - 1e-3
    assert result.objective_m <= greedy(problem, BRIEF) + 1e-3


def test_tiny_instances_are_solved_nearly_to_the_optimum() -> None:
    gaps = []
    for seed in range(40):
        problem = few_errands(world(seed, 3, 4, size=0.012))
        gaps.append(solve(problem, BRIEF).objective_m / optimum(problem, BRIEF) - 1)
    assert sum(gap < 1e-6 for gap in gaps) >= 36
    assert max(gaps) < 0.1


@drawn(30)
@given(SEEDS, st.integers(1, 5), st.integers(1, 10))
def test_nothing_unserved_would_still_fit(seed: int, people: int, requests: int) -> None:
    problem = world(seed, people, requests)
    result = solve(problem, BRIEF)
    routes = {route.person_id: route for route in result.routes}
    rows = {int(key): row for row, key in enumerate(problem.request_id)}
    for entry in result.unserved:
        request = rows[entry.request_id]
        for person, key in enumerate(problem.person_id.tolist()):
            stops, taken = own_stops(problem, person), int(problem.person_extra_used[person])
            if key in routes:
                stops = [stop_of(problem, person, visit.kind, visit.ref) for visit in routes[key].visits]
                taken += sum(offer.person_id == key for offer in result.offers)
            added, _ = best_added(problem, person, stops, request)
            assert added + BRIEF.fairness_m * (taken + 1) >= penalty(problem, BRIEF, request) - 1e-6


@drawn(30)
@given(SEEDS, st.integers(1, 6), st.integers(1, 12))
def test_unserved_reasons_count_everybody_once(seed: int, people: int, requests: int) -> None:
    problem = world(seed, people, requests)
    for entry in solve(problem, BRIEF).unserved:
        counts = [numbers["people"] for code, numbers in entry.reasons if code != "window_passed"]
        assert sum(counts) == people
        assert min(counts) > 0


def test_same_seed_gives_the_same_result() -> None:
    problem = world(7, 12, 30, most_stops=5)
    assert solve(problem, Params(seed=3)) == solve(problem, Params(seed=3))


def test_improvement_never_makes_the_plan_worse() -> None:
    better = 0
    for seed in range(12):
        problem = world(seed, 10, 30, most_stops=5)
        first = solve(problem, Params(deadline_s=0)).objective_m
        after = solve(problem, Params(deadline_s=0.5)).objective_m
        assert after <= first + 1e-6
        better += after < first - 1
    assert better > 0


def test_times_since_an_epoch_give_the_same_plan() -> None:
    problem = world(5, 8, 14, most_stops=4)
    epoch_s = 1_790_000_000.0
    names = [name for name in arrays(problem) if name.endswith(("earliest_s", "latest_s", "from_s", "to_s"))]
    later = changed(problem, **{name: getattr(problem, name) + epoch_s for name in names})
    later = replace(later, now_s=problem.now_s + epoch_s)
    before, after = solve(problem, BRIEF), solve(later, BRIEF)
    assert violations(later, after) == []
    assert [(o.request_id, o.person_id) for o in after.offers] == [(o.request_id, o.person_id) for o in before.offers]
    assert after.offers[0].eta_dropoff_s - epoch_s == pytest.approx(before.offers[0].eta_dropoff_s, abs=1e-3)
