"""How often the 95 % interval holds the truth: simulated surveys of known compounds, with people who do not answer."""

from __future__ import annotations

from random import Random

import pytest

from linhe.desks.property.engine.estimation import estimate
from linhe.desks.property.engine.problem import Stratum
from linhe.desks.property.engine.sampling import draw

HOMES = (8, 12, 16, 16, 24, 24, 32, 32, 40, 48, 60, 60)
RUNS = 1500


def covered(truth: float, *, spread: float, size: int, answering: float, seed: int) -> tuple[float, float]:
    """Share of surveys whose interval holds the compound's true share, and the mean width."""
    chance = Random(seed)
    happy = {}
    for n, homes in enumerate(HOMES):
        here = min(1.0, max(0.0, truth + spread * (2 * n / (len(HOMES) - 1) - 1)))
        happy[f"{n:02}"] = [chance.random() < here for _ in range(homes)]
    real = sum(map(sum, happy.values())) / sum(HOMES)
    frame = {code: list(range(len(homes))) for code, homes in happy.items()}
    hits = width = 0.0
    for run in range(RUNS):
        strata = []
        for code, chosen in draw(frame, size, seed=run).items():
            answered = [happy[code][home] for home in chosen if chance.random() < answering]
            strata.append(
                Stratum(
                    code=code, homes=len(happy[code]), asked=len(chosen), answers=len(answered),
                    satisfied=sum(answered),
                )
            )  # fmt: skip
        found = estimate(strata, confidence=0.95)
        assert found is not None
        hits += found.low <= real <= found.high
        width += found.high - found.low
    return hits / RUNS, width / RUNS


@pytest.mark.parametrize(
    ("truth", "spread", "size", "answering"),
    [(0.9, 0.08, 60, 0.6), (0.75, 0.2, 60, 0.6), (0.5, 0.3, 60, 0.6), (0.9, 0.05, 120, 0.8), (0.6, 0.3, 40, 0.5)],
)
def test_the_interval_covers_what_it_promises(truth: float, spread: float, size: int, answering: float) -> None:
    share, width = covered(truth, spread=spread, size=size, answering=answering, seed=1)
    assert share >= 0.94
    assert width < 0.45
