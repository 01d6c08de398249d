"""How a company is assessed: a survey of households by sample, its estimate, and the score of a round."""

from linhe.desks.property.engine.problem import Params, Problem
from linhe.desks.property.engine.result import Result
from linhe.desks.property.engine.solver import solve

__all__ = ["Params", "Problem", "Result", "solve"]
