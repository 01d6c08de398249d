"""Compiled: which requests may fit which route, by a plain grid, and the lists of feasible pairs.

A place that costs at most ``e`` metres more than the leg a-b lies within (|ab| + e) / 2 of the middle of the leg (turn
the triangle half around the middle: twice the way from there is at most both sides). That circle is looked up in the
grid, then the ellipse itself is tested. Nothing is missed.
"""

from typing import NamedTuple

import numpy as np

from .jit import YES, Floats, Ints, inner, lean
from .rows import EARTH_M, EPS, LEG, NEVER, ROOM_M, VISIT, City, back_again, best_insertion, metres


class Grid(NamedTuple):
    """Requests by the cell where their errand begins: those of cell ``c`` are ``items[start[c]:start[c + 1]]``."""

    west: float
    south: float
    wide: float  # [degree]
    high: float
    cells: int  # a side
    start: Ints
    items: Ints


class Allowed(NamedTuple):
    """Who may take what, apart from distance and time."""

    skills: Ints  # (P,)
    needs: Ints  # (R,)
    declined: Ints  # sorted request_row * P + person_row


class Pairs(NamedTuple):
    """Every (person, request) that is feasible alone, by request, the least detour first.

    Adding stops never shortens a route, arrives no earlier and frees no capacity, so no other pair can become
    feasible later.
    """

    start: Ints  # (R + 1,)
    person: Ints
    alone: Floats  # detour in the route as driven now [m]
    of_person: Ints  # (P + 1,)
    request: Ints  # by person


@inner
def is_declined(allowed: Allowed, r: int, p: int) -> bool:
    """Whether the person has declined the request (by halving)."""
    row, low, high = r * len(allowed.skills) + p, 0, len(allowed.declined)
    while low < high:
        middle = (low + high) // 2
        if allowed.declined[middle] < row:
            low = middle + 1
        else:
            high = middle
    return bool(low < len(allowed.declined) and allowed.declined[low] == row)


@inner
def cells_around(grid: Grid, lon: float, lat: float, radius: float) -> tuple[int, int, int, int]:
    """First and last column and row of the cells that a circle [m] may touch; empty if first > last."""
    angle = radius / EARTH_M
    dlat = np.degrees(angle)
    dlon = 360.0
    if abs(lat) + dlat < 89.9 and angle < 1:
        dlon = np.degrees(np.arcsin(np.sin(angle) / np.cos(np.radians(lat)))) * (1 + 1e-9)
    if lon - dlon < -180 or lon + dlon > 180:
        dlon = 360.0
    left, right = np.floor((lon - dlon - grid.west) / grid.wide), np.floor((lon + dlon - grid.west) / grid.wide)
    low, top = np.floor((lat - dlat - grid.south) / grid.high), np.floor((lat + dlat - grid.south) / grid.high)
    last = grid.cells - 1  # holds its outer edge too, so a circle beyond it still looks there
    return int(min(max(left, 0), last)), int(min(right, last)), int(min(max(low, 0), last)), int(min(top, last))


@inner
def begins_at(city: City, r: int) -> int:
    """The node where an errand begins."""
    return city.asked + 2 * r + (1 if city.request[r, VISIT] > 0 else 0)


@lean
def near_pairs(
    city: City,
    allowed: Allowed,
    grid: Grid,
    low: int,
    high: int,
    fits: bool,
    seen: Ints,
    persons: Ints,
    found: Ints,
    alone: Floats,
) -> int:
    """Fill pairs of people ``low`` to ``high`` whose errand may begin inside the detour that is left. Complete.

    With ``fits`` only those whose best insertion is feasible, with its detour. Returns how many there are; if that is
    more than fit into the arrays, only the first are filled in. ``seen`` (R,) begins with -1.
    """
    count = 0
    for p in range(low, high):
        if not city.fit[p]:
            continue
        o, n = city.first[p], city.first[p + 1] - city.first[p]
        more = city.person[p, ROOM_M] + EPS
        for leg in range(o, o + n - 1):
            a, b = city.nodes[leg], city.nodes[leg + 1]
            if city.table.shape[0]:
                left, right, south, north = 0, grid.cells - 1, 0, grid.cells - 1
            else:
                x = (city.node[a, 0] + city.node[b, 0]) / 2
                y = (city.node[a, 1] + city.node[b, 1]) / 2
                z = (city.node[a, 2] + city.node[b, 2]) / 2
                lon, lat = np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))
                radius = (city.row[leg, LEG] + more) / city.road / 2 * (1 + 1e-9) + 0.01
                left, right, south, north = cells_around(grid, lon, lat, radius)
            if left > right:
                continue
            for line in range(south, north + 1):
                for k in range(grid.start[line * grid.cells + left], grid.start[line * grid.cells + right + 1]):
                    r = grid.items[k]
                    if seen[r] == p or allowed.needs[r] & ~allowed.skills[p]:
                        continue
                    begins = begins_at(city, r)
                    to = metres(city.node, city.table, city.road, a, begins)
                    if to + metres(city.node, city.table, city.road, begins, b) - city.row[leg, LEG] > more:
                        continue
                    seen[r] = p
                    if is_declined(allowed, r, p):
                        continue
                    detour = 0.0
                    if fits:
                        detour = best_insertion(city, p, city.nodes, city.row, o, n, r, more, YES, YES)[0]
                        if detour == NEVER:
                            continue
                    if count < len(found):
                        persons[count], found[count], alone[count] = p, r, detour
                    count += 1
    return count


