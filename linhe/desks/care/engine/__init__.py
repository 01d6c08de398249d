"""In which order to walk a round: every door in its window, the earliest end, the shortest way (pure computation)."""

from .problem import Params, Problem, Stop
from .result import Call, Result
from .solver import solve

__all__ = ["Call", "Params", "Problem", "Result", "Stop", "solve"]
