"""The phone page of operator, supervisor and truck crew: one big item at a time; it also takes what a phone kept while
it was offline."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop import registry
from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.kinds import NEW
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, matter_or_404, reader, say, signed_in, text_in, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.core.runsheets.queries import told_sheet
from linhe.core.runsheets.refusals import WAITING
from linhe.core.runsheets.schemas import FAIL_REASONS
from linhe.desks.power import services
from linhe.desks.power.loop import POWER_EVENT
from linhe.desks.power.loop.event import LIVE
from linhe.desks.power.loop.roles import SUPERVISOR
from linhe.desks.power.views.events import show_event

FROM_PHONE = ("call_item", "repeat_item", "fail_item")
"""Named by item and revision, so that no version of the matter is needed: a phone that is offline knows none."""


@signed_in
@require_safe
def run(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The item that comes now, as big as the screen."""
    return _page(request, matter_or_404(request, matter_id, POWER_EVENT.code))


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponseBase:
    """Take a step. A phone's queue asks for JSON; a page gets itself back, after a refusal with what was typed."""
    matter = matter_or_404(request, matter_id, POWER_EVENT.code)
    declared = next((a for a in matter.declared.actions if a.code == action and NEW not in a.frm), None)
    if declared is None:
        raise Http404
    by_phone = action in FROM_PHONE
    data = data_of(registry.schema_of(matter.declared, declared), request.POST)
    try:
        outcome = act(
            matter, action, by=reader(request), data=data,
            key=key_of(request), at=timezone.now(), version=None if by_phone else version_of(request.POST),
        )  # fmt: skip
    except Refused as refused:
        return _refused(request, matter, refused, action)
    if _wants_json(request):
        return JsonResponse({"repeated": outcome.repeated})
    if not outcome.repeated and not by_phone:
        say(request, f"「{declared.name.zh}」已办好。", f"Done: {declared.name.en}.")
    return HttpResponseRedirect(_back(request, matter))


@signed_in
@require_POST
def replan(request: HttpRequest, matter_id: int) -> HttpResponseBase:
    """One tap: what was to be operated does not move (``reason``), so the rest is planned anew and issued at once."""
    matter = matter_or_404(request, matter_id, POWER_EVENT.code)
    account, now, key = reader(request), timezone.now(), key_of(request)
    try:
        if "reason" in request.POST:
            sent = data_of(registry.schema_of(matter.declared, POWER_EVENT.action("fail_item")), request.POST)
            act(matter, "fail_item", by=account, data=sent, key=f"{key}-fail", at=now)
        services.plan_anew(matter, by=account, at=now, key=key)
    except Refused as refused:
        return _refused(request, matter, refused, "replan")
    say(request, "已按现状重新求解，请按新的顺序操作。", "Planned anew from the present state. Follow the new order.")
    return HttpResponseRedirect(_back(request, matter))


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that lets the page of a run open without a network; its address gives it the scope ``/power/``."""
    return render(request, "power/sw.js", content_type="text/javascript; charset=utf-8")


def _page(request: HttpRequest, matter: Matter, *, refused: Refused | None = None) -> HttpResponse:
    now, account = timezone.now(), reader(request)
    told = told_sheet(matter.run_sheet, at=now, place_code=matter.place.code)
    held = {post.role for post in posts_of(account, at=now) if post.place.contains(matter)}
    item = told.current.item if told.current else None
    live = matter.stage in LIVE and item is not None and told.sheet.paused_at is None and item.planned
    called = item is not None and item.called_at is not None
    context: dict[str, Any] = {
        "matter": matter,
        "told": told,
        "item": item,
        "role": role(item.role).name if item else None,
        "blocked": item is not None and bool(set(item.tags) & set(told.sheet.blocks)),
        "calls": live and not called and SUPERVISOR in held,
        "repeats": live and called and item is not None and item.role in held and item.called_by_id != account.pk,
        "waits_for_plan": matter.stage in LIVE and item is not None and not item.planned,
        "fails": live and item is not None and item.operation is not None and bool({item.role, SUPERVISOR} & held),
        "fail_reasons": FAIL_REASONS,
        "mine": "call_item" if SUPERVISOR in held else "repeat_item",
        "roles": " ".join(sorted(held)),
        "next": told.next[:20],
        "refused": refused,
        "key": str(uuid4()),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "power/run.html", context, status=refused.status if refused else 200)


def _refused(request: HttpRequest, matter: Matter, refused: Refused, action: str) -> HttpResponseBase:
    if _wants_json(request):
        told = {"code": refused.code, "message": str(refused.message), "again": refused.code in WAITING}
        return JsonResponse(told, status=refused.status)
    matter = matter_or_404(request, matter.pk, POWER_EVENT.code)
    if _on_phone(request):
        return _page(request, matter, refused=refused)
    return show_event(request, matter, refused=refused, refused_code=action)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _on_phone(request: HttpRequest) -> bool:
    return text_in(request.POST, "page", 8) == "run"


def _back(request: HttpRequest, matter: Matter) -> str:
    return reverse("power:run" if _on_phone(request) else "power:event", args=[matter.pk])
