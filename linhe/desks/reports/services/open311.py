"""A report that another system sends by Open311: found its place, raised without anybody, the sender kept apart."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import invalid
from linhe.core.places.models import Place
from linhe.desks.reports.models import ApiKey, Open311Sent, Report
from linhe.desks.reports.services.raising import place_at, raise_report
from linhe.lib.text import Text

LONGEST_SPOT = 80
EMPTY = {"sender": "", "link": "", "attributes": ""}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came in a call, already checked field by field."""

    category: str
    words: str
    lat: float | None = None
    lng: float | None = None
    address: str = ""
    place_code: str = ""
    link: str = ""
    sender: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    photos: Sequence[UploadedFile[Any]] = ()


def raise_sent(*, key: ApiKey, sent: Sent, at: datetime, request_key: str | None = None) -> Open311Sent:
    """Raise the report and keep what was sent beside it, in one transaction. The same request key again returns the
    first result. Raises ``Refused`` when it cannot be raised."""
    place = _place(key, sent, at)
    data = {
        "category": sent.category, "words": sent.words, "spot": sent.address[:LONGEST_SPOT],
        "lat": sent.lat, "lng": sent.lng, "source": Report.Source.OPEN311.value,
    }  # fmt: skip
    with transaction.atomic():
        begun = raise_report(
            by=None, place=place, data=data, at=at, files=sent.photos,
            key=f"open311-{key.pk}-{request_key}" if request_key else None,
        )  # fmt: skip
        if begun.repeated:
            return Open311Sent.objects.select_related("matter", "key").get(pk=begun.matter.pk)
        return Open311Sent.objects.create(
            matter=begun.matter, key=key, token=secrets.token_hex(16), link=sent.link,
            sender=_dumped(sent.sender), attributes=_dumped(sent.attributes),
        )  # fmt: skip


def add_sent(
    *, key: ApiKey, number: int, words: str, at: datetime, request_key: str | None = None
) -> int | None:  # fmt: skip
    """Something more on a report that came with this very key; the event's id, None when there is no such report. The
    same request key again adds nothing and returns the first event."""
    sent = Open311Sent.objects.filter(pk=number, key=key).select_related("matter__place").first()
    if sent is None:
        return None
    once = f"open311-{key.pk}-{request_key}" if request_key else None
    return act(sent.matter, "add", by=None, data={"words": words}, at=at, key=once).event.pk


def forget_senders(matters: QuerySet[Matter]) -> int:
    """Empty what senders told of themselves; which key it came with stays."""
    return Open311Sent.objects.filter(matter__in=matters).exclude(**EMPTY).update(**EMPTY)


def _place(key: ApiKey, sent: Sent, at: datetime) -> Place:
    """Where it is: by code, by point, or by the longest name of the territory that the address holds."""
    if sent.place_code:
        found = Place.objects.filter(code=sent.place_code).first()
    elif sent.lat is not None and sent.lng is not None:
        found = place_at(lat=sent.lat, lng=sent.lng, at=at)
    else:
        found = place_named(sent.address, key.place)
    if found is None or not key.place.contains(found):
        raise invalid({"place": str(Text("这个地点不在服务范围内。", "This location is not in the area served."))})
    return found


def place_named(address: str, around: Place) -> Place | None:
    """The compound (and its building) or community whose name an address holds; the longest name wins."""
    level = {} if around.level == "unit" else {around.level: around}
    known = Place.objects.filter(**level, kind__in=("compound", "community", "village"))
    named = [place for place in known.order_by("code") if place.name in address]
    if not named:
        return None
    best = max(named, key=lambda place: (place.kind == "compound", len(place.name)))
    if best.kind != "compound":
        return best
    rest = address.split(best.name, 1)[1]
    buildings = Place.objects.filter(compound=best, kind="building").order_by("code")
    known_as = {one: one.name.removeprefix(best.name).strip() for one in buildings}  # some are named with the compound
    inside = [one for one, name in known_as.items() if name and re.search(rf"(?<![0-9]){re.escape(name)}", rest)]
    return max(inside, key=lambda building: len(known_as[building]), default=best)  # not 1 in 11


def _dumped(told: Mapping[str, Any]) -> str:
    return json.dumps(dict(told), ensure_ascii=False) if told else ""
