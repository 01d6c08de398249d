"""Import and export of the territory tree against the database."""

import json

import pytest

from linhe.core.places.exporting import places_as_csv, places_as_geojson
from linhe.core.places.importing import Imported, ImportRefused, import_places
from linhe.core.places.kinds import KIND_LABELS, LEVELS
from linhe.core.places.models import Place
from linhe.core.places.queries import tree_below
from linhe.core.places.services import add_place
from linhe.lib.geography import Point, distance_m, wgs84_to_gcj02

pytestmark = pytest.mark.django_db

TREE = """code,parent_code,kind,name,name_en,lng,lat,datum,address
990101001003-001-012-01,990101001003-001-012,unit,1单元,Unit 1,,,,
990101001003-001-012,990101001003-001,building,12号楼,Building 12,112.731,38.411,GCJ-02,和平路5号院12号楼
990101001003-001,990101001003-g02,compound,和平苑,Peace Court,112.7305,38.4105,BD-09,和平路5号院
990101001003-g02,990101001003,grid,第二网格,Grid 2,,,,
990101001003,990101001000,community,和平社区,Peace Community,112.73,38.41,,
990101001000,990101000000,subdistrict,和平街道,Peace Subdistrict,112.72,38.4,,
990101101000,990101000000,town,示范镇,Model Town,,,,
990101000000,,district,示范区,Model District,112.7,38.4,,
"""


def load(text: str) -> Imported:
    return import_places(content=text.encode(), form="csv")


def everything() -> list[dict[str, object]]:
    return [dict(row) for row in Place.objects.order_by("code").values()]


def district() -> Place:
    return Place.objects.get(kind="district")


def test_rows_in_any_order_become_a_tree_with_ancestors() -> None:
    assert load(TREE) == Imported(added=8, updated=0, unchanged=0)
    unit = Place.objects.get(kind="unit")
    names = [Place.objects.get(pk=pk).name for pk in unit.ancestor_ids()]
    assert names == ["示范区", "和平街道", "和平社区", "第二网格", "和平苑", "12号楼", "1单元"]
    assert district().contains(unit)


def test_an_import_gives_the_same_rows_as_adding_one_by_one() -> None:
    load(TREE)
    for place in sorted(Place.objects.all(), key=lambda place: list(KIND_LABELS).index(place.kind)):
        parents = [] if place.parent is None else [place.parent.code.replace("990101", "990202")]
        add_below(place, parents)
    one_by_one = shape("990202")
    assert len(one_by_one) == 8
    assert one_by_one == [tuple(str(v).replace("990101", "990202") for v in row) for row in shape("990101")]


def add_below(place: Place, parents: list[str]) -> None:
    """Add a copy of an imported place to a second district through the service."""
    parent = Place.objects.get(code=parents[0]) if parents else None
    add_place(
        code=place.code.replace("990101", "990202"), kind=place.kind, parent=parent, name=place.name,
        name_en=place.name_en, lng=place.lng, lat=place.lat, datum=place.datum, address=place.address,
    )  # fmt: skip


def shape(prefix: str) -> list[tuple[str, ...]]:
    """Every column of a district's tree, with codes in the place of ids."""
    ancestors = [f"{level}__code" for level in ("parent", *LEVELS)]
    columns = ("code", "kind", "name", "name_en", "lng", "lat", "datum", "h3_cell", "address", *ancestors)
    found = Place.objects.filter(code__startswith=prefix).order_by("code").values_list(*columns)
    return [tuple(str(value) for value in row) for row in found]


def test_coordinates_are_stored_as_wgs84_with_the_datum_of_the_source() -> None:
    load(TREE)
    building = Place.objects.get(kind="building")
    assert building.datum == "GCJ-02"
    assert building.h3_cell
    assert building.lng is not None
    assert building.lat is not None
    stored = Point(building.lng, building.lat)
    assert distance_m(stored, Point(112.731, 38.411)) > 100
    assert distance_m(wgs84_to_gcj02(stored), Point(112.731, 38.411)) < 0.01


def test_csv_out_and_in_again_changes_nothing() -> None:
    load(TREE)
    before, text = everything(), places_as_csv(tree_below(district()))
    assert "112.731,38.411,GCJ-02" in text
    assert load(text) == Imported(added=0, updated=0, unchanged=8)
    assert everything() == before
    assert places_as_csv(tree_below(district())) == text


def test_geojson_out_and_in_again_changes_nothing() -> None:
    load(TREE)
    ring = [[112.7, 38.4], [112.8, 38.4], [112.8, 38.5], [112.7, 38.4]]
    Place.objects.filter(kind="community").update(boundary={"type": "Polygon", "coordinates": [ring]})
    before, text = everything(), places_as_geojson(tree_below(district()))
    assert import_places(content=text.encode(), form="geojson") == Imported(added=0, updated=0, unchanged=8)
    assert everything() == before
    assert json.loads(text)["features"][2]["geometry"]["type"] == "Polygon"


def test_csv_into_an_empty_tree_gives_the_same_csv() -> None:
    load(TREE)
    text = places_as_csv(tree_below(district()))
    other = text.replace("990101", "990202")
    assert load(other).added == 8
    assert places_as_csv(tree_below(Place.objects.get(code="990202000000"))) == other


def test_a_known_place_is_brought_up_to_date() -> None:
    load(TREE)
    changed = TREE.replace("和平苑", "和平新苑").replace("112.73,38.41,,", "112.74,38.42,,")
    cell = Place.objects.get(kind="community").h3_cell
    assert load(changed) == Imported(added=0, updated=2, unchanged=6)
    assert Place.objects.get(kind="compound").name == "和平新苑"
    assert Place.objects.get(kind="community").h3_cell != cell


def test_a_part_may_be_added_below_a_known_place() -> None:
    load(TREE)
    header = TREE.splitlines()[0]
    line = "990101101201,990101101000,village,杨村,Yang Village,,,,"
    assert load(f"{header}\n{line}\n").added == 1
    assert Place.objects.get(kind="village").district == district()


@pytest.mark.parametrize(
    ("line", "number", "column"),
    [
        ("990101001003,990101001000,community,重复,,,,,", 10, "code"),
        ("990101002001,990101002000,community,无上级,,,,,", 10, "parent_code"),
        ("990101101000-001,990101101000,compound,错位,,,,,", 10, "code"),
        ("990101101203-001,990101101000,compound,错位,,,,,", 10, "parent_code"),
        ("990101002000,990101000000,subdistrict,坏,,200,0,,", 10, "lng"),
    ],
)
def test_one_mistake_writes_nothing(line: str, number: int, column: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        load(f"{TREE}{line}\n")
    mistakes = [(problem.line, problem.column) for problem in refused.value.problems]
    assert (number, column) in mistakes
    assert Place.objects.count() == 0


def test_kind_and_parent_of_a_known_place_stay() -> None:
    load(TREE)
    before = everything()
    for old, new in (
        ("990101001003-001,990101001003-g02,compound", "990101001003-001,990101001003,compound"),
        ("990101101000,990101000000,town", "990101101000,990101000000,subdistrict"),
    ):
        with pytest.raises(ImportRefused) as refused:
            load(TREE.replace(old, new))
        assert "不能通过导入更改" in refused.value.problems[0].message.zh
    assert everything() == before
