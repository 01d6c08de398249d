"""What Open311 tells of services and reports: masked as on the public map, without anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from linhe.core.dated import value
from linhe.core.loop.models import Event, Evidence
from linhe.core.places.models import Place
from linhe.desks.reports.loop.report import DECLINED, MERGED
from linhe.desks.reports.models import ApiKey, Open311Sent, Report
from linhe.desks.reports.queries.categories import Category, categories
from linhe.desks.reports.queries.public import PHOTOS_OF, SHOWN, building_of, name_of, rounded, tried
from linhe.lib.text import Text

SHOWN_HERE = (*SHOWN, DECLINED, MERGED)
"""Besides what the map shows, how a report ended that was declined or merged: whoever sent it wants to know."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A question that a service asks; one that is no ``variable`` only tells something."""

    code: str
    datatype: str
    required: bool
    variable: bool
    name: Text
    hint: Text
    values: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Update:
    """Something that happened to a report: where it stands since then."""

    event: Event
    stage: Text
    open: bool


def attributes_of(category: str, *, at: datetime, place_code: str = "") -> list[Attribute]:
    """The questions of a category, in their order."""
    return [
        Attribute(
            row["code"], row["datatype"], row["required"], row.get("variable", True), Text(row["zh"], row["en"]),
            Text(row["hint_zh"], row["hint_en"]),
            tuple((one["key"], Text(one["zh"], one["en"])) for one in row["values"]),
        )
        for row in value("reports.open311_attributes", at=at, place_code=place_code)
        if row["category"] == category
    ]  # fmt: skip


def service_rows(*, at: datetime, place_code: str = "") -> list[tuple[Category, bool]]:
    """The categories, each with whether it asks questions of its own."""
    asking = {row["category"] for row in value("reports.open311_attributes", at=at, place_code=place_code)}
    return [(category, category.code in asking) for category in categories(at=at, place_code=place_code)]


def listed(*, at: datetime, place: Place | None) -> QuerySet[Report]:
    """The reports that Open311 may tell of. Those of an app on trial wait until somebody has accepted them."""
    days = value("reports.public_days", at=at, place_code=place.code if place else "")
    fresh = Q(matter__closed_at__isnull=True) | Q(matter__closed_at__gt=at - timedelta(days=days))
    rows = Report.objects.filter(fresh, private=False, hidden_for="", matter__stage__in=SHOWN_HERE)
    if place is not None:
        rows = rows.filter(district=place)
    return tried(rows)


def with_places(rows: QuerySet[Report]) -> QuerySet[Report]:
    """With everything that :func:`told` reads."""
    return rows.select_related(
        "matter__place__parent", "matter__place__community", "matter__place__subdistrict", "matter__place__district",
        "matter__organisation",
    )  # fmt: skip


def told(reports: Sequence[Report], *, at: datetime) -> list[dict[str, Any]]:
    """The reports as the specification names their fields; ``photo`` is the public photo's row, if there is one."""
    names = {category.code: category.name for category in categories(at=at)}
    photos = first_photos(report.pk for report in reports if report.photos_public)
    return [_told(report, names, photos.get(report.pk), at=at) for report in reports]


def first_photos(reports: Iterable[int]) -> dict[int, Evidence]:
    """The oldest public photo of each report that has one."""
    kept = Evidence.objects.filter(matter__in=list(reports), event__action__in=PHOTOS_OF).exclude(file="")
    return {photo.matter_id: photo for photo in kept.order_by("-id")}


def updates(
    *, at: datetime, place: Place | None, first: datetime, last: datetime, numbers: Sequence[int] | None = None
) -> QuerySet[Event]:
    """What moved the reports that may be told of, newest first. What was said meanwhile stays out."""
    shown = listed(at=at, place=place).filter(matter__updated_at__gte=first)
    if numbers is not None:
        shown = shown.filter(pk__in=numbers)
    moved = Event.objects.filter(matter__in=shown.values("matter"), at__gte=first, at__lte=last)
    return moved.exclude(from_stage="").exclude(to_stage=F("from_stage")).select_related("matter").order_by("-id")


def update_of(event: Event) -> Update:
    """An event in the words of its stage."""
    stage = event.matter.declared.stage(event.to_stage)
    return Update(event, stage.name, not stage.final)


def token_of(text: str) -> Open311Sent | None:
    """What a token stands for, None when it was not given out. Only an app on trial gets tokens."""
    return Open311Sent.objects.filter(token=text, key__on_trial=True).select_related("matter").first()


def keys_at(places: Iterable[Place]) -> list[ApiKey]:
    """The keys of some territories, those in force first, then the newest."""
    inside = Q(pk__in=[])
    for place in places:
        inside |= Q(place=place) | Q(**{f"place__{place.level}": place})
    rows = ApiKey.objects.filter(inside).select_related("place").order_by("-id")
    return sorted(rows, key=lambda key: key.revoked_at is not None)


def _told(report: Report, names: dict[str, Text], photo: Evidence | None, *, at: datetime) -> dict[str, Any]:
    matter = report.matter
    place, is_open = building_of(matter.place), matter.closed_at is None
    lat, lng = rounded(report.lat, report.lng, at=at, place_code=place.code)
    organisation = matter.organisation
    agency = Text(organisation.name, organisation.name_en or organisation.name) if organisation else _community(place)
    return {
        "number": report.pk, "open": is_open, "stage": matter.stage_declared.name,
        "service": names.get(report.category, Text(matter.title, matter.title_en or matter.title)),
        "category": report.category, "words": report.words_public, "agency": agency, "requested_at": report.raised_at,
        "updated_at": matter.closed_at or matter.updated_at, "expected_at": matter.due_at if is_open else None,
        "address": _address(place), "place_code": place.code, "lat": lat, "lng": lng, "photo": photo,
    }  # fmt: skip


def _community(place: Place) -> Text:
    nearest = place.community or place.subdistrict or place.district or place
    return Text(nearest.name, nearest.name_en or nearest.name)


def _address(place: Place) -> Text:
    """From the building to the district, as the specification asks."""
    above = [place.community, place.subdistrict, place.district]
    parts = [name_of(place), *(Text(p.name, p.name_en or p.name) for p in above if p is not None and p.pk != place.pk)]
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))
