"""How much voters weigh together, and what they may say."""

from __future__ import annotations

from dataclasses import dataclass

CHOICES = ("yes", "no", "abstain")


@dataclass(frozen=True, slots=True)
class Weight:
    """How many voters, and how much exclusive area they hold together.

    Parameters
    ----------
    number : voters, at least 0. [persons]
    area_dm2 : their area, at least 0; 1 dm2 = 0.01 m2, so that areas are whole numbers. [dm2]
    """

    number: int = 0
    area_dm2: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.number + other.number, self.area_dm2 + other.area_dm2)


NOBODY = Weight()
