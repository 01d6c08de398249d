"""Instances of the literature: read into people with empty routes, whose distances are those of the file."""

from pathlib import Path

import numpy as np
import pytest

from linhe.desks.errands.bench.pdptw import UNIT_M, best_known, read_pdptw
from linhe.desks.errands.engine.distances.straight import great_circle
from linhe.desks.errands.engine.distances.tables import places_of

PLANE = """2\t20\t1
0\t40\t50\t0\t0\t1236\t0\t0\t0
1\t45\t68\t-10\t912\t967\t90\t2\t0
2\t45\t70\t10\t825\t870\t90\t0\t1
3\t42\t66\t20\t65\t146\t90\t0\t4
4\t42\t68\t-20\t727\t782\t90\t3\t0
"""
STREETS = """NAME: toy
LOCATION: Barcelona
COMMENT: Sartori and Buriol (2019)
TYPE: PDPTW
SIZE: 3
DISTRIBUTION: cluster
DEPOT: random
ROUTE-TIME: 240
TIME-WINDOW: 120
CAPACITY: 300
NODES
0 41.397 2.123 0 0 240 0 0 0
1 41.400 2.117 22 129 240 5 0 2
2 41.394 2.190 -22 0 200 5 1 0
EDGES
0 4 9
5 0 11
9 12 0
EOF
"""


def test_plane(tmp_path: Path) -> None:
    file = tmp_path / "lc101.txt"
    file.write_text(PLANE, encoding="utf-8")
    problem = read_pdptw(file)
    assert (problem.people, problem.requests) == (2, 2)
    assert problem.person_capacity.tolist() == [20, 20]
    assert problem.request_load.tolist() == [10, 20]
    assert problem.request_pickup_earliest_s.tolist() == [825, 65]
    assert problem.request_dropoff_latest_s.tolist() == [967, 782]
    assert problem.road_m[0, 2] == pytest.approx(2 * UNIT_M)  # row 2 to row 1
    assert problem.road_m[0, 4] == pytest.approx(np.hypot(5, 20) * UNIT_M)  # row 2 to the depot


def test_streets(tmp_path: Path) -> None:
    file = tmp_path / "toy-n2.txt"
    file.write_text(STREETS, encoding="utf-8")
    problem = read_pdptw(file)
    assert (problem.people, problem.requests) == (1, 1)
    assert problem.road_m[0, 1] == 11 * UNIT_M
    assert problem.road_m[1, 0] == 12 * UNIT_M
    assert problem.person_end_latest_s.tolist() == [240]


@pytest.mark.parametrize(("name", "text"), [("lc101.txt", PLANE), ("toy-n2.txt", STREETS)])
def test_straight_lines_are_below_the_table(tmp_path: Path, name: str, text: str) -> None:
    """So that what the straight line excludes is excluded."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    problem = read_pdptw(file)
    places = places_of(problem)
    assert (great_circle(places, places) <= problem.road_m + 1e-6).all()


def test_best_known_is_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "bks").mkdir()
    (tmp_path / "bks/lc1_2_1.20_2705.txt").touch()
    found = best_known(tmp_path / "LC1_2_1.txt")
    assert found is not None
    assert (found.vehicles, found.distance) == (20, 2705)
    assert best_known(tmp_path / "LC1_2_2.txt") is None


@pytest.mark.parametrize("text", ["", "a b c", PLANE.replace("-10", "-11"), STREETS.replace("5 0 11\n", "")])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="odd"):
        read_pdptw(file)
