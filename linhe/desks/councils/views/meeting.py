"""A meeting as residents and members see it: agenda, comments, check-in, the ballot, results, minutes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.live import live_token
from linhe.core.loop.pages import reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.desks.councils import queries, services
from linhe.desks.councils.loop import OPEN
from linhe.desks.councils.models import MeetingDetail, Motion, Turnout
from linhe.desks.councils.schemas import CHOICES
from linhe.desks.councils.views.common import forms_for, meeting_or_404, step
from linhe.lib.pdf import document
from linhe.lib.text import Text

SAID = {
    "attend": Text("签到成功。", "You are checked in."),
    "comment": Text("意见已收到，审核后公开。", "Received; it is shown after somebody has read it."),
    "confirm": Text("纪要已确认。", "The minutes are confirmed."),
    "send_back": Text("已请秘书再改。", "The secretary is asked to correct them."),
}
HERE = ("attend", "comment", "confirm", "send_back")
"""Steps taken on this page; the others belong to the secretary's."""


@signed_in
@require_safe
def meeting(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The agenda, and what one can do now. ``?code=`` from the QR code fills in the check-in."""
    return _page(request, meeting_or_404(request, matter_id))


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Check in, comment, confirm the minutes."""
    found = meeting_or_404(request, matter_id)
    if action not in HERE:
        raise Http404
    try:
        outcome = step(request, found.matter, action)
    except Refused as refused:
        if refused.code == "here_already":  # the second of two taps
            return HttpResponseRedirect(reverse("councils:meeting", args=[matter_id]))
        return _page(request, meeting_or_404(request, matter_id), refused=refused, code=action)
    if not outcome.repeated:
        messages.success(request, str(SAID[action]))
    return HttpResponseRedirect(reverse("councils:meeting", args=[matter_id]))


@signed_in
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest, matter_id: int, motion_id: int) -> HttpResponse:
    """Two large buttons, then the same once more to be sure. The choice goes sealed through the door."""
    found, account = meeting_or_404(request, matter_id), reader(request)
    motion = Motion.objects.select_related("item").filter(pk=motion_id, item__meeting=found).first()
    seat = queries.seat_of(found, account.pk)
    if motion is None or seat is None:
        raise Http404
    choice = text_in(request.POST, "choice", 8)
    refused = None
    if request.method == "POST" and request.POST.get("sure"):
        try:
            services.vote(by=account, matter=found.matter, motion=motion.pk, choice=choice, at=timezone.now())
            say(request, "已投票，谢谢您。", "Your vote is in. Thank you.")
            return HttpResponseRedirect(reverse("councils:meeting", args=[matter_id]))
        except Refused as refusal:
            refused = refusal
    voted = Turnout.objects.filter(motion=motion, seat=seat).exists()
    if voted and refused is not None and refused.code == "voted_already":  # the second of two taps
        return HttpResponseRedirect(reverse("councils:meeting", args=[matter_id]))
    context = {
        "meeting": found,
        "matter": found.matter,
        "motion": motion,
        "rule": queries.RULE_NAMES[Motion.Rule(motion.rule)],
        "choices": CHOICES,
        "chosen": next(((code, name) for code, name in CHOICES if code == choice), None),
        "voted": voted,
        "closed": motion.state != Motion.State.VOTING or found.matter.stage != OPEN,
        "refused": refused,
    }
    return render(request, "councils/ballot.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def minutes(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The minutes as PDF: the confirmed version, before that the latest for who may work on it."""
    found = meeting_or_404(request, matter_id)
    versions = _versions(request, found)
    if not versions:
        raise Http404
    latest = versions[0]
    title, *lines = latest.text.split("\n")
    paper = document(title)
    paper.heading(title)
    for line in lines:
        paper.paragraph(line or " ")
    state = "已由召集人确认" if latest.confirmed_at else "草稿，尚未确认"
    paper.paragraph(f"第 {latest.version} 版，{state}。", size=9)
    answer = HttpResponse(paper.bytes(), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="minutes-{found.pk}.pdf"'
    return answer


def _versions(request: HttpRequest, found: MeetingDetail) -> list[Any]:
    """Versions of the minutes, newest first: everyone reads the confirmed one, the others are for the secretary, the
    chair and who may read the desk."""
    account = reader(request)
    rows = found.minutes.order_by("-version")
    if found.matter.handler_id == account.pk or queries.reads(account, found.body.place, at=timezone.now()):
        return list(rows)
    return list(rows.filter(confirmed_at__isnull=False))


def _page(
    request: HttpRequest, found: MeetingDetail, *, refused: Refused | None = None, code: str = ""
) -> HttpResponse:  # fmt: skip
    account, matter = reader(request), found.matter
    agenda = queries.agenda_of(found)
    seat = queries.seat_of(found, account.pk)
    can = forms_for(request, matter, items=agenda, refused=refused, code=code)
    if seat is None or seat.attended_at is not None:
        can.pop("attend", None)
    elif "attend" in can and code != "attend":
        can["attend"].form.initial = {"code": text_in(request.GET, "code", 6)}
    if seat is None and not queries.lives_in(account, found.body.place):
        can.pop("comment", None)
    voted = set(Turnout.objects.filter(seat=seat).values_list("motion", flat=True)) if seat else set()
    votes = seat is not None and matter.stage == OPEN and (found.body.by_owners or seat.attended_at is not None)
    context = {
        "meeting": found,
        "matter": matter,
        "agenda": [
            (one, [_told(m, votes and m.pk not in voted, m.pk in voted) for m in one.motions]) for one in agenda
        ],
        "seat": seat,
        "present": queries.present(found).number,
        "called": queries.entitled(found).number,
        "quorate": queries.quorate(found, at=timezone.now()),
        "can": {c: d for c, d in can.items() if c in HERE},
        "versions": _versions(request, found),
        "keeps": queries.keeps(account, found.body.place, at=timezone.now()),
        "refused": refused,
        "key": str(uuid4()),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "councils/meeting.html", context, status=refused.status if refused else 200)


def _told(motion: Motion, may_vote: bool, voted: bool) -> dict[str, Any]:
    name, tone = queries.state_of(motion)
    return {
        "motion": motion, "name": name, "tone": tone, "voted": voted,
        "vote": may_vote and motion.state == Motion.State.VOTING, "checks": queries.checks_of(motion),
        "rule": queries.RULE_NAMES[Motion.Rule(motion.rule)],
    }  # fmt: skip
