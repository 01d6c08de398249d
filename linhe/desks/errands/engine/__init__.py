"""Errands on the way: which courier takes which request, where in the route, and why (pure computation)."""

from .dispatcher import Dispatcher
from .problem import Params, Problem
from .result import Result
from .solver import solve

__all__ = ["Dispatcher", "Params", "Problem", "Result", "solve"]
