"""The live map: the district's own shapes as basemap, open matters where the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONArray, JSONObject
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import reader, signed_in
from linhe.core.loop.queries import newest_first
from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff
from linhe.core.places.models import Place
from linhe.lib.text import Text
from linhe.web import moments
from linhe.web.views.board import my_places

MOST_MATTERS = 500
Feature = dict[str, Any]


@signed_in
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map and, beside it, the same matters as a list."""
    account, now = reader(request), timezone.now()
    places = my_places(account)
    running = visible_to(account, at=now).filter(closed_at__isnull=True).select_related("place")
    rows = newest_first(running)[:20]
    channels = [f"a:{place.pk}" for place in places] or [f"u:{account.pk}"]
    return render(
        request,
        "map.html",
        {
            "layout": "console.html" if is_staff(account, at=now) else "phone.html",
            "matters": rows,
            "tiles": settings.TILES_URL,
            "channels": " ".join(channels),
            "live_token": live_token(channels),
        },
    )


@require_safe
@cache_control(max_age=3600)
def base_layer(request: HttpRequest) -> FileResponse | JsonResponse:
    """The ground: streets, water and parks from the file of the setting; nothing when there is none."""
    if not settings.BASEMAP:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    return FileResponse(Path(settings.BASEMAP).open("rb"), content_type="application/geo+json")


@require_safe
@cache_control(max_age=3600)
def places_layer(request: HttpRequest) -> HttpResponse:
    """Shapes and names of places, without people: the basemap. The database writes the text, thousands of features."""
    point = JSONObject(type=Value("Point"), coordinates=JSONArray("lng", "lat"))
    named = JSONObject(code="code", name="name", name_en="name_en", kind="kind")
    feature = JSONObject(type=Value("Feature"), geometry=Coalesce("boundary", point), properties=named)
    rows = Place.objects.exclude(kind="unit").exclude(boundary__isnull=True, lat__isnull=True)
    found = rows.aggregate(all=StringAgg(Cast(feature, TextField()), ","))["all"] or ""
    return HttpResponse(f'{{"type":"FeatureCollection","features":[{found}]}}', content_type="application/json")


@signed_in
@require_safe
def matters_layer(request: HttpRequest) -> JsonResponse:
    """Open matters that the reader may see, at the point of their building: never a door; and what desks add."""
    account, now = reader(request), timezone.now()
    rows = list(
        visible_to(account, at=now)
        .filter(closed_at__isnull=True, place__lat__isnull=False)
        .select_related("place")
        .order_by("-pk")[:MOST_MATTERS]
    )
    words, points = _from_desks(account, rows, now)
    features = [*points, *(_matter_feature(row, words.get(row.pk, ()), now) for row in rows)]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _matter_feature(row: Matter, words: Iterable[Text], now: datetime) -> Feature:
    stages = [stage.code for stage in row.declared.stages]
    return point_feature(
        row.place.lng or 0.0,
        row.place.lat or 0.0,
        id=f"m{row.pk}",
        title=str(Text(row.title, row.title_en or row.title)),
        stage=str(row.stage_declared.name),
        shape=stages.index(row.stage),
        tone=row.stage_declared.tone,
        urgent=row.urgent,
        place=str(Text(row.place.name, row.place.name_en or row.place.name)),
        since=str(moments.moment(row.updated_at, now=now)),
        words=[str(one) for one in words],
        url=reverse("web:matter", args=[row.pk]),
    )


def _from_desks(account: Account, rows: list[Matter], now: datetime) -> tuple[dict[int, list[Text]], list[Feature]]:
    """What the desks' ``maps`` rooms tell of matters, and points that they show besides."""
    words: dict[int, list[Text]] = {}
    points: list[Feature] = []
    for desk in registry.desks():
        room = desk.room("maps")
        if room is None:
            continue
        codes = {kind.code for kind in desk.kinds}
        words |= room.words_of([row.pk for row in rows if row.kind in codes])
        points += [point_feature(one.lng, one.lat, **one.properties) for one in room.points_for(account, at=now)]
    return words, points


def point_feature(lng: float, lat: float, **properties: object) -> Feature:
    """A point of GeoJSON."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lng, lat]},
        "properties": properties,
    }
