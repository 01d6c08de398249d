"""Which households are asked: proportional to the homes of each building, at least one each, drawn by a seed.

Allocation is the method of Webster with a minimum of one (highest quotients homes / (2 n + 1)); within a building every
home has the same chance. References: M. L. Balinski and H. P. Young, Fair Representation (1982); W. G. Cochran,
Sampling Techniques, 3rd ed. (1977), ch. 5 (stratified random sampling).
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import TypeVar

Home = TypeVar("Home", int, str)


def allocate(homes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many homes of each building are asked.

    Parameters
    ----------
    homes : homes of each building, by its code; a building without homes is left out.
    size : homes to ask in all; raised to one for each building, lowered to all homes there are.

    Returns
    -------
    By code, between 1 and the building's homes, adding up to ``size`` within these limits.

    Notes
    -----
    O((size + buildings) log buildings); ties go to the lower code, so the result is a function of its input.
    """
    chosen = {code: 1 for code, count in sorted(homes.items()) if count > 0}
    size = min(max(size, len(chosen)), sum(homes[code] for code in chosen))
    queue = [(-Fraction(homes[code], 3), code) for code in chosen if homes[code] > 1]
    heapq.heapify(queue)
    for _ in range(size - len(chosen)):
        _, code = heapq.heappop(queue)
        chosen[code] += 1
        if chosen[code] < homes[code]:
            heapq.heappush(queue, (-Fraction(homes[code], 2 * chosen[code] + 1), code))
    return chosen


def draw(frame: Mapping[str, Sequence[Home]], size: int, *, seed: int) -> dict[str, list[Home]]:
    """Draw the homes that are asked, by building.

    ``frame`` lists the homes of each building. Whoever has the frame and the seed draws the same homes again, in
    whatever order the frame comes; a building's draw does not depend on the others.
    """
    counts = allocate({code: len(homes) for code, homes in frame.items()}, size)
    return {code: sorted(Random(f"{seed}:{code}").sample(sorted(frame[code]), count)) for code, count in counts.items()}
