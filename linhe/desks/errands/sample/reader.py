"""Read a folder in the format of FORMAT.md and plan its trips into couriers' shifts."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TypeVar

from linhe.lib.geography import Point, distance_m

from .dataset import Courier, Dataset, Order, PlannedStop, Trip, TripStop

SHIFT_START_S = 8 * 3600.0
SHIFT_END_S = 20 * 3600.0
SPEED_MPS = 15 / 3.6
ROAD_FACTOR = 1.3

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file; every refusal names file, line and column."""

    file: str
    line: int
    values: dict[str, str]

    def refuse(self, column: str, why: str) -> ValueError:
        """The error to raise."""
        return ValueError(f"{self.file}, line {self.line}, column {column}: {why}")

    def text(self, column: str) -> str:
        """A value that must not be empty."""
        value = self.values[column].strip()
        if not value:
            raise self.refuse(column, "is empty")
        return value

    def number(self, column: str, low: float, high: float) -> float:
        """A number within limits."""
        value = self._parsed(column, float, "a number")
        if not (isfinite(value) and low <= value <= high):
            raise self.refuse(column, f"{value:g} is outside {low:g}..{high:g}")
        return value

    def whole(self, column: str, low: int) -> int:
        """A whole number not below ``low``."""
        value = self._parsed(column, int, "a whole number")
        if value < low:
            raise self.refuse(column, f"{value} is below {low}")
        return value

    def time_s(self, column: str) -> float:
        """A time hh:mm as seconds of the day."""
        parts = self.text(column).split(":")
        if len(parts) != 2 or not all(len(part) == 2 and part.isascii() and part.isdigit() for part in parts):
            raise self.refuse(column, f"{self.text(column)!r} is not a time hh:mm")
        hours, minutes = int(parts[0]), int(parts[1])
        if hours > 23 or minutes > 59:
            raise self.refuse(column, f"{self.text(column)!r} is not a time of the day")
        return hours * 3600.0 + minutes * 60.0

    def known(self, column: str, ids: dict[str, Point], file: str) -> str:
        """An id that stands in another file."""
        value = self.text(column)
        if value not in ids:
            raise self.refuse(column, f"{value!r} is not in {file}")
        return value

    def point(self) -> Point:
        """The position in Lng and Lat."""
        lat = self._parsed("Lat", float, "a number")
        if not -90 <= lat <= 90:
            raise self.refuse("Lat", f"{lat:g} is outside -90..90: longitude and latitude swapped?")
        return Point(self.number("Lng", -180, 180), lat)

    def _parsed(self, column: str, kind: Callable[[str], Value], name: str) -> Value:
        value = self.text(column)
        try:
            return kind(value)
        except ValueError:
            raise self.refuse(column, f"{value!r} is not {name}") from None


