"""Figures of a place and of the places below it, each leading to the matters behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.access import visible_to
from linhe.core.loop.live import live_token
from linhe.core.places.models import Place, within
from linhe.web.reader import reader, staff_only
from linhe.web.views.board import my_places


@dataclass(frozen=True, slots=True)
class Row:
    """One place below, with its counts."""

    place: Place
    total: int
    open: int
    late: int


@staff_only
@require_safe
def dashboard(request: HttpRequest, code: str = "") -> HttpResponse:
    """The figures of one place of mine, or of a place inside one of mine."""
    account, now = reader(request), timezone.now()
    mine = my_places(account)
    place = Place.objects.filter(code=code).first() if code else (mine[0] if mine else None)
    if place is None or not any(one.contains(place) for one in mine):
        raise Http404
    rows = visible_to(account, at=now).filter(within(place))
    late = Q(closed_at__isnull=True, due_at__lt=now)
    totals = rows.aggregate(
        total=Count("pk"), open=Count("pk", filter=Q(closed_at__isnull=True)), late=Count("pk", filter=late)
    )
    below = []
    for child in Place.objects.filter(parent=place).order_by("code"):
        counts = visible_to(account, at=now).filter(within(child)).aggregate(
            total=Count("pk"), open=Count("pk", filter=Q(closed_at__isnull=True)), late=Count("pk", filter=late)
        )  # fmt: skip
        below.append(Row(child, **counts))
    context = {
        "place": place,
        "places": mine,
        "trail": _trail(place, mine),
        "totals": totals,
        "below": below,
        "live_token": live_token([f"a:{place.pk}"]),
    }
    return render(request, "dashboard.html", context)


def _trail(place: Place, mine: list[Place]) -> list[Place]:
    """From the reader's own place down to this one."""
    found = {p.pk: p for p in Place.objects.filter(pk__in=place.ancestor_ids())}
    return [found[i] for i in place.ancestor_ids() if any(one.contains(found[i]) for one in mine)]
