"""Open311 GeoReport v2 for whoever reads: services, requests, updates, in XML and JSON."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter
from linhe.desks.reports.models import Open311Sent, Report
from tests.factories import District, make_post
from tests.integration.desks.reports.open311 import (
    FORMATS,
    REQUEST_FIELDS,
    ROOT,
    SENDER,
    TEXTS,
    a_key,
    as_text,
    assert_error,
    get,
    number_of,
    plain,
    post,
    read,
)
from tests.trust.strategies import photos

# ---- what can be reported


@pytest.mark.parametrize("address", [f"{ROOT}/discovery", "/reports/open311/discovery"])
def test_discovery_tells_where_the_interface_is(address: str, town: District) -> None:
    _, data = read(Client().get(f"{address}.json"), "json")
    assert list(data) == ["changeset", "contact", "key_service", "endpoints"]
    endpoint = data["endpoints"][0]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["type"] in ("production", "test")
    assert endpoint["url"].endswith(ROOT)
    status, root = read(Client().get(f"{address}.xml"), "xml")
    assert (status, root.tag) == (200, "discovery")
    assert [f.text for f in root.findall("endpoints/endpoint/formats/format")] == endpoint["formats"]


def test_services_and_their_questions_are_the_same_in_both_formats(town: District) -> None:
    status, services = get("services")
    assert status == 200
    assert set(services[0]) == {
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    }  # fmt: skip
    assert {s["metadata"] for s in services} == {True, False}
    _, root = get("services", "xml")
    assert root.tag == "services"
    assert [child.tag for child in root] == ["service"] * len(services)
    assert plain(root) == as_text(
        [{k: v or None for k, v in s.items()} | {"metadata": s["metadata"]} for s in services]
    )
    for service in services:
        _, definition = get(f"services/{service['service_code']}")
        assert bool(definition["attributes"]) == service["metadata"]
        _, root = get(f"services/{service['service_code']}", "xml")
        assert root.tag == "service_definition"
        expected = as_text(definition)
        assert plain(root) == expected or not definition["attributes"]
        for order, one in enumerate(definition["attributes"], 1):
            assert one["order"] == order
            assert one["datatype"] in {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
            assert isinstance(one["variable"], bool)
            assert isinstance(one["required"], bool)
            assert ("values" in one) == one["datatype"].endswith("list")


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_unknown_service_is_not_found(fmt: str, town: District) -> None:
    status, data = get("services/no-such", fmt)
    assert status == 404
    assert_error(data, fmt, 404)


# ---- reading


def test_one_report_in_the_fields_and_order_of_the_specification(town: District, key: str) -> None:
    number = number_of(post(town, key))
    status, data = get(f"requests/{number}")
    assert status == 200
    assert isinstance(data, list)
    one = data[0]
    assert list(one) == REQUEST_FIELDS
    assert (one["service_request_id"], one["status"], one["service_code"]) == (str(number), "open", "lights")
    assert isinstance(one["lat"], float)
    assert one["requested_datetime"].endswith("Z")
    assert datetime.fromisoformat(one["requested_datetime"]) <= timezone.now()
    assert one["address"] == "安居小区1号楼，和平社区，东街道，测试区"
    assert one["agency_responsible"] == "和平社区"
    _, root = get(f"requests/{number}", "xml")
    assert root.tag == "service_requests"
    assert [child.tag for child in root] == ["request"]
    assert plain(root) == as_text(data)


def test_nothing_that_the_sender_told_is_ever_given_out(town: District, key: str) -> None:
    words = "鸟语描述"
    link, point = "https://canary.example.org/a.jpg", "112.731234"
    number = number_of(post(town, key, description=words, media_url=link, long=point, **SENDER))
    act(Matter.objects.get(pk=number), "accept", by=make_post("community_worker", town.community))
    for path in ("requests", f"requests/{number}", "servicerequestupdates"):
        for fmt in FORMATS:
            text = Client().get(f"{ROOT}/{path}.{fmt}").content.decode()
            assert str(number) in text
            for canary in (*SENDER.values(), words, "canary", point, "单元"):
                assert canary not in text
    assert Open311Sent.objects.extra(where=["sender LIKE '%%canary%%' OR link LIKE '%%canary%%'"]).count() == 0


def test_what_a_clerk_published_is_given_out(town: District, key: str) -> None:
    number = number_of(post(town, key, media=photos(1)))
    worker = make_post("community_worker", town.community)
    data = {"words_public": "3 号门口的路灯", "photos": True}
    act(Matter.objects.get(pk=number), "publish", by=worker, data=data)
    one = get(f"requests/{number}")[1][0]
    assert one["description"] == "3 号门口的路灯"
    address = urlsplit(one["media_url"])
    assert address.netloc
    picture = Client().get(address.path)
    assert b"".join(picture).startswith(b"RIFF")  # WebP
    act(Matter.objects.get(pk=number), "publish", by=worker, data={"words_public": "", "photos": False})
    assert get(f"requests/{number}")[1][0]["media_url"] is None
    assert Client().get(address.path).status_code == 404


def test_how_a_report_ended_is_told_also_when_it_left_the_map(town: District, key: str) -> None:
    number, other = number_of(post(town, key)), number_of(post(town, key))
    worker = make_post("community_worker", town.community)
    act(Matter.objects.get(pk=number), "merge", by=worker, data={"into": other})
    one = get(f"requests/{number}")[1][0]
    assert (one["status"], one["status_notes"]) == ("closed", "已并案")
    assert [u["status"] for u in get("servicerequestupdates")[1]] == ["CLOSED"]


def test_private_and_hidden_reports_are_not_there(town: District, key: str) -> None:
    private, hidden, shown = (number_of(post(town, key)) for _ in range(3))
    Report.objects.filter(pk=private).update(private=True)
    Report.objects.filter(pk=hidden).update(hidden_for="abuse")
    assert [one["service_request_id"] for one in get("requests")[1]] == [str(shown)]
    assert get("requests", service_request_id=f"{private},{hidden},{shown}")[1][0]["service_request_id"] == str(shown)
    nothing = 10**16
    unknown = get(f"requests/{nothing}")[1][0]["description"]
    for number in (private, hidden):
        status, data = get(f"requests/{number}")
        assert status == 404
        assert data[0]["description"].replace(str(number), str(nothing)) == unknown


def test_lists_are_narrowed_by_code_status_and_dates(town: District, key: str) -> None:
    lights, road, old = (
        number_of(post(town, key)), number_of(post(town, key, service_code="road")), number_of(post(town, key)),
    )  # fmt: skip
    now = timezone.now()
    Report.objects.filter(pk=old).update(raised_at=now - timedelta(days=100))
    Matter.objects.filter(pk=road).update(closed_at=now, stage="confirmed")

    def found(**query: str) -> list[int]:
        status, data = get("requests", **query)
        assert status == 200, data
        return [int(one["service_request_id"]) for one in data]

    assert found() == [road, lights]
    assert found(service_code="") == found(status="") == found(start_date="") == [road, lights]
    assert found(service_code="lights") == [lights]
    assert found(service_code="lights, road") == [road, lights]
    assert found(service_code="no-such") == []
    assert found(status="open") == [lights]
    assert found(status="closed") == [road]
    assert found(status="closed,open") == [road, lights]
    assert found(service_request_id=f"{old},{lights},x,{lights}") == [old, lights]
    assert found(service_request_id=str(old), status="closed", start_date="nonsense") == [old]
    start = (now - timedelta(days=120)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found(start_date=start) == [old]
    assert found(start_date=start, end_date=(now - timedelta(days=99)).strftime("%Y-%m-%d")) == [old]
    assert found(end_date=(now - timedelta(days=1)).isoformat()) == []
    assert found(page_size="1") == [road]
    assert found(page_size="1", page="2") == [lights]
    assert found(page="3") == []
    assert found(jurisdiction_id=town.district.code) == [road, lights]
    assert found(jurisdiction_id="127.0.0.1") == [road, lights]


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("path", ["requests", "servicerequestupdates"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"status": "done"}, 400),
        ({"start_date": "2026-01-01T00:00:00"}, 400),
        ({"start_date": "01-02-2026"}, 400),
        ({"end_date": "0000-01-01"}, 400),
        ({"end_date": "2026-13-01T00:00:00Z"}, 400),
        ({"start_date": "2025-01-01T00:00:00Z", "end_date": "2025-06-01T00:00:00Z"}, 400),
        ({"start_date": "2025-02-01T00:00:00Z", "end_date": "2025-01-01T00:00:00Z"}, 400),
        ({"page": "0"}, 400),
        ({"page": "x"}, 400),
        ({"page_size": "1001"}, 400),
        ({"page_size": "1001", "service_request_id": "1"}, 400),
        ({"jurisdiction_id": "no-such"}, 404),
        ({"jurisdiction_id": "\x00"}, 404),
        ({"service_code": "\x00"}, 400),
    ],
    ids=str,
)
def test_bad_parameters_of_a_list(path: str, fmt: str, query: dict[str, str], status: int, town: District) -> None:
    got, data = get(path, fmt, **query)
    assert got == status
    assert_error(data, fmt, status)


def test_an_empty_list_is_an_empty_array_and_an_empty_wrapper(town: District) -> None:
    assert get("requests") == (200, [])
    _, root = get("requests", "xml")
    assert (root.tag, len(root)) == ("service_requests", 0)


def test_a_list_costs_the_same_however_long(town: District, key: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        post(town, key)
    with django_assert_max_num_queries(8):
        assert len(get("requests")[1]) == 6


def test_updates_tell_stages_and_take_additions_to_ones_own_report(town: District, key: str) -> None:
    number = number_of(post(town, key))
    matter, worker = Matter.objects.get(pk=number), make_post("community_worker", town.community)
    act(matter, "accept", by=worker)
    act(matter, "solve", by=worker, data={"words": "已更换灯泡"})
    status, data = get("servicerequestupdates")
    assert status == 200
    assert [(u["service_request_id"], u["status"], u["description"]) for u in data] == [
        (str(number), "OPEN", "已办结，待确认"), (str(number), "OPEN", "办理中")
    ]  # fmt: skip
    _, root = get("servicerequestupdates", "xml")
    assert root.tag == "service_request_updates"
    assert [child.tag for child in root] == ["request_update"] * 2
    assert plain(root) == as_text(data)
    assert get("servicerequestupdates", service_request_id="1")[1] == []
    sent = {"api_key": key, "service_request_id": str(number), "description": "还有一盏也不亮"}
    response = Client().post(f"{ROOT}/servicerequestupdates.json", sent)
    assert Event.objects.get(pk=json.loads(response.content)[0]["update_id"]).action == "add"
    other = a_key(town.district)
    for fields, status in (
        ({"api_key": other}, 404), ({"api_key": "x"}, 403), ({"description": ""}, 400),
        ({"service_request_id": "x"}, 404), ({"service_request_id": ""}, 400), ({"description": "x" * 401}, 400),
    ):  # fmt: skip
        assert Client().post(f"{ROOT}/servicerequestupdates.json", sent | fields).status_code == status, fields


def test_methods_and_formats_that_are_not_there(town: District) -> None:
    client = Client()
    assert client.get(f"{ROOT}/services.html").status_code == 404
    assert client.post(f"{ROOT}/services.json").status_code == 405
    assert client.delete(f"{ROOT}/requests.json")["Allow"] == "GET, HEAD, POST"
    assert client.head(f"{ROOT}/requests.json").status_code == 200


@pytest.mark.timeout(120)
def test_no_parameter_breaks_a_call(town: District, key: str) -> None:
    number_of(post(town, key))
    names = ("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size",
             "jurisdiction_id")  # fmt: skip
    paths = st.sampled_from(["discovery", "services", "requests", "servicerequestupdates"])

    @settings(max_examples=150, suppress_health_check=list(HealthCheck), database=None)
    @given(path=paths, query=st.dictionaries(st.sampled_from(names), TEXTS), fmt=st.sampled_from(FORMATS))
    def check(path: str, query: dict[str, str], fmt: str) -> None:
        status, data = get(path, fmt, **{k: v.encode("utf-8", "replace").decode() for k, v in query.items()})
        assert status in (200, 400, 404)
        if status != 200:
            assert_error(data, fmt, status)

    check()