def read(folder: str | Path) -> Dataset:
    """Read and check the six files of a folder.

    The result has every trip, chained into couriers' shifts by :func:`plan_couriers`.

    Raises
    ------
    ValueError
        Naming file, line and column; a missing folder or file is named too.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"{folder}: there is no such folder")
    sites, spots, shops = (_places(folder, name) for name in ("Site", "Spot", "Shop"))
    orders = _orders(folder, spots, shops)
    parcels = _parcels(folder, spots, sites)
    trips = _trips(folder, sites, spots, parcels)
    couriers = plan_couriers(trips, sites, spots)
    return Dataset(sites=sites, spots=spots, shops=shops, orders=orders, trips=trips, couriers=couriers)


def plan_couriers(
    trips: tuple[Trip, ...],
    sites: dict[str, Point],
    spots: dict[str, Point],
    *,
    start_s: float = SHIFT_START_S,
    end_s: float = SHIFT_END_S,
) -> tuple[Courier, ...]:
    """Chain the trips of each site into shifts, in their order, with planned times.

    A courier leaves the site at ``start_s`` and drives straight-line x 1.3 at 15 km/h; the next trip goes to the same
    courier if it ends by ``end_s``, otherwise a new courier begins. A first trip may end later.
    """
    couriers: list[Courier] = []
    for site_id in dict.fromkeys(trip.site_id for trip in trips):
        shift: list[Trip] = []
        planned = None
        for trip in (trip for trip in trips if trip.site_id == site_id):
            longer = _shift(len(couriers) + 1, [*shift, trip], sites, spots, start_s)
            if planned is not None and longer.end_s > end_s:
                couriers.append(planned)
                shift = []
                longer = _shift(len(couriers) + 1, [trip], sites, spots, start_s)
            shift, planned = [*shift, trip], longer
        if planned is not None:
            couriers.append(planned)
    return tuple(couriers)


def drive_s(a: Point, b: Point) -> float:
    """Planned driving time between two places [s]."""
    return distance_m(a, b) * ROAD_FACTOR / SPEED_MPS


def _shift(number: int, trips: list[Trip], sites: dict[str, Point], spots: dict[str, Point], start_s: float) -> Courier:
    site_id = trips[0].site_id
    depot = sites[site_id]
    here, time, stops = depot, start_s, []
    for place, trip in enumerate(trips):
        if place:
            time += drive_s(here, depot)
            stops.append(PlannedStop(site_id, depot, "", 0, time, 0.0))
            here = depot
        for stop in trip.stops:
            at = spots[stop.spot_id]
            time += drive_s(here, at)
            stops.append(PlannedStop(stop.spot_id, at, stop.order_id, stop.pieces, time, stop.service_s))
            here = at
            time += stop.service_s
    return Courier(
        id=f"C{number:04}",
        site_id=site_id,
        start_s=start_s,
        end_s=time + drive_s(here, depot),
        trips=tuple(trip.id for trip in trips),
        stops=tuple(stops),
    )


def _rows(folder: Path, file: str, columns: tuple[str, ...]) -> Iterator[Row]:
    path = folder / file
    if not path.is_file():
        raise ValueError(f"{file}: is missing in {folder}")
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source, restkey="", strict=True)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise ValueError(f"{file}, line 1, column {missing[0]}: is missing")
            for values in reader:
                if "" in values or None in values.values():
                    raise ValueError(f"{file}, line {reader.line_num}: has a different number of columns than line 1")
                yield Row(file, reader.line_num, values)
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: is not UTF-8 text ({error.reason} at byte {error.start})") from None
    except csv.Error as error:
        raise ValueError(f"{file}: is not a CSV file: {error}") from None


def _unique(row: Row, column: str, seen: dict[str, Value]) -> str:
    value = row.text(column)
    if value in seen:
        raise row.refuse(column, f"{value!r} stands there twice")
    return value


def _places(folder: Path, kind: str) -> dict[str, Point]:
    places: dict[str, Point] = {}
    for row in _rows(folder, f"{kind.lower()}s.csv", (f"{kind}_id", "Lng", "Lat")):
        places[_unique(row, f"{kind}_id", places)] = row.point()
    return places


def _orders(folder: Path, spots: dict[str, Point], shops: dict[str, Point]) -> tuple[Order, ...]:
    orders: dict[str, Order] = {}
    columns = ("Order_id", "Spot_id", "Shop_id", "Pickup_time", "Delivery_time", "Num")
    for row in _rows(folder, "o2o_orders.csv", columns):
        key = _unique(row, "Order_id", orders)
        pickup_s, delivery_s = row.time_s("Pickup_time"), row.time_s("Delivery_time")
        if delivery_s < pickup_s:
            raise row.refuse("Delivery_time", "is before Pickup_time")
        shop_id, spot_id = row.known("Shop_id", shops, "shops.csv"), row.known("Spot_id", spots, "spots.csv")
        orders[key] = Order(key, shop_id, spot_id, pickup_s, delivery_s, row.whole("Num", 1))
    return tuple(sorted(orders.values(), key=lambda order: (order.pickup_s, order.id)))


def _parcels(folder: Path, spots: dict[str, Point], sites: dict[str, Point]) -> dict[str, tuple[str, str]]:
    """(spot, site) of every parcel stop."""
    parcels: dict[str, tuple[str, str]] = {}
    for row in _rows(folder, "parcels.csv", ("Order_id", "Spot_id", "Site_id", "Num")):
        key = _unique(row, "Order_id", parcels)
        row.whole("Num", 1)
        parcels[key] = row.known("Spot_id", spots, "spots.csv"), row.known("Site_id", sites, "sites.csv")
    return parcels


def _trips(
    folder: Path, sites: dict[str, Point], spots: dict[str, Point], parcels: dict[str, tuple[str, str]]
) -> tuple[Trip, ...]:
    site_of: dict[str, str] = {}
    stops: dict[str, dict[int, TripStop]] = {}
    driven: dict[str, str] = {}
    columns = ("trip_id", "site_id", "seq", "order_id", "spot_id", "num", "service_s")
    for row in _rows(folder, "trips.csv", columns):
        trip, seq = row.text("trip_id"), row.whole("seq", 1)
        site_id, spot_id = row.known("site_id", sites, "sites.csv"), row.known("spot_id", spots, "spots.csv")
        order_id = _unique(row, "order_id", driven)
        if order_id not in parcels:
            raise row.refuse("order_id", f"{order_id!r} is not in parcels.csv")
        if parcels[order_id][0] != spot_id:
            raise row.refuse("spot_id", f"parcels.csv has {parcels[order_id][0]!r} for {order_id!r}")
        if site_of.setdefault(trip, site_id) != site_id:
            raise row.refuse("site_id", f"trip {trip!r} begins at {site_of[trip]!r}")
        if seq in stops.setdefault(trip, {}):
            raise row.refuse("seq", f"{seq} stands twice in trip {trip!r}")
        driven[order_id] = trip
        stop = TripStop(order_id, spot_id, row.whole("num", 1), row.number("service_s", 0, 86_400))
        stops[trip][seq] = stop
    return tuple(Trip(key, site_of[key], tuple(stops[key][seq] for seq in sorted(stops[key]))) for key in stops)
