"""The dispatcher's pages: what is under way, one failed line with plan, proof, steps and clocks."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, holds, key_of, matter_or_404, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.core.runsheets.queries import told_sheet
from linhe.core.runsheets.schemas import PAUSE_REASONS, SKIP_REASONS
from linhe.desks.power import services
from linhe.desks.power.loop import POWER_EVENT
from linhe.desks.power.loop.event import JUDGING, LIVE
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, OBSERVER
from linhe.desks.power.queries.figures import year_on_year
from linhe.desks.power.queries.lists import open_events, past_page
from linhe.desks.power.queries.outages import day_of, feeders_at, latest_plan, names_of, outage_of
from linhe.desks.power.queries.telling import told_plan
from linhe.desks.power.schemas.event import SCENES, SIGNALS
from linhe.lib.text import Text


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is under way and what is over, the figures of the year, and the form for an alarm."""
    return _home(request)


@signed_in
@require_POST
def raise_alarm(request: HttpRequest) -> HttpResponse:
    """A feeder of the dispatcher's place has failed."""
    place = _place(request, DISPATCHER)
    data = {"feeder": text_in(request.POST, "feeder", 40), "scene": text_in(request.POST, "scene", 12) or "plain",
            "drill": "drill" in request.POST}  # fmt: skip
    try:
        outcome = begin(
            POWER_EVENT.code, "raise_alarm", by=reader(request), place=place, data=data, key=key_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _home(request, refused=refused)
    say(request, "已登记，流程单开始计时。", "Registered: the run sheet is running.")
    return HttpResponseRedirect(reverse("power:event", args=[outcome.matter.pk]))


@signed_in
@require_safe
def event(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One failed line, for whoever may read it."""
    return show_event(request, matter_or_404(request, matter_id, POWER_EVENT.code))


@signed_in
@require_POST
def solve(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Have the engine rank where the fault may be, or plan the restoration once it is known. Nothing is issued."""
    matter = matter_or_404(request, matter_id, POWER_EVENT.code)
    if matter.stage not in LIVE or "plan" not in _may(request, matter):
        raise Http404
    try:
        services.make_plan(matter, at=timezone.now())
    except Refused as refused:
        return show_event(request, matter, refused=refused)
    return HttpResponseRedirect(reverse("power:event", args=[matter_id]) + "#plan")


def show_event(
    request: HttpRequest, matter: Matter, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    """The page of a failed line; after a refusal with what was typed."""
    now, outage = timezone.now(), outage_of(matter)
    offered = doings(request, matter, refused=refused, refused_code=refused_code)
    plan = latest_plan(outage)
    names = names_of(outage.feeder)
    parts = outage.feeder.case["feeder"]
    context: dict[str, Any] = {
        "matter": matter,
        "outage": outage,
        "scene": dict(SCENES)[outage.scene],
        "told": told_sheet(matter.run_sheet, at=now, place_code=matter.place.code),
        "plan": told_plan(plan, outage) if plan else None,
        "plan_fresh": plan is not None and plan.version == matter.version,
        "issues": "plan" if matter.stage == JUDGING else "replan",
        "faults": [names.get(one, Text(one, one)) for one in outage.fault],
        "signals": [(dict(SIGNALS)[one.what], names.get(one.element, one.element)) for one in _signals(outage)],
        "signal_kinds": SIGNALS,
        "devices": [(row["id"], names[row["id"]]) for group in ("switches", "lines", "buses") for row in parts[group]],
        "elements": [(row["id"], names[row["id"]]) for group in ("lines", "buses") for row in parts[group]],
        "may": set(offered),
        "solves": matter.stage in LIVE and "plan" in _may(request, matter),
        "steps": [doing for doing in offered.values() if not doing.action.hidden],
        "skip_reasons": SKIP_REASONS,
        "pause_reasons": PAUSE_REASONS,
        "refused": refused,
        "sent": request.POST if refused else {},
        "refused_code": refused_code,
        "key": str(uuid4()),
        "now": now,
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "power/event.html", context, status=refused.status if refused else 200)


def _may(request: HttpRequest, matter: Matter) -> set[str]:
    """Dispatchers may plan, before and after the first plan."""
    held = posts_of(reader(request), at=timezone.now())
    return {"plan"} if any(post.role == DISPATCHER and post.place.contains(matter) for post in held) else set()


def _signals(outage: Any) -> list[Any]:
    return list(outage.signals.order_by("-id"))


def _place(request: HttpRequest, *roles: str) -> Place:
    """The first place where the reader holds one of these posts."""
    held = (post.place for post in posts_of(reader(request), at=timezone.now()) if post.role in roles)
    place = next(held, None)
    if place is None:
        raise Http404
    return place


def _home(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now, place = reader(request), timezone.now(), _place(request, *EVERYBODY)
    past, page = past_page(account, at=now, before=number_in(request.GET, "before"))
    context = {
        "place": place,
        "rows": open_events(account, at=now),
        "opens": "power:event" if holds(account, DISPATCHER, OBSERVER) else "power:run",
        "past": past,
        "next_before": page.next_before,
        "figures": year_on_year(place, at=now),
        "feeders": feeders_at(place, day_of(now)) if holds(account, DISPATCHER) else [],
        "scenes": SCENES,
        "refused": refused,
        "sent": request.POST if refused else {},
        "key": key_of(request),
        "live_token": live_token([f"a:{place.pk}"]),
    }
    return render(request, "power/home.html", context, status=refused.status if refused else 200)
