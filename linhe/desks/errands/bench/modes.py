"""The other two modes measured on the state of a whole plan: one new request answered, and one person's list."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from linhe.desks.errands.bench.instances import Pool, instance
from linhe.desks.errands.bench.ours import percentiles, timed
from linhe.desks.errands.engine import Problem
from linhe.desks.errands.engine.dispatcher import Dispatcher

LISTS, ONLINE = 300, 1_000
EMPTY = {"stop_offset": np.zeros(1, dtype=np.int64)}


def mode_figures(problem: Problem, dispatcher: Dispatcher, pool: Pool, seed: int) -> dict[str, Any]:
    """Milliseconds of an answer to one new request and of one person's list.

    New requests are those of another instance of the same size; lists come first, since an answer changes the plan.
    """
    draw = np.random.default_rng([seed, LISTS])
    people = [int(key) for key in draw.choice(problem.person_id, min(LISTS, problem.people), replace=False)]
    figures = percentiles("list", timed(dispatcher.list_for, people), 50, 99)
    other = instance(pool, problem.requests, problem.people, seed=seed + 1)
    rows = draw.choice(other.requests, min(ONLINE, other.requests), replace=False)
    first = int(problem.request_id.max()) + 1
    new = [alone(other, int(row), first + place) for place, row in enumerate(rows)]
    return figures | percentiles("online", timed(dispatcher.answer, new), 50, 99)


def alone(problem: Problem, row: int, key: int) -> Problem:
    """One request of a problem, without people, under another id."""
    values: dict[str, Any] = {item.name: getattr(problem, item.name) for item in fields(problem)}
    for name, value in values.items():
        if name.startswith("request_"):
            values[name] = value[row : row + 1]
        elif name.startswith(("person_", "stop_")):
            values[name] = value[:0]
    values |= EMPTY | {"request_id": np.array([key])}
    return replace(problem, **values)
