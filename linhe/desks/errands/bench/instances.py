"""Instances of dispatch at any size, by seed: the rest of parcel trips as routes, timed orders and visits as requests.

A courier is the rest of a real (or drawn) parcel trip: at the stop just left, each later stop with a latest time 30-45
min behind the plan, the end of the route an hour behind. A request is a timed order of less than 4 km (shop to door,
within 90 or 45 min) or, one in five, a visit to one place. Beyond the day's own count places are drawn again with
250 m of jitter; beyond a city's worth, cities stand side by side, so that density stays that of a city.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linhe.desks.errands.engine import Problem
from linhe.desks.errands.sample.dataset import Dataset
from linhe.desks.errands.sample.reader import ROAD_FACTOR, SPEED_MPS
from linhe.lib.geography import EARTH_RADIUS_M, Point, distance_m

SIZES = {"S": (100, 50), "M": (1_000, 500), "L": (10_000, 5_000), "XL": (100_000, 50_000)}
"""Requests and couriers."""
CITY = 5_000
"""Couriers of one city; more make several cities."""
NOW_S = 12 * 3600.0
LONGEST_M = 4_000.0
JITTER_M = 250.0
VISITS = 0.2
ROOM = 160  # pieces: what a full trip carries, and a little more
MOST_EXTRA = 3
SKILLS = ("medicine", "care")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pool:
    """What instances are drawn from; places are (lon, lat)."""

    trips: list[Floats]  # site, stops..., site
    services: list[Floats]
    pieces: list[NDArray[np.int64]]
    shops: Floats
    doors: Floats
    loads: NDArray[np.int64]
    spots: Floats


def pool_of(data: Dataset) -> Pool:
    """Trips with their places, and the orders that are short enough to be an errand."""
    pairs = [(data.shops[o.shop_id], data.spots[o.spot_id], o.pieces) for o in data.orders]
    pairs = [pair for pair in pairs if distance_m(pair[0], pair[1]) < LONGEST_M]
    return Pool(
        trips=[
            np.array([data.sites[t.site_id], *(data.spots[s.spot_id] for s in t.stops), data.sites[t.site_id]])
            for t in data.trips
        ],
        services=[np.array([s.service_s for s in t.stops]) for t in data.trips],
        pieces=[np.array([s.pieces for s in t.stops]) for t in data.trips],
        shops=np.array([shop for shop, _, _ in pairs]),
        doors=np.array([door for _, door, _ in pairs]),
        loads=np.array([pieces for _, _, pieces in pairs]),
        spots=np.array(list(data.spots.values())),
    )


def instance(pool: Pool, requests: int, people: int, seed: int = 1) -> Problem:
    """A moment of a city; the same for the same seed.

    Fewer couriers than a city's are those around one dense place, with the requests of that part.
    """
    draw = np.random.default_rng([seed, requests, people])
    cities = max(1, -(-people // CITY))
    shares = [(requests * (c + 1) // cities - requests * c // cities, people * (c + 1) // cities - people * c // cities)
              for c in range(cities)]  # fmt: skip
    wide = np.ptp(pool.spots, axis=0) * 1.1
    side = int(np.ceil(np.sqrt(cities)))
    parts = []
    for number, (of_requests, of_people) in enumerate(shares):
        away = np.array([number % side, number // side]) * wide
        parts.append((_people(pool, of_people, draw, away), away, of_requests))
    routes: dict[str, Any] = _joined([part for part, _, _ in parts])
    asked = _joined([_requests(pool, count, part["centre"], draw, away) for part, away, count in parts])
    return _problem(routes, asked, draw)


def _people(pool: Pool, count: int, draw: np.random.Generator, away: Floats) -> dict[str, Any]:
    """Couriers somewhere in their trips: how many trips, from which stop, and where everything is."""
    again = -(-count // len(pool.trips))
    which = np.tile(np.arange(len(pool.trips)), again)
    cut = np.array([draw.integers(len(pool.services[t])) for t in which])
    shift = draw.normal(0, JITTER_M, (len(which), 2)) * (np.arange(len(which)) >= len(pool.trips))[:, None]
    at = np.array([pool.trips[t][c] for t, c in zip(which, cut, strict=True)])
    centre = np.median(pool.spots, axis=0) + 0.25 * np.std(pool.spots, axis=0) * draw.normal(0, 1, 2)
    chosen = draw.permutation(len(which))
    if count < len(pool.trips):
        chosen = np.argsort(_apart_m(at, centre), kind="stable")
    chosen = np.sort(chosen[:count])
    lines, services, pieces = [], [], []
    for row in chosen:
        trip = which[row]
        lines.append(_moved(pool.trips[trip][cut[row] :], shift[row]) + away)
        services.append(pool.services[trip][cut[row] :])
        pieces.append(pool.pieces[trip][cut[row] :])
    reach = float(_apart_m(at[chosen], centre).max()) if count < len(pool.trips) else np.inf
    return {"lines": lines, "services": services, "pieces": pieces, "centre": (centre, reach)}


def _requests(pool: Pool, count: int, part: tuple[Floats, float], draw: np.random.Generator, away: Floats) -> Any:
    """Orders and visits in a part of a city, with jitter once the day's own are used up."""
    centre, reach = part
    visits = round(VISITS * count)
    orders = np.flatnonzero(_apart_m(pool.shops, centre) <= reach)
    spots = np.flatnonzero(_apart_m(pool.spots, centre) <= reach)
    rows = _drawn(draw, orders, count - visits)
    moved = draw.normal(0, JITTER_M, (len(rows), 2)) * (np.arange(len(rows)) >= len(orders))[:, None]
    at = pool.spots[_drawn(draw, spots, visits)]
    nowhere = np.full((visits, 2), np.nan)
    return {
        "pick": np.concatenate([_moved(pool.shops[rows], moved) + away, nowhere]),
        "drop": np.concatenate([_moved(pool.doors[rows], moved), _moved(at, draw.normal(0, JITTER_M, at.shape))])
        + away,
        "load": np.concatenate([np.minimum(pool.loads[rows], ROOM), np.zeros(visits, dtype=np.int64)]),
    }


