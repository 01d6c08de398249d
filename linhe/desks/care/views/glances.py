"""Couriers glance at buildings: a side of a building and three answers, whoever lives there, or nobody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.pages import holds, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.desks.care import services
from linhe.desks.care.models import Glance, Glancer
from linhe.desks.care.views.forms import SIDE_NAMES
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

ANSWERS = (
    ("open", Text("都拉开了", "all open"), "check"), ("closed", Text("有没拉开的", "some closed"), "close"),
    ("missed", Text("没路过", "not passed"), "undo"),
)  # fmt: skip


@signed_in
@require_safe
def glances(request: HttpRequest) -> HttpResponse:
    """Today's buildings."""
    account = reader(request)
    if not holds(account, "courier"):
        raise Http404
    today = Glance.objects.filter(courier=account, day=local_date(timezone.now()))
    rows = [(g, SIDE_NAMES[g.spot.side]) for g in today.select_related("spot__building__parent").order_by("pk")]
    context = {
        "rows": rows, "answers": ANSWERS, "willing": Glancer.objects.filter(courier=account).exists(),
        "done": all(g.answer for g, _ in rows) and bool(rows),
    }  # fmt: skip
    return render(request, "care/glances.html", context)


@signed_in
@require_POST
def willing(request: HttpRequest) -> HttpResponse:
    """Take part, or no longer."""
    if not holds(reader(request), "courier"):
        raise Http404
    services.be_willing(courier=reader(request), willing=request.POST.get("willing") == "yes", at=timezone.now())
    say(request, "记下了。", "Noted.")
    return HttpResponseRedirect(reverse("care:glances"))


@signed_in
@require_POST
def answer(request: HttpRequest, glance_id: int) -> HttpResponse:
    """What was seen; the same thanks for every answer."""
    try:
        services.answer_glance(
            courier=reader(request), glance_id=min(glance_id, 2**63 - 1), at=timezone.now(),
            answer=text_in(request.POST, "answer", 8),
        )  # fmt: skip
    except Refused as refused:
        if refused.status == 404:
            raise Http404 from None
        return HttpResponseRedirect(reverse("care:glances"))
    say(request, "谢谢您，注意安全。", "Thank you. Ride safely.")
    return HttpResponseRedirect(reverse("care:glances"))
