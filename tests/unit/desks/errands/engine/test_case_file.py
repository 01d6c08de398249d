"""The JSON case: what is read, what is written back, what is refused."""

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import linhe.desks.errands.engine as engine
from linhe.desks.errands.engine import Problem, solve
from linhe.desks.errands.engine.checker import violations
from tests.unit.desks.errands.engine.worlds import world

EXAMPLE = Path(engine.__file__).with_name("case.json")


def example() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return data


def test_engine_exports_exactly_four_names() -> None:
    assert engine.__all__ == ["Params", "Problem", "Result", "solve"]


def test_example_is_solved_as_its_names_say() -> None:
    problem = Problem.from_json(example())
    result = solve(problem)
    assert violations(problem, result) == []
    assert [(offer.request_id, offer.person_id) for offer in result.offers] == [(101, 1), (102, 2)]
    assert result.unserved[0].reasons == (("no_courier_within", {"people": 2.0}),)
    json.dumps(result.to_json(), allow_nan=False)


@pytest.mark.parametrize("seed", range(5))
def test_case_reads_back_equal(seed: int) -> None:
    problem = world(seed, 6, 9, most_stops=4)
    again = Problem.from_json(json.loads(json.dumps(problem.to_json(), allow_nan=False)))
    for item in fields(Problem):
        before, after = getattr(problem, item.name), getattr(again, item.name)
        if item.name.startswith("request_pickup") and item.name.endswith("_s"):
            before, after = before[~problem.visits], after[~problem.visits]
        if isinstance(before, np.ndarray):
            np.testing.assert_allclose(after, before, rtol=1e-12)
        else:
            assert after == before


def test_case_empty_lists_are_valid() -> None:
    assert Problem.from_json({"now_s": 0, "couriers": [], "requests": []}).people == 0


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("now_s",), "ten", "now_s: 'ten' is not a number"),
        (("speed",), 1, "case.speed: is not a known name"),
        (("couriers",), {}, "couriers: must be a list"),
        (("couriers", 0, "at"), [1], "couriers[0].at: must be [longitude, latitude]"),
        (("couriers", 0, "at"), "no", "couriers[0].at: must be [longitude, latitude]"),
        (("couriers", 0, "end"), 5, "couriers[0].end: must be an object"),
        (("couriers", 1, "capacity"), True, "couriers[1].capacity: True is not a number"),
        (("couriers", 0, "stops", 1, "window_s"), [1], "couriers[0].stops[1].window_s: must be [earliest, latest]"),
        (("requests", 0, "skills"), ["magic"], "requests[0].skills: 'magic' is not among the case's skills"),
        (("requests", 1, "urgent"), 1, "requests[1].urgent: 1 is not true or false"),
        (("requests", 2, "dropoff"), {}, "requests[2].dropoff.at: is missing"),
        (("requests", 0, "load"), 1.5, "request_load: row 0: not a whole number"),
        (("declined",), [[1]], "declined: must be a list of [request id, courier id]"),
        (("skills",), "medicine", "skills: must be a list of names"),
        (("couriers", 0, "skills"), 3, "couriers[0].skills: must be a list of names"),
    ],
)
def test_case_refuses_naming_the_place(path: tuple[str | int, ...], value: Any, message: str) -> None:
    data = example()
    target: Any = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        Problem.from_json(data)


def test_case_must_be_an_object() -> None:
    with pytest.raises(ValueError, match="case: must be an object"):
        Problem.from_json([])  # type: ignore[arg-type]  # wrong on purpose
