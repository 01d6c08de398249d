"""Datums, distances, boxes: published conversions and properties over all of China."""

from math import radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.lib.geography import (
    EARTH_RADIUS_M,
    Box,
    Datum,
    Point,
    bd09_to_gcj02,
    bd09_to_wgs84,
    box_around,
    box_of,
    convert,
    distance_m,
    from_local_m,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_china,
    looks_swapped,
    to_local_m,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

BEIJING = Point(116.404, 39.915)
DATUMS: list[Datum] = ["WGS-84", "GCJ-02", "BD-09"]

china = st.builds(Point, st.floats(73.4, 135.2), st.floats(3.7, 53.7))
elsewhere = st.builds(Point, st.floats(-180, 180), st.floats(-85, 85)).filter(lambda p: not in_china(p))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        (BEIJING, Point(116.41024449916938, 39.91640428150164)),
        (Point(121.5272106, 31.1774276), Point(121.531541859215, 31.17530398364597)),
        (Point(113.912316, 22.543847), Point(113.9171764808363, 22.540796131694766)),
        (Point(116.377817, 39.911954), Point(116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_equals_the_values_that_other_software_publishes(wgs84: Point, gcj02: Point) -> None:
    assert distance_m(wgs84_to_gcj02(wgs84), gcj02) < 0.001
    assert distance_m(gcj02_to_wgs84(gcj02), wgs84) < 0.001


def test_bd09_equals_the_value_that_other_software_publishes() -> None:
    assert distance_m(gcj02_to_bd09(BEIJING), Point(116.41036949371029, 39.92133699351021)) < 0.001


@given(china)
def test_inverses_are_exact_to_half_a_metre_over_all_of_china(point: Point) -> None:
    assert distance_m(gcj02_to_wgs84(wgs84_to_gcj02(point)), point) < 0.01
    assert distance_m(bd09_to_gcj02(gcj02_to_bd09(point)), point) < 0.01
    assert distance_m(bd09_to_wgs84(wgs84_to_bd09(point)), point) < 0.01


@given(china, st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_converting_there_and_back_is_identity(point: Point, source: Datum, target: Datum) -> None:
    there = convert(point, source=source, target=target)
    assert distance_m(convert(there, source=target, target=source), point) < 0.01


@given(china)
def test_the_shift_is_there_and_bounded(point: Point) -> None:
    assert 5 < distance_m(wgs84_to_gcj02(point), point) < 1500
    assert 500 < distance_m(gcj02_to_bd09(point), point) < 1300


@given(elsewhere, st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_outside_china_nothing_moves(point: Point, source: Datum, target: Datum) -> None:
    assert convert(point, source=source, target=target) == point


def test_distance_of_known_arcs() -> None:
    assert distance_m(Point(0, 0), Point(90, 0)) == pytest.approx(EARTH_RADIUS_M * radians(90))
    assert distance_m(Point(0, 0), Point(180, 0)) == pytest.approx(EARTH_RADIUS_M * radians(180))
    beijing_shanghai = distance_m(Point(116.4074, 39.9042), Point(121.4737, 31.2304))
    assert beijing_shanghai == pytest.approx(1_067_000, rel=0.002)


@given(china, china, china)
def test_distance_is_a_metric(a: Point, b: Point, c: Point) -> None:
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-6


@given(china, st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_local_metres_agree_with_the_great_circle(origin: Point, east: float, north: float) -> None:
    point = from_local_m(east, north, origin)
    assert to_local_m(point, origin) == pytest.approx((east, north), abs=0.001)
    assert distance_m(origin, point) == pytest.approx((east**2 + north**2) ** 0.5, rel=0.005, abs=0.01)


@given(china, st.floats(1, 50_000), st.floats(-1, 1), st.floats(-1, 1))
def test_a_box_around_a_point_holds_its_circle(centre: Point, radius: float, x: float, y: float) -> None:
    near = from_local_m(x * radius * 1.05, y * radius * 1.05, centre)
    if distance_m(centre, near) <= radius:
        assert box_around(centre, radius).contains(near)


def test_the_box_of_points_touches_them() -> None:
    assert box_of([Point(1, 5), Point(3, 2)]) == Box(1, 2, 3, 5)
    with pytest.raises(ValueError, match="points"):
        box_of([])


@given(china)
def test_swapped_coordinates_are_noticed(point: Point) -> None:
    assert looks_swapped(Point(point.lat, point.lng))
    assert not looks_swapped(point)


def test_a_far_country_is_not_called_swapped() -> None:
    assert not looks_swapped(Point(2.35, 48.86))
