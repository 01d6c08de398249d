"""Programs that others wrote for GeoReport v2 work against a running server: ``georeport`` and ``three`` from PyPI."""

from __future__ import annotations

import itertools
import sys
import warnings
from types import ModuleType
from typing import Any

import pytest
from georeport import GeoReport  # type: ignore[import-untyped]  # it has no stubs

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from tests.factories import District, make_district, make_post
from tests.integration.desks.reports.open311 import a_key
from tests.trust.strategies import photos


@pytest.fixture
def town(transactional_db: None) -> District:
    """A tiny district, committed, so that the server sees it."""
    return make_district()


@pytest.fixture
def root(live_server: Any, settings: Any) -> str:
    """Where a program finds the interface."""
    settings.PUBLIC_URL = live_server.url
    return f"{live_server.url}/reports/open311/v2"


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module ``three``. Its one release is of 2013 and asks ``itertools`` for a name that Python 3 no longer has;
    with that name lent to it, it runs unchanged."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    monkeypatch.delitem(sys.modules, "three", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its age, not of what it does
        import three as module  # type: ignore[import-untyped]  # it has no stubs

    assert isinstance(module, ModuleType)
    return module


def test_three_discovers_posts_and_reads(town: District, root: str, three: Any) -> None:
    client = three.Three(root, api_key=a_key(town.district))
    assert client.discovery()["endpoints"][0]["url"] == root
    services = client.services()
    assert {"lights", "lift"} <= {one["service_code"] for one in services}
    assert client.services("lift")["attributes"][0]["code"] == "people_inside"
    sent = client.post(
        "lights", address="安居小区1号楼", name="Zach Williams", phone="555-5555", description="路灯不亮",
        email="zach@example.org", media=photos(1)[0],
    )  # fmt: skip
    number = sent[0]["service_request_id"]
    matter = Matter.objects.get(pk=number)
    assert (matter.place, matter.evidence.count()) == (town.building, 1)
    assert client.request(number)[0]["status"] == "open"
    assert [one["service_request_id"] for one in client.requests("lights")] == [number]
    assert client.requests("road") == []
    assert client.requests(start="01-01-2020", end="03-01-2020") == []
    assert len(client.requests(count=1, status="open")) == 1
    assert client.post("lights", api_key="wrong", address="安居小区")[0]["code"] == 403


def test_three_follows_a_token(town: District, root: str, three: Any) -> None:
    client = three.Three(root, api_key=a_key(town.district, on_trial=True))
    token = client.post("lights", address="安居小区1号楼", description="路灯不亮")[0]["token"]
    assert client.token(token)[0]["service_request_id"] is None
    matter = Matter.objects.get(kind="report")
    act(matter, "accept", by=make_post("community_worker", town.community))
    assert client.token(token)[0]["service_request_id"] == str(matter.pk)


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_georeport_reads(fmt: str, town: District, root: str, three: Any) -> None:
    poster = three.Three(root, api_key=a_key(town.district))
    numbers = [
        poster.post("lights", address="安居小区1号楼", description="黑")[0]["service_request_id"] for _ in range(2)
    ]
    client = GeoReport(root, output_format=fmt)
    codes = [one["service_code"] for one in client.get_service_list()]
    assert codes[0] == "lights"
    definition = client.get_service_definition("rubbish")
    assert definition["service_code"] == "rubbish"
    found = client.get_service_requests(service_code="lights", status="open", start_date="")
    assert [one["service_request_id"] for one in found] == numbers[::-1]
    one = client.get_service_request(numbers[0])
    assert (one["service_request_id"], one["service_code"], one["status"]) == (numbers[0], "lights", "open")
    assert client.get_service_requests(service_request_id=",".join(numbers))[1]["service_request_id"] == numbers[0]
