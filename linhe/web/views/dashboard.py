"""Figures of a place and of the places below it, each leading to the events behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from linhe.core.indicators.measures import Measure, all_measures, measures_of, services
from linhe.core.indicators.periods import PERIOD_NAMES, Period
from linhe.core.indicators.queries import Figure, breakdown, events_behind, figures, series
from linhe.core.loop import registry
from linhe.core.loop.desk import Desk
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import reader, staff_only
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.lib.working_calendar import local_date
from linhe.web.numbers import key_in
from linhe.web.views.board import my_places

TREND_DAYS = 14
MOST_COLUMNS = 5
MOST_OF_A_DESK = 4
"""So many figures of each desk are on the overview; all of them when the desk is chosen."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it."""

    measure: Measure
    value: str | None
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one desk; ``more`` counts those that the overview leaves out."""

    desk: Desk
    shown: list[Shown]
    more: int


@staff_only
@require_safe
def dashboard(request: HttpRequest, code: str = "") -> HttpResponse:
    """The figures of one place of mine, or of a place inside one of mine."""
    account, now = reader(request), timezone.now()
    mine = my_places(account)
    place, period = _place(account, code, mine), _period(request)
    desks = [desk for desk in registry.desks() if measures_of(desk.code)]
    desk = next((d for d in desks if d.code == request.GET.get("desk")), None)
    measures = list(measures_of(desk.code)) if desk else list(all_measures().values())
    chosen = next((m for m in measures if m.code == request.GET.get("measure")), measures[0] if measures else None)
    found = figures(place, {m.code: m for m in (*measures, *services())}.values(), period, at=now)
    groups = [_group(d, found, place, period, whole=desk is not None) for d in ([desk] if desk else desks)]
    context: dict[str, Any] = {
        "place": place,
        "places": mine,
        "trail": _trail(place, mine),
        "period": period,
        "periods": PERIOD_NAMES.items(),
        "desks": desks,
        "desk": desk,
        "groups": groups,
        "services": _services(found, place, period) if desk is None else [],
        "total": number(sum(found[m.code].value or 0 for m in services())),
        "measures": measures,
        "chosen": chosen,
        "trend": _trend(chosen, place, now) if chosen else [],
        "columns": measures[:MOST_COLUMNS],
        "below": _below(measures[:MOST_COLUMNS], place, period, now),
        "live_token": live_token([f"a:{place.pk}"]),
    }
    return render(request, "dashboard.html", context)


@staff_only
@require_safe
def behind(request: HttpRequest, code: str, measure: str) -> HttpResponse:
    """The events that a figure counts, newest first. Matters are linked only where the reader may read them."""
    account, now = reader(request), timezone.now()
    place, period = _place(account, code, my_places(account)), _period(request)
    chosen = all_measures().get(measure)
    if chosen is None:
        raise Http404
    context = {
        "place": place,
        "measure": chosen,
        "period": period,
        "period_name": PERIOD_NAMES[period],
        "figure": _shown(figures(place, [chosen], period, at=now)[measure], place, period),
        "page": events_behind(chosen, place, period, account, at=now, before=key_in(request, "before")),
    }
    return render(request, "behind.html", context)


def number(value: float | None) -> str | None:
    """A figure in words: one decimal only below 100 and only when it is not whole; None for nothing to show."""
    if value is None:
        return None
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"


def _group(desk: Desk, found: dict[str, Figure], place: Place, period: Period, *, whole: bool) -> Group:
    mine = measures_of(desk.code)
    most = len(mine) if whole else MOST_OF_A_DESK
    return Group(desk, [_shown(found[m.code], place, period) for m in mine[:most]], max(0, len(mine) - most))


def _services(found: dict[str, Figure], place: Place, period: Period) -> list[Shown]:
    """What the total of services is made of."""
    return [_shown(found[m.code], place, period) for m in services() if found[m.code].count]


def _shown(found: Figure, place: Place, period: Period) -> Shown:
    address = reverse("web:behind", args=[place.code, found.measure.code])
    return Shown(found.measure, number(found.value), f"{address}?{urlencode({'period': period})}")


def _place(account: Account, code: str, mine: list[Place]) -> Place:
    place = Place.objects.filter(code=code[:32]).first() if code else (mine[0] if mine else None)
    if place is None or not any(one.contains(place) for one in mine):
        raise Http404
    return place


def _period(request: HttpRequest) -> Period:
    return next((p for p in PERIOD_NAMES if p == request.GET.get("period")), "week")


def _trend(measure: Measure, place: Place, now: datetime) -> list[tuple[date, str | None]]:
    today = local_date(now)
    days = series(measure, place, today - timedelta(days=TREND_DAYS - 1), today + timedelta(days=1))
    return [(day, number(found.value)) for day, found in days]


def _below(
    measures: list[Measure], place: Place, period: Period, now: datetime
) -> list[tuple[Place, list[Shown]]]:  # fmt: skip
    """Every place right below with its figures, in the order of codes."""
    rows: dict[int, tuple[Place, list[Shown]]] = {}
    for measure in measures:
        for child, found in breakdown(measure, place, period, at=now):
            rows.setdefault(child.pk, (child, []))[1].append(_shown(found, child, period))
    return list(rows.values())


def _trail(place: Place, mine: list[Place]) -> list[Place]:
    """From the reader's own place down to this one."""
    found = {p.pk: p for p in Place.objects.filter(pk__in=place.ancestor_ids())}
    return [found[i] for i in place.ancestor_ids() if any(one.contains(found[i]) for one in mine)]
