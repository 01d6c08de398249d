"""The benches of the errands desk: rows for generated matters, and dispatch measured beside other solvers."""

from linhe.desks.errands.bench.furnishing import FURNISHED, furnish

__all__ = ["FURNISHED", "furnish"]
