"""The desk's front page and the public map and list: what is wrong in the neighbourhood and how it goes, masked."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linhe.core.loop.models import Matter
from linhe.core.loop.pages import number_in, text_in
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.reports import queries
from linhe.desks.reports.loop import REPORT
from linhe.desks.reports.models import Following
from linhe.desks.reports.queries import PublicReport
from linhe.desks.reports.views.common import place_in, places_like, visitor, whole_name

RECENT = 5
MOST_ON_MAP = 300


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The big button, my reports, what I follow, and what is open around my home."""
    account, now = visitor(request), timezone.now()
    place = _around(account)
    mine: list[Matter] = []
    followed: list[PublicReport] = []
    if account is not None:
        own = Matter.objects.filter(requester=account, kind=REPORT.code).select_related("place__parent")
        mine = list(own.order_by("-pk")[:RECENT])
        ids = Following.objects.filter(account=account).order_by("-id").values_list("matter_id", flat=True)[:RECENT]
        followed = queries.public_views(list(queries.public_rows(at=now).filter(pk__in=list(ids))), at=now)
    near = queries.public_page(at=now, place=place, open_only=True) if place else None
    context = {
        "mine": mine,
        "followed": followed,
        "place": place,
        "near": queries.public_views(list(near.rows)[:RECENT], at=now) if near else [],
    }
    return render(request, "reports/home.html", context)


@never_cache
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The list and, beside it, the map of the same reports; a place is found by name, never by the map alone."""
    account, now = visitor(request), timezone.now()
    place = place_in(request.GET) or _around(account)
    sought, category = text_in(request.GET, "q", 40), text_in(request.GET, "category", 40)
    open_only = "open" in request.GET
    page = queries.public_page(
        at=now, place=place, category=category, open_only=open_only, before=number_in(request.GET, "before")
    )
    query = f"?place={place.code if place else ''}&category={category}{'&open=1' if open_only else ''}"
    context = {
        "place": place,
        "sought": sought,
        "found": [(one.code, whole_name(one)) for one in places_like(sought)] if sought else [],
        "categories": queries.categories(at=now),
        "category": category,
        "open_only": open_only,
        "rows": queries.public_views(page.rows, at=now),
        "next_before": page.next_before,
        "layer": reverse("reports:public_layer") + query,
        "tiles": settings.TILES_URL,
    }
    return render(request, "reports/public.html", context)


@require_safe
def public_layer(request: HttpRequest) -> JsonResponse:
    """The public reports of a place as GeoJSON: rounded points, no words that were typed."""
    now, category = timezone.now(), text_in(request.GET, "category", 40)
    rows = queries.public_rows(at=now, place=place_in(request.GET))
    if category:
        rows = rows.filter(category=category)
    if "open" in request.GET:
        rows = rows.filter(matter__closed_at__isnull=True)
    views = queries.public_views(list(rows.order_by("-pk")[:MOST_ON_MAP]), at=now)
    return JsonResponse({"type": "FeatureCollection", "features": [_feature(view) for view in views]})


def _feature(view: PublicReport) -> dict[str, object]:
    codes = [stage.code for stage in REPORT.stages]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [view.lng, view.lat]},
        "properties": {
            "id": f"m{view.number}", "title": str(view.what), "stage": str(view.stage), "tone": view.tone,
            "shape": codes.index(view.stage_code), "place": str(view.where), "urgent": False,
            "words": [view.words] if view.words else [], "url": reverse("reports:report", args=[view.number]),
        },
    }  # fmt: skip


def _around(account: Account | None) -> Place | None:
    """The community of one's home or post, else the first district there is."""
    if account is not None and account.home is not None:
        return account.home.community or account.home.district
    post = next(iter(posts_of(account, at=timezone.now())), None) if account is not None else None
    return post.place if post else Place.objects.filter(kind="district").order_by("code").first()
