"""Refuses a problem that cannot be right, with one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .problem import Problem


def check(problem: Problem) -> None:
    """Raise ValueError for the first thing that is wrong."""
    if not problem.feeder.sources:
        raise ValueError("feeder.sources: there is none")
