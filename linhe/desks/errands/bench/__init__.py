"""The benches of the errands desk: rows for generated matters, and dispatch measured beside other solvers."""

from linhe.desks.errands.bench.areas import bench_areas
from linhe.desks.errands.bench.dispatch import BENCH
from linhe.desks.errands.bench.furnishing import FURNISHED, furnish
from linhe.desks.errands.bench.online import bench_online

BENCHES = {"dispatch": BENCH, "areas": bench_areas, "online": bench_online}

__all__ = ["BENCHES", "FURNISHED", "furnish"]
