"""The first page: what linhe is, and three doors; who is signed in finds their own things there instead."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.queries import figures
from linhe.core.loop import registry
from linhe.core.loop.desk import MenuItem
from linhe.core.loop.live import live_token
from linhe.core.loop.queries import own_page
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.core.places.kinds import ROOTS
from linhe.core.places.models import Place
from linhe.lib.text import Text
from linhe.web.accounts.entering import first_page_of

MOST_FIGURES = 8
MOST_MATTERS = 2


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
    """Explain linhe in one screen, or show somebody what they have under way and what they can ask for."""
    account = request.user
    context: dict[str, Any] = {"services": _services(request), "figures": _today()}
    if not isinstance(account, Account):
        return render(request, "home.html", context | {"doors": _doors()})
    now, work = timezone.now(), first_page_of(request, account)
    context |= {
        "mine": own_page(account, at=now, is_open=True, size=MOST_MATTERS).rows,
        "work": work if work != request.path else "",
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "home_own.html", context)


def _services(request: HttpRequest) -> list[MenuItem]:
    """What the desks offer to this reader; to who is not signed in, what they offer to residents."""
    account = request.user
    held = posts_of(account, at=timezone.now()) if isinstance(account, Account) else []
    who = {"resident"} | {post.role for post in held if not role(post.role).staff}
    return [item for desk in registry.desks() for item in desk.menu if who & set(item.who)]


def _today() -> list[Today]:
    """What happened today over all districts and provinces: counts only, so they tell no one anything of anyone. The
    first figure of every desk, then the second ones."""
    counted = [[m for m in measures_of(desk.code) if m.value == "count"] for desk in registry.desks()]
    measures = [m for row in zip_longest(*counted) for m in row if m is not None][:MOST_FIGURES]
    now, counts = timezone.now(), dict.fromkeys((m.code for m in measures), 0)
    for root in Place.objects.filter(kind__in=ROOTS):
        for code, found in figures(root, measures, "today", at=now).items():
            counts[code] += found.count
    return [Today(m.name, m.unit, counts[m.code]) for m in measures]


def _doors() -> Doors:
    """The first page that a desk's menu offers to each; who is not signed in does so on the way."""
    return Doors(_first("resident"), _first("courier"), reverse("web:console"))


def _first(who: str) -> str:
    items = (item.url for desk in registry.desks() for item in desk.menu if who in item.who)
    return next(items, reverse("web:my"))
