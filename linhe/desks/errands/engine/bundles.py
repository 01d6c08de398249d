"""Compiled: the least detour of a person with a set of requests, remembered.

A bundle is a set of requests in one person's route. Its detour is found by inserting any one of them, last, into the
best route of the others, so it depends on nothing but the set: it is computed once, kept in a table under a random key
of the set, and read back ever after. The search moves between sets at the price of a look into memory.

References
----------
A. L. Zobrist (1970), A new hashing method with application for game playing, Technical Report 88, University of
Wisconsin (the keys).
"""

from typing import NamedTuple

import numpy as np

from .jit import GAMMA, YES, ZERO, Floats, Ints, Keys, inner, spread, whole
from .rows import EPS, NEVER, ROOM_M, ROOM_N, City, best_insertion, length_of, put_in, refresh

MOST = 6  # requests in a bundle; all its subsets are looked at once
MILLI = 1000.0  # costs are whole millimetres, so that sums do not depend on their order
IMPOSSIBLE = whole(0xFFFFFFFF)
LONGEST = 4_000_000_000  # [mm]


class Store(NamedTuple):
    """The remembered bundles and room to work, of one thread."""

    table: Keys  # (slots, 2) key, detour [mm] << 32 | rank of the last << 28 | pick-up slot << 14 | drop-off slot
    members: Ints  # (MOST,) of the bundle at work, ascending
    nodes: Ints
    row: Floats
    cost: Ints  # (2 ** MOST,)
    info: Ints


def build_store(city: City, slots: int) -> Store:
    """An empty store; ``slots`` is a power of two."""
    more = max(MOST, min(int(city.person[:, ROOM_N].max(initial=0)), len(city.request)))
    longest = int(np.diff(city.first).max(initial=0)) + 2 * more + 2
    return Store(
        table=np.zeros((slots, 2), dtype=np.uint64),
        members=np.zeros(MOST, dtype=np.int64),
        nodes=np.zeros(longest, dtype=np.int64),
        row=np.zeros((longest, 4)),
        cost=np.zeros(2**MOST, dtype=np.int64),
        info=np.zeros(2**MOST, dtype=np.int64),
    )


def random_keys(count: int, seed: int) -> Keys:
    """One key for each of ``count`` things: the sequence of ``jit.next_random``."""
    keys = np.uint64(seed & 0xFFFFFFFFFFFFFFFF) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GAMMA)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(keys ^ (keys >> np.uint64(31)))


@inner
def lay_out(city: City, store: Store, p: int, mask: int) -> int:
    """Build the best route of the store's members in ``mask`` in the store's row; its number of nodes.

    ``store.info`` knows of ``mask`` and of what remains when the last one is taken off, again and again.
    """
    o, n = city.first[p], whole(city.first[p + 1] - city.first[p])
    for k in range(n):
        store.nodes[k] = city.nodes[o + k]
    order, depth = 0, 0
    while mask:
        order = (order << 8) | mask
        depth += 1
        mask ^= 1 << (store.info[mask] >> 28)
    for _ in range(depth):
        info = whole(store.info[order & 0xFF])
        order >>= 8
        n = put_in(city, store.nodes, ZERO, n, store.members[info >> 28], (info >> 14) & 0x3FFF, info & 0x3FFF)
    return n


@inner
def work_out(city: City, store: Store, keys: Keys, p: int, members: Ints, count: int) -> int:
    """Detour [mm] of the bundle of the first ``count`` members; looks all subsets up, or computes them.

    Says the same whatever is in the memory, which differs with the number of threads.
    """
    for k in range(count):
        at = k
        while at > 0 and store.members[at - 1] > members[k]:
            store.members[at] = store.members[at - 1]
            at -= 1
        store.members[at] = members[k]
    slots = np.uint64(store.table.shape[0] - 1)
    for mask in range(1, 1 << count):
        key = keys[p]
        for k in range(count):
            if mask >> k & 1:
                key ^= keys[len(city.person) + store.members[k]]
        at = whole(key & slots)
        if store.table[at, 0] == key:
            packed = whole(store.table[at, 1] & np.uint64(0xFFFFFFFF))
            store.cost[mask] = whole(store.table[at, 1] >> np.uint64(32))
            store.info[mask] = (_place_of(mask, packed >> 28) << 28) | (packed & 0xFFFFFFF)
            if store.cost[mask] == IMPOSSIBLE:
                return IMPOSSIBLE
            continue
        cost, k, slots_after = _insert_last(city, store, p, count, mask)
        store.cost[mask], store.info[mask] = cost, (k << 28) | slots_after
        packed = (_rank_of(mask, k) << 28) | slots_after
        store.table[at, 0] = key
        store.table[at, 1] = (np.uint64(cost) << np.uint64(32)) | np.uint64(packed)
        if cost == IMPOSSIBLE:
            return IMPOSSIBLE
    return whole(store.cost[(1 << count) - 1])


@inner
def _rank_of(mask: int, k: int) -> int:
    """How many members of ``mask`` come before ``k``."""
    rank = 0
    for low in range(k):
        rank += mask >> low & 1
    return rank


@inner
def _place_of(mask: int, rank: int) -> int:
    """The member of ``mask`` that has so many before it."""
    k = 0
    while rank > 0 or not mask >> k & 1:
        rank -= mask >> k & 1
        k += 1
    return k


@inner
def _insert_last(city: City, store: Store, p: int, count: int, mask: int) -> tuple[int, int, int]:
    """The cheapest way to insert one member of ``mask`` into the best route of the others: (mm, member, slots)."""
    for k in range(count):
        if mask >> k & 1 and mask ^ (1 << k) and store.cost[mask ^ (1 << k)] == IMPOSSIBLE:
            return IMPOSSIBLE, 0, 0
    room = city.person[p, ROOM_M] + EPS
    o, n = city.first[p], city.first[p + 1] - city.first[p]
    best, last, slots = NEVER, 0, 0
    if mask & (mask - 1) == 0:
        last = _place_of(mask, ZERO)
        best, i, j = best_insertion(city, p, city.nodes, city.row, o, n, store.members[last], room, YES, YES)
        slots = (i << 14) | j
    else:
        base = length_of(city.row, o, n)
        for k in range(count):
            if not mask >> k & 1 or store.cost[mask ^ (1 << k)] > best * MILLI:
                continue
            m = lay_out(city, store, p, mask ^ (1 << k))
            refresh(city, p, store.nodes, store.row, ZERO, m)
            so_far = length_of(store.row, ZERO, m) - base
            left = min(room, best) - so_far
            add, i, j = best_insertion(city, p, store.nodes, store.row, ZERO, m, store.members[k], left, YES, YES)
            if so_far + add < best:
                best, last, slots = so_far + add, k, (i << 14) | j
    if best * MILLI >= LONGEST:
        return IMPOSSIBLE, 0, 0
    return whole(np.round(max(best, 0.0) * MILLI)), last, slots


@spread
def detour_of(city: City, store: Store, keys: Keys, p: int, key: int, members: Ints, count: int) -> int:
    """Detour [mm] of a bundle whose key is known, IMPOSSIBLE when it does not fit."""
    at = whole(key & np.uint64(store.table.shape[0] - 1))
    if store.table[at, 0] == key:
        return whole(store.table[at, 1] >> np.uint64(32))
    return work_out(city, store, keys, p, members, count)
