"""What trucks can feed, by plain enumeration: every island is looked at, and the planner feeds as much as the best."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from linhe.desks.power.bench import brute_trucks, networks
from linhe.desks.power.engine import Params, Problem, solve
from linhe.desks.power.engine.network import Fault, Limits

CASE = networks.case33()
TIES = tuple(one.id for one in CASE.feeder.switches if not one.closed)


def failed(line: str, **changes: object) -> Problem:
    return replace(
        CASE, fault=Fault(elements=(line,)), unavailable=TIES, limits=Limits(v_min=0.9, v_max=1.05, thermal=False),
        **changes,  # type: ignore[arg-type]  # fields of a problem
    )  # fmt: skip


def test_the_planner_agrees_on_every_fault_of_the_known_feeder() -> None:
    problems = [failed(f"L{number}") for number in range(1, 33)]
    judged = [brute_trucks.agrees(one, solve(one, Params(check=False, steps=False))) for one in problems]
    assert judged == [True] * 32


def test_a_plan_that_feeds_less_than_it_could_is_told() -> None:
    problem = failed("L2")
    two = solve(replace(problem, trucks=problem.trucks[:2]), Params(check=False, steps=False))
    assert brute_trucks.agrees(problem, two) is False


@pytest.mark.parametrize("seed", range(4))
def test_every_connected_set_is_looked_at_once(seed: int) -> None:
    chance = Random(seed)
    cut = tuple(chance.sample([f"L{number}" for number in range(2, 33)], 4))
    told = brute_trucks._Feeder(replace(failed("L1"), fault=Fault(elements=cut)))
    start = chance.choice([one.bus for one in CASE.sites])
    near = sorted(told._joined({start}))
    if len(near) > 14:
        near = near[:13]
        near = [start, *(one for one in near if one != start)]
        told.around = {bus: [(o, w) for o, w in told.around[bus] if o in near and bus in near] for bus in told.around}
    truck = replace(CASE.trucks[0], mw=chance.choice((0.3, 0.6, 9.0)))
    found = told.islands(start, truck)
    assert found is not None
    others = [bus for bus in near if bus != start]
    expected = set()
    for count in range(len(others) + 1):
        for chosen in combinations(others, count):
            buses = {start, *chosen}
            if connected(told, start, buses) and sum(told.draw[one].real for one in buses) <= truck.mw + 1e-9:
                expected.add(sum(told.bit[one] for one in buses))
    bits = [one[1] for one in found]
    assert len(bits) == len(set(bits))
    assert set(bits) == expected


def connected(told: brute_trucks._Feeder, start: str, buses: set[str]) -> bool:
    seen, todo = {start}, [start]
    while todo:
        for other, _ in told.around[todo.pop()]:
            if other in buses and other not in seen:
                seen.add(other)
                todo.append(other)
    return seen == buses
