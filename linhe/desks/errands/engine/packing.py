"""Compiled: the best of the bundles that the search has met, put together anew in one area: set packing by prices.

Prices of the requests come from Lagrangian relaxation ("each request once"), bundle by bundle a reduced cost. Around
whoever does not have the bundle of least reduced cost, a window of a few people is put in order exactly by branch and
bound: what the prices exclude is never looked at, so most windows take some hundred steps.

References
----------
M. L. Fisher (1981), The Lagrangian relaxation method for solving integer programming problems,
doi:10.1287/mnsc.27.1.1; A. Caprara, M. Fischetti, P. Toth (1999), A heuristic method for the set covering problem,
doi:10.1287/opre.47.5.730 (prices, then a choice among bundles of small reduced cost).
"""

from .bundles import MOST
from .columns import Columns
from .jit import NONE, ONE, ZERO, Ints, inner, lean, whole
from .shelf import BITS, CHOICES, WINDOW, Shelf, gather, set_prices, sort_out
from .state import State, Terms

LOOK = 6  # bundles of each person that bring others into a window
STEPS = 400  # in a window's tree
GOES = 3  # over an area


@inner
def open_window(state: State, shelf: Shelf, i: int, number: int) -> int:
    """Collect the places that have what the good bundles of the others in the window need; how many."""
    shelf.window[0] = i
    shelf.tried[i] = number
    size, looked, bits = ONE, ZERO, whole(MOST)
    while looked < size and size < WINDOW:
        j = shelf.window[looked]
        looked += 1
        for b in range(shelf.first[j], min(shelf.last[j], shelf.first[j] + LOOK)):
            for k in range(MOST):
                r = shelf.member[b, k]
                if r < 0:
                    break
                p = state.taker[r]
                if p < 0:
                    continue
                q = shelf.place[p]
                if q < 0 or shelf.tried[q] == number or size == WINDOW or bits + state.held[p] > BITS:
                    continue
                shelf.tried[q] = number
                shelf.window[size] = q
                bits += state.held[p]
                size += 1
    return size


@inner
def lay_choices(state: State, shelf: Shelf, prices: Ints, size: int) -> tuple[int, int]:
    """What each place of the window could have; how many requests there are, and the slack of the present choice.

    The slack [mm] is how much dearer that is than what the prices say nobody can do without: the least reduced costs,
    and no price paid for a request left over.
    """
    bits, slack, top = ZERO, ZERO, ZERO
    for x in range(size):
        b = shelf.now[shelf.window[x]]
        if b >= 0:
            for k in range(MOST):
                if shelf.member[b, k] < 0:
                    break
                bits = take_in(shelf, prices, shelf.member[b, k], bits)
    for x in range(size):
        j = shelf.window[x]
        now = shelf.now[j]
        shelf.begin[x], shelf.floor[x] = top, 0
        for b in range(shelf.first[j], shelf.last[j]):
            if top - shelf.begin[x] >= CHOICES - 1 and b != now:
                continue
            mask, able = ZERO, True
            for k in range(MOST):
                r = shelf.member[b, k]
                if r < 0:
                    break
                if shelf.bit[r] < 0:
                    if state.taker[r] >= 0 or bits == BITS:
                        able = False
                        break
                    slack += prices[r]
                    bits = take_in(shelf, prices, r, bits)
                mask |= ONE << shelf.bit[r]
            if able:
                shelf.choice[top], shelf.mask[top] = b, mask
                shelf.floor[x] = min(shelf.floor[x], shelf.due[b])
                top += 1
        slack += (shelf.due[now] if now >= 0 else ZERO) - shelf.floor[x]
    shelf.begin[size] = top
    return bits, slack


@inner
def take_in(shelf: Shelf, prices: Ints, r: int, bits: int) -> int:
    """Give a request the next bit; the number of bits."""
    shelf.bit[r], shelf.fee[bits], shelf.asked[bits] = bits, prices[r], r
    return bits + 1


@inner
def fees(shelf: Shelf, mask: int) -> int:
    """Prices of the requests in ``mask`` together."""
    total, k = ZERO, ZERO
    while mask:
        if mask & 1:
            total += shelf.fee[k]
        mask >>= 1
        k += 1
    return total


