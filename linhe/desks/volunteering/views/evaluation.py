"""Year-end evaluations: the rounds, their rows, and the events behind each figure."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.access import can, visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.forms import form_for
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, key_of, matter_or_404, number_in, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import is_staff
from linhe.desks.volunteering.loop import EVALUATION
from linhe.desks.volunteering.models import EvaluationDetail, EvaluationRow
from linhe.desks.volunteering.queries.participation import this_year
from linhe.desks.volunteering.queries.rounds import (
    behind,
    grades_of,
    open_objections,
    rounds_for,
    row_for,
    rows_of,
    shown,
)
from linhe.desks.volunteering.views.common import said, staff_place, status_of, take
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

SAID = {
    "compute": Text("已按办理记录算好。", "Computed from the log."),
    "confirm": Text("评价结果已确认。", "The result is confirmed."),
    "answer": Text("已答复。", "Answered."),
    "object": Text("已提交异议，会有工作人员答复。", "Sent; somebody will answer."),
}


@signed_in
@require_http_methods(["GET", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds that I may read; open a new one."""
    account, places, place = staff_place(request)
    now, refused = timezone.now(), None
    if request.method == "POST":
        try:
            outcome = begin(
                "evaluation", "open", by=account, place=place, data={"year": number_in(request.POST, "year")},
                key=key_of(request), at=now,
            )  # fmt: skip
            said(request, outcome, "评价已开启。", "The evaluation is open.")
            return HttpResponseRedirect(reverse("volunteering:evaluation", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    context = {
        "places": places,
        "place": place,
        "rounds": rounds_for(account, at=now),
        "opens": can(account, EVALUATION.action("open"), place, at=now),
        "years": range(this_year(now), this_year(now) - 3, -1),
        "refused": refused,
        "key": key_of(request),
    }
    return render(request, "volunteering/evaluations.html", context, status=status_of(refused))


@signed_in
@require_http_methods(["GET", "POST"])
def evaluation(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One round: its members or organisations, the objections, and the steps that can be taken."""
    matter = matter_or_404(request, matter_id, "evaluation")
    refused, code = None, text_in(request.POST, "step", 20)
    if request.method == "POST":
        try:
            if code not in ("compute", "confirm", "answer"):
                raise Http404
            data = None
            if code == "answer":
                data = {
                    "objection_id": number_in(request.POST, "objection_id"), "upheld": "upheld" in request.POST,
                    "words": request.POST.get("words", ""),
                }  # fmt: skip
            said(request, take(request, matter, code, data), SAID[code].zh, SAID[code].en)
            return HttpResponseRedirect(reverse("volunteering:evaluation", args=[matter.pk]))
        except Refused as refusal:
            refused = refusal
            matter.refresh_from_db()
    round_ = EvaluationDetail.objects.select_related("matter__place", "place").get(pk=matter.pk)
    organisations = request.GET.get("show") == "organisations"
    page, grades = (
        rows_of(round_, organisations=organisations, before=number_in(request.GET, "before")),
        grades_of(round_),
    )
    context = {
        "matter": matter,
        "round": round_,
        "stage": matter.stage_declared,
        "organisations": organisations,
        "rows": [shown(row, grades) for row in page.rows],
        "next_before": page.next_before,
        "objections": [(one, mask_name(one.account.name)) for one in open_objections(round_)],
        "can": doings(request, matter),
        "ripe": matter.due_at is not None and matter.due_at <= timezone.now(),
        "refused": refused,
        "sent": request.POST,
        "key": key_of(request),
    }
    return render(request, "volunteering/evaluation.html", context, status=status_of(refused))


@signed_in
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, row_id: int) -> HttpResponse:
    """One member's or organisation's figures; each opens the events behind it. Members may object here."""
    one = _row_or_404(request, row_id)
    account, now, refused = reader(request), timezone.now(), None
    mine = one.account_id == account.pk
    if request.method == "POST":
        if not mine:
            raise PermissionDenied
        try:
            matter = Matter.objects.select_related("place").get(pk=one.evaluation_id)
            outcome = act(
                matter, "object", by=account, data={"words": request.POST.get("words", "")}, key=key_of(request), at=now
            )
            said(request, outcome, SAID["object"].zh, SAID["object"].en)
            return HttpResponseRedirect(reverse("volunteering:evaluation_row", args=[row_id]))
        except Refused as refusal:
            refused = refusal
    figure = text_in(request.GET, "figure", 20)
    events = behind(one, figure) if figure in one.figures else None
    readable = set(
        visible_to(account, at=now)
        .filter(pk__in=[b.event.matter_id for b in events or ()])
        .values_list("pk", flat=True)
    )
    action = EVALUATION.action("object")
    context = {
        "layout": "console.html" if is_staff(account, at=now) and not mine else "phone.html",
        "shown": shown(one, grades_of(one.evaluation)),
        "round": one.evaluation,
        "matter": one.evaluation.matter,
        "stage": one.evaluation.matter.stage_declared,
        "mine": mine,
        "objects": mine and one.evaluation.matter.stage in action.frm,
        "form": form_for(
            EVALUATION, action, sent=request.POST if refused else None, errors=refused.details if refused else None
        ),
        "figure": figure,
        "events": [(b, b.event.matter_id in readable) for b in events] if events is not None else None,
        "refused": refused,
        "key": key_of(request),
    }
    return render(request, "volunteering/evaluation_row.html", context, status=status_of(refused))


def _row_or_404(request: HttpRequest, row_id: int) -> EvaluationRow:
    one = row_for(reader(request), row_id, at=timezone.now())
    if one is None:
        raise Http404
    return one
