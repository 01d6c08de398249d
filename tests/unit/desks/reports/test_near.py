"""The cells that are searched for duplicates hold every point within the radius; the public's points are coarse."""

from __future__ import annotations

from datetime import UTC, datetime
from math import cos, radians, sin

import h3
from hypothesis import given
from hypothesis import strategies as st

from linhe.desks.reports.queries import rounded, suggested
from linhe.desks.reports.queries.near import cell_at, rings_for
from linhe.lib.geography import Point, distance_m, from_local_m

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LAT, LNG = st.floats(18.0, 53.0), st.floats(74.0, 134.0)


@given(LAT, LNG, st.floats(0, 360), st.sampled_from([30, 50, 80, 100, 300]), st.floats(0, 0.999))
def test_no_point_within_the_radius_is_outside_the_searched_cells(
    lat: float, lng: float, bearing: float, radius_m: int, share: float
) -> None:
    east, north = sin(radians(bearing)) * radius_m * share, cos(radians(bearing)) * radius_m * share
    there = from_local_m(east, north, Point(lng, lat))
    assert distance_m(Point(lng, lat), there) <= radius_m * 1.01
    assert cell_at(there.lat, there.lng) in h3.grid_disk(cell_at(lat, lng), rings_for(radius_m))


@given(LAT, LNG)
def test_a_public_point_is_moved_a_little_and_many_share_it(lat: float, lng: float) -> None:
    shown = rounded(lat, lng, at=AT)
    assert rounded(*shown, at=AT) == shown
    assert distance_m(Point(lng, lat), Point(shown[1], shown[0])) < 50


def test_the_category_named_most_often_is_suggested() -> None:
    found = suggested("楼道里漏水，水管裂了", at=AT)
    assert found is not None
    assert found.code == "water"
    assert suggested("今天天气不错", at=AT) is None
