"""Bundles that the search has met, kept person by person, so that the best of them can be put together anew.

Each person has a fixed number of places, found by the key of a bundle; a newer one takes the place of an older one. A
person is searched in one area at a time, so that what is kept does not depend on the number of threads.
"""

from typing import NamedTuple

import numpy as np

from .bundles import MOST
from .jit import Ints, Keys, Shorts, inner, whole
from .state import State

MOST_KEPT, LEAST_KEPT = 512, 32  # a person, powers of two
MOST_IN_ALL = 2_000_000


class Columns(NamedTuple):
    """Bundles by person and place; key 0 = an empty place."""

    key: Keys  # (P, K)
    cost: Ints  # (P, K) detour and fairness [mm]
    members: Shorts  # (P, K, MOST), -1 = no more


def build_columns(people: int, *, kept: bool) -> Columns:
    """No bundle yet; room for none unless they shall be ``kept``."""
    room = 2 ** int(np.clip(np.log2(MOST_IN_ALL / max(people, 1)), np.log2(LEAST_KEPT), np.log2(MOST_KEPT)))
    room = room if kept else 0
    return Columns(
        key=np.zeros((people, room), dtype=np.uint64),
        cost=np.zeros((people, room), dtype=np.int64),
        members=np.zeros((people, room, MOST), dtype=np.int32),
    )


@inner
def remember(columns: Columns, state: State, p: int) -> None:
    """Keep what ``p`` has now."""
    room = columns.key.shape[1]
    if room == 0 or state.held[p] == 0:
        return
    key = state.key[p]
    at = whole((key >> np.uint64(40)) & np.uint64(room - 1))
    if columns.key[p, at] == key:
        return
    columns.key[p, at] = key
    columns.cost[p, at] = state.cost[p]
    for k in range(MOST):
        columns.members[p, at, k] = state.members[p, k] if k < state.held[p] else -1
