"""Places near a point: cells find what a full search finds."""

from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from linhe.core.places.models import Place
from linhe.core.places.queries import MOST_RINGS, places_near, rings_for
from linhe.core.places.services import add_place, cell_of
from linhe.lib.geography import Point, distance_m, from_local_m

pytestmark = pytest.mark.django_db

CENTRES = [Point(112.73, 38.41), Point(121.47, 31.23), Point(87.6, 43.8), Point(110.2, 20.0), Point(126.6, 45.8)]


def scatter(centre: Point, random: Random, number: int, spread_m: float) -> None:
    district = add_place(code="990101000000", name="示范区", kind="district")
    points = [from_local_m(random.gauss(0, spread_m), random.gauss(0, spread_m), centre) for _ in range(number)]
    Place.objects.bulk_create(
        Place(
            code=f"990101001001-{n:03}", name=f"小区{n}", kind="compound", parent=district,
            lng=p.lng, lat=p.lat, h3_cell=cell_of(p.lat, p.lng),
        )
        for n, p in enumerate(points)
    )  # fmt: skip


@pytest.mark.parametrize("centre", CENTRES)
def test_cells_find_exactly_what_a_full_search_finds(centre: Point) -> None:
    random = Random(7)
    scatter(centre, random, 400, 1500)
    known = [(p.code, distance_m(centre, Point(p.lng or 0, p.lat or 0))) for p in Place.objects.exclude(lng=None)]
    for radius in (0, 1, 150, 300, 500, 1000, 2500, 5000, 20_000):
        near = places_near(lng=centre.lng, lat=centre.lat, radius_m=radius)
        assert {n.place.code for n in near} == {code for code, d in known if d <= radius}
        assert [n.distance_m for n in near] == sorted(n.distance_m for n in near)


def test_kinds_narrow_the_search_and_one_query_answers(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    scatter(CENTRES[0], Random(1), 10, 50)
    with django_assert_num_queries(1):
        assert len(places_near(lng=112.73, lat=38.41, radius_m=1000, kinds=["compound"])) == 10
    assert places_near(lng=112.73, lat=38.41, radius_m=1000, kinds=["building"]) == []


def test_a_wide_circle_is_searched_by_box_and_a_negative_one_refused() -> None:
    assert rings_for(5000) <= MOST_RINGS < rings_for(20_000)
    with pytest.raises(ValueError, match="radius_m"):
        places_near(lng=112.73, lat=38.41, radius_m=-1)
