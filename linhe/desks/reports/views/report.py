"""One report: for its own people the whole of it, for everyone else what the public may see."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import Doing, doings, key_of, matter_or_404, reader, say, signed_in, text_in, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.looks import CALLING
from linhe.desks.reports import queries, services
from linhe.desks.reports.loop import REPORT
from linhe.desks.reports.loop.report import CONFIRMED, LAPSED, SOLVED
from linhe.desks.reports.models import Following
from linhe.desks.reports.queries import told_of, trail_of
from linhe.desks.reports.services.callers import phone_to_call
from linhe.desks.reports.views.common import visitor
from linhe.lib.text import Text

ANSWERS = ("confirm", "reopen")
SAID = {
    "confirm": Text("谢谢您的确认。", "Thank you for confirming."),
    "reopen": Text("已退回继续办，负责的单位马上收到。", "It goes on; whoever is in charge is told at once."),
    "withdraw": Text("已撤回。", "Withdrawn."),
    "add": Text("已补充。", "Added."),
    "anonymise": Text("已改为匿名，以后谁也看不到是您报的。", "It is anonymous now; nobody sees that it was you."),
}


@never_cache
@require_safe
def report(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The page of a report; the same answer for what is not there and what is not theirs."""
    account = visitor(request)
    if account is not None:
        mine = visible_to(account, at=timezone.now()).filter(pk=matter_id, kind=REPORT.code)
        if mine.exists():
            return _page(request, matter_or_404(request, matter_id, REPORT.code))
    return _public_page(request, matter_id)


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take a step; a refusal shows the page again with everything that was typed."""
    matter = matter_or_404(request, matter_id, REPORT.code)
    declared = next((a for a in REPORT.actions if a.code == action), None)
    if declared is None:
        raise Http404
    try:
        outcome = act(
            matter, action, by=reader(request), data=data_of(registry.schema_of(REPORT, declared), request.POST),
            key=key_of(request), at=timezone.now(), version=version_of(request.POST),
            files=request.FILES.getlist("files"),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, matter_or_404(request, matter_id, REPORT.code), refused=refused, refused_code=action)
    if not outcome.repeated and action in SAID:
        say(request, SAID[action].zh, SAID[action].en)
    return HttpResponseRedirect(reverse("reports:report", args=[matter_id]))


@signed_in
@require_POST
def phone(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The number of whoever raised it, for the community, for a stated reason; they see who looked and what for."""
    matter, now = matter_or_404(request, matter_id, REPORT.code), timezone.now()
    reason = text_in(request.POST, "reason", 20)
    context: dict[str, Any] = {"matter": matter, "calling": CALLING.items()}
    try:
        context["number"] = phone_to_call(matter, reader=reader(request), reason=reason, at=now)
    except Refused as refused:
        return render(request, "reports/call.html", context | {"call_refused": refused}, status=refused.status)
    if not context["number"]:
        raise Http404
    return render(request, "reports/call.html", context | {"reason": CALLING[reason]})


@signed_in
@require_POST
def follow(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Hear how a public report goes, instead of reporting it again."""
    found = queries.public_report(matter_id, at=timezone.now())
    if found is None:
        raise Http404
    try:
        act(found.matter, "follow", by=reader(request), key=key_of(request), at=timezone.now())
    except Refused as refused:
        return _public_page(request, matter_id, refused=refused)
    say(request, "已关注，有进展会告诉您。", "You follow it and will hear how it goes.")
    return HttpResponseRedirect(reverse("reports:report", args=[matter_id]) + "?followed=1")


@signed_in
@require_POST
def unfollow(request: HttpRequest, matter_id: int) -> HttpResponse:
    """No longer hear of it."""
    matter = Matter.objects.filter(pk=matter_id, kind=REPORT.code).first()
    if matter is None or not services.unfollow(account=reader(request), matter=matter):
        raise Http404
    say(request, "已取消关注。", "You no longer follow it.")
    return HttpResponseRedirect(reverse("reports:home"))


@require_safe
def public_photo(request: HttpRequest, matter_id: int, photo_id: int) -> FileResponse:
    """A photo that a clerk let the public see."""
    found = queries.public_report(matter_id, at=timezone.now())
    photo = next((p for p in queries.public_photos(found) if p.pk == photo_id), None) if found else None
    if photo is None:
        raise Http404
    return FileResponse(
        photo.file.open("rb"), headers={"Cache-Control": "public, max-age=300", "Content-Type": "image/webp"}
    )


def _page(
    request: HttpRequest, matter: Matter, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    now = timezone.now()
    view = queries.report_view(matter, reader=reader(request), at=now)
    steps: dict[str, Doing] = doings(request, matter, refused=refused, refused_code=refused_code)
    context: dict[str, Any] = {
        "matter": matter,
        "view": view,
        "told": told_of(view, at=now),
        "trail": trail_of(matter),
        "answers": [steps[code] for code in ANSWERS if code in steps and matter.stage == SOLVED],
        "again": steps.get("reopen") if matter.stage in (CONFIRMED, LAPSED) else None,
        "others": [steps[code] for code in ("add", "withdraw", "anonymise") if code in steps and view.mine],
        "refused": refused,
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "reports/report.html", context, status=refused.status if refused else 200)


def _public_page(request: HttpRequest, matter_id: int, *, refused: Refused | None = None) -> HttpResponse:
    now, account = timezone.now(), visitor(request)
    found = queries.public_report(matter_id, at=now)
    if found is None:
        raise Http404
    (view,) = queries.public_views([found], at=now)
    follows = account is not None and Following.objects.filter(matter=found.matter, account=account).exists()
    context = {
        "view": view,
        "photos": queries.public_photos(found),
        "trail": trail_of(found.matter),
        "follows": follows,
        "followed": follows and "followed" in request.GET,
        "key": key_of(request),
        "refused": refused,
    }
    return render(request, "reports/public_report.html", context, status=refused.status if refused else 200)
