"""The first page: what linhe is, and three doors."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import figures
from linhe.core.loop import registry
from linhe.core.places.models import Place
from linhe.lib.text import Text

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Doors:
    """Where each kind of reader goes in."""

    resident: str
    courier: str
    staff: str


@dataclass(frozen=True, slots=True)
class Today:
    """One of today's figures."""

    label: Text
    unit: Text
    value: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Explain linhe in one screen."""
    return render(request, "home.html", {"doors": _doors(request), "figures": _today()})


def _today() -> list[Today]:
    """What happened today over all districts: counts only, so they tell no one anything of anyone."""
    measures = [measure for measure in all_measures().values() if measure.value == "count"][:SHOWN]
    now, counts = timezone.now(), dict.fromkeys((m.code for m in measures), 0)
    for district in Place.objects.filter(kind="district"):
        for code, found in figures(district, measures, "today", at=now).items():
            counts[code] += found.count
    return [Today(m.name, m.unit, counts[m.code]) for m in measures]


def _doors(request: HttpRequest) -> Doors:
    """The first page that a desk's menu offers to each; who is not signed in does so on the way."""
    return Doors(_first("resident"), _first("courier"), reverse("web:console"))


def _first(who: str) -> str:
    items = (item.url for desk in registry.desks() for item in desk.menu if who in item.who)
    return next(items, reverse("web:my"))
