"""Lists of matters behind a figure: by place, kind, stage and state, paged by key."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import reader, signed_in
from linhe.core.loop.queries import page_of
from linhe.core.people.queries import is_staff
from linhe.core.places.models import Place
from linhe.lib.text import Text
from linhe.web.numbers import key_in

STATES = {
    "all": Text("全部", "All"),
    "open": Text("正在办", "Under way"),
    "late": Text("已超时", "Late"),
    "urgent": Text("加急", "Urgent"),
    "closed": Text("已办结", "Closed"),
}
UNDER_WAY = ("open", "late", "urgent")


@signed_in
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The matters that a figure counts, as far as the reader may read them."""
    account, now = reader(request), timezone.now()
    state = request.GET.get("state", "all")
    state = state if state in STATES else "all"
    place = _place(request)
    rows = visible_to(account, at=now, place=place).filter(_in_state(state, now)).select_related("place")
    rows = _of_kind(rows, request)
    context = {
        "page": page_of(rows, before=key_in(request, "before"), few=state in UNDER_WAY),
        "place": place,
        "state": state,
        "states": [(code, name, _query(request, code)) for code, name in STATES.items()],
        "layout": "console.html" if is_staff(account, at=now) else "phone.html",
    }
    return render(request, "matters.html", context)


def _place(request: HttpRequest) -> Place | None:
    code = request.GET.get("place", "")
    if not code:
        return None
    place = Place.objects.filter(code=code[:32]).first()
    if place is None:
        raise Http404
    return place


def _in_state(state: str, now: object) -> Q:
    return {
        "open": Q(closed_at__isnull=True),
        "late": Q(closed_at__isnull=True, due_at__lt=now),
        "urgent": Q(closed_at__isnull=True, urgent=True),
        "closed": Q(closed_at__isnull=False),
    }.get(state, Q())


def _of_kind(rows: QuerySet[Matter], request: HttpRequest) -> QuerySet[Matter]:
    kind = next((k for k in registry.kinds() if k.code == request.GET.get("kind")), None)
    if kind is None:
        return rows
    rows = rows.filter(kind=kind.code)
    stage = next((s for s in kind.stages if s.code == request.GET.get("stage")), None)
    return rows.filter(stage=stage.code) if stage else rows


def _query(request: HttpRequest, state: str) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    query["state"] = state
    return "?" + query.urlencode()
