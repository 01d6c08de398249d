"""The page behind the link of an anonymous report: where it stands, and two answers. The link is the only key."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, say, text_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.desks.reports import queries, services
from linhe.desks.reports.loop.report import CONFIRMED, LAPSED, SOLVED
from linhe.desks.reports.queries import told_of, trail_of

ACTIONS = {"confirm": "confirm_linked", "reopen": "reopen"}


@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """See how it goes; once it is said to be solved, confirm it or send it back."""
    matter = _matter(token)
    if request.method != "POST":
        return _page(request, matter, token)
    action = ACTIONS.get(request.POST.get("answer", ""))
    if action is None:
        return _page(request, matter, token, refused=invalid({}))
    data = {"words": text_in(request.POST, "words", 500)} if action == "reopen" else None
    try:
        services.answer_by_link(matter=matter, action=action, data=data, at=timezone.now(), key=key_of(request))
    except Refused as refused:
        return _page(request, _matter(token), token, refused=refused)
    say(request, "已收到您的答复。", "Your answer is noted.")
    return HttpResponseRedirect(reverse("reports:link", args=[token]))


@never_cache
@require_safe
def link_photo(request: HttpRequest, token: str, photo_id: int) -> FileResponse:
    """A photo of an anonymous report or of its result, for who holds the link."""
    view = queries.report_view(_matter(token), reader=None, at=timezone.now())
    photo = next((p for p in (*view.photos, *view.result_photos) if p.pk == photo_id), None)
    if photo is None:
        raise Http404
    return FileResponse(photo.file.open("rb"), headers={"Content-Type": "image/webp"})


def _matter(token: str) -> Matter:
    matter = queries.matter_of_link(token)
    if matter is None:
        raise Http404
    return matter


def _page(request: HttpRequest, matter: Matter, token: str, *, refused: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    view = queries.report_view(matter, reader=None, at=now)
    context = {
        "matter": matter,
        "view": view,
        "token": token,
        "address": request.build_absolute_uri(reverse("reports:link", args=[token])),
        "told": told_of(view, at=now),
        "trail": trail_of(matter),
        "answers": matter.stage == SOLVED,
        "again": matter.stage in (CONFIRMED, LAPSED),
        "refused": refused,
        "words": text_in(request.POST, "words", 500),
        "key": key_of(request),
    }
    return render(request, "reports/link.html", context, status=refused.status if refused else 200)
