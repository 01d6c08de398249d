"""The live map: the district's own shapes as basemap, open matters where the reader may see them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from linhe.core.loop.access import visible_to
from linhe.core.loop.live import live_token
from linhe.core.people.queries import is_staff
from linhe.core.places.models import Place
from linhe.lib.text import Text
from linhe.web.reader import reader, signed_in
from linhe.web.views.board import my_places

MOST_MATTERS = 2000


@signed_in
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map and, beside it, the same matters as a list."""
    account, now = reader(request), timezone.now()
    places = my_places(account)
    rows = visible_to(account, at=now).filter(closed_at__isnull=True).select_related("place").order_by("-pk")[:20]
    channels = [f"a:{place.pk}" for place in places] or [f"u:{account.pk}"]
    return render(
        request,
        "map.html",
        {
            "layout": "console.html" if is_staff(account, at=now) else "phone.html",
            "matters": rows,
            "tiles": settings.TILES_URL,
            "live_token": live_token(channels),
        },
    )


@require_safe
@cache_control(max_age=3600)
def places_layer(request: HttpRequest) -> JsonResponse:
    """Shapes and names of places, without people: the basemap."""
    rows = Place.objects.exclude(kind="unit").only("code", "name", "name_en", "kind", "lat", "lng", "boundary")
    features = [one for one in map(_place_feature, rows.iterator()) if one]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _place_feature(place: Place) -> dict[str, Any] | None:
    geometry = place.boundary
    if geometry is None and place.lat is not None:
        geometry = {"type": "Point", "coordinates": [place.lng, place.lat]}
    if geometry is None:
        return None
    name = str(Text(place.name, place.name_en or place.name))
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"code": place.code, "name": name, "kind": place.kind},
    }


@signed_in
@require_safe
def matters_layer(request: HttpRequest) -> JsonResponse:
    """Open matters that the reader may see, at the point of their building: never a door."""
    rows = (
        visible_to(reader(request), at=timezone.now())
        .filter(closed_at__isnull=True, place__lat__isnull=False)
        .select_related("place")
        .order_by("-pk")[:MOST_MATTERS]
    )
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.place.lng, row.place.lat]},
            "properties": {
                "title": str(Text(row.title, row.title_en or row.title)),
                "stage": str(row.stage_declared.name),
                "tone": row.stage_declared.tone,
                "urgent": row.urgent,
                "place": row.place.name,
                "url": reverse("web:matter", args=[row.pk]),
            },
        }
        for row in rows
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})
