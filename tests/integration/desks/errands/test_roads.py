"""Dispatch by roads: a setting and dated parameters choose, and a place off the roads does not stop a batch."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.distances.straight import great_circle
from linhe.desks.errands.engine.distances.tables import places_of
from linhe.desks.errands.models import Shift
from linhe.desks.errands.queries.problem import problem_of
from linhe.desks.errands.queries.roads import choosing
from linhe.desks.errands.queries.roads.servers import Osrm, Valhalla
from linhe.desks.errands.queries.state import open_errands, open_shifts
from linhe.desks.errands.services import dispatch_batch

from .conftest import AT, Town, after

pytestmark = pytest.mark.django_db
HEAD = "from_lon,from_lat,to_lon,to_lat,metres,speed_kmh,oneway"


@pytest.fixture
def by_road(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Dated values that a test sets."""
    said: dict[str, Any] = {"errands.distances": "roads", "errands.speed_by_hour": [{"from_hour": 0, "percent": 100}]}
    real = choosing.value
    monkeypatch.setattr(choosing, "value", lambda code, **more: said[code] if code in said else real(code, **more))
    return said


def grid_of_streets(file: Path, west: float, south: float, step: float = 0.002, side: int = 12) -> Path:
    """Streets in both directions, a fifth longer than straight."""
    lines = [HEAD]
    for x in range(side):
        for y in range(side):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < side and y + dy < side:
                    a, b = (west + x * step, south + y * step), (west + (x + dx) * step, south + (y + dy) * step)
                    lines.append(f"{a[0]},{a[1]},{b[0]},{b[1]},{250 if dy else 220},15,0")
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def asked(town: Town) -> Any:
    town.errand()
    district = town.places.district
    shifts = open_shifts(district, at=AT)
    return problem_of(shifts, open_errands(district), at=AT, place_code=district.code)


def test_straight_lines_are_the_default(town: Town, settings: Any) -> None:
    settings.ROADS = "nothing-is-read.csv"
    assert asked(town).road_m.size == 0


def test_problem_and_batch_go_by_the_network(
    town: Town, settings: Any, tmp_path: Path, by_road: dict[str, Any]
) -> None:
    shift = Shift.objects.filter(ended_at__isnull=True).first()
    assert shift is not None
    settings.ROADS = str(grid_of_streets(tmp_path / "roads.csv", shift.lng - 0.012, shift.lat - 0.012))
    problem = asked(town)
    straight = great_circle(places_of(problem), places_of(problem))
    assert problem.road_m.shape == straight.shape
    assert (problem.road_m >= straight - 1e-6).all()
    assert (problem.road_m > straight + 1).any()
    report = dispatch_batch(district=town.places.district, at=after(1), check=violations)
    assert report.offered == 1
    assert report.violations == []


def test_place_off_the_roads_puts_one_batch_back_on_straight_lines(
    town: Town, settings: Any, tmp_path: Path, by_road: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROADS = str(grid_of_streets(tmp_path / "far.csv", 100.0, 30.0))
    with caplog.at_level(logging.WARNING, logger=choosing.__name__):
        assert asked(town).road_m.size == 0
    assert "straight lines this time: place 0:" in caplog.text


def test_hour_of_the_day_slows_people(town: Town, by_road: dict[str, Any]) -> None:
    usual = asked(town).person_speed_mps
    by_road["errands.speed_by_hour"] = [{"from_hour": 20, "percent": 90}, {"from_hour": 8, "percent": 80}]
    assert asked(town).person_speed_mps == pytest.approx(0.8 * usual)  # it is nine o'clock in Shanghai


def test_what_the_setting_may_be(tmp_path: Path) -> None:
    assert isinstance(choosing.roads("osrm+http://127.0.0.1:5000"), Osrm)
    assert isinstance(choosing.roads("valhalla+https://roads.example.org"), Valhalla)
    with pytest.raises(ValueError, match="there is no such file"):
        choosing.roads(str(tmp_path / "none.osm.pbf"))
