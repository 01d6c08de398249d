"""The yearly selection: candidates as cards, nomination, consent, vote, jury, result, and the district's desk."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from linhe.core.loop.access import can
from linhe.core.loop.acting import begin
from linhe.core.loop.forms import data_of, form_for
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.volunteering import services
from linhe.desks.volunteering.loop import SELECTION
from linhe.desks.volunteering.models import SelectionDetail
from linhe.desks.volunteering.queries import honours
from linhe.desks.volunteering.schemas import AgreeToStand, ChooseCandidate, GiveMark, NameJuror, Nominate, Screen
from linhe.desks.volunteering.views.common import said, status_of, take
from linhe.desks.volunteering.views.settlements import answer_sent, layout_of
from linhe.lib.text import Text

SHARED = {"nominate", "agree", "mark", "recuse", "object"}
"""Steps of many people at the same matter: each would be out of step with the others, so none carries a version."""
SCHEMAS: dict[str, Any] = {
    "nominate": Nominate, "agree": AgreeToStand, "name_juror": NameJuror, "screen": Screen, "mark": GiveMark,
    "recuse": ChooseCandidate,
}  # fmt: skip
SAID = {
    "nominate": Text("推荐已提交，等本人同意。", "Sent; now they have to agree."),
    "agree": Text("已记下您的选择。", "Your choice is noted."),
    "name_juror": Text("评委已聘请。", "The juror is named."),
    "screening": Text("推荐已截止，开始审核。", "Nominations are closed."),
    "screen": Text("审核结果已记下。", "Noted."),
    "open_vote": Text("投票已开始。", "The vote is open."),
    "mark": Text("分数已记下，不能再改。", "Your mark is kept for good."),
    "recuse": Text("已登记回避。", "Your tie is noted."),
    "count": Text("已计分并公示。", "Counted and published."),
    "object": Text("异议已提交，公示期内会答复您。", "Sent; you will have an answer."),
    "answer": Text("已答复。", "Answered."),
    "go_on": Text("继续公示。", "Published again."),
    "recount": Text("已更正，重新公示。", "Corrected and published again."),
}


@signed_in
@require_http_methods(["GET", "POST"])
def selections(request: HttpRequest) -> HttpResponse:
    """All selections; the district opens the next one."""
    account, now, refused = reader(request), timezone.now(), None
    districts = [
        p.place for p in posts_of(account, at=now) if p.role == "district_officer" and p.place.kind == "district"
    ]
    if request.method == "POST":
        place: Place | None = next((p for p in districts if p.pk == number_in(request.POST, "place")), None)
        if place is None:
            raise Http404
        try:
            outcome = begin(
                "selection", "open", by=account, place=place, data={"year": number_in(request.POST, "year")},
                key=key_of(request), at=now,
            )  # fmt: skip
            said(request, outcome, "评选已开启。", "The selection is open.")
            return HttpResponseRedirect(reverse("volunteering:selection", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    context = {
        "layout": layout_of(account), "rows": honours.selections()[:20], "districts": districts,
        "years": [now.year, now.year - 1], "refused": refused, "key": key_of(request),
    }  # fmt: skip
    return render(request, "volunteering/selections.html", context, status=status_of(refused))


@signed_in
@require_http_methods(["GET", "POST"])
def selection(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One selection, with whatever the reader can do in it now."""
    one, step = _selection_or_404(matter_id), text_in(request.POST, "step", 20)
    if request.method == "GET":
        return _page(request, one)
    if step not in SAID:
        raise Http404
    data = data_of(SCHEMAS[step], request.POST) if step in SCHEMAS else answer_sent(request, step)
    more: dict[str, Any] = {"version": None} if step in SHARED else {}
    try:
        said(request, take(request, one.matter, step, data, **more), SAID[step].zh, SAID[step].en)
    except Refused as refused:
        if refused.code == "not_allowed":
            raise Http404 from None
        return _page(request, _selection_or_404(matter_id), refused=refused, step=step)
    return HttpResponseRedirect(reverse("volunteering:selection", args=[matter_id]))


@signed_in
@require_POST
def vote(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Vote, once."""
    one = _selection_or_404(matter_id)
    number = number_in(request.POST, "number") or 0
    try:
        services.cast_vote(account=reader(request), selection=one.matter, number=number, at=timezone.now())
    except Refused as refused:
        return _page(request, one, refused=refused, step="vote")
    say(request, "投票成功，谢谢您。", "Your vote is counted. Thank you.")
    return HttpResponseRedirect(reverse("volunteering:selection", args=[matter_id]))


def _selection_or_404(matter_id: int) -> SelectionDetail:
    found = honours.selections().filter(pk=matter_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, one: SelectionDetail, *, refused: Refused | None = None, step: str = ""
) -> HttpResponse:
    account, now, matter = reader(request), timezone.now(), one.matter
    district = can(account, SELECTION.action("count"), matter, at=now)
    cards = honours.ballot(one, everyone=district and matter.stage in ("nominating", "screening"))
    juror = honours.juror_of(one, account)
    context = {
        "layout": layout_of(account),
        "one": one,
        "matter": matter,
        "cards": cards,
        "chosen": [card for card in cards if card.result and card.result.chosen],
        "votes": sum(card.candidate.votes for card in cards),
        "may_vote": honours.may_vote(one, account),
        "voted": honours.has_voted(one, account),
        "mine": honours.candidacy(one, account),
        "to_mark": honours.to_mark(juror, cards) if juror and matter.stage in ("voting", "scoring") else [],
        "juror": juror,
        "jurors": honours.jury(one) if district else [],
        "district": district,
        "protests": honours.protests_of(matter) if district else [],
        "published": matter.stage in ("public", "objected"),
        "waiting": honours.waiting_protests(matter),
        "my_protests": honours.my_protests(matter, account),
        "nomination": _form(request, "nominate", refused, step),
        "naming": _form(request, "name_juror", refused, step),
        "sent": request.POST if refused else {},
        "step": step,
        "refused": refused,
        "key": key_of(request),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "volunteering/selection.html", context, status=status_of(refused))


def _form(request: HttpRequest, code: str, refused: Refused | None, step: str) -> Any:
    again = refused if step == code else None
    form = form_for(
        SELECTION, SELECTION.action(code), sent=request.POST if again else None,
        errors=again.details if again else None,
    )  # fmt: skip
    form.auto_id = f"id_{code}_%s"
    return form
