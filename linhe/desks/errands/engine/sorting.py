"""People and requests of a large problem by where they are, so that what is searched together lies close in memory."""

from dataclasses import fields
from typing import Any

import numpy as np

from .areas import split
from .jit import Floats, Ints
from .problem import Problem

LARGE = 2_000  # people
PATCHES = 1_024


def by_place(problem: Problem) -> Problem:
    """The same problem in another order of rows; a small one, or one with a table of roads, as it is."""
    if problem.people < LARGE or problem.road_m.size:
        return problem
    begins = [
        np.where(
            problem.visits, getattr(problem, f"request_dropoff_{side}"), getattr(problem, f"request_pickup_{side}")
        )
        for side in ("lon", "lat")
    ]
    places: Floats = np.concatenate(
        [np.column_stack([problem.person_lon, problem.person_lat]), np.column_stack(begins)]
    )
    patch = split(places, PATCHES, 0)
    people = np.argsort(patch[: problem.people], kind="stable")
    rows: dict[str, Ints] = {
        "person": people,
        "request": np.argsort(patch[problem.people :], kind="stable"),
        "stop": _stops(problem.stop_offset, people),
    }
    values: dict[str, Any] = {item.name: getattr(problem, item.name) for item in fields(problem)}
    for name, value in values.items():
        kind = name.split("_")[0]
        if kind in rows and name != "stop_offset":
            values[name] = value[rows[kind]]
    values["stop_offset"] = np.concatenate([[0], np.cumsum(np.diff(problem.stop_offset)[people])])
    return Problem(**values)


def _stops(offset: Ints, people: Ints) -> Ints:
    """The rows of the stops of ``people``, in their order."""
    own = np.diff(offset)[people]
    behind = np.arange(int(own.sum())) - np.repeat(np.cumsum(own) - own, own)
    return np.asarray(np.repeat(offset[:-1][people], own) + behind)
