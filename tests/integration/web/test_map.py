"""The live map's layers: the ground from a file, errands with their reasons, couriers coarsely and for staff alone."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linhe.desks.errands import services
from linhe.desks.errands.queries.maps import COARSE_DEGREES
from tests.factories import District, make_account, make_district, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> District:
    return make_district()


def test_the_ground_is_the_file_of_the_setting_or_nothing(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.BASEMAP = ""
    assert client.get("/map/base.geojson").json()["features"] == []
    ground = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kind": "park"}}]}
    settings.BASEMAP = str(tmp_path / "ground.geojson")
    Path(settings.BASEMAP).write_text(json.dumps(ground))
    answer = client.get("/map/base.geojson")
    assert json.loads(b"".join(answer)) == ground


def test_staff_see_errands_with_reasons_and_couriers_coarsely(client: Client, town: District) -> None:
    now = timezone.now()
    place = town.building
    place.lat, place.lng = 38.4212, 112.7313
    place.save()
    resident = make_account("王桂英", home=place)
    courier = make_account("刘海涛")
    make_post("courier", town.district, courier)
    worker = make_post("community_worker", town.community)
    services.start_shift(courier=courier, at=now, lat=38.42131, lng=112.73177)
    asked = {"service": "water", "latest_at": now + timedelta(hours=1)}
    matter = services.raise_errand(by=resident, place=place, data=asked, at=now).matter
    services.dispatch_batch(district=town.district, at=now + timedelta(minutes=1))

    client.force_login(worker)
    shown = {one["properties"]["id"]: one for one in client.get("/map/matters.geojson").json()["features"]}
    errand = shown.pop(f"m{matter.pk}")["properties"]
    assert errand["words"]
    assert "绕" in errand["words"][0]
    assert errand["since"]
    assert errand["url"] == f"/matters/{matter.pk}/"
    [rider] = shown.values()
    for degrees, exact in zip(rider["geometry"]["coordinates"], (112.73177, 38.42131), strict=True):
        assert abs(degrees / COARSE_DEGREES - round(degrees / COARSE_DEGREES)) < 1e-6
        assert degrees != exact
    assert "刘海涛" not in json.dumps(rider, ensure_ascii=False)

    client.force_login(resident)
    ids = [one["properties"]["id"] for one in client.get("/map/matters.geojson").json()["features"]]
    assert ids == [f"m{matter.pk}"]


@pytest.mark.django_db
def test_the_places_layer_is_json_whatever_places_there_are() -> None:
    assert Client().get("/map/places.geojson").json()["features"] == []
    make_district()
    assert len(Client().get("/map/places.geojson").json()["features"]) == 3  # those that have a point
