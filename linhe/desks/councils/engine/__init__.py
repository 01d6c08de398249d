"""The count of a vote: who took part, which shares were reached, what is decided (pure and exact computation)."""

from .problem import Params, Problem
from .result import Result
from .solver import solve

__all__ = ["Params", "Problem", "Result", "solve"]
