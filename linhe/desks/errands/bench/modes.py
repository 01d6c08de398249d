"""The other two modes measured on the state of a whole plan: one new request, and one person's list."""

from __future__ import annotations

from typing import Any

import numpy as np

from linhe.desks.errands.bench.ours import percentiles, timed
from linhe.desks.errands.engine import Dispatcher, Problem
from linhe.desks.errands.engine.listing import list_for

LISTS = 150


def mode_figures(problem: Problem, dispatcher: Dispatcher, seed: int) -> dict[str, Any]:
    """Milliseconds of an answer to one new request, and of one person's list."""
    draw = np.random.default_rng([seed, LISTS])
    people = [int(key) for key in draw.choice(problem.person_id, min(LISTS, problem.people), replace=False)]
    return percentiles("list", timed(lambda person: list_for(problem, person), people), 50, 99)
