"""The benches of the errands desk: rows for generated matters, and dispatch measured beside other solvers."""

from linhe.desks.errands.bench.dispatch import BENCH
from linhe.desks.errands.bench.furnishing import FURNISHED, furnish

BENCHES = {"dispatch": BENCH}

__all__ = ["BENCHES", "FURNISHED", "furnish"]
