"""Pages of the 12345 clerk and of whoever answers: the list with its clocks, rates, export, hand on, the number."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.indicators.periods import PERIOD_NAMES, PERIODS, Period
from linhe.core.loop.acting import act
from linhe.core.loop.pages import (
    holds,
    key_of,
    matter_or_404,
    number_in,
    reader,
    say,
    signed_in,
    staff_only,
    text_in,
    version_of,
)
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.reports.loop import HOTLINE
from linhe.desks.reports.loop.hotline import CLERKS
from linhe.desks.reports.queries import hotline as queries
from linhe.desks.reports.queries.hotline import Asked
from linhe.desks.reports.services.callers import phone_shown
from linhe.lib.tables import write_csv, write_xlsx
from linhe.lib.text import Text

TABS = (
    ("open", Text("待答复", "To answer")), ("late", Text("已超时", "Late")),
    ("answered", Text("待回访", "To call back")),
    ("closed", Text("已办结", "Closed")), ("", Text("全部", "All")),
)  # fmt: skip
MORE_STATES = ("in_time", "out_of_time", "satisfied", "dissatisfied", "all_answered", "called_back")
BY_NAMES = {
    "organisation": Text("按单位", "By organisation"), "category": Text("按类别", "By category"),
    "place": Text("按地点", "By place"),
}  # fmt: skip
MOST_EXPORTED = 5000
FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}  # fmt: skip


@staff_only
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders that the reader may see, by tab and filters."""
    account, at = reader(request), timezone.now()
    asked, places = _asked(request, account)
    if "state" not in request.GET:
        asked = Asked("open", asked.category, asked.organisation, asked.place, asked.period)
    page = queries.orders_page(account, asked, at=at, before=number_in(request.GET, "before"))
    names = {one.code: one.name for one in queries.categories(at=at)}
    counts = queries.waiting(account, at=at)
    return render(
        request, "reports/hotline.html",
        {
            "rows": [(matter, names.get(matter.hotline.category, "")) for matter in page.rows], "page": page,
            "asked": asked, "place": asked.place, "places": places, "categories": queries.categories(at=at),
            "tabs": [(code, name, counts.get(code), _link(asked, state=code)) for code, name in TABS],
            "periods": [(code, PERIOD_NAMES[code]) for code in PERIODS], "clerk": holds(account, *CLERKS),
            "kept": _query(asked),
        },
    )  # fmt: skip


@staff_only
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """Raised, answered in time, satisfied: per company, category or place. Every figure opens its orders."""
    account, at = reader(request), timezone.now()
    asked, places = _asked(request, account)
    by = request.GET.get("by", "")
    by = by if by in queries.BY else "organisation"
    if "period" not in request.GET:
        asked = _with(asked, period="month")
    rows = queries.rates(account, Asked(period=asked.period, place=asked.place, category=asked.category), by, at=at)
    return render(
        request, "reports/hotline_rates.html",
        {
            "rows": [(rate, _opens(asked, by, rate.key)) for rate in rows], "by": by, "asked": asked,
            "place": asked.place, "places": places, "categories": queries.categories(at=at),
            "ways": [(code, name, f"?{_query(asked)}&by={code}") for code, name in BY_NAMES.items()],
            "periods": [(c, PERIOD_NAMES[c], f"?{_query(_with(asked, period=c))}&by={by}") for c in PERIODS[:-1]],
        },
    )  # fmt: skip


@staff_only
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The chosen orders with answer and result, for the hotline; never with the caller."""
    if form not in FORMS:
        raise Http404
    account, at = reader(request), timezone.now()
    asked, _ = _asked(request, account)
    found = queries.asked_orders(account, asked, at=at).order_by("-pk")[:MOST_EXPORTED]
    rows = queries.exported(found, at=at)
    head = list(rows[0]) if rows else ["工单编号"]
    table = [head, *(list(row.values()) for row in rows)]
    if form == "xlsx":
        content = write_xlsx({"12345": table})
    elif form == "csv":
        content = write_csv(table)
    else:
        content = json.dumps(rows, ensure_ascii=False).encode()
    answer = HttpResponse(content, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="12345.{form}"'
    return answer


@signed_in
@require_POST
def assign(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Hand an order on to another organisation, or back to the community."""
    matter, account = matter_or_404(request, matter_id, HOTLINE.code), reader(request)
    data = {"organisation": text_in(request.POST, "organisation", 40)}
    try:
        act(matter, "assign", by=account, data=data, key=key_of(request), version=version_of(request.POST))
        say(request, "已交办。", "Handed on.")
    except Refused as refused:
        if refused.status in (403, 404):
            raise Http404 from None
        messages.warning(request, next(iter(refused.details.values()), str(refused.message)))
    return HttpResponseRedirect(reverse("web:matter", args=[matter.pk]))


@signed_in
@require_POST
def phone(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The caller's number, for whoever calls back; if it is a resident's, they can see who looked."""
    matter, account = matter_or_404(request, matter_id, HOTLINE.code), reader(request)
    number = phone_shown(matter, reader=account, at=timezone.now())
    if not number:
        raise Http404
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "reports/_number.html" if partial else "reports/number.html",
                  {"number": number, "matter": matter})  # fmt: skip


def _asked(request: HttpRequest, account: Account) -> tuple[Asked, list[Place]]:
    """The filters of the address; a place counts when it lies in one of the reader's own."""
    sent, at = request.GET, timezone.now()
    own = list({post.place_id: post.place for post in posts_of(account, at=at)}.values())
    number = number_in(sent, "place")
    place = Place.objects.filter(pk=number).first() if number else None
    if place is not None and not any(where.contains(place) for where in own):
        raise Http404
    state = text_in(sent, "state", 20)
    if state not in dict(TABS) and state not in MORE_STATES:
        raise Http404
    period: Period = next((p for p in PERIODS if p == sent.get("period")), "all")
    return Asked(state, text_in(sent, "category", 40), text_in(sent, "organisation", 40), place, period), own


def _with(asked: Asked, **changed: str) -> Asked:
    kept = {name: getattr(asked, name) for name in ("state", "category", "organisation", "place", "period")}
    return Asked(**(kept | changed))


def _query(asked: Asked) -> str:
    given = {
        "state": asked.state, "category": asked.category, "organisation": asked.organisation,
        "place": asked.place.pk if asked.place else "", "period": asked.period if asked.period != "all" else "",
    }  # fmt: skip
    return urlencode({name: text for name, text in given.items() if text != "" or name == "state"})


def _link(asked: Asked, *, state: str) -> str:
    return f"{reverse('reports:hotline')}?{_query(_with(asked, state=state))}"


def _opens(asked: Asked, by: str, key: str) -> dict[str, str]:
    """Where each figure of a row leads: the list of the orders that it counts."""
    if by == "place":
        place = Place.objects.filter(code=key).first()
        narrowed = _with(asked, place=place) if place else asked  # type: ignore[arg-type]  # a place, not a text
    else:
        narrowed = _with(asked, **{by: key})
    states = ("", "in_time", "out_of_time", "satisfied", "all_answered", "called_back")
    return {state or "all": _link(narrowed, state=state) for state in states}
