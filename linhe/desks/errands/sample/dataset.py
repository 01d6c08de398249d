"""A courier company's day: places, timed orders, and what each courier had planned anyway."""

from dataclasses import dataclass

from linhe.lib.geography import Point


@dataclass(frozen=True, slots=True)
class Order:
    """A timed order from a shop to a spot; times are seconds of the day."""

    id: str
    shop_id: str
    spot_id: str
    pickup_s: float
    delivery_s: float
    pieces: int


@dataclass(frozen=True, slots=True)
class TripStop:
    """One parcel stop of a trip, in driving order."""

    order_id: str
    spot_id: str
    pieces: int
    service_s: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A round from a site over its stops and back."""

    id: str
    site_id: str
    stops: tuple[TripStop, ...]


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A stop with its planned times [s of the day]; at the site between two trips ``order_id`` is empty."""

    place_id: str
    at: Point
    order_id: str
    pieces: int
    arrive_s: float
    service_s: float

    @property
    def leave_s(self) -> float:
        """When the courier drives on."""
        return self.arrive_s + self.service_s


@dataclass(frozen=True, slots=True)
class Courier:
    """One courier's shift: from the site over the stops of all trips, back at ``end_s``."""

    id: str
    site_id: str
    start_s: float
    end_s: float
    trips: tuple[str, ...]
    stops: tuple[PlannedStop, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything in one folder; the places are by id."""

    sites: dict[str, Point]
    spots: dict[str, Point]
    shops: dict[str, Point]
    orders: tuple[Order, ...]
    trips: tuple[Trip, ...]
    couriers: tuple[Courier, ...]
