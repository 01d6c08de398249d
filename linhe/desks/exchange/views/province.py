"""The province's dashboard: figures of a year, each with the cases behind it; prices below the appraisal."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.pages import number_in, reader, signed_in
from linhe.core.places.models import Place
from linhe.desks.exchange.queries import province as figures
from linhe.desks.exchange.queries.cases import provinces_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

YEARS = 4


@signed_in
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of one of the reader's provinces."""
    place, span, context = _asked(request)
    page = figures.chains(place, before=number_in(request.GET, "before"))
    context |= {
        "counts": figures.counts(place, span),
        "rules": figures.by_rule(place, span),
        "used": figures.time_used(place, span),
        "chains": figures.with_listings(page.rows),
        "next_before": page.next_before,
        "draws": figures.draws(place),
    }
    return render(request, "exchange/province.html", context)


@signed_in
@require_safe
def behind(request: HttpRequest, what: str) -> HttpResponse:
    """The listings behind a figure: ``lodge`` and the like, ``time``, or ``rule-…``."""
    place, span, context = _asked(request)
    before = number_in(request.GET, "before")
    names = dict(figures.COUNTED)
    if what == "time":
        title = Text("审核用时，从长到短", "time used, longest first")
        context["slowest"] = figures.slowest(place, span)
    elif what in names:
        page, title = figures.cases_behind(place, span, what, before=before), names[what]
        context |= {"rows": page.rows, "next_before": page.next_before}
    elif what.startswith("rule-"):
        rule = what.removeprefix("rule-")
        page, title = figures.cases_of_rule(place, span, rule, before=before), _title(place, span, rule)
        context |= {"rows": page.rows, "next_before": page.next_before}
    else:
        raise Http404
    return render(request, "exchange/province_behind.html", context | {"title": title, "what": what})


def _asked(request: HttpRequest) -> tuple[Place, figures.Span, dict[str, Any]]:
    places = provinces_of(reader(request), at=timezone.now())
    sent = number_in(request.GET, "place")
    place = next((p for p in places if p.pk == sent), places[0] if places and sent is None else None)
    if place is None:
        raise Http404
    this_year = local_date(timezone.now()).year
    years = [this_year - back for back in range(YEARS)]
    year = number_in(request.GET, "year")
    span = figures.Span(year if year in years else this_year)
    return place, span, {"place": place, "places": places, "years": years, "year": span.year}


def _title(place: Place, span: figures.Span, rule: str) -> Text:
    found = next((row for row in figures.by_rule(place, span) if row["rule"] == rule), None)
    if found is None:
        raise Http404
    return Text(found["zh"], found["en"])
