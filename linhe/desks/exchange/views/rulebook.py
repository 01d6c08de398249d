"""The rule book as a page for lawyers: what holds on a day, on what it rests, and what differs from another day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.desks.exchange.engine.facts import EARLIEST, LATEST
from linhe.desks.exchange.queries import rulebook
from linhe.lib.working_calendar import local_date

LONGEST_SEARCH = 100


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force on ``on`` (today unless said), those that mention ``q``, and what differs since ``from``."""
    today = local_date(timezone.now())
    day = day_in(request.GET.get("on", "")) or today
    before = day_in(request.GET.get("from", ""))
    search = " ".join(request.GET.get("q", "")[:LONGEST_SEARCH].split())
    every = rulebook.entries(day)
    found = rulebook.entries(day, search) if search else every
    context: dict[str, Any] = {
        "day": day,
        "before": before,
        "search": search,
        "total": len(every),
        "entries": found,
        "groups": rulebook.grouped(found),
        "sources": rulebook.sources(every),
        "parameters": rulebook.parameters(),
        "rule_set": rulebook.hash_at(day),
        "change_days": [one for one in rulebook.change_days() if EARLIEST <= one <= LATEST],
        "verified": sum(one.cite.verified for one in every),
        "copied": sum(bool(one.cite.seen_in) for one in every),
    }
    if before is not None:
        context["changes"], context["difference"] = rulebook.changes(before, day)
    return render(request, "exchange/rules.html", context)


def day_in(text: str) -> date | None:
    """A day that was sent; None when it is none or lies outside the working calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
