"""Everything that batches, answers, lists and areas run, compiled and kept on disk, so that no visitor waits for it.

python -m linhe.desks.errands.engine.ready
"""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from .dispatcher import Dispatcher
from .problem import Params, Problem
from .shards import plan_in_areas

CASE = Path(__file__).with_name("case.json")
TURNS = 200
PARAMS = Params(iterations=TURNS)


def make_ready() -> None:
    """Go once through every mode with a small case: whatever is not compiled yet is compiled now."""
    problem = Problem.from_json(json.loads(CASE.read_text(encoding="utf-8")))
    dispatcher = Dispatcher(problem, PARAMS)
    dispatcher.improve()
    dispatcher.result()
    dispatcher.list_for(int(problem.person_id[0]))
    dispatcher.answer(_one_more(problem))
    dispatcher.improve()
    Dispatcher(problem, PARAMS, dispatcher.result()).improve()
    plan_in_areas(problem, PARAMS, 2, 1)
    many = replace(problem, person_extra_max=np.full(problem.people, 50), stop_errand=np.arange(len(problem.stop_lon)))
    Dispatcher(many, PARAMS).improve()


def _one_more(problem: Problem) -> Problem:
    """The first request again, under another id, without people."""
    values: dict[str, Any] = {item.name: getattr(problem, item.name) for item in fields(problem)}
    for name, value in values.items():
        if name.startswith("request_"):
            values[name] = value[:1]
        elif name.startswith(("person_", "stop_")):
            values[name] = value[:0]
    values |= {"stop_offset": np.zeros(1), "request_id": problem.request_id.max(keepdims=True) + 1}
    return Problem(**values)


if __name__ == "__main__":
    make_ready()
