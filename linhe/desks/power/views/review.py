"""After a run: figures, the replay on a timeline, findings that become matters, and all of it as a PDF."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, matter_or_404, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import posts_of
from linhe.core.runsheets.queries import told_sheet
from linhe.desks.power.loop import FINDING, POWER_EVENT
from linhe.desks.power.loop.roles import DISPATCHER, SUPERVISOR
from linhe.desks.power.queries.diagram import draw
from linhe.desks.power.queries.outages import outage_of
from linhe.desks.power.queries.review import compared, findings_of, late_items, replay
from linhe.desks.power.schemas.event import SCENES
from linhe.desks.power.views.report import report_pdf
from linhe.lib.text import Text


@signed_in
@require_safe
def review(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The review of a run, at any time: what is over by now. ``?n=`` is the frame of the replay."""
    return _page(request, matter_or_404(request, matter_id, POWER_EVENT.code))


@signed_in
@require_safe
def report(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The review as a PDF."""
    matter = matter_or_404(request, matter_id, POWER_EVENT.code)
    try:
        content = report_pdf(outage_of(matter), at=timezone.now())
    except Refused as refused:
        return _page(request, matter, refused=refused)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="power-{matter.pk}.pdf"'
    return answer


@signed_in
@require_POST
def find(request: HttpRequest, matter_id: int) -> HttpResponse:
    """A finding becomes a matter of its own below the run."""
    matter = matter_or_404(request, matter_id, POWER_EVENT.code)
    if not _leads(request, matter):
        raise Http404
    data = {"outage": matter.pk, "step": text_in(request.POST, "step", 4), "words": text_in(request.POST, "words", 400)}
    try:
        begin(
            FINDING.code, "find", by=reader(request), place=matter.place, data=data, key=key_of(request),
            at=timezone.now(), parent=matter,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, matter, refused=refused)
    say(request, "已登记为整改事项。", "Registered: it is a matter of its own now.")
    return HttpResponseRedirect(reverse("power:review", args=[matter_id]) + "#findings")


def _page(request: HttpRequest, matter: Matter, *, refused: Refused | None = None) -> HttpResponse:
    now, outage = timezone.now(), outage_of(matter)
    told = told_sheet(matter.run_sheet, at=now, place_code=matter.place.code)
    items = list(told.sheet.items.order_by("seq"))
    shown = replay(outage, told.sheet, items, number=number_in(request.GET, "n"))
    title = Text(f"{outage.feeder.name}接线图回放", f"Replay of {outage.feeder.name_en}")
    plan = outage.plan
    context: dict[str, Any] = {
        "matter": matter,
        "outage": outage,
        "scene": dict(SCENES)[outage.scene],
        "told": told,
        "compared": compared(outage, told.sheet, at=now),
        "late": late_items(told),
        "replay": shown,
        "last": len(shown.frames) - 1,
        "drawing": draw(shown.net, title=title),
        "phased": shown.net.phased,
        "words": shown.words,
        "findings": findings_of(outage),
        "steps": sorted({(item.step, str(item.text)) for item in items if not item.part}),
        "finds": _leads(request, matter),
        "plan": plan,
        "restored": round(100 * plan.served_w / plan.total_w, 1) if plan and plan.total_w else None,
        "refused": refused,
        "sent": request.POST if refused else {},
        "key": str(uuid4()),
    }
    return render(request, "power/review.html", context, status=refused.status if refused else 200)


def _leads(request: HttpRequest, matter: Matter) -> bool:
    held = posts_of(reader(request), at=timezone.now())
    return any(post.role in (DISPATCHER, SUPERVISOR) and post.place.contains(matter) for post in held)