@lean
def near_alone(city: City, balls: Floats, r: int, persons: Ints) -> int:
    """Fill in whose route passes where one errand begins, inside the detour that is left, as ``near_pairs`` does."""
    count = 0
    begins = begins_at(city, r)
    for p in range(len(city.person)):
        if city.fit[p] and _inside(city, balls, p, begins) and _passes(city, p, begins):
            persons[count] = p
            count += 1
    return count


def balls_of(city: City) -> Floats:
    """(P, 4) a ball around each route that holds every place inside the detour left of some leg: middle, radius [m].

    Such a place is at most half as far from the middle of the leg's chord as the leg and the detour are long.
    """
    if city.table.size:
        return np.full((len(city.person), 4), np.inf)
    last = city.first[1:] - 1
    is_leg = np.ones(len(city.nodes), dtype=np.bool_)
    is_leg[last] = False
    legs = np.flatnonzero(is_leg)
    person = np.repeat(np.arange(len(last)), np.diff(city.first) - 1)
    middle = (city.node[city.nodes[legs], :3] + city.node[city.nodes[legs + 1], :3]) / 2
    count = np.bincount(person, minlength=len(last))
    balls = np.empty((len(last), 4))
    for axis in range(3):
        balls[:, axis] = np.bincount(person, weights=middle[:, axis], minlength=len(last)) / np.maximum(count, 1)
    reach = np.linalg.norm(middle - balls[person, :3], axis=1)
    reach += (city.row[legs, LEG] + np.maximum(city.person[person, ROOM_M], 0)) / city.road / 2
    balls[:, 3] = 0
    np.maximum.at(balls[:, 3], person, reach + 0.1)
    return balls


@inner
def _inside(city: City, balls: Floats, p: int, place: int) -> bool:
    """Whether a place is in a person's ball."""
    if city.table.shape[0]:
        return True
    x, y, z = city.node[place, 0] - balls[p, 0], city.node[place, 1] - balls[p, 1], city.node[place, 2] - balls[p, 2]
    return bool(x * x + y * y + z * z <= balls[p, 3] * balls[p, 3])


@inner
def _passes(city: City, p: int, begins: int) -> bool:
    """Whether a place is inside the detour left of some leg of a person's route."""
    o, n = city.first[p], city.first[p + 1] - city.first[p]
    more = city.person[p, ROOM_M] + EPS
    to = metres(city.node, city.table, city.road, city.nodes[o], begins)
    for leg in range(o, o + n - 1):
        on = metres(city.node, city.table, city.road, begins, city.nodes[leg + 1])
        if to + on - city.row[leg, LEG] <= more:
            return True
        to = back_again(city.table, city.nodes[leg + 1], begins, on)
    return False


@lean
def feasible_alone(city: City, balls: Floats, allowed: Allowed, r: int, persons: Ints, alone: Floats) -> int:
    """Fill in who could take one request, the least detour first; how many. Looks at every leg, without a grid."""
    count = 0
    begins = begins_at(city, r)
    for p in range(len(city.person)):
        if not city.fit[p] or allowed.needs[r] & ~allowed.skills[p]:
            continue
        if not _inside(city, balls, p, begins) or not _passes(city, p, begins) or is_declined(allowed, r, p):
            continue
        o, n = city.first[p], city.first[p + 1] - city.first[p]
        more = city.person[p, ROOM_M] + EPS
        detour = best_insertion(city, p, city.nodes, city.row, o, n, r, more, YES, YES)[0]
        if detour == NEVER:
            continue
        at = count
        while at > 0 and alone[at - 1] > detour:
            alone[at], persons[at] = alone[at - 1], persons[at - 1]
            at -= 1
        alone[at], persons[at] = detour, p
        count += 1
    return count


def listed(persons: Ints, requests: Ints, alone: Floats, people: int, asked: int) -> Pairs:
    """The lists of the pairs given by person: by request, the least detour first, and by person."""
    start = np.concatenate([[0], np.cumsum(np.bincount(requests, minlength=asked))]).astype(np.int64)
    of_person = np.concatenate([[0], np.cumsum(np.bincount(persons, minlength=people))]).astype(np.int64)
    person, cost = np.empty(len(persons), dtype=np.int64), np.empty(len(persons))
    _sort_in(persons, requests, alone, start, start[:-1].copy(), person, cost)
    return Pairs(start, person, cost, of_person, requests.copy())


@lean
def _sort_in(
    persons: Ints, requests: Ints, alone: Floats, start: Ints, filled: Ints, person: Ints, cost: Floats
) -> None:
    """Put every pair into its request's part, by insertion: the parts are short."""
    for k in range(len(persons)):
        r = requests[k]
        at = filled[r]
        filled[r] += 1
        while at > start[r] and cost[at - 1] > alone[k]:
            cost[at], person[at] = cost[at - 1], person[at - 1]
            at -= 1
        cost[at], person[at] = alone[k], persons[k]
