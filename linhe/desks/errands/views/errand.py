"""One errand: what the resident, the family and the courier see of it, and every step they take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop import registry
from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, key_of, reader, say, signed_in, version_of
from linhe.core.loop.queries import matter_for
from linhe.core.loop.refusals import Refused, invalid
from linhe.desks.errands import queries, services
from linhe.desks.errands.loop import ERRAND
from linhe.desks.errands.services import AddressView
from linhe.desks.errands.views.common import errand_or_404, is_courier, map_link
from linhe.lib.text import Text
from linhe.lib.units import fen, money

LEAVING = ("decline", "hand_back", "done", "done_by_photo", "not_home")
"""After these the courier goes on with the route."""
AT_THE_BOARD = ("call_back", "approve", "close_failed", "uphold", "dismiss")
"""Steps of the community, taken from the board."""
GONE = Text("这一单刚刚有了变化，已不在您手上。", "This errand has just changed and is no longer with you.")
SAID = {
    "accept": Text("接单成功，地址可以看了。", "Accepted. You can see the address now."),
    "decline": Text("已谢绝，不会再派给您。", "Declined; it is not offered to you again."),
    "collect": Text("已取到，去送吧。", "Collected. Now bring it."),
    "done": Text("送到了，谢谢您！", "Delivered. Thank you!"),
    "done_by_photo": Text("照片已交，等社区回访。", "Photos sent; the community calls back."),
    "not_home": Text("已记下，社区会联系居民。", "Noted; the community calls the resident."),
    "advance": Text("垫付已登记。", "The advance is recorded."),
    "hand_back": Text("已退单。", "Handed back."),
    "rate": Text("谢谢您的评价。", "Thank you for rating."),
    "withdraw": Text("已撤销。", "Withdrawn."),
    "dispute": Text("已收到，社区会尽快处理。", "Received; the community looks into it."),
    "paid": Text("已记下您还了垫付款。", "Noted: you paid it back."),
    "received": Text("已记下您收到了垫付款。", "Noted: you received it."),
    "call_back": Text("回访已记下，等另一位同事复核。", "Noted; a colleague approves it."),
    "approve": Text("复核通过，居民会收到消息。", "Approved; the resident is told."),
    "close_failed": Text("已按未完成结案。", "Closed as not done."),
    "uphold": Text("异议成立，积分已收回。", "Upheld; the points are taken back."),
    "dismiss": Text("异议不成立，已结案。", "Dismissed and closed."),
    "no_show": Text("已记下，马上重新找人。", "Noted; we look for someone else at once."),
}


@signed_in
@require_safe
def errand(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The page of an errand for those it concerns; staff read it on the generic page, where their steps are."""
    return _page(request, errand_or_404(request, matter_id))


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take a step; a refusal shows the page again with everything that was typed."""
    account, now = reader(request), timezone.now()
    try:
        matter = matter_for(account, matter_id, at=now)
    except Refused:
        if not is_courier(account):
            raise Http404 from None
        messages.warning(request, str(GONE))
        return HttpResponseRedirect(reverse("errands:courier"))
    declared = next((a for a in ERRAND.actions if a.code == action), None)
    if matter.kind != ERRAND.code or declared is None:
        raise Http404
    try:
        outcome = act(
            matter, action, by=account, data=_sent(request, action), key=key_of(request), at=now,
            version=version_of(request.POST), files=request.FILES.getlist("files"),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, errand_or_404(request, matter_id), refused=refused, refused_code=action)
    if not outcome.repeated and action in SAID:
        messages.success(request, str(SAID[action]))
    carries = matter.handler_id == account.pk
    if carries and action in LEAVING:
        return HttpResponseRedirect(reverse("errands:courier"))
    if action in AT_THE_BOARD:
        return HttpResponseRedirect(reverse("errands:board"))
    return HttpResponseRedirect(reverse("errands:errand", args=[matter_id]))


@signed_in
@require_POST
def address(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The door, for the courier who carries it. It is counted and logged, and shown on this one answer only."""
    matter = errand_or_404(request, matter_id)
    try:
        shown = services.reveal_address(courier=reader(request), matter=matter, at=timezone.now())
    except Refused as refused:
        return _page(request, matter, refused=refused)
    return _page(request, matter, shown=shown)


@signed_in
@require_POST
def take(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Take an open errand from the list of what lies on the way."""
    try:
        services.take(by=reader(request), matter_id=matter_id, at=timezone.now(), key=key_of(request))
    except Refused as refused:
        messages.error(request, str(GONE if refused.code in ("not_found", "wrong_stage") else refused.message))
        return HttpResponseRedirect(reverse("errands:courier"))
    say(request, SAID["accept"].zh, SAID["accept"].en)
    return HttpResponseRedirect(reverse("errands:errand", args=[matter_id]))


def _sent(request: HttpRequest, action: str) -> dict[str, Any]:
    data = data_of(registry.schema_of(ERRAND, ERRAND.action(action)), request.POST)
    if action == "advance":
        try:
            data = {"amount_fen": fen(request.POST.get("yuan", ""))}
        except ValueError:
            text = Text("请填写金额，例如 12.50。", "Give the amount, for example 12.50.")
            raise invalid({"amount_fen": str(text)}) from None
    return data


def _page(
    request: HttpRequest,
    matter: Matter,
    *,
    refused: Refused | None = None,
    refused_code: str = "",
    shown: AddressView | None = None,
) -> HttpResponse:
    account, now = reader(request), timezone.now()
    view = queries.detail_for(account, matter, at=now)
    carries = matter.handler_id == account.pk
    if not (view.mine or carries):
        if refused is not None:
            return _refused_to_staff(request, matter, refused, refused_code)
        return HttpResponseRedirect(reverse("web:matter", args=[matter.pk]))
    advances = [(a, money(a.amount_fen)) for a in view.advances]
    context = {
        "matter": matter,
        "view": view,
        "card": view.card,
        "told": queries.told_to_courier(view, at=now) if carries else queries.told_to_asker(view, at=now),
        "trail": queries.trail(view),
        "carries": carries,
        "can": doings(request, matter, refused=refused, refused_code=refused_code),
        "refused": refused,
        "shown": shown,
        "advances": advances,
        "owed": money(sum(a.amount_fen for a in view.advances if a.paid_at is None)),
        "to_pay": any(a.paid_at is None for a in view.advances),
        "to_receive": any(a.received_at is None for a in view.advances),
        "allows_advance": _allows_advance(matter),
        "offer": next((o for o in queries.offers_to(account, at=now) if o.card.matter_id == matter.pk), None),
        "live_token": live_token([f"m:{matter.pk}"]),
        "to_pickup": map_link(view.card.pickup_lat, view.card.pickup_lng),
        "to_door": map_link(view.card.lat, view.card.lng),
    }
    return render(request, "errands/errand.html", context, status=refused.status if refused else 200)


def _refused_to_staff(request: HttpRequest, matter: Matter, refused: Refused, code: str) -> HttpResponse:
    """The form of a step that was refused to staff, with everything that was typed."""
    again = doings(request, matter, refused=refused, refused_code=code).get(code)
    context = {
        "matter": matter,
        "card": queries.card_for(matter),
        "doings": [again] if again else [],
        "refused": refused,
    }
    return render(request, "errands/move.html", context, status=refused.status)


def _allows_advance(matter: Matter) -> bool:
    service = queries.service_of(matter.errand.service, at=matter.created_at, place_code=matter.place.code)
    return service is not None and service.advance
