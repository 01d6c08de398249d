"""Rankings with rewards: who comes before whom, why, and who is among the chosen (pure, exact computation)."""

from .problem import Criterion, Entry, Measure, Params, Problem
from .result import Line, Result
from .solver import solve

__all__ = ["Criterion", "Entry", "Line", "Measure", "Params", "Problem", "Result", "solve"]
