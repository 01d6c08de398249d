"""Plans of the 33-bus feeder: published base cases, known counts, an order that the guard and the check pass."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from linhe.desks.power.bench import networks
from linhe.desks.power.bench.brute import fewest
from linhe.desks.power.engine import Params, Problem, Result, solve
from linhe.desks.power.engine.network import Fault, Limits

LOOSE, TIGHT = Limits(v_min=0.9, v_max=1.05, thermal=False), Limits(v_min=0.9, v_max=1.05)
LINES = [f"L{number}" for number in range(1, 33)]
FOLDER = Path(networks.__file__).parents[1]


@cache
def feeder() -> Problem:
    return networks.case33()


def ties() -> tuple[str, ...]:
    return tuple(one.id for one in feeder().feeder.switches if not one.closed)


def planned(line: str, **changes: object) -> Result:
    return solve(replace(feeder(), fault=Fault(elements=(line,)), **changes), Params())  # type: ignore[arg-type]  # fields of a problem


def grid_only(line: str, limits: Limits) -> Result:
    return planned(line, limits=limits, trucks=(), sites=())


def test_base_cases_are_reproduced_to_the_printed_digit() -> None:
    assert networks.base_cases() == {"base_loss_kw": 202.68, "reconfigured_loss_kw": 139.55}


def test_nearly_every_fault_is_restored_without_thermal_limits_by_the_known_numbers_of_operations() -> None:
    results = {line: grid_only(line, LOOSE) for line in LINES if line not in ("L2", "L29")}
    assert [line for line, one in results.items() if one.status != "restored"] == ["L1"]
    operations = [one.operations for one in results.values() if one.status == "restored"]
    assert [operations.count(number) for number in (1, 3, 5)] == [21, 7, 1]
    assert all(one.final is not None and one.final.ok for one in results.values())
    assert all(step.state.ok for one in results.values() for step in one.steps if step.state)


def test_three_trucks_feed_what_no_tie_can() -> None:
    results = [planned(line, unavailable=ties()) for line in LINES]
    served = sum(one.served.pct for one in results if one.served) / len(LINES)
    assert served == pytest.approx(97.75, abs=0.005)
    assert {one.proof.status for one in results if one.proof} == {"optimal"}
    for one in results:
        assert len({island.truck for island in one.islands}) == len({i.site for i in one.islands}) == len(one.islands)
        assert one.status != "infeasible"


# These figures were proven by the mixed-integer program (HiGHS), too.
@pytest.mark.parametrize(
    ("line", "limits", "kw"),
    [("L2", LOOSE, 2435), ("L29", LOOSE, 3515), ("L3", TIGHT, 1600), ("L6", TIGHT, 2760), ("L8", TIGHT, 3325),
     ("L9", TIGHT, 3655), ("L18", TIGHT, 3460), ("L22", TIGHT, 2995), ("L25", TIGHT, 2855)],
)  # fmt: skip
def test_the_most_load_is_proven_when_not_all_can_be_fed(line: str, limits: Limits, kw: float) -> None:
    result = grid_only(line, limits)
    assert result.status == "partial"
    assert result.served is not None
    assert result.served.kw == pytest.approx(kw)
    assert result.proof is not None
    assert result.proof.status == "optimal"


@pytest.mark.parametrize("line", ["L5", "L13", "L24", "L31"])
def test_plain_enumeration_finds_nothing_with_fewer_operations(line: str) -> None:
    problem = replace(feeder(), fault=Fault(elements=(line,)), limits=LOOSE, trucks=(), sites=())
    assert fewest(problem) == solve(problem).operations


def test_ties_and_a_truck_together_feed_everything() -> None:
    result = planned("L29", limits=LOOSE)
    assert result.status == "restored"
    assert [one.truck for one in result.islands] == ["own-1000"]
    assert "30" in result.islands[0].buses


def test_a_switch_that_does_not_open_lets_the_fault_spread_to_the_next_one() -> None:
    result = planned("L6", limits=LOOSE, trucks=(), sites=(), unavailable=("K06072",))
    assert set(result.faulted) == {"L6", "7"}
    assert "K06072" not in result.isolate
    assert {"K06071", "K07081"} <= set(result.isolate)


def test_planning_anew_from_the_present_state_takes_another_way() -> None:
    first = planned("L6", limits=LOOSE, trucks=(), sites=())
    stuck = first.restore[0].switch
    present = dict.fromkeys((*first.isolate, "K01021"), False)
    second = planned("L6", limits=LOOSE, trucks=(), sites=(), present=present, unavailable=(stuck,))
    assert second.status == "restored"
    assert stuck not in {one.switch for one in second.restore}
    assert not second.isolate, "what is open already is not opened again"
    assert "K01021" in second.reclose


def test_a_truck_that_feeds_already_stays() -> None:
    first = planned("L2", unavailable=ties())
    island = first.islands[0]
    present = {one.device: one.action == "close" for one in first.steps if one.action in ("open", "close")
               and one.phase != "restore"}  # fmt: skip
    second = planned("L2", unavailable=(*ties(), "own-1000" if island.truck != "own-1000" else "nbrB-1000"),
                     present=present, placed={island.truck: island.site})  # fmt: skip
    assert second.status == "partial"
    assert island.truck not in {one.truck for one in second.islands}
    assert second.final is not None
    assert set(second.final.islands[island.truck]) == set(island.buses)


def test_a_dead_source_without_trucks_is_told_as_nothing_restored() -> None:
    result = planned("1", limits=LOOSE, trucks=(), sites=())
    assert result.status == "none"
    assert result.served is not None
    assert result.served.kw == 0


def test_priority_weighs_more_than_kilowatts() -> None:
    base = feeder()
    loads = tuple(replace(one, priority=1) if one.bus == "18" else one for one in base.feeder.loads)
    urgent = replace(base, feeder=replace(base.feeder, loads=loads))
    problem = replace(urgent, fault=Fault(elements=("L9",)), limits=TIGHT, trucks=(), sites=())
    result = solve(problem, Params())
    assert result.final is not None
    assert "18" in result.final.energised


def test_cases_of_the_desk_are_read_back_as_they_were_and_solved() -> None:
    for path in (FOLDER / "engine/case.json", FOLDER / "sample/case33bw.json"):
        problem = Problem.from_json(json.loads(path.read_text(encoding="utf-8")))
        assert Problem.from_json(problem.to_json()) == problem
        result = solve(problem).to_json()
        assert json.loads(json.dumps(result, allow_nan=False))["status"] in ("restored", "partial")