def _drawn(draw: np.random.Generator, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Each row once before any comes again."""
    rounds = [draw.permutation(rows) for _ in range(-(-count // max(1, len(rows))))]
    drawn: NDArray[np.int64] = np.concatenate([*rounds, np.empty(0, dtype=np.int64)])[:count]
    return drawn


def _apart_m(places: Floats, centre: Floats) -> Floats:
    east = np.radians(places[:, 0] - centre[0]) * np.cos(np.radians(centre[1]))
    apart: Floats = EARTH_RADIUS_M * np.hypot(east, np.radians(places[:, 1] - centre[1]))
    return apart


def _moved(places: Floats, by_m: Floats) -> Floats:
    """Places (n, 2) moved by metres east and north, rounded to about 0.1 m."""
    by = np.broadcast_to(by_m, places.shape)
    north = np.degrees(by[:, 1] / EARTH_RADIUS_M)
    east = np.degrees(by[:, 0] / (EARTH_RADIUS_M * np.cos(np.radians(places[:, 1]))))
    moved: Floats = np.round(places + np.column_stack([east, north]), 6)
    return moved


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for name in parts[0]:
        if isinstance(parts[0][name], list):
            joined[name] = [item for part in parts for item in part[name]]
        elif isinstance(parts[0][name], np.ndarray):
            joined[name] = np.concatenate([part[name] for part in parts])
    return joined


def _planned(line: Floats, service: Floats) -> Floats:
    """Planned arrival at every place of a line after its first [s from now]."""
    legs = [distance_m(Point(*a), Point(*b)) * ROAD_FACTOR / SPEED_MPS for a, b in pairwise(line)]
    planned: Floats = np.cumsum(np.array(legs) + np.concatenate([[0.0], service]))
    return planned


def _problem(routes: dict[str, Any], asked: dict[str, Any], draw: np.random.Generator) -> Problem:
    lines, services, pieces = routes["lines"], routes["services"], routes["pieces"]
    people, count = len(lines), len(asked["load"])
    planned = [NOW_S + _planned(line, service) for line, service in zip(lines, services, strict=True)]
    stops = np.concatenate([line[1:-1] for line in lines])
    latest = np.concatenate([times[:-1] for times in planned])
    visits = np.isnan(asked["pick"][:, 0])
    urgent = draw.random(count) < 0.1
    earliest = NOW_S + np.where(draw.random(count) < 0.5, 0.0, draw.integers(0, 16, count) * 60.0)
    due = earliest + np.where(visits, 7_200.0, np.where(draw.random(count) < 0.5, 5_400.0, 2_700.0))
    skills = np.where(draw.random(people) < 0.25, 1, 0) + np.where(draw.random(people) < 0.15, 2, 0)
    needs = np.where(draw.random(count) < 0.06, 1, 0)
    needs = np.where(visits & (draw.random(count) < 0.2), 2, needs)
    return Problem(
        now_s=NOW_S,
        person_id=np.arange(1, people + 1),
        person_lon=np.array([line[0, 0] for line in lines]),
        person_lat=np.array([line[0, 1] for line in lines]),
        person_end_lon=np.array([line[-1, 0] for line in lines]),
        person_end_lat=np.array([line[-1, 1] for line in lines]),
        person_end_latest_s=np.array([times[-1] + 3_600 for times in planned]),
        person_work_from_s=np.full(people, NOW_S),
        person_work_to_s=np.full(people, np.inf),
        person_speed_mps=np.full(people, SPEED_MPS),
        person_capacity=np.full(people, ROOM),
        person_load=np.array([own.sum() for own in pieces]),
        person_skills=skills,
        person_detour_max_m=np.round(draw.uniform(1_500, 3_000, people)),
        person_detour_used_m=np.zeros(people),
        person_extra_max=np.full(people, MOST_EXTRA),
        person_extra_used=np.zeros(people, dtype=np.int64),
        stop_offset=np.concatenate([[0], np.cumsum([len(own) for own in pieces])]),
        stop_lon=stops[:, 0],
        stop_lat=stops[:, 1],
        stop_earliest_s=np.full(len(stops), -np.inf),
        stop_latest_s=latest + draw.uniform(1_800, 2_700, len(stops)),
        stop_service_s=np.concatenate(services),
        stop_load_change=-np.concatenate(pieces),
        stop_ref=np.full(len(stops), -1),
        request_id=np.arange(1, count + 1),
        request_pickup_lon=asked["pick"][:, 0],
        request_pickup_lat=asked["pick"][:, 1],
        request_pickup_earliest_s=np.where(visits, -np.inf, earliest),
        request_pickup_latest_s=np.where(visits, np.inf, due),
        request_pickup_service_s=np.full(count, 120.0),
        request_dropoff_lon=asked["drop"][:, 0],
        request_dropoff_lat=asked["drop"][:, 1],
        request_dropoff_earliest_s=np.where(visits, earliest, -np.inf),
        request_dropoff_latest_s=due,
        request_dropoff_service_s=np.where(visits, 300.0, 120.0),
        request_load=asked["load"],
        request_skills=needs,
        request_urgent=urgent,
        skill_names=SKILLS,
        road_factor=ROAD_FACTOR,
    )
