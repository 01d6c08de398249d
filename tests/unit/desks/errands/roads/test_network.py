"""Roads: the same ways as networkx finds, never shorter than the straight line, and clear words where no road is."""

from pathlib import Path

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linhe.desks.errands.engine.distances import HOURS, Pace, Unreachable
from linhe.desks.errands.engine.distances import network as networks
from linhe.desks.errands.engine.distances.edges import COLUMNS, read_edges
from linhe.desks.errands.engine.distances.network import Edges, RoadNetwork
from linhe.desks.errands.engine.distances.straight import StraightLine, great_circle
from linhe.desks.errands.queries.roads.files import read_network

WEST, SOUTH, STEP = 112.70, 38.40, 0.004


def town(seed: int, side: int = 6) -> Edges:
    """A grid of streets, some of them missing, some one-way, all a little longer than straight."""
    draw = np.random.default_rng(seed)
    places = np.array([[WEST + STEP * x, SOUTH + STEP * y] for y in range(side) for x in range(side)])
    places += draw.normal(0, STEP / 10, places.shape)
    origin, goal = [], []
    for at in range(side * side):
        for other in ([at + 1] if at % side < side - 1 else []) + ([at + side] if at < side * (side - 1) else []):
            if draw.random() < 0.9:
                origin += [at, other] if draw.random() < 0.8 else [at]
                goal += [other, at] if len(goal) < len(origin) - 1 else [other]
    start, end = np.array(origin), np.array(goal)
    straight = np.array([great_circle(places[[a]], places[[b]])[0, 0] for a, b in zip(start, end, strict=True)])
    metres = straight * draw.uniform(1.0, 1.4, len(start))
    return Edges(places, start, end, metres, metres / draw.uniform(3, 6, len(start)))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_ways_are_those_of_networkx(seed: int) -> None:
    edges = town(seed)
    roads = RoadNetwork(edges)
    graph = networkx.DiGraph()
    for a, b, metres, seconds in zip(edges.origin, edges.goal, edges.metres, edges.seconds, strict=True):
        graph.add_edge(int(a), int(b), metres=float(metres), seconds=float(seconds))
    largest = max(networkx.strongly_connected_components(graph), key=len)
    assert len(roads.places) == len(largest)
    assert roads.left_out == len(edges.places) - len(largest)
    junctions = sorted(largest)
    table = roads.table(edges.places[junctions], edges.places[junctions])
    for weight, found in (("metres", table.metres), ("seconds", table.seconds)):
        lengths = dict(networkx.all_pairs_dijkstra_path_length(graph.subgraph(largest), weight=weight))
        expected = [[lengths[a][b] for b in junctions] for a in junctions]
        assert found == pytest.approx(np.array(expected), abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_roads_are_never_shorter_than_the_straight_line(seed: int) -> None:
    draw = np.random.default_rng(seed)
    places = np.column_stack([WEST + 5 * STEP * draw.random(9), SOUTH + 5 * STEP * draw.random(9)])
    table = RoadNetwork(town(seed)).table(places, places)
    assert (table.metres >= great_circle(places, places) - 1e-6).all()
    assert (table.seconds >= 0).all()
    for k in range(9):
        assert table.metres[k, k] == pytest.approx(0, abs=1e-6)


def test_rows_from_memory_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = town(3)
    roads, places = RoadNetwork(edges), town(3).places[:20]
    first = roads.table(places, places)
    assert np.array_equal(roads.table(places, places).metres, first.metres)
    monkeypatch.setattr(networks, "KEPT_BYTES", 3 * 8 * len(roads.places))
    scarce = RoadNetwork(edges)
    assert np.array_equal(scarce.table(places, places).metres, first.metres)
    assert np.array_equal(scarce.table(places[::-1], places).metres, first.metres[::-1])
    assert len(scarce._rows) <= 3


def test_parallel_roads_and_wrong_lengths() -> None:
    """The shorter of two roads counts, and no road is shorter than straight."""
    places = np.array([[WEST, SOUTH], [WEST + STEP, SOUTH]])
    straight = great_circle(places[:1], places[1:])[0, 0]
    edges = Edges(places, np.array([0, 0, 1]), np.array([1, 1, 0]), np.array([900.0, 500.0, 1.0]), np.full(3, 60.0))
    metres = RoadNetwork(edges).table(places, places).metres
    assert metres[0, 1] == pytest.approx(500)
    assert metres[1, 0] == pytest.approx(straight)


def test_place_far_from_every_road_is_named() -> None:
    roads = RoadNetwork(town(1))
    places = np.array([[WEST, SOUTH], [WEST + 1, SOUTH]])
    with pytest.raises(Unreachable, match=r"place 1: 8\d,\d{3} m from the nearest road"):
        roads.table(places[:1], places)
    assert roads.table(places[:0], places[:1]).metres.shape == (0, 1)


def test_places_of_one_junction_go_straight() -> None:
    roads = RoadNetwork(town(1), access_kmh=3.6)
    at = roads.places[7]
    two = np.array([at + np.array([0.0002, 0]), at - np.array([0.0002, 0])])
    table = roads.table(two, two)
    assert table.metres[0, 1] == pytest.approx(great_circle(two[:1], two[1:])[0, 0])
    assert table.seconds[0, 1] == pytest.approx(table.metres[0, 1])


def test_hours_make_ways_longer() -> None:
    shares = [1.0] * HOURS
    shares[8] = 1.5
    roads = RoadNetwork(town(2), pace=Pace(shares))
    places = roads.places[:6]
    calm, busy = roads.table(places, places, hour=3), roads.table(places, places, hour=8)
    assert np.array_equal(calm.metres, busy.metres)
    assert busy.seconds == pytest.approx(1.5 * calm.seconds)
    straight = StraightLine(1.3, 18, Pace(shares))
    assert straight.table(places, places, hour=8).seconds == pytest.approx(1.5 * 1.3 * great_circle(places, places) / 5)


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="pace"):
        Pace([1.0] * 23)
    with pytest.raises(ValueError, match="hour"):
        Pace().at(24)
    with pytest.raises(ValueError, match="factor"):
        StraightLine(0.9)
    one = np.zeros(1, dtype=int)
    with pytest.raises(ValueError, match="goal: names a junction"):
        Edges(np.zeros((1, 2)), one, one + 1, np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="metres: row 0"):
        Edges(np.zeros((2, 2)), one, one + 1, np.zeros(1), np.ones(1))
    with pytest.raises(ValueError, match="connected both ways"):
        RoadNetwork(Edges(town(1).places[:2], one, one + 1, np.ones(1), np.ones(1)))


