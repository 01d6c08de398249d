"""The restricted linear programme of the bound: choose bundles, pay for the unserved; by HiGHS.

Prices need not be exact for the bound to hold, so that large programmes are solved by an interior point method, whose
prices lie in the middle of all best ones, which also needs fewer rounds.
"""

from __future__ import annotations

from importlib import import_module

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


MANY_ROWS = 6_000


class Master:
    """Rows: each request at least once (or its penalty), each person at most ``copies`` bundles."""

    def __init__(self, penalty: Floats, copies: Ints) -> None:
        self.requests, self.people = len(penalty), len(copies)
        self.known: set[bytes] = set()
        highspy = import_module("highspy")
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 2)
        if self.requests + self.people > MANY_ROWS:  # the simplex method takes minutes a round then
            self.highs.setOptionValue("solver", "ipm")
            self.highs.setOptionValue("run_crossover", "off")
        lower = np.concatenate([np.ones(self.requests), np.full(self.people, -highspy.kHighsInf)])
        upper = np.concatenate([np.full(self.requests, highspy.kHighsInf), copies.astype(np.float64)])
        nothing, nowhere = np.empty(0), np.empty(0, dtype=np.int32)
        rows = self.requests + self.people
        self.highs.addRows(rows, lower, upper, 0, np.zeros(rows, dtype=np.int32), nowhere, nothing)
        self._columns(penalty, np.arange(self.requests + 1), np.arange(self.requests))

    def _columns(self, costs: Floats, starts: Ints, rows: Ints) -> None:
        count = len(costs)
        self.highs.addCols(
            count, costs, np.zeros(count), np.full(count, np.inf), len(rows), starts[:-1].astype(np.int32),
            rows.astype(np.int32), np.ones(len(rows)),
        )  # fmt: skip

    def add(self, bundles: Ints, costs: Floats) -> int:
        """Add bundles (n, 4) that are new; how many."""
        sorted_rows = np.column_stack([bundles[:, :1], np.sort(bundles[:, 1:], axis=1)])
        fresh = []
        for k in range(len(bundles)):
            key = sorted_rows[k].tobytes()
            if key not in self.known:
                self.known.add(key)
                fresh.append(k)
        if not fresh:
            return 0
        mine = bundles[fresh]
        rows = np.column_stack([np.where(mine[:, 1:] < 0, -1, mine[:, 1:]), mine[:, :1] + self.requests])
        starts = np.concatenate([[0], np.cumsum((rows >= 0).sum(axis=1))])
        self._columns(costs[fresh], starts, rows[rows >= 0])
        return len(fresh)

    def solve(self) -> tuple[float, Floats, Floats]:
        """(value, price of each request, what each person's place costs)."""
        self.highs.run()
        duals = np.array(self.highs.getSolution().row_dual)
        value = float(self.highs.getInfo().objective_function_value)
        return value, np.maximum(duals[: self.requests], 0), np.maximum(-duals[self.requests :], 0)
