"""The staff's overview: figures of the year, rounds under way, compounds without one, cases of exit; companies."""

from __future__ import annotations

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.indicators.queries import Figure
from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.property.loop import ASSESSMENT, EXIT, STREET
from linhe.desks.property.queries import lists
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

FILTERS = (
    ("open", Text("在办", "under way"), ("scoring", "graded", "appealed", "rectifying", "rechecking")),
    ("rectifying", Text("整改复查", "being put right"), ("rectifying", "rechecking")),
    ("failed", Text("复查不合格", "failed again"), ("failed",)),
    ("all", Text("全部", "all"), ()),
)


@signed_in
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """The overview of one of the reader's places."""
    return _page(request)


@signed_in
@require_POST
def open_round(request: HttpRequest) -> HttpResponse:
    """Open this year's round in a compound of the list."""
    account, now = reader(request), timezone.now()
    place = Place.objects.filter(code=text_in(request.POST, "place", 32), kind="compound").first()
    if place is None or not any(p.role == STREET and p.place.contains(place) for p in posts_of(account, at=now)):
        raise Http404
    try:
        outcome = begin(
            "assessment", "open", by=account, place=place, data={"year": local_date(now).year}, key=key_of(request),
            at=now,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, refused=refused)
    say(request, "已发起考核，三方都会收到通知。", "The round is open; all three parties are told.")
    return HttpResponseRedirect(reverse("property:matter", args=[outcome.matter.pk]))


def _page(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    places = _places(account)
    place = next((p for p in places if p.pk == number_in(request.GET, "place")), places[0] if places else None)
    if place is None:
        raise Http404
    chosen = next((f for f in FILTERS if f[0] == request.GET.get("stage")), FILTERS[0])
    page = lists.rounds_page(account, place, at=now, stages=chosen[2], before=number_in(request.GET, "before"))
    year = local_date(now).year
    street = any(p.role == STREET for p in posts_of(account, at=now))
    waiting, waiting_total = lists.without_round(place, year, local_date(now)) if street else ([], 0)
    context = {
        "places": places,
        "place": place,
        "figures": _figures(place),
        "filters": [(code, name) for code, name, _ in FILTERS],
        "chosen": chosen[0],
        "rows": lists.round_rows(page.rows),
        "next_before": page.next_before,
        "exits": lists.exits_page(account, place, at=now),
        "waiting": [(contract, str(uuid4())) for contract in waiting],
        "waiting_total": waiting_total,
        "year": year,
        "refused": refused,
        "live_token": live_token([f"a:{place.pk}"]),
    }
    return render(request, "property/console.html", context, status=refused.status if refused else 200)


def _places(account: Account) -> list[Place]:
    """The places where the reader's posts read rounds or cases of exit from the staff's side."""
    reads = {*ASSESSMENT.reads, *EXIT.reads} - {"owners_committee"}
    posts = [p for p in posts_of(account, at=timezone.now()) if p.role in reads]
    return list({p.place_id: p.place for p in posts}.values())


def _figures(place: Place) -> list[tuple[Text, str | None, Text, Text, str]]:
    """Label, value, unit, what it was before, and where the events behind it are."""
    now = timezone.now()
    found = []
    for code in ("property.fees", "property.approval", "property.left"):
        compared = lists.year_compared(code, place, now)
        before = _shown(compared.before)
        href = reverse("web:behind", args=[place.code, code]) + "?period=year"
        measure = compared.figure.measure
        found.append(
            (measure.name, _shown(compared.figure), measure.unit,
             Text(f"去年 {before or '–'}", f"last year {before or '–'}"), href)
        )  # fmt: skip
    complaints = lists.complaints_compared(place, now)
    if complaints is not None:
        change = complaints.change_percent
        before = _shown(complaints.before)
        href = reverse("web:behind", args=[place.code, complaints.figure.measure.code]) + "?period=year"
        found.append(
            (
                Text("物业投诉，上季度同比", "complaints, last quarter on year"),
                None if change is None else f"{change:+d}", Text("%", "%"),
                Text(f"{before} → {_shown(complaints.figure)} 件", f"{before} → {_shown(complaints.figure)}"), href,
            )
        )  # fmt: skip
    return found


def _shown(figure: Figure) -> str | None:
    value = figure.value
    return None if value is None else f"{value:,.1f}".removesuffix(".0")
