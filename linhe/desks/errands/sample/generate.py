"""Generate the sample day: a fictional district with parcel trips and timed orders, the same files for the same seed.

``python -m linhe.desks.errands.sample.generate FOLDER`` writes the six files of FORMAT.md; the committed ones are in
``data/``. Nothing in it is a real place, order or courier.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from math import cos, pi, sin, sqrt
from pathlib import Path
from random import Random

from linhe.lib.geography import Point, distance_m, from_local_m

SEED = 20_250_411
CENTRE = Point(112.73, 38.42)
SITES, COMPOUNDS, SHOPS, ORDERS = 8, 150, 36, 120
TRIPS_A_SITE = 19
TRIP_PIECES = 140
ORDER_REACH_M = 4_000
HOURS = {9: 6, 10: 10, 11: 24, 12: 22, 13: 8, 14: 6, 15: 6, 16: 10, 17: 18, 18: 10}  # share of orders by pick-up hour
FOLDER = Path(__file__).with_name("data")

Rows = list[tuple[str | int | float, ...]]


def generate(seed: int = SEED) -> dict[str, Rows]:
    """The rows of each file, the header first."""
    draw = Random(seed)
    sites = {f"A{n + 1:03}": _around(draw, n / SITES, 2600, 500) for n in range(SITES)}
    compounds = [_around(draw, draw.random(), 3800 * sqrt(draw.random()), 80) for _ in range(COMPOUNDS)]
    doors = [from_local_m(draw.gauss(0, 70), draw.gauss(0, 70), compound) for compound in compounds for _ in range(3)]
    spots = {f"B{n + 1:04}": _rounded(door) for n, door in enumerate(doors)}
    shops = {f"S{n + 1:03}": _around(draw, draw.random(), 2400 * sqrt(draw.random()), 60) for n in range(SHOPS)}
    parcels, trips = _parcels_and_trips(draw, sites, spots)
    return {
        "sites.csv": _places("Site_id", sites),
        "spots.csv": _places("Spot_id", spots),
        "shops.csv": _places("Shop_id", shops),
        "parcels.csv": parcels,
        "trips.csv": trips,
        "o2o_orders.csv": _orders(draw, spots, shops),
    }


def write(folder: Path, seed: int = SEED) -> None:
    """Write the files into a folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in generate(seed).items():
        with (folder / name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows(rows)


def _rounded(point: Point) -> Point:
    return Point(round(point.lng, 6), round(point.lat, 6))


def _around(draw: Random, turn: float, radius_m: float, spread_m: float) -> Point:
    """A place at a share of a full turn and a distance from the centre, give or take."""
    east = radius_m * cos(2 * pi * turn) + draw.gauss(0, spread_m)
    north = radius_m * sin(2 * pi * turn) + draw.gauss(0, spread_m)
    return _rounded(from_local_m(east, north, CENTRE))


def _places(column: str, places: dict[str, Point]) -> Rows:
    return [(column, "Lng", "Lat"), *((key, point.lng, point.lat) for key, point in places.items())]


def _parcels_and_trips(draw: Random, sites: dict[str, Point], spots: dict[str, Point]) -> tuple[Rows, Rows]:
    """Each trip serves one corner of its site's part of the town until the vehicle is full."""
    parcels: Rows = [("Order_id", "Spot_id", "Site_id", "Num")]
    trips: Rows = [("trip_id", "site_id", "seq", "order_id", "spot_id", "num", "service_s")]
    served = {key: _nearest(point, sites) for key, point in spots.items()}
    for site, depot in sites.items():
        mine = [key for key in spots if served[key] == site]
        for _ in range(TRIPS_A_SITE):
            trip = f"T{len({row[0] for row in trips[1:]}):04}"
            corner = spots[draw.choice(mine)]
            close = sorted(mine, key=lambda key: (distance_m(corner, spots[key]), key))[: draw.randint(4, 9)]
            room = TRIP_PIECES
            for seq, spot in enumerate(_by_nearest(depot, close, spots), 1):
                pieces = min(draw.randint(2, 36), room)
                if pieces <= 0:
                    break
                room -= pieces
                order = f"F{len(parcels):04}"
                parcels.append((order, spot, site, pieces))
                trips.append((trip, site, seq, order, spot, pieces, round((3 * sqrt(pieces) + 5) * 60)))
    return parcels, trips


def _nearest(point: Point, places: dict[str, Point]) -> str:
    return min(places, key=lambda key: (distance_m(point, places[key]), key))


def _by_nearest(start: Point, keys: Iterable[str], spots: dict[str, Point]) -> list[str]:
    """A plain route: always the nearest next."""
    left, here, order = {key: spots[key] for key in keys}, start, []
    while left:
        order.append(_nearest(here, left))
        here = left.pop(order[-1])
    return order


def _orders(draw: Random, spots: dict[str, Point], shops: dict[str, Point]) -> Rows:
    """Timed orders with their peaks at noon and in the evening, no longer than a short ride."""
    header: Rows = [("Order_id", "Spot_id", "Shop_id", "Pickup_time", "Delivery_time", "Num")]
    drawn: list[tuple[int, int, str, str, int]] = []
    hours: Sequence[int] = draw.choices(list(HOURS), weights=list(HOURS.values()), k=ORDERS)
    for hour in hours:
        shop = draw.choice(list(shops))
        near = [key for key, point in spots.items() if 200 < distance_m(shops[shop], point) < ORDER_REACH_M]
        pickup = hour * 60 + draw.randrange(60)
        drawn.append((pickup, draw.choice((45, 90, 90)), draw.choice(near), shop, draw.choice((1, 1, 1, 2, 2, 3))))
    rows = [
        (f"E{n:04}", spot, shop, _clock(pickup), _clock(pickup + minutes), pieces)
        for n, (pickup, minutes, spot, shop, pieces) in enumerate(sorted(drawn), 1)
    ]
    return [*header, *rows]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
