"""Whether a deal conforms: a dated rule book applied to one application, with the evidence that each finding read."""

from linhe.desks.exchange.engine.params import Params
from linhe.desks.exchange.engine.problem import Problem
from linhe.desks.exchange.engine.result import Result
from linhe.desks.exchange.engine.solver import solve

__all__ = ["Params", "Problem", "Result", "solve"]
