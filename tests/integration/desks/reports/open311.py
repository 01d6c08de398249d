"""Calls of the open interface and how the tests read their answers."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.places.models import Place
from linhe.desks.reports.services.keys import make_key
from tests.factories import District, make_post

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
TEXTS = st.text(max_size=30) | st.sampled_from(["open", "2026-01-01T00:00:00Z", "1", "1,2", "lights", "99" * 30, "-1"])
"""Texts that no parameter may break on."""


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
