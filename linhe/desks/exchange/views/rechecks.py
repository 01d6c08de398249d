"""Re-check of all applications of a province: asked for by a button, done in the background, told as a table."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.live import live_token
from linhe.core.loop.pages import number_in, reader, signed_in, text_in
from linhe.core.places.models import Place
from linhe.desks.exchange import services
from linhe.desks.exchange.jobs import recheck_province
from linhe.desks.exchange.queries import rechecks
from linhe.desks.exchange.queries.cases import provinces_of
from linhe.desks.exchange.views.rulebook import day_in
from linhe.lib.working_calendar import local_date


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recheck(request: HttpRequest) -> HttpResponse:
    """The last re-check of one of the reader's provinces; POST asks for another, by the rules of ``on``."""
    places = provinces_of(reader(request), at=timezone.now())
    sent = number_in(request.POST if request.method == "POST" else request.GET, "place")
    place = next((p for p in places if p.pk == sent), places[0] if places and sent is None else None)
    if place is None:
        raise Http404
    if request.method == "POST":
        return _begun(request, place)
    found = rechecks.rechecks_of(place)
    chosen = next((one for one in found if one.pk == number_in(request.GET, "recheck")), found[0] if found else None)
    context: dict[str, Any] = {
        "place": place, "places": places, "rechecks": found, "chosen": chosen, "today": local_date(timezone.now()),
        "live_token": live_token([f"a:{place.pk}"]),
    }  # fmt: skip
    if chosen is not None and chosen.done_at is not None:
        rule = text_in(request.GET, "rule", 60)
        page = rechecks.differences_page(chosen, rule=rule, before=number_in(request.GET, "before"))
        context |= {
            "rule": rule, "tallied": rechecks.tallied(chosen), "differing": rechecks.differing_cases(chosen),
            "rows": rechecks.shown(list(page.rows)), "next_before": page.next_before,
        }  # fmt: skip
    return render(request, "exchange/recheck.html", context)


def _begun(request: HttpRequest, place: Place) -> HttpResponse:
    now = timezone.now()
    day = day_in(text_in(request.POST, "on", 10)) or local_date(now)
    with transaction.atomic():  # the job with what it is to do, or neither
        begun = services.begin_recheck(place, day, by=reader(request), at=now)
        if begun.at == now:
            recheck_province.defer(recheck_id=begun.pk)
    return HttpResponseRedirect(f"{reverse('exchange:recheck')}?place={place.pk}&recheck={begun.pk}")