HEAD = ",".join(COLUMNS)


def test_edge_list(tmp_path: Path) -> None:
    lines = [HEAD, "112.7,38.4,112.704,38.4,400,18,0", "112.704,38.4,112.704,38.404,500,18,1",
             "112.704,38.404,112.7,38.4,700,18,1"]  # fmt: skip
    file = tmp_path / "roads.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    table = read_network(file).table(np.array([[112.7, 38.4]]), np.array([[112.704, 38.404]]))
    assert table.metres == pytest.approx(900)
    assert table.seconds == pytest.approx(180)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("112.7,38.4,112.704,x,400,18,0", "line 2, column to_lat: 'x' is not a number"),
        ("112.7,138.4,112.704,38.4,400,18,0", "line 2, column from_lat: 138.4 is outside"),
        ("112.7,38.4,112.704,38.4,0,18,0", "line 2, column metres: must be above 0"),
        ("112.7,38.4,112.704,38.4,nan,18,0", "line 2, column metres"),
        ("112.7,38.4", "line 2, column to_lon"),
    ],
)
def test_wrong_line_is_named(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_edges([HEAD, line])


def test_missing_column_and_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="column oneway: is missing"):
        read_edges(["from_lon,from_lat,to_lon,to_lat,metres,speed_kmh"])
    with pytest.raises(ValueError, match="there is no such file"):
        read_network(tmp_path / "none.csv")


EXTRACT = """<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="test">
<node id="1" lat="38.400" lon="112.700" version="1"/><node id="2" lat="38.400" lon="112.704" version="1"/>
<node id="3" lat="38.404" lon="112.704" version="1"/><node id="4" lat="38.404" lon="112.700" version="1"/>
<node id="5" lat="38.410" lon="112.700" version="1"/>
<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="11" version="1"><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="highway" v="tertiary"/>
 <tag k="oneway" v="yes"/></way>
<way id="12" version="1"><nd ref="4"/><nd ref="5"/><tag k="highway" v="motorway"/></way>
<way id="13" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
</osm>"""


def test_extract_of_openstreetmap(tmp_path: Path) -> None:
    """Residential both ways, the tertiary road one way; the motorway and the private way are not ridden."""
    file = tmp_path / "town.osm"
    file.write_text(EXTRACT, encoding="utf-8")
    roads = read_network(file)
    assert len(roads.places) == 4
    corner = {n: np.array([at]) for n, at in enumerate([(112.7, 38.4), (112.704, 38.4), (112.704, 38.404)], 1)}
    four = np.array([[112.7, 38.404]])
    there, back = great_circle(corner[3], four)[0, 0], great_circle(four, corner[1])[0, 0]
    out = great_circle(corner[1], corner[2])[0, 0] + great_circle(corner[2], corner[3])[0, 0]
    assert roads.table(corner[3], corner[1]).metres[0, 0] == pytest.approx(min(out, there + back))
    assert roads.table(corner[1], four).metres[0, 0] == pytest.approx(out + there)
    assert roads.table(four, corner[1]).seconds[0, 0] == pytest.approx(back / (20 / 3.6))


def test_extract_without_roads(tmp_path: Path) -> None:
    file = tmp_path / "sea.osm"
    file.write_text('<?xml version="1.0"?><osm version="0.6"></osm>', encoding="utf-8")
    with pytest.raises(ValueError, match=r"sea\.osm: edges: no two junctions"):
        read_network(file)
