"""The first page: what linhe is, and three doors."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from linhe.core.loop import registry


@dataclass(frozen=True, slots=True)
class Doors:
    """Where each kind of reader goes in."""

    resident: str
    courier: str
    staff: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Explain linhe in one screen."""
    return render(request, "home.html", {"doors": _doors(request)})


def _doors(request: HttpRequest) -> Doors:
    """The first page that a desk's menu offers to each; who is not signed in does so on the way."""
    return Doors(_first("resident"), _first("courier"), reverse("web:console"))


def _first(who: str) -> str:
    items = (item.url for desk in registry.desks() for item in desk.menu if who in item.who)
    return next(items, reverse("web:my"))
