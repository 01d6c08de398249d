"""Compiled: who has which requests while the search runs, and what that costs."""

from typing import NamedTuple

import numpy as np

from .bundles import IMPOSSIBLE, MILLI, MOST, Store, detour_of
from .jit import NONE, ZERO, Ints, Keys, inner, lean, spread, whole
from .near import Pairs
from .rows import PENALTY, PRICE, ROOM_N, USED, City


class State(NamedTuple):
    """An assignment of requests to people; costs in whole millimetres."""

    taker: Ints  # (R,) person row or -1
    members: Ints  # (P, MOST) the requests of each person, the first ``held`` count
    held: Ints  # (P,)
    cost: Ints  # (P,) detour, fairness and price [mm]
    key: Keys  # (P,)


class Terms(NamedTuple):
    """Prices in whole millimetres."""

    keys: Keys  # (P + R,)
    penalty: Ints  # (R,)
    fair: Ints  # (P,) a first errand's fairness, and what each costs beside its way
    step: int  # what each further errand costs more
    most: Ints  # (P,) members a person may have
    alone: Ints  # (pairs,) detour of each pair alone


def build_terms(city: City, keys: Keys, pinned: Ints, pairs: Pairs) -> Terms:
    """Prices of a batch; ``pinned`` (P,) members are there from the start, beside the limit, and counted as used."""
    step = round(city.fairness * MILLI)
    first = city.fairness * (city.person[:, USED] + 1 - pinned) + city.person[:, PRICE]
    return Terms(
        keys=keys,
        penalty=np.round(city.request[:, PENALTY] * MILLI).astype(np.int64),
        fair=np.round(first * MILLI).astype(np.int64),
        step=step,
        most=np.minimum(city.person[:, ROOM_N].astype(np.int64) + pinned, MOST),
        alone=np.round(pairs.alone * MILLI).astype(np.int64),
    )


def build_state(people: int, requests: int, keys: Keys) -> State:
    """Nobody has anything."""
    return State(
        taker=np.full(requests, -1, dtype=np.int64),
        members=np.zeros((people, MOST), dtype=np.int64),
        held=np.zeros(people, dtype=np.int64),
        cost=np.zeros(people, dtype=np.int64),
        key=keys[:people].copy(),
    )


@spread
def price(city: City, store: Store, terms: Terms, state: State, p: int, r: int, scratch: Ints) -> int:
    """What person ``p`` would cost with request ``r`` too [mm], IMPOSSIBLE when it does not fit."""
    n = state.held[p]
    for k in range(n):
        scratch[k] = state.members[p, k]
    scratch[n] = r
    key = state.key[p] ^ terms.keys[len(city.person) + r]
    fair = (n + 1) * terms.fair[p] + terms.step * (n * (n + 1) // 2)
    detour = detour_of(city, store, terms.keys, p, key, scratch, n + 1)
    if detour == IMPOSSIBLE:
        return IMPOSSIBLE
    return whole(detour + fair)


@inner
def price_of(city: City, store: Store, terms: Terms, state: State, p: int, r: int, scratch: Ints) -> int:
    """``price``, compiled by itself: for all but the inner loop of the search."""
    return price(city, store, terms, state, p, r, scratch)


@spread
def floor(terms: Terms, state: State, p: int, alone: int) -> int:
    """What person ``p`` costs at least with a request whose detour alone is ``alone`` too [mm].

    The way of a bundle is never shorter than that of any one in it.
    """
    n = state.held[p]
    return whole(alone + (n + 1) * terms.fair[p] + terms.step * (n * (n + 1) // 2))


@inner
def give(city: City, terms: Terms, state: State, p: int, r: int, cost: int) -> None:
    """Add ``r`` to the members of ``p``, who then costs ``cost``."""
    state.members[p, state.held[p]] = r
    state.held[p] += 1
    state.key[p] ^= terms.keys[len(city.person) + r]
    state.taker[r] = p
    state.cost[p] = cost


@inner
def take_off(city: City, store: Store, terms: Terms, state: State, r: int) -> None:
    """Take ``r`` from whoever has it; the others' order is kept."""
    p = state.taker[r]
    n, at = state.held[p], 0
    for k in range(n):
        if state.members[p, k] != r:
            state.members[p, at] = state.members[p, k]
            at += 1
    state.held[p] = n - 1
    state.key[p] ^= terms.keys[len(city.person) + r]
    state.taker[r] = -1
    recost(city, store, terms, state, p)


@inner
def recost(city: City, store: Store, terms: Terms, state: State, p: int) -> None:
    """Bring the cost of ``p`` in line with the members."""
    n = state.held[p]
    cost = 0
    if n:
        cost = detour_of(city, store, terms.keys, p, state.key[p], state.members[p], n)
    state.cost[p] = cost + n * terms.fair[p] + terms.step * (n * (n - 1) // 2)


@lean
def total(terms: Terms, state: State) -> int:
    """The objective [mm]: detours, fairness, and penalties of the unserved."""
    value = 0
    for p in range(len(state.cost)):
        value += state.cost[p]
    for r in range(len(state.taker)):
        if state.taker[r] < 0:
            value += terms.penalty[r]
    return value


@inner
def best_taker(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, r: int, area: Ints, here: int, scratch: Ints
) -> tuple[int, int]:
    """(person row, that person's cost) where ``r`` adds least, -1 when it is dearer than staying unserved."""
    best, person, cost = terms.penalty[r], NONE, ZERO
    for k in range(pairs.start[r], pairs.start[r + 1]):
        p = pairs.person[k]
        if area[p] != here or state.held[p] >= terms.most[p]:
            continue
        value = floor(terms, state, p, terms.alone[k])
        if value >= best + state.cost[p]:
            continue
        if state.held[p]:
            value = price(city, store, terms, state, p, r, scratch)
        if value != IMPOSSIBLE and value - state.cost[p] < best:
            best, person, cost = value - state.cost[p], p, value
    return person, cost
