"""The time a route has to spare sets the price of a further errand: as plain Python drives it, at any size."""

import math
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from linhe.desks.errands.queries import sparing
from linhe.desks.errands.queries.state import Duty
from linhe.lib.geography import Point, distance_m

Route = list[tuple[float, float, float, float]]
AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
NOW_S = AT.timestamp()
RULES = {"errands.no_slack_m": 3000, "errands.own_stop_slack_minutes": 45, "errands.road_factor": 1.3}


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparing, "value", lambda name, **where: RULES[name])


def duty(lng: float, lat: float, *, from_s: float = NOW_S, speed_kmh: float = 15) -> Duty:
    return Duty(1, 1, 1, lat, lng, lat, lng, from_s, NOW_S + 3e4, speed_kmh, 9, 0, 9000, 0, 9, 0)


def stops_of(routes: list[Route]) -> dict[str, np.ndarray]:
    rows = np.array([stop for route in routes for stop in route]).reshape(-1, 4)
    names = ("stop_lon", "stop_lat", "stop_latest_s", "stop_service_s")
    return {"stop_offset": np.cumsum([0, *map(len, routes)])} | dict(zip(names, rows.T.copy(), strict=True))


def price(shifts: list[Duty], routes: list[Route]) -> list[float]:
    return list(sparing.prices_of(shifts, stops_of(routes), at=AT, place_code=""))


def test_nothing_ahead_costs_nothing_and_no_time_to_spare_costs_all() -> None:
    here = (121.47, 31.23)
    routes = [
        [],
        [(*here, math.inf, 60.0)],
        [(*here, NOW_S + 45 * 60, 60.0)],
        [(*here, NOW_S, 60.0)],
        [(*here, NOW_S - 9, 0.0)],
    ]
    assert price([duty(*here)] * 5, routes) == pytest.approx([0, 0, 0, 3000, 3000])


def test_the_price_is_as_plain_python_drives_it() -> None:
    draw = np.random.default_rng(7)
    shifts, routes = [], []
    for _ in range(40):
        at = draw.uniform((121.4, 31.2), (121.45, 31.25))
        shifts.append(duty(*at, from_s=NOW_S + draw.uniform(-900, 900), speed_kmh=draw.uniform(10, 25)))
        places = draw.uniform((121.4, 31.2), (121.45, 31.25), (draw.integers(0, 6), 2))
        routes.append([(*place, NOW_S + draw.uniform(0, 9000), draw.uniform(0, 300)) for place in places])
    expected = []
    for shift, route in zip(shifts, routes, strict=True):
        way = [Point(shift.lng, shift.lat), *(Point(stop[0], stop[1]) for stop in route)]
        time, spare = max(NOW_S, shift.from_s), math.inf
        for (a, b), stop in zip(pairwise(way), route, strict=True):
            time += 1.3 * distance_m(a, b) / (shift.speed_kmh / 3.6)
            spare = min(spare, stop[2] - time)
            time += stop[3]
        expected.append(3000 * (1 - min(max(spare / 2700, 0), 1)))
    assert price(shifts, routes) == pytest.approx(expected, abs=2)
    assert len({round(one) for one in expected}) > 10


def test_a_price_of_nothing_is_not_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "errands.no_slack_m", 0)
    assert price([duty(0, 0)], [[(0, 0, NOW_S, 0)]]) == [0]
    assert price([], []) == []