@inner
def branch(shelf: Shelf, size: int, bits: int, slack: int) -> int:
    """The least slack below ``slack`` of any choice in the window, which is left in ``best``; -1 if none was found.

    Place by place, the bundle of least reduced cost first and none at all last. A request that no later place could
    take costs its price.
    """
    shelf.cover[size] = 0
    for x in range(size - 1, -1, -1):
        shelf.cover[x] = shelf.cover[x + 1]
        for c in range(shelf.begin[x], shelf.begin[x + 1]):
            shelf.cover[x] |= shelf.mask[c]
    found, steps, level = NONE, ZERO, ZERO
    shelf.used[0], shelf.gap[0], shelf.at[0] = 0, fees(shelf, ((ONE << bits) - 1) & ~shelf.cover[0]), -1
    while level >= 0:
        if level == size:
            slack, found = shelf.gap[level], shelf.gap[level]
            for x in range(size):
                shelf.best[x] = shelf.choice[shelf.at[x]] if shelf.at[x] < shelf.begin[x + 1] else NONE
            level -= 1
            continue
        shelf.at[level] += 1
        c, end = shelf.at[level], shelf.begin[level + 1]
        if c > end or steps == STEPS:
            level -= 1
            continue
        due, mask = ZERO, ZERO
        if c < end:
            due, mask = shelf.due[shelf.choice[c]], shelf.mask[c]
        gap, used = shelf.gap[level] + due - shelf.floor[level], shelf.used[level]
        if gap >= slack:  # so are the others, but perhaps nothing at all
            shelf.at[level] = end - 1 if due > 0 else end
            continue
        if mask & used:
            continue
        used |= mask
        gap += fees(shelf, shelf.cover[level] & ~shelf.cover[level + 1] & ~used)
        if gap >= slack:
            continue
        steps += 1
        level += 1
        shelf.used[level], shelf.gap[level], shelf.at[level] = used, gap, shelf.begin[level] - 1
    return found


@inner
def apply(terms: Terms, state: State, shelf: Shelf, people: Ints, size: int) -> None:
    """Give the places of the window the bundles in ``best``."""
    for x in range(size):
        p = people[shelf.window[x]]
        for k in range(state.held[p]):
            state.taker[state.members[p, k]] = -1
    for x in range(size):
        j = shelf.window[x]
        p, b = people[j], shelf.best[x]
        shelf.now[j] = b
        state.held[p], state.cost[p], state.key[p] = 0, 0, terms.keys[p]
        if b < 0:
            continue
        cost = shelf.saves[b]
        for k in range(MOST):
            r = shelf.member[b, k]
            if r < 0:
                break
            state.members[p, k] = r
            state.held[p] = k + 1
            state.key[p] ^= terms.keys[len(state.held) + r]
            state.taker[r] = p
            cost += terms.penalty[r]
        state.cost[p] = cost


@lean
def pack(
    columns: Columns, terms: Terms, state: State, shelf: Shelf, prices: Ints, people: Ints, mine: Ints, ground: Ints,
    here: int,
) -> int:  # fmt: skip
    """Give ``people`` the best bundles of requests on ground ``here``; what was gained [mm].

    ``prices`` (R,) are those of an earlier call, and left as they are now.
    """
    gather(columns, terms, state, ground, here, people, shelf)
    count = len(people)
    set_prices(terms, state, shelf, prices, mine, count)
    sort_out(shelf, prices, count)
    gained, number = ZERO, ZERO
    shelf.tried[:count] = -1
    for _ in range(GOES):
        before = gained
        for i in range(count):
            if (shelf.due[shelf.now[i]] if shelf.now[i] >= 0 else ZERO) == shelf.least[i]:
                continue
            number += 1
            size = open_window(state, shelf, i, number)
            bits, slack = lay_choices(state, shelf, prices, size)
            found = branch(shelf, size, bits, slack)
            for k in range(bits):
                shelf.bit[shelf.asked[k]] = -1
            if found >= 0:
                gained += slack - found
                apply(terms, state, shelf, people, size)
        if gained == before:
            break
    for p in people:
        shelf.place[p] = -1
    return gained
