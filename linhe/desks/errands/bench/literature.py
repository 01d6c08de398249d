"""Pick-up and delivery benchmarks of the literature through the same engine, told beside the best known solutions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from linhe.desks.errands.bench import ours, pdptw
from linhe.desks.errands.bench.rows import Row
from linhe.desks.errands.engine import Params
from linhe.desks.errands.engine.checker import violations

BUDGET_S = 10.0
MOST_REQUESTS = 60
"""The instances of about a hundred places."""
WEIGHTS = Params(fairness_m=0.0, unserved_m=pdptw.UNSERVED_M, urgent_unserved_m=pdptw.UNSERVED_M)


def literature_rows(folder: Path, *, told: Callable[[list[Row]], list[Row]], budget_s: float = BUDGET_S) -> list[Row]:
    """A row for each instance with a best known solution; the gap is that of the distance.

    Raises ``ValueError`` when the folder holds none.
    """
    rows: list[Row] = []
    for path in sorted(folder.glob("*.txt")):
        best = pdptw.best_known(path)
        if best is None:
            continue
        problem = pdptw.read_pdptw(path)
        if problem.requests > MOST_REQUESTS:
            continue
        dispatcher, took, _ = ours.batch(problem, WEIGHTS, budget_s)
        result = dispatcher.result()
        distance = sum(route.detour_m for route in result.routes) / pdptw.UNIT_M
        whole = len(result.offers) == problem.requests
        wrong = violations(problem, result)
        note = f"{len(result.routes)} vehicles; best known {best.vehicles}, {best.distance:g}"
        note += f"; {wrong[0]}" if wrong else ""
        rows += told(
            [
                Row(
                    path.stem, "linhe", budget_s, round(took, 2), len(result.offers), round(distance, 2),
                    round(100 * (distance / best.distance - 1), 2) if whole else None,
                    not wrong, note,
                )
            ]
        )  # fmt: skip
    if not rows:
        raise ValueError(f"{folder}: holds no instance with a best known solution in bks/")
    return rows
