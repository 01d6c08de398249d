"""The calls of GeoReport v2 that read: discovery, services, reports, tokens, updates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from linhe.core.loop.models import Evidence
from linhe.desks.reports.loop.report import RAISED
from linhe.desks.reports.queries import open311 as queries
from linhe.desks.reports.views.open311.answering import Answer, call, district_of
from linhe.desks.reports.views.open311.posting import post_request, post_update
from linhe.desks.reports.views.open311.reading import MOST_REQUESTS, Wanted, not_found, wanted
from linhe.desks.reports.views.open311.rendering import CONTENT_TYPES, w3
from linhe.lib.text import Text

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-26 00:00"
REALTIME = "realtime"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_GROUP = Text("随手拍", "reports")


@call("GET", "HEAD")
def discovery(request: HttpRequest) -> Answer:
    """Where the interface is, and how to get a key."""
    root = settings.PUBLIC_URL + reverse("reports:open311_root").rstrip("/")
    endpoint = {
        "specification": SPECIFICATION, "url": root, "changeset": CHANGESET,
        "type": "test" if settings.DEMO or settings.DEBUG else "production",
        "formats": [kind.split(";")[0] for kind in CONTENT_TYPES.values()],
    }  # fmt: skip
    key_service = Text(
        "向本区系统管理员申请密钥，提交事项时放在 api_key 里。", "Ask the district's administrator for an api_key."
    )
    return "discovery", {
        "changeset": CHANGESET, "contact": f"{settings.PUBLIC_URL}/", "key_service": str(key_service),
        "endpoints": [endpoint],
    }  # fmt: skip


@call("GET", "HEAD")
def services(request: HttpRequest) -> Answer:
    """What can be reported."""
    place, at = district_of(request.GET), timezone.now()
    return "services", [
        {
            "service_code": category.code, "service_name": str(category.name), "description": str(category.name),
            "metadata": asks, "type": REALTIME, "keywords": ", ".join(category.keywords), "group": str(_GROUP),
        }
        for category, asks in queries.service_rows(at=at, place_code=place.code if place else "")
    ]  # fmt: skip


@call("GET", "HEAD")
def service(request: HttpRequest, service: str) -> Answer:
    """The questions that a service asks besides what is wrong and where."""
    place, at = district_of(request.GET), timezone.now()
    code = place.code if place else ""
    if not any(category.code == service for category, _ in queries.service_rows(at=at, place_code=code)):
        raise not_found(f"service_code {service[:40]}")
    return "service_definition", {
        "service_code": service,
        "attributes": [
            {
                "variable": one.variable, "code": one.code, "datatype": one.datatype, "required": one.required,
                "datatype_description": str(one.hint) or None, "order": number, "description": str(one.name),
                **({"values": [{"key": k, "name": str(name)} for k, name in one.values]} if one.values else {}),
            }
            for number, one in enumerate(queries.attributes_of(service, at=at, place_code=code), 1)
        ],
    }  # fmt: skip


@call("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> Answer:
    """The list of reports, or a new one."""
    if request.method == "POST":
        return post_request(request)
    at = timezone.now()
    place, asked = district_of(request.GET), wanted(request.GET, at=at)
    rows = queries.listed(at=at, place=place)
    if asked.numbers is not None:
        rows = rows.filter(pk__in=asked.numbers)
    else:
        rows = rows.filter(raised_at__gte=asked.first, raised_at__lte=asked.last)
        if asked.services:
            rows = rows.filter(category__in=asked.services)
        if asked.open is not None:
            rows = rows.filter(matter__closed_at__isnull=asked.open)
    page = list(queries.with_places(rows.order_by("-pk")[_slice(asked)]))
    return "service_requests", [_shown(one) for one in queries.told(page, at=at)]


@call("GET", "HEAD")
def one_request(request: HttpRequest, request_id: str) -> Answer:
    """One report."""
    at = timezone.now()
    rows = queries.listed(at=at, place=district_of(request.GET))
    number = _number(request_id)
    found = list(queries.with_places(rows.filter(pk=number))) if number else []
    if not found:
        raise not_found(f"service_request_id {request_id[:40]}")
    return "service_requests", [_shown(one) for one in queries.told(found, at=at)]


@call("GET", "HEAD")
def token(request: HttpRequest, token: str) -> Answer:
    """The number that a token stands for, empty until somebody has accepted the report."""
    district_of(request.GET)
    sent = queries.token_of(token) if "\x00" not in token else None
    if sent is None:
        raise not_found(f"token {token[:40]}")
    number = None if sent.matter.stage == RAISED else str(sent.pk)
    return "service_requests", [{"service_request_id": number, "token": sent.token}]


@call("GET", "HEAD", "POST")
def request_updates(request: HttpRequest) -> Answer:
    """What moved the reports (an extension that is widely used), or something more on a report of one's own."""
    if request.method == "POST":
        return post_update(request)
    at = timezone.now()
    place, asked = district_of(request.GET), wanted(request.GET, at=at)
    rows = queries.updates(
        at=at, place=place, first=asked.first or EARLIEST, last=asked.last or at, numbers=asked.numbers
    )
    return "service_request_updates", [
        {
            "update_id": str(update.event.pk), "service_request_id": str(update.event.matter_id),
            "status": "OPEN" if update.open else "CLOSED", "updated_datetime": w3(update.event.at),
            "description": str(update.stage), "media_url": None,
        }
        for update in map(queries.update_of, rows[_slice(asked)])
    ]  # fmt: skip


def _slice(asked: Wanted) -> slice:
    start = (asked.page - 1) * asked.size
    return slice(start, start + min(asked.size, MOST_REQUESTS))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _shown(one: dict[str, Any]) -> dict[str, Any]:
    """A report in the fields of the specification. Nothing else of it is ever written here."""
    return {
        "service_request_id": str(one["number"]), "status": "open" if one["open"] else "closed",
        "status_notes": str(one["stage"]), "service_name": str(one["service"]), "service_code": one["category"],
        "description": one["words"] or None, "agency_responsible": str(one["agency"]), "service_notice": None,
        "requested_datetime": w3(one["requested_at"]), "updated_datetime": w3(one["updated_at"]),
        "expected_datetime": w3(one["expected_at"]), "address": str(one["address"]), "address_id": one["place_code"],
        "zipcode": None, "lat": one["lat"], "long": one["lng"], "media_url": _photo(one["photo"]),
    }  # fmt: skip


def _photo(photo: Evidence | None) -> str | None:
    if photo is None:
        return None
    return settings.PUBLIC_URL + reverse("reports:public_photo", args=[photo.matter_id, photo.pk])
