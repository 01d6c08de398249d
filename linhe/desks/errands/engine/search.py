"""Compiled: ruin and recreate on bundles, inside one area.

Each turn draws a request, empties some people around it, puts what came free (and some unserved requests) back where it
adds least, overlooking a place now and then, and keeps the outcome if it is better or, early on, not much worse.

References
----------
G. Schrimpf et al. (2000), Record breaking optimization results using the ruin and recreate principle,
doi:10.1006/jcph.1999.6413; J. Christiaens, G. Vanden Berghe (2020), Slack induction by string removals for vehicle
routing problems, doi:10.1287/trsc.2019.0914 (adjacent removals, blinks); S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi
(1983), Optimization by simulated annealing, doi:10.1126/science.220.4598.671.
"""

from typing import NamedTuple

import numpy as np

from .bundles import IMPOSSIBLE, MOST, Store, detour_of
from .columns import Columns, remember
from .jit import NONE, ONE, ZERO, Ints, Keys, draw, draw_unit, inner, lean, spread, whole
from .near import Pairs
from .rows import City
from .state import State, Terms, best_taker, give, price, price_of, recost, take_off

MOST_ADDED = 3  # unserved requests tried again beside each person
OVERLOOKED = 40  # one place in so many is skipped
CLOSED = -(2**60)  # the bar of who takes nothing more
MOST_POOL = 64
MOST_TOUCHED = 160
BLOCK = 400  # requests at work at a time, neighbours where rows are in the order of places


class Desk(NamedTuple):
    """Room to work, of one thread."""

    pool: Ints
    was: Ints  # (MOST_POOL,) who had each request of the pool, or near whom it was found unserved
    touched: Ints
    kept: Ints  # (MOST_TOUCHED, MOST)
    kept_count: Ints
    kept_cost: Ints
    kept_key: Keys
    seen: Ints  # (P,) turn in which a person was touched
    in_pool: Ints  # (R,)
    scratch: Ints
    bar: Ints  # (P,) a request whose detour alone is not below this and what it may add is too dear for a person
    turn: Ints  # (1,)


def build_desk(people: int, requests: int) -> Desk:
    """Room for one thread."""
    return Desk(
        pool=np.zeros(MOST_POOL, dtype=np.int64),
        was=np.zeros(MOST_POOL, dtype=np.int64),
        touched=np.zeros(MOST_TOUCHED, dtype=np.int64),
        kept=np.zeros((MOST_TOUCHED, MOST), dtype=np.int64),
        kept_count=np.zeros(MOST_TOUCHED, dtype=np.int64),
        kept_cost=np.zeros(MOST_TOUCHED, dtype=np.int64),
        kept_key=np.zeros(MOST_TOUCHED, dtype=np.uint64),
        seen=np.zeros(people, dtype=np.int64),
        in_pool=np.zeros(requests, dtype=np.int64),
        scratch=np.zeros(MOST + 1, dtype=np.int64),
        bar=np.zeros(people, dtype=np.int64),
        turn=np.zeros(1, dtype=np.int64),
    )


@inner
def touch(desk: Desk, state: State, p: int, touched: int) -> int:
    """Remember a person as before this turn; the number remembered."""
    if desk.seen[p] == desk.turn[0]:
        return touched
    desk.seen[p] = desk.turn[0]
    desk.touched[touched] = p
    for k in range(state.held[p]):
        desk.kept[touched, k] = state.members[p, k]
    desk.kept_count[touched] = state.held[p]
    desk.kept_cost[touched] = state.cost[p]
    desk.kept_key[touched] = state.key[p]
    return touched + 1


@inner
def empty(city: City, terms: Terms, state: State, desk: Desk, p: int, pinned: int, count: int) -> int:
    """Take all but the pinned from a person into the pool; the size of the pool."""
    people, kept = len(city.person), 0
    for k in range(state.held[p]):
        r = state.members[p, k]
        if r < pinned or count >= MOST_POOL:
            state.members[p, kept] = r
            kept += 1
            continue
        state.key[p] ^= terms.keys[people + r]
        state.taker[r] = -1
        desk.in_pool[r] = desk.turn[0]
        desk.pool[count], desk.was[count] = r, p
        count += 1
    state.held[p] = kept
    return count


