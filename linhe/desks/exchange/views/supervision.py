"""The province's supervision: its cases, listings with risk flags, samples; each case has the shell's page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, number_in, reader, say, signed_in, text_in
from linhe.core.loop.queries import page_of
from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.exchange import services
from linhe.desks.exchange.loop.supervision import INSPECTION
from linhe.desks.exchange.queries.cases import cases_page, provinces_of, sides_of
from linhe.desks.exchange.queries.province import draws
from linhe.desks.exchange.queries.risks import flagged, flags_of, names_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

FINAL = tuple(stage.code for stage in INSPECTION.stages if stage.final)
FILTERS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("open", Text("在办", "under way"), tuple(s.code for s in INSPECTION.stages if not s.final)),
    ("correcting", Text("整改中", "being put right"), ("correcting", "corrected")),
    ("over", Text("已办结", "over"), FINAL),
    ("all", Text("全部", "all"), ()),
)


@signed_in
@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """The supervision cases of a province, for its supervisors and its exchange."""
    return _page(request)


@signed_in
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw the sample of a month."""
    province = _supervised(request)
    month = _month(text_in(request.POST, "month", 7))
    try:
        if month is None:
            raise Refused("no_month", Text("请选择月份。", "Choose a month."), status=422)
        drawn = services.draw_sample(province, *month, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, refused=refused, province=province)
    n, of = len(drawn.picks), len(drawn.frame)
    say(request, f"已从 {of} 件中抽取 {n} 件。", f"{n} of {of} were drawn.")
    return HttpResponseRedirect(f"{reverse('exchange:supervision')}?place={province.pk}")


@signed_in
@require_POST
def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case on a listing that carries a risk flag."""
    province = _supervised(request)
    data = {"listing_id": number_in(request.POST, "listing") or 0}
    try:
        outcome = begin(
            "inspection", "draw", by=reader(request), place=province, data=data, key=key_of(request), at=timezone.now()
        )
    except Refused as refused:
        if refused.code == "not_found":
            raise Http404 from None
        return _page(request, refused=refused, province=province)
    return HttpResponseRedirect(reverse("web:matter", args=[outcome.matter.pk]))


def _supervised(request: HttpRequest) -> Place:
    """The province of the form, when the reader supervises it."""
    held = provinces_of(reader(request), at=timezone.now())
    province = next((p for p in held if p.pk == number_in(request.POST, "place")), None)
    if province is None:
        raise Http404
    return province


def _page(request: HttpRequest, *, refused: Refused | None = None, province: Place | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    places = sides_of(account, at=now)
    sent = number_in(request.GET, "place")
    place = province or next((p for p in places if p.pk == sent), places[0] if places else None)
    if place is None:
        raise Http404
    supervises = place in provinces_of(account, at=now)
    chosen = next((f for f in FILTERS if f[0] == request.GET.get("stage")), FILTERS[0])
    page = cases_page(account, place, at=now, stages=chosen[2], before=number_in(request.GET, "before"))
    context: dict[str, Any] = {
        "place": place, "places": places, "supervises": supervises, "rows": page.rows, "next_before": page.next_before,
        "filters": [(code, name) for code, name, _ in FILTERS], "chosen": chosen[0], "refused": refused,
        "live_token": live_token([f"a:{place.pk}"]),
    }  # fmt: skip
    if supervises:
        risky = page_of(flagged(place, at=now), before=number_in(request.GET, "risky_before"), few=True)
        context |= {
            "flagged": [(one, names_of(flags_of(one)), str(uuid4())) for one in risky.rows],
            "flagged_before": risky.next_before,
            "draws": draws(place),
            "months": _months(local_date(now)),
            "key": str(uuid4()),
        }
    return render(request, "exchange/supervision.html", context, status=refused.status if refused else 200)


def _month(text: str) -> tuple[date, date] | None:
    """The half-open days of ``2026-03``."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first, (first + timedelta(days=31)).replace(day=1)


def _months(today: date) -> list[str]:
    """The twelve months before this one, newest first."""
    found, day = [], today.replace(day=1)
    for _ in range(12):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(f"{day:%Y-%m}")
    return found
