"""The errands API: what a courier's app needs, and wrong input answered by one clear error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.errands import services
from linhe.desks.errands.models import Shift
from tests.factories import make_post
from tests.integration.desks.errands.conftest import DOOR, Town

HERE = {"lat": 38.4205, "lng": 112.7305}


class App:
    """A signed-in client that speaks JSON."""

    def __init__(self, account: Account) -> None:
        self.client = Client()
        self.client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    def __call__(self, method: str, path: str, body: Any = None, key: str = "key-00001") -> tuple[int, Any]:
        answer = self.client.generic(
            method, f"/api/errands{path}", _json(body), "application/json", headers={"Idempotency-Key": key}
        )
        return answer.status_code, answer.json() if answer.content else None


def _json(body: Any) -> str:
    return "" if body is None else json.dumps(body)


@pytest.fixture
def app(town: Town) -> App:
    return App(make_post("courier", town.places.district))


def test_a_courier_comes_on_duty_takes_and_reads_the_door(town: Town, app: App) -> None:
    assert app("GET", "/route")[0] == 404
    assert app("GET", "/way") == (200, [])
    assert app("POST", "/shift", {**HERE, "stops": [{"lat": 38.43, "lng": 112.74, "service_s": 60}]})[0] == 201
    assert app("POST", "/shift", HERE)[0] == 409
    matter = _errand_now(town)
    status, way = app("GET", "/way")
    assert status == 200
    assert [w["errand"]["matter_id"] for w in way] == [matter.pk]
    assert DOOR not in repr(way)
    assert app("POST", f"/{matter.pk}/take")[0] == 200
    assert app("POST", f"/{matter.pk}/take")[0] == 200  # the same key: the same result
    assert app("POST", f"/{matter.pk}/take", key="key-00002")[0] == 409
    status, seen = app("POST", f"/{matter.pk}/address")
    assert (status, seen["door"]) == (200, DOOR)
    status, route = app("GET", "/route")
    assert [s["kind"] for s in route["stops"]].count("dropoff") == 1
    assert app("PUT", "/shift/position", {"lat": 38.421, "lng": 112.731})[0] == 204
    own = next(s for s in route["stops"] if s["kind"] == "own")
    assert app("POST", f"/stops/{own['stop_id']}/done")[0] == 204
    assert app("DELETE", "/shift")[0] == 409


def test_others_find_nothing(town: Town, app: App) -> None:
    matter = _errand_now(town)
    stranger = App(town.stranger)
    assert stranger("POST", f"/{matter.pk}/take")[0] == 404
    assert stranger("POST", f"/{matter.pk}/address")[0] == 404
    assert stranger("POST", "/shift", HERE)[0] == 403
    assert Client().get("/api/errands/way").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/0/take", None),
        ("POST", "/99999999999999999999/take", None),
        ("POST", "/shift", {"lat": 91, "lng": 0}),
        ("POST", "/shift", {"lat": 38, "lng": 112, "hours": 99}),
        ("POST", "/shift", {**HERE, "stops": [{"lat": 1, "lng": 1, "label": "\x00"}]}),
        ("POST", "/shift", {**HERE, "stops": [{"lat": 1, "lng": 1, "planned_at": "2026-01-01T00:00:00"}]}),
        ("POST", "/shift", {**HERE, "stops": [{"lat": 1, "lng": 1, "planned_at": "9999-12-31T23:59:59Z"}]}),
        ("PUT", "/shift/position", {"lat": "x", "lng": None}),
    ],
)
def test_wrong_input_is_refused_by_name(app: App, method: str, path: str, body: Any) -> None:
    status, answer = app(method, path, body)
    assert status in (404, 422)
    assert {"code", "message", "details"} == set(answer)
    assert Shift.objects.count() == 2  # those of the fixture


def _errand_now(town: Town) -> Matter:
    """An errand asked for at this moment."""
    return services.raise_errand(
        by=town.resident, place=town.places.building, at=timezone.now(),
        data={"service": "water", "door": DOOR, "pickup_lat": 38.4215, "pickup_lng": 112.7335},
    ).matter  # fmt: skip
