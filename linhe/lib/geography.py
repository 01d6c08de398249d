"""Points, distances and the three datums of China's maps.

GCJ-02 ("Mars coordinates") shifts WGS-84 by up to about 700 m inside China; BD-09 shifts GCJ-02 again. Neither has an
official formula in print: the ones here are the approximations that map software shares, good to about a metre
against the maps themselves. The inverse is iterated until it meets the forward formula (one step would leave ~2 m).
Outside China's bounding box all three datums are taken as equal. Order everywhere: longitude, latitude, as in GeoJSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt
from typing import Literal, NamedTuple

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the GRS 80 ellipsoid (Moritz 2000)."""

Datum = Literal["WGS-84", "GCJ-02", "BD-09"]


class Point(NamedTuple):
    """A coordinate in degrees."""

    lng: float
    lat: float


class Box(NamedTuple):
    """A bounding box in degrees, edges included."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, point: Point) -> bool:
        """Whether a point lies in the box."""
        return self.west <= point.lng <= self.east and self.south <= point.lat <= self.north


CHINA = Box(72.004, 0.8293, 137.8347, 55.8271)
"""The rectangle inside which map software applies the shift; it holds parts of the neighbouring countries too."""


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance [m] by the haversine formula; within 0.6 % of the ellipsoid."""
    south, north = radians(a.lat), radians(b.lat)
    h = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(b.lng - a.lng) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, h)))


def to_local_m(point: Point, origin: Point) -> tuple[float, float]:
    """East and north offset [m] from ``origin`` (equirectangular; error below 0.1 % within 30 km in China)."""
    east = radians(point.lng - origin.lng) * EARTH_RADIUS_M * cos(radians(origin.lat))
    return east, radians(point.lat - origin.lat) * EARTH_RADIUS_M


def from_local_m(east_m: float, north_m: float, origin: Point) -> Point:
    """The point at an offset [m] from ``origin``: the inverse of :func:`to_local_m`."""
    lng = origin.lng + degrees(east_m / (EARTH_RADIUS_M * cos(radians(origin.lat))))
    return Point(lng, origin.lat + degrees(north_m / EARTH_RADIUS_M))


def box_of(points: Iterable[Point]) -> Box:
    """The smallest box around points. Raises ValueError when there are none."""
    known = list(points)
    if not known:
        raise ValueError("points: at least one is needed")
    lngs, lats = [p.lng for p in known], [p.lat for p in known]
    return Box(min(lngs), min(lats), max(lngs), max(lats))


def box_around(point: Point, radius_m: float) -> Box:
    """A box that holds every point within ``radius_m`` of ``point`` (away from the poles and the date line)."""
    reach = degrees(radius_m / EARTH_RADIUS_M)
    widest = cos(radians(min(89.0, abs(point.lat) + reach)))
    return Box(point.lng - reach / widest, point.lat - reach, point.lng + reach / widest, point.lat + reach)


def in_china(point: Point) -> bool:
    """Whether the datum shift applies to a point."""
    return CHINA.contains(point)


def looks_swapped(point: Point) -> bool:
    """Whether latitude and longitude were given in the wrong order: not in China, but the other way round it is."""
    return not in_china(point) and in_china(Point(point.lat, point.lng))


def convert(point: Point, *, source: Datum, target: Datum) -> Point:
    """Convert a point between datums; the result is off by less than a centimetre from the shared formulas."""
    if source == target:
        return point
    steps = {"WGS-84": _same, "GCJ-02": gcj02_to_wgs84, "BD-09": bd09_to_wgs84}
    back = {"WGS-84": _same, "GCJ-02": wgs84_to_gcj02, "BD-09": wgs84_to_bd09}
    return back[target](steps[source](point))


def wgs84_to_gcj02(point: Point) -> Point:
    """The shift of GCJ-02: long waves along both axes, scaled to degrees on the Krasovsky 1940 ellipsoid."""
    if not in_china(point):
        return point
    x, y = point.lng - 105.0, point.lat - 35.0
    ripple = 20.0 * sin(6.0 * pi * x) + 20.0 * sin(2.0 * pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north_m += (ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east_m += (ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    bend = 1.0 - _ECCENTRICITY2 * sin(radians(point.lat)) ** 2
    meridian_radius = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY2) / (bend * sqrt(bend))
    parallel_radius = _SEMI_MAJOR_M / sqrt(bend) * cos(radians(point.lat))
    return Point(point.lng + degrees(east_m / parallel_radius), point.lat + degrees(north_m / meridian_radius))


def gcj02_to_wgs84(point: Point) -> Point:
    """The inverse of :func:`wgs84_to_gcj02`, iterated."""
    return _solve(wgs84_to_gcj02, point) if in_china(point) else point


def gcj02_to_bd09(point: Point) -> Point:
    """Baidu's shift on top of GCJ-02: a small turn and stretch by waves, then a constant offset."""
    if not in_china(point):
        return point
    radius = hypot(point.lng, point.lat) + 0.00002 * sin(point.lat * _BAIDU_PI)
    angle = atan2(point.lat, point.lng) + 0.000003 * cos(point.lng * _BAIDU_PI)
    return Point(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)


def bd09_to_gcj02(point: Point) -> Point:
    """The inverse of :func:`gcj02_to_bd09`, iterated."""
    return _solve(gcj02_to_bd09, point) if in_china(point) else point


def wgs84_to_bd09(point: Point) -> Point:
    """WGS-84 to Baidu's datum."""
    return gcj02_to_bd09(wgs84_to_gcj02(point))


def bd09_to_wgs84(point: Point) -> Point:
    """Baidu's datum to WGS-84."""
    return gcj02_to_wgs84(bd09_to_gcj02(point))


_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_PI = pi * 3000.0 / 180.0
_CLOSE_ENOUGH_DEG = 1e-10
_MOST_STEPS = 30


def _same(point: Point) -> Point:
    return point


def _waves(value: float, *terms: tuple[float, float]) -> float:
    return sum(amplitude * sin(value * pi / length) for amplitude, length in terms)


def _solve(forward: Callable[[Point], Point], wanted: Point) -> Point:
    """Fixed-point iteration: the shift changes so slowly that each step gains two digits or more."""
    guess = wanted
    for _ in range(_MOST_STEPS):
        there = forward(guess)
        lng_off, lat_off = there.lng - wanted.lng, there.lat - wanted.lat
        guess = Point(guess.lng - lng_off, guess.lat - lat_off)
        if max(abs(lng_off), abs(lat_off)) < _CLOSE_ENOUGH_DEG:
            break
    return guess
