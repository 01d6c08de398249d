"""Draw the day of a whole city: sites, spots, shops, parcel trips and timed orders, with the figures of a real one.

What it imitates, as shares and medians of a published day of a large city (6,361 spots, 94 sites, 480 shops,
1,967 trips, 2,408 timed orders): spots thin out from the centre; trips have a few stops (median 3) some 600 m apart,
the first about 1.4 km from the site; orders are mostly short (median 730 m) with their peaks at noon and in the
evening. Nothing in it is a real place, order or courier.
"""

from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linhe.lib.geography import Point, from_local_m

from .dataset import Dataset, Order, Trip, TripStop
from .reader import plan_couriers

CENTRE = Point(112.73, 38.42)
SITES, SPOTS, SHOPS, TRIPS, ORDERS = 94, 6_361, 480, 1_967, 2_408
TOWNS = ((0.0, 0.0, 9_000.0, 0.55), (-16_000.0, -14_000.0, 5_000.0, 0.12), (23_000.0, -9_000.0, 6_000.0, 0.15),
         (-14_000.0, 15_000.0, 5_000.0, 0.10), (5_000.0, -27_000.0, 4_500.0, 0.08))  # fmt: skip
"""East, north, spread [m] and share of the town's spots."""
COMPOUND_M = 160.0
SPOTS_A_COMPOUND = 3
SHOPS_NEAR = 60
STOPS = (1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 7, 9)
TRIP_PIECES = 140
HOURS = {11: 16, 12: 26, 13: 13, 14: 7, 15: 5, 16: 8, 17: 15, 18: 10}
MOST_POPULAR = 12.0  # so that the first shop has about two orders in a hundred
REACH_M = 8_000.0
PIECES = (1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 6, 12)

Floats = NDArray[np.float64]


def city(seed: int = 1) -> Dataset:
    """The drawn city; the same for the same seed."""
    draw = np.random.default_rng(seed)
    compounds = _around_towns(draw, SPOTS // SPOTS_A_COMPOUND + 1)
    spots = np.repeat(compounds, SPOTS_A_COMPOUND, axis=0)[:SPOTS] + draw.normal(0, COMPOUND_M, (SPOTS, 2))
    sites = spots[draw.choice(SPOTS, SITES, replace=False)] + draw.normal(0, 300, (SITES, 2))
    close = 1 / (100 + cKDTree(spots).query(spots, k=SHOPS_NEAR)[0][:, -1]) ** 2  # shops are where many people live
    shops = spots[draw.choice(SPOTS, SHOPS, replace=False, p=close / close.sum())] + draw.normal(0, 120, (SHOPS, 2))
    site_at, spot_at, shop_at = _points("A", sites), _points("B", spots), _points("S", shops)
    trips = _trips(draw, sites, spots)
    return Dataset(
        sites=site_at,
        spots=spot_at,
        shops=shop_at,
        orders=_orders(draw, shops, spots),
        trips=trips,
        couriers=plan_couriers(trips, site_at, spot_at),
    )


def _around_towns(draw: np.random.Generator, count: int) -> Floats:
    """Places [m east, m north] around the towns, thinning out."""
    towns = np.array(TOWNS)
    which = draw.choice(len(towns), count, p=towns[:, 3] / towns[:, 3].sum())
    far = towns[which, 2] * np.sqrt(draw.exponential(1.0, count))
    turn = draw.uniform(0, 2 * pi, count)
    places: Floats = towns[which, :2] + np.column_stack([far * np.cos(turn), far * np.sin(turn)])
    return places


def _points(letter: str, places: Floats) -> dict[str, Point]:
    rows = (from_local_m(float(east), float(north), CENTRE) for east, north in places)
    return {f"{letter}{n:05}": Point(round(p.lng, 6), round(p.lat, 6)) for n, p in enumerate(rows)}


def _trips(draw: np.random.Generator, sites: Floats, spots: Floats) -> tuple[Trip, ...]:
    """Every trip goes to one corner of its site's part of the city and takes the nearest stops there."""
    near_site = cKDTree(sites).query(spots)[1]
    tree = cKDTree(spots)
    trips = []
    for number in range(TRIPS):
        corner = int(draw.integers(SPOTS))
        count = int(draw.choice(STOPS))
        around = np.atleast_1d(tree.query(spots[corner], k=3 * count + 1)[1])
        mine = [corner, *draw.permutation(around[around != corner])[: count - 1].tolist()]
        room = TRIP_PIECES
        stops: list[TripStop] = []
        for spot in _by_nearest(sites[near_site[corner]], mine, spots):
            pieces = min(int(draw.integers(4, 2 * TRIP_PIECES // (count + 1))), room - (count - len(stops) - 1))
            room -= pieces
            order = f"F{number:05}{len(stops):02}"
            stops.append(TripStop(order, f"B{spot:05}", pieces, round((3 * sqrt(pieces) + 5) * 60)))
        trips.append(Trip(f"T{number:05}", f"A{near_site[corner]:05}", tuple(stops)))
    return tuple(trips)


def _by_nearest(start: Floats, rows: list[int], spots: Floats) -> list[int]:
    left, here, order = sorted(rows), start, []
    while left:
        nearest = min(left, key=lambda row: (float(np.hypot(*(spots[row] - here))), row))
        left.remove(nearest)
        order.append(nearest)
        here = spots[nearest]
    return order


def _orders(draw: np.random.Generator, shops: Floats, spots: Floats) -> tuple[Order, ...]:
    """Timed orders; a few shops have many of them."""
    tree = cKDTree(spots)
    popular = np.minimum(draw.pareto(1.3, SHOPS) + 0.3, MOST_POPULAR)
    hours = draw.choice(list(HOURS), ORDERS, p=np.array(list(HOURS.values())) / sum(HOURS.values()))
    drawn = []
    for hour, shop in zip(hours, draw.choice(SHOPS, ORDERS, p=popular / popular.sum()), strict=True):
        far, turn = min(float(draw.lognormal(np.log(750), 1.1)), REACH_M), float(draw.uniform(0, 2 * pi))
        spot = int(tree.query(shops[shop] + far * np.array([cos(turn), sin(turn)]))[1])
        pickup_s = float(hour * 3600 + draw.integers(60) * 60)
        drawn.append((pickup_s, int(shop), spot, int(draw.choice(PIECES))))
    return tuple(
        Order(f"E{n:05}", f"S{shop:05}", f"B{spot:05}", pickup_s, pickup_s + 5_400, pieces)
        for n, (pickup_s, shop, spot, pieces) in enumerate(sorted(drawn))
    )