@inner
def set_bar(terms: Terms, state: State, desk: Desk, p: int) -> None:
    """Bring the bar of ``p`` in line with the members."""
    n = state.held[p]
    full = n >= terms.most[p]
    desk.bar[p] = CLOSED if full else state.cost[p] - (n + 1) * terms.fair[p] - terms.step * (n * (n + 1) // 2)


@spread
def is_too_dear(city: City, store: Store, terms: Terms, state: State, p: int, r: int, most: int, scratch: Ints) -> bool:
    """Whether ``r`` with one of two or more members alone is a detour of ``most`` [mm] already.

    Spares the look at most sets of three: sets of two are few, and nearly always in the memory.
    """
    n = state.held[p]
    dear = False
    if n > 1:
        key = terms.keys[p] ^ terms.keys[len(city.person) + r]
        scratch[0] = r
        for k in range(n):
            s = state.members[p, k]
            scratch[1] = s
            detour = detour_of(city, store, terms.keys, p, key ^ terms.keys[len(city.person) + s], scratch, 2)
            if detour == IMPOSSIBLE or detour >= most:
                dear = True
                break
    return dear


@lean
def search(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, columns: Columns, desk: Desk, mine: Ints,
    area: Ints, here: int, ground: Ints, pinned: int, random: Keys, turns: int, hot: float, cold: float, emptied: int,
) -> int:  # fmt: skip
    """Spend ``turns`` on the requests ``mine`` of area ``here``; the change of the objective [mm].

    ``area`` (P,) and ``ground`` (R,) tell whose area people and requests are in; nothing else is touched. The
    temperature falls from ``hot`` to ``cold`` [mm].
    """
    gained = 0
    for p in range(len(area)):
        desk.bar[p] = CLOSED
        if area[p] == here:
            set_bar(terms, state, desk, p)
    cooling = (cold / hot) ** (1.0 / max(turns, 1))
    heat = hot
    block = min(whole(len(mine)), BLOCK)
    for now in range(turns):
        heat *= cooling
        desk.turn[0] += 1
        turn = desk.turn[0]
        at = now * len(mine) // turns + draw(random, block)
        r = mine[at if at < len(mine) else at - len(mine)]
        if pairs.start[r] == pairs.start[r + 1]:
            continue
        desk.pool[0], desk.was[0] = r, state.taker[r]
        desk.in_pool[r] = turn
        count, touched, owed = ONE, ZERO, ZERO
        if state.taker[r] >= 0:
            p = state.taker[r]
            touched = touch(desk, state, p, touched)
            take_off(city, store, terms, state, r)
            set_bar(terms, state, desk, p)
        else:
            owed = terms.penalty[r]
        wanted = 1 + draw(random, emptied)
        for _ in range(wanted):
            # around the first request, or around another that has come free
            around = r if draw(random, 2) else desk.pool[draw(random, count)]
            first, width = pairs.start[around], pairs.start[around + 1] - pairs.start[around]
            p = pairs.person[first + draw(random, width)]
            if area[p] != here or (desk.seen[p] == turn and state.held[p] == 0):
                continue
            touched = touch(desk, state, p, touched)
            if state.held[p]:
                count = empty(city, terms, state, desk, p, pinned, count)
                recost(city, store, terms, state, p)
                set_bar(terms, state, desk, p)
            more = MOST_ADDED
            width = pairs.of_person[p + 1] - pairs.of_person[p]
            offset = draw(random, width)
            for k in range(width):
                if more == 0 or count >= MOST_POOL:
                    break
                at = offset + k
                s = pairs.request[pairs.of_person[p] + (at if at < width else at - width)]
                if state.taker[s] < 0 and ground[s] == here and desk.in_pool[s] != turn:
                    desk.in_pool[s] = turn
                    desk.pool[count], desk.was[count] = s, p
                    owed += terms.penalty[s]
                    count += 1
                    more -= 1
        for k in range(count - 1, 0, -1):
            other = draw(random, k + 1)
            desk.pool[k], desk.pool[other] = desk.pool[other], desk.pool[k]
            desk.was[k], desk.was[other] = desk.was[other], desk.was[k]
        for k in range(count):
            s, p = desk.pool[k], desk.was[k]
            best, person, cost = terms.penalty[s], NONE, ZERO
            if p >= 0 and desk.bar[p] > CLOSED:  # most likely good, so that the others need not be looked at closely
                value = price(city, store, terms, state, p, s, desk.scratch)
                if value != IMPOSSIBLE and value - state.cost[p] < best:
                    best, person, cost = value - state.cost[p], p, value
            for x in range(pairs.start[s], pairs.start[s + 1]):
                p, alone = pairs.person[x], terms.alone[x]
                if alone >= best + desk.bar[p] or draw(random, OVERLOOKED) == 0:
                    continue
                if state.held[p] == 0:
                    value = alone + terms.fair[p]
                else:
                    if is_too_dear(city, store, terms, state, p, s, best + desk.bar[p], desk.scratch):
                        continue
                    value = price(city, store, terms, state, p, s, desk.scratch)
                if value != IMPOSSIBLE and value - state.cost[p] < best:
                    best, person, cost = value - state.cost[p], p, value
            if person >= 0 and touched < MOST_TOUCHED:
                touched = touch(desk, state, person, touched)
                give(city, terms, state, person, s, cost)
                set_bar(terms, state, desk, person)
        more = -owed
        for k in range(touched):
            more += state.cost[desk.touched[k]] - desk.kept_cost[k]
            remember(columns, state, desk.touched[k])
        for k in range(count):
            if state.taker[desk.pool[k]] < 0:
                more += terms.penalty[desk.pool[k]]
        if more <= 0 or more < -heat * np.log(draw_unit(random)):
            gained += more
        else:
            roll_back(state, desk, touched, count)
            for k in range(touched):
                set_bar(terms, state, desk, desk.touched[k])
    return gained


@inner
def roll_back(state: State, desk: Desk, touched: int, count: int) -> None:
    """Bring the people touched and the requests of the pool back to before this turn."""
    for k in range(count):
        state.taker[desk.pool[k]] = -1
    for k in range(touched):
        p = desk.touched[k]
        for x in range(desk.kept_count[k]):
            r = desk.kept[k, x]
            state.members[p, x] = r
            state.taker[r] = p
        state.held[p] = desk.kept_count[k]
        state.cost[p] = desk.kept_cost[k]
        state.key[p] = desk.kept_key[k]


def assign(city: City, store: Store, terms: Terms, state: State, requests: Ints, persons: Ints) -> int:
    """Give each request to its person where it fits; how many got it."""
    return _assign(city, store, terms, state, requests, persons, np.empty(MOST + 1, dtype=np.int64))


@lean
def _assign(city: City, store: Store, terms: Terms, state: State, requests: Ints, persons: Ints, scratch: Ints) -> int:
    given = 0
    for k in range(len(requests)):
        p, r = persons[k], requests[k]
        if state.taker[r] >= 0 or state.held[p] >= terms.most[p]:
            continue
        value = price_of(city, store, terms, state, p, r, scratch)
        if value != IMPOSSIBLE:
            give(city, terms, state, p, r, value)
            given += 1
    return given


def prices(city: City, store: Store, terms: Terms, state: State, p: int, requests: Ints) -> Ints:
    """What ``p`` would cost with each of the requests in turn [mm], IMPOSSIBLE where it does not fit."""
    values, scratch = np.full(len(requests), IMPOSSIBLE), np.empty(MOST + 1, dtype=np.int64)
    if state.held[p] < terms.most[p]:
        _prices(city, store, terms, state, p, requests, scratch, values)
    return values


@lean
def _prices(
    city: City, store: Store, terms: Terms, state: State, p: int, requests: Ints, scratch: Ints, values: Ints
) -> None:
    for k in range(len(requests)):
        values[k] = price_of(city, store, terms, state, p, requests[k], scratch)


def fill(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, order: Ints, area: Ints, here: int = 0
) -> None:
    """Put each request of ``order`` where it adds least in area ``here``, if that is better than leaving it."""
    _fill(city, store, terms, state, pairs, order, area, whole(here), np.empty(MOST + 1, dtype=np.int64))


@lean
def _fill(
    city: City, store: Store, terms: Terms, state: State, pairs: Pairs, order: Ints, area: Ints, here: int,
    scratch: Ints,
) -> None:  # fmt: skip
    for r in order:
        person, cost = best_taker(city, store, terms, state, pairs, r, area, here, scratch)
        if person >= 0:
            give(city, terms, state, person, r, cost)
