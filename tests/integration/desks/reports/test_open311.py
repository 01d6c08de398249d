"""Open311 GeoReport v2, call by call, in XML and JSON, with good and bad parameters."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter, Particular
from linhe.core.places.models import Place
from linhe.desks.reports.models import ApiKey, Open311Sent, Report
from linhe.desks.reports.queries import public_rows, similar_near
from linhe.desks.reports.services.keys import make_key, revoke_key
from tests.factories import District, make_district, make_post
from tests.trust.strategies import photos

ROOT = "/reports/open311/v2"
FORMATS = ("xml", "json")
REQUEST_FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
"""In the order of the specification."""
SENDER = {
    "email": "canary@example.org", "device_id": "canary-device", "account_id": "canary-account",
    "first_name": "鸟名甲", "last_name": "鸟名乙", "phone": "19999912345",
}  # fmt: skip


@pytest.fixture
def town(db: None) -> District:
    """A tiny district."""
    return make_district()


@pytest.fixture
def key(town: District) -> str:
    """A key for the whole district."""
    return a_key(town.district)


def a_key(place: Place, *, on_trial: bool = False, purpose: str = "open311") -> str:
    """A new key of a place, made by an administrator of it."""
    administrator = make_post("administrator", place)
    return make_key(
        by=administrator, name="测试应用", purpose=purpose, place=place, on_trial=on_trial, at=timezone.now(),
        request_key=f"form-{timezone.now().timestamp()}",
    ).text  # fmt: skip


def get(path: str, fmt: str = "json", **query: str) -> tuple[int, Any]:
    """Status and data of a call: JSON read, or the root of the XML."""
    return read(Client().get(f"{ROOT}/{path}.{fmt}", query), fmt)


def read(response: Any, fmt: str) -> tuple[int, Any]:
    """Status and data, after a look at the headers."""
    kind = "text/xml" if fmt == "xml" else "application/json"
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    if fmt == "json":
        return response.status_code, json.loads(response.content)
    assert response.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
    return response.status_code, ElementTree.fromstring(response.content)


def post(town: District, key: str | None, fmt: str = "json", /, **fields: Any) -> tuple[int, Any]:
    """Send a report from the building."""
    where = {"lat": str(town.building.lat), "long": str(town.building.lng)}
    sent = {"api_key": key, "service_code": "lights", "description": "路灯不亮", **where, **fields}
    return read(Client().post(f"{ROOT}/requests.{fmt}", {k: v for k, v in sent.items() if v is not None}), fmt)


def number_of(answer: tuple[int, Any]) -> int:
    """The number of a new report."""
    status, data = answer
    assert status == 200, data
    return int(data[0]["service_request_id"])


def plain(element: ElementTree.Element) -> Any:
    """An XML answer as the JSON one would have it: wrappers become arrays, empty elements None, all else text."""
    wrappers = {
        "services", "service_requests", "attributes", "values", "endpoints", "formats", "errors",
        "service_request_updates",
    }  # fmt: skip
    if element.tag in wrappers:
        return [plain(child) for child in element]
    return {child.tag: plain(child) for child in element} if len(element) else element.text


def as_text(data: Any) -> Any:
    """JSON data with every value as the text that XML writes."""
    if isinstance(data, dict):
        return {name: as_text(inner) for name, inner in data.items()}
    if isinstance(data, list):
        return [as_text(inner) for inner in data]
    return data if data is None else str(data).lower() if isinstance(data, bool) else str(data)


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


def assert_error(data: Any, fmt: str, code: int) -> None:
    """An answer in the form of the specification."""
    if fmt == "xml":
        assert data.tag == "errors"
        assert {child.tag for child in data} == {"error"}
        data = [{"code": int(e.findtext("code") or 0), "description": e.findtext("description")} for e in data]
    assert data
    for one in data:
        assert set(one) == {"code", "description"}
        assert one["description"]
    assert data[0]["code"] == code


# ---- sending


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_report_gets_a_number_and_never_also_a_token(fmt: str, town: District, key: str) -> None:
    status, data = post(town, key, fmt, **SENDER)
    assert status == 200
    if fmt == "xml":
        assert data.tag == "service_requests"
        data = [{child.tag: child.text for child in data[0]}]
    assert list(data[0]) == ["service_request_id", "service_notice", "account_id"]
    matter = Matter.objects.get(pk=data[0]["service_request_id"])
    assert isinstance(data[0]["service_request_id"], str)
    assert (matter.kind, matter.place, matter.requester) == ("report", town.building, None)
    assert matter.report.source == "open311"
    assert Particular.objects.get(event__matter=matter, name="words").value == "路灯不亮"
    assert json.loads(Open311Sent.objects.get(pk=matter.pk).sender) == SENDER


def test_an_app_on_trial_gets_a_token_that_becomes_a_number_once_accepted(town: District) -> None:
    _, data = post(town, a_key(town.district, on_trial=True))
    assert list(data[0]) == ["token", "service_notice", "account_id"]
    token = data[0]["token"]
    assert get(f"tokens/{token}") == (200, [{"service_request_id": None, "token": token}])
    matter = Matter.objects.get(kind="report")
    assert get(f"requests/{matter.pk}")[0] == 404
    assert get("requests") == (200, [])
    here = {"category": "lights", "lat": matter.report.lat, "lng": matter.report.lng}
    assert not public_rows(at=timezone.now()).exists()
    assert similar_near(**here, at=timezone.now()) == []
    act(matter, "accept", by=make_post("community_worker", town.community))
    assert public_rows(at=timezone.now()).get() == similar_near(**here, at=timezone.now())[0].report == matter.report
    assert get(f"tokens/{token}") == (200, [{"service_request_id": str(matter.pk), "token": token}])
    assert get("requests")[1][0]["service_request_id"] == str(matter.pk)
    _, root = get(f"tokens/{token}", "xml")
    assert [child.tag for child in root[0]] == ["service_request_id", "token"]


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_token_that_was_not_given_out_is_not_found(fmt: str, town: District, key: str) -> None:
    post(town, key)
    for token in ("nothing", Open311Sent.objects.get().token):
        status, data = get(f"tokens/{token}", fmt)
        assert status == 404
        assert_error(data, fmt, 404)


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_key_that_is_missing_unknown_revoked_or_for_something_else_is_403(fmt: str, town: District, key: str) -> None:
    made = ApiKey.objects.get()
    for wrong in (None, "", "x", "lh_" + "a" * 40, "\x00", "y" * 5000, a_key(town.district, purpose="hotline")):
        status, data = post(town, wrong, fmt)
        assert status == 403
        assert_error(data, fmt, 403)
    assert post(town, key, fmt)[0] == 200
    revoke_key(by=made.made_by, key=made, at=timezone.now())
    assert post(town, key, fmt)[0] == 403
    assert Report.objects.count() == 1


def test_keys_are_kept_as_a_hash_only(town: District, key: str) -> None:
    kept = ApiKey.objects.values().get()
    assert key not in str(kept)
    assert kept["hint"] == key[-4:]


def test_a_key_is_for_its_place(town: District) -> None:
    elsewhere = a_key(town.other_community)
    assert post(town, elsewhere)[0] == 400
    assert Report.objects.count() == 0


def test_a_key_is_counted_by_the_minute(town: District, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linhe.desks.reports.services.keys.value", lambda *args, **kwargs: 2)
    response = [Client().post(f"{ROOT}/requests.json", {"api_key": key}) for _ in range(3)]
    assert [r.status_code for r in response] == [400, 400, 429]
    assert response[2]["Retry-After"] == "60"
    assert_error(json.loads(response[2].content), "json", 429)
    ApiKey.objects.update(minute_at=timezone.now() - timedelta(seconds=61))
    assert Client().post(f"{ROOT}/requests.json", {"api_key": key}).status_code == 400


BAD: list[tuple[dict[str, Any], int]] = [
    ({"service_code": None}, 400),
    ({"service_code": ""}, 400),
    ({"service_code": "no-such"}, 404),
    ({"lat": None, "long": None}, 400),
    ({"lat": "", "long": ""}, 400),
    ({"lat": "38.4", "long": ""}, 400),
    ({"lat": "x"}, 400),
    ({"lat": "91"}, 400),
    ({"long": "NaN"}, 400),
    ({"lat": "1e2"}, 400),
    ({"lat": "0", "long": "0"}, 400),
    ({"lat": None, "long": None, "address_string": "没有的小区"}, 400),
    ({"address_id": "no-such"}, 400),
    ({"description": "x" * 4001}, 400),
    ({"description": "\x00"}, 400),
    ({"email": "not mail"}, 400),
    ({"phone": "<script>"}, 400),
    ({"media_url": "javascript:alert(1)"}, 400),
    ({"media_url": "http://127.0.0.1/a.jpg"}, 400),
    ({"media_url": "http://localhost/a.jpg"}, 400),
    ({"media_url": "http://user:word@example.org/a.jpg"}, 400),
    ({"media_url": "https://example.org:8443/a.jpg"}, 400),
    ({"media_url": "https://example.org/a b.jpg"}, 400),
    ({"media_url": 'https://example.org/"><script>'}, 400),
    ({"media_url": "https://[::1]/a"}, 400),
    ({"media_url": "https://[x/a"}, 400),
    ({"media_url": "https://例子.中国/a.jpg"}, 400),
    ({"jurisdiction_id": "no-such"}, 404),
    ({"attribute[no]": "x"}, 400),
    ({"service_code": "lift"}, 400),
    ({"service_code": "lift", "attribute[people_inside]": ""}, 400),
    ({"service_code": "lift", "attribute[people_inside]": "perhaps"}, 400),
    ({"service_code": "lift", "attribute[people_inside][]": ["no", "yes"]}, 400),
    ({"service_code": "noise", "attribute[hours]": "many"}, 400),
    ({"service_code": "water", "attribute[since]": "yesterday"}, 400),
    ({"service_code": "fire", "attribute[note]": "not a question"}, 400),
]


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize(("fields", "status"), BAD, ids=lambda p: str(p)[:60])
def test_bad_fields_are_told_and_nothing_is_written(
    fmt: str, fields: dict[str, Any], status: int, town: District, key: str
) -> None:
    got, data = post(town, key, fmt, **fields)
    assert got == status
    assert_error(data, fmt, status)
    assert (Report.objects.count(), Matter.objects.count()) == (0, 0)


def test_all_faults_are_told_at_once(town: District, key: str) -> None:
    status, data = post(town, key, service_code="", lat="x", email="y")
    assert (status, len(data)) == (400, 4)  # no service, wrong latitude, no location left, wrong mail


def test_attributes_reach_whoever_deals_with_the_report(town: District, key: str) -> None:
    number = number_of(post(town, key, service_code="lift", **{"attribute[people_inside]": "no"}))
    assert Particular.objects.get(event__matter=number, name="words").value == "路灯不亮\n有没有人被困：没有"
    number = number_of(
        post(town, key, service_code="rubbish", **{"attribute[what][]": ["household", "rubble"], "description": ""})
    )
    assert Particular.objects.get(event__matter=number, name="words").value.endswith("生活垃圾、装修垃圾")
    sent = Open311Sent.objects.get(pk=number)
    assert json.loads(sent.attributes) == {"what": ["household", "rubble"]}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"address_string": "安居小区1号楼2单元501室"}, "building"),
        ({"address_string": "安居小区11号楼"}, "compound"),
        ({"address_string": "东街道和平社区门口"}, "community"),
        ({"address_id": "990201001001-001-001-01"}, "unit"),
    ],
    ids=str,
)
def test_a_place_may_be_an_address_or_its_id(fields: dict[str, str], where: str, town: District, key: str) -> None:
    Place.objects.filter(kind__in=("compound", "community")).update(lat=38.42, lng=112.73)
    number = number_of(post(town, key, lat=None, long=None, **fields))
    assert Matter.objects.get(pk=number).place == getattr(town, where)


@pytest.mark.parametrize("field", ["media", "media[]"])
def test_photos_may_come_along(field: str, town: District, key: str) -> None:
    number = number_of(post(town, key, **{field: photos(2)}))
    assert Matter.objects.get(pk=number).evidence.count() == 2
    status, data = post(town, key, **{field: SimpleUploadedFile("a.jpg", b"no picture")})
    assert status == 400
    assert_error(data, "json", 400)
    assert post(town, key, **{field: photos(5)})[0] == 400


def test_a_link_is_kept_but_never_given_out(town: District, key: str) -> None:
    link = "https://pictures.example.org/a.jpg?size=1"
    number = number_of(post(town, key, media_url=link))
    assert Open311Sent.objects.get(pk=number).link == link
    assert get(f"requests/{number}")[1][0]["media_url"] is None


def test_the_same_request_key_has_one_effect(town: District, key: str) -> None:
    fields = {
        "api_key": key, "service_code": "lights", "description": "黑", "address_id": town.building.code
    }  # fmt: skip
    answers = [
        Client().post(f"{ROOT}/requests.json", fields, headers={"Idempotency-Key": "request-0001"}).content
        for _ in range(3)
    ]
    assert len(set(answers)) == 1
    assert Report.objects.count() == 1
    changed = Client().post(
        f"{ROOT}/requests.json", fields | {"description": "又黑"}, headers={"Idempotency-Key": "request-0001"}
    )
    assert changed.status_code == 400


def test_a_body_that_cannot_be_read_is_400(town: District, key: str) -> None:
    client = Client()
    for kind, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n'),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 3_000_000),
    ):
        response = client.post(f"{ROOT}/requests.xml", data=body, content_type=kind)
        status, data = read(response, "xml")
        assert status in (400, 403), kind
        assert_error(data, "xml", status)


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


TEXTS = st.text(max_size=30) | st.sampled_from(["open", "2026-01-01T00:00:00Z", "1", "1,2", "lights", "99" * 30, "-1"])


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


@pytest.mark.timeout(120)
def test_no_field_breaks_a_report(town: District, key: str) -> None:
    names = ("service_code", "lat", "long", "address_string", "address_id", "description", "media_url", "phone",
             "email", "attribute[pole]", "attribute[", "attribute[x][]")  # fmt: skip
    texts = TEXTS | st.sampled_from(["38.421", "112.731", "安居小区", "https://a.example.org/", "x" * 5000])
    ApiKey.objects.update(minute_at=datetime(2999, 1, 1, tzinfo=UTC))

    @settings(max_examples=100, suppress_health_check=list(HealthCheck), database=None)
    @given(fields=st.dictionaries(st.sampled_from(names), texts), fmt=st.sampled_from(FORMATS))
    def check(fields: dict[str, str], fmt: str) -> None:
        ApiKey.objects.update(minute_used=0)
        clean = {k: v.encode("utf-8", "replace").decode() for k, v in fields.items()}
        status, data = read(Client().post(f"{ROOT}/requests.{fmt}", {"api_key": key} | clean), fmt)
        assert status in (200, 400, 404)
        if status != 200:
            assert_error(data, fmt, status)

    check()
