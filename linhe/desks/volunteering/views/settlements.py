"""Quarterly settlements: published to everyone, objected to, answered, rewarded against a signature."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.access import can
from linhe.core.loop.acting import act, begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, number_in, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff, posts_of
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop import SETTLEMENT
from linhe.desks.volunteering.loop.settlement import OFFICERS
from linhe.desks.volunteering.models import Reward, SettlementDetail
from linhe.desks.volunteering.queries import honours
from linhe.desks.volunteering.views.common import said, status_of, take
from linhe.lib.periods import Quarter
from linhe.lib.text import Text

MIDDLE = ("subdistrict", "town")
STEPS = {
    "object": Text("异议已提交，公示期内会答复您。", "Sent; you will have an answer."),
    "answer": Text("已答复。", "Answered."),
    "go_on": Text("继续公示。", "Published again."),
    "correct": Text("已更正，重新公示。", "Corrected and published again."),
    "close": Text("已办结。", "Closed."),
}


@signed_in
@require_http_methods(["GET", "POST"])
def settlements(request: HttpRequest) -> HttpResponse:
    """All settlements, the newest quarter first; officers settle the next one."""
    account, now, refused = reader(request), timezone.now(), None
    places = _subdistricts(account)
    if request.method == "POST":
        place = next((p for p in places if p.pk == number_in(request.POST, "place")), None)
        if place is None:
            raise Http404
        year, _, quarter = text_in(request.POST, "quarter", 6).partition("-")
        try:
            outcome = begin(
                "settlement", "freeze", by=account, place=place, data={"year": year, "quarter": quarter},
                key=key_of(request), at=now,
            )  # fmt: skip
            said(request, outcome, "已结算并开始公示。", "Settled and published.")
            return HttpResponseRedirect(reverse("volunteering:settlement", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    context = {
        "layout": layout_of(account),
        "rows": honours.settlements()[:60],
        "places": places,
        "quarters": _ended_quarters(Quarter.of(now)),
        "refused": refused,
        "key": key_of(request),
    }
    return render(request, "volunteering/settlements.html", context, status=status_of(refused))


@signed_in
@require_http_methods(["GET", "POST"])
def settlement(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One settlement with its ranking; objections for everyone, answers and rewards for those who handle them."""
    one = _settlement_or_404(matter_id)
    refused, step = None, text_in(request.POST, "step", 20)
    if request.method == "POST":
        if step not in STEPS:
            raise Http404
        try:
            data = answer_sent(request, step)
            more: dict[str, Any] = {"version": None} if step == "object" else {}
            said(request, take(request, one.matter, step, data, **more), STEPS[step].zh, STEPS[step].en)
            return HttpResponseRedirect(reverse("volunteering:settlement", args=[matter_id]))
        except Refused as refusal:
            if refusal.code == "not_allowed":
                raise Http404 from None
            refused = refusal
            one = _settlement_or_404(matter_id)
    account, now, matter = reader(request), timezone.now(), one.matter
    officer = can(account, SETTLEMENT.action("answer"), matter, at=now)
    hands = can(account, SETTLEMENT.action("hand_over"), matter, at=now)
    context = {
        "layout": layout_of(account),
        "one": one,
        "matter": matter,
        "lines": honours.ranking_of(one, reader=account),
        "snapshot": one.snapshots.get(version=one.version),
        "officer": officer,
        "protests": honours.protests_of(matter) if officer else [],
        "waiting": honours.waiting_protests(matter),
        "mine": honours.my_protests(matter, account),
        "rewards": honours.rewards_of(one) if hands else [],
        "hands": hands,
        "objects": matter.stage in ("public", "objected"),
        "sent": request.POST if refused else {},
        "step": step,
        "refused": refused,
        "key": key_of(request),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "volunteering/settlement.html", context, status=status_of(refused))


@signed_in
@require_http_methods(["GET", "POST"])
def reward(request: HttpRequest, reward_id: int) -> HttpResponse:
    """Hand a reward over: the winner draws a signature on this phone, or types the name."""
    account, now, refused = reader(request), timezone.now(), None
    found = Reward.objects.select_related("settlement__matter__place", "account").filter(pk=reward_id).first()
    if found is None or not can(account, SETTLEMENT.action("hand_over"), found.settlement.matter, at=now):
        raise Http404
    matter = found.settlement.matter
    if request.method == "POST":
        data = {"reward_id": reward_id, "typed_name": text_in(request.POST, "typed_name", 40)}
        files = [one for one in request.FILES.getlist("files") if one.size]
        try:
            outcome = act(
                matter, "hand_over", by=account, data=data, key=key_of(request), at=timezone.now(), files=files
            )  # fmt: skip
            said(request, outcome, "已签收。", "Signed for.")
            return HttpResponseRedirect(reverse("volunteering:settlement", args=[matter.pk]) + "#rewards")
        except Refused as refusal:
            refused = refusal
    context = {
        "reward": found, "matter": matter, "one": found.settlement, "refused": refused, "key": key_of(request),
        "sent": request.POST if refused else {},
    }  # fmt: skip
    return render(request, "volunteering/reward.html", context, status=status_of(refused))


def answer_sent(request: HttpRequest, step: str) -> dict[str, Any] | None:
    """What a form about a published result says."""
    words = request.POST.get("words", "")[:2000]
    match step:
        case "answer":
            return {
                "protest_id": number_in(request.POST, "protest_id"), "upheld": "upheld" in request.POST, "words": words,
            }  # fmt: skip
        case "object" | "correct" | "recount":
            return {"words": words}
        case _:
            return None


def _settlement_or_404(matter_id: int) -> SettlementDetail:
    found = honours.settlements().filter(pk=matter_id).first()
    if found is None:
        raise Http404
    return found


def _subdistricts(account: Account) -> list[Place]:
    """Where somebody may settle a quarter."""
    held = [post.place for post in posts_of(account, at=timezone.now()) if post.role in OFFICERS]
    found: dict[int, Place] = {}
    for place in held:
        below = [place] if place.level == "subdistrict" else Place.objects.filter(district=place, kind__in=MIDDLE)
        found |= {one.pk: one for one in below}
    return sorted(found.values(), key=lambda place: place.code)


def _ended_quarters(now: Quarter, count: int = 6) -> list[Quarter]:
    ended, one = [], now
    for _ in range(count):
        one = Quarter(one.year, one.number - 1) if one.number > 1 else Quarter(one.year - 1, 4)
        ended.append(one)
    return ended


def layout_of(account: Account) -> str:
    """Staff read in the console, everyone else on the phone."""
    return "console.html" if is_staff(account, at=timezone.now()) else "phone.html"
