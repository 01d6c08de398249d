"""``linhe bench dispatch``: rows as promised, everything judged by the checker, bounds kept by what they depend on."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linhe.desks.errands.bench import bounds, dispatch, ours
from linhe.desks.errands.bench.bound import lower_bound
from linhe.desks.errands.bench.instances import instance, pool_of
from linhe.desks.errands.bench.literature import literature_rows
from linhe.desks.errands.engine import Params, Problem
from linhe.desks.errands.sample.city import city
from linhe.desks.errands.sample.generate import FOLDER
from tests.unit.desks.errands.bench.test_pdptw import PLANE
from tests.unit.desks.errands.engine.worlds import with_row

PROMISED = {"size", "method", "budget_s", "time_s", "served", "objective", "gap_pct", "checker_ok"}
PARAMS = Params(fairness_m=0)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes and budgets of a test; no fresh process is started."""
    monkeypatch.setitem(dispatch.SIZES, "S", (24, 12))
    monkeypatch.setitem(dispatch.SIZES, "M", (40, 20))
    monkeypatch.setattr(ours, "BUDGETS_S", {"S": (0.05,), "M": (0.05, 0.1)})
    monkeypatch.setattr(ours, "cold_start", lambda problem: {"cold_start_s": 1.0})


@pytest.mark.usefixtures("brief")
def test_rows_are_as_promised_and_nothing_beats_the_bound(tmp_path: Path) -> None:
    plot = tmp_path / "gap.svg"
    told = dispatch.bench_dispatch({"sizes": "s, M", "peer_seconds": 0.0, "seed": 2, "plot": plot, "data": FOLDER})
    rows: list[dict[str, Any]] = told["rows"]
    assert all(row.keys() >= PROMISED for row in rows)
    assert {row["size"] for row in rows} == {"S", "M"}
    methods = {"lower bound", "linhe", "greedy insertion", "regret insertion", "first version"}
    assert {row["method"] for row in rows} == methods
    assert [row["budget_s"] for row in rows if (row["size"], row["method"]) == ("M", "linhe")] == [0.05, 0.1]
    assert all(row["checker_ok"] for row in rows if row["method"] != "lower bound")
    assert all(row["gap_pct"] >= -1e-6 for row in rows)
    assert told.keys() >= {"online_p50_ms", "online_p99_ms", "list_p99_ms", "peak_mb", "cold_start_s", "load", "cores"}
    assert "exit_code" not in told
    assert plot.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("sizes", ["Q", "S,Q", ","])
def test_unknown_size_is_named(sizes: str) -> None:
    with pytest.raises(ValueError, match=r"--sizes: .* is not among S, M, L, XL"):
        dispatch.bench_dispatch({"sizes": sizes})


@cache
def small() -> Problem:
    return instance(pool_of(city()), 24, 12)


def test_bounds_are_kept_by_what_they_depend_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "FILE", tmp_path / "bounds.json")
    problem = small()
    assert bounds.kept(problem, PARAMS) is None
    entry = bounds.keep(problem, PARAMS, "small", seconds=30)
    assert entry["metres"] == pytest.approx(lower_bound(problem, PARAMS).metres, abs=0.001)
    assert bounds.kept(problem, PARAMS) == entry
    assert bounds.kept(problem, replace(PARAMS, seed=9)) == entry
    assert bounds.kept(problem, replace(PARAMS, unserved_m=4_000.0)) is None
    assert bounds.kept(with_row(problem, "person_capacity", 0, 9), PARAMS) is None
    worse = bounds.keep(problem, PARAMS, "small", seconds=0)
    assert worse == entry


def test_committed_bounds_can_be_read() -> None:
    for entry in bounds._table().values():
        assert entry["metres"] > 0


def test_rows_of_the_literature(tmp_path: Path) -> None:
    (tmp_path / "bks").mkdir()
    (tmp_path / "bks/toy.1_100.txt").touch()
    (tmp_path / "toy.txt").write_text(PLANE, encoding="utf-8")
    (row,) = literature_rows(tmp_path, told=list, budget_s=0.1)
    assert (row.served, row.checker_ok) == (2, True)
    assert row.objective is not None
    assert row.gap_pct == pytest.approx(row.objective - 100, abs=0.01)
    with pytest.raises(ValueError, match="holds no instance"):
        literature_rows(tmp_path / "bks", told=list)


def test_part_of_the_requests() -> None:
    problem = small()
    left = ours.without(problem, np.array([0, 5]))
    assert left.requests == problem.requests - 2
    assert left.request_id.tolist() == [k for k in problem.request_id.tolist() if k not in (1, 6)]
    assert ours.only_requests(problem, np.array([5])).request_id.tolist() == [6]
