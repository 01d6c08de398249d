"""Open311 GeoReport v2 for whoever sends: keys, numbers, tokens, photos, and every field that can be wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

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
from linhe.desks.reports.services.keys import revoke_key
from tests.factories import District, make_post
from tests.integration.desks.reports.open311 import (
    FORMATS,
    ROOT,
    SENDER,
    TEXTS,
    a_key,
    assert_error,
    get,
    number_of,
    post,
    read,
)
from tests.trust.strategies import photos


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


def test_a_building_that_is_named_with_its_compound_is_found_too(town: District, key: str) -> None:
    Place.objects.filter(pk=town.building.pk).update(name="安居小区1号楼")
    for address, where in (("安居小区1号楼", town.building), ("安居小区11号楼", town.compound)):
        number = number_of(post(town, key, lat=None, long=None, address_string=address))
        assert Matter.objects.get(pk=number).place == where


def test_the_same_request_key_adds_once(town: District, key: str) -> None:
    number = number_of(post(town, key))
    sent = {"api_key": key, "service_request_id": str(number), "description": "又坏了"}
    for request_key, events in (("request-00001", 1), ("request-00001", 1), ("request-00002", 2), ("short", 2)):
        Client().post(f"{ROOT}/servicerequestupdates.json", sent, headers={"Idempotency-Key": request_key})
        assert Event.objects.filter(matter=number, action="add").count() == events


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
