"""The page on which people of the exchange declare their ties."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from linhe.core.loop.pages import key_of, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.exchange import services
from linhe.desks.exchange.loop.review import EXCHANGE
from linhe.desks.exchange.models import Tie
from linhe.desks.exchange.queries import lists
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ties(request: HttpRequest) -> HttpResponse:
    """What the reader declared, and a form to declare another."""
    account, now = reader(request), timezone.now()
    place = _place(request)
    refused = None
    if request.method == "POST":
        chosen = number_in(request.POST, "organisation")
        organisation = next((o for o in lists.institutions(place) if o.pk == chosen), None)
        try:
            if organisation is None:
                raise invalid({"organisation": str(Text("请选择机构。", "Choose an institution."))})
            services.declare_tie(
                account=account, organisation=organisation, words=text_in(request.POST, "words", 400), at=now
            )
        except Refused as refusal:
            refused = refusal
        else:
            say(request, "已申报，今后不能审核该机构的申请。", "Declared: you will not review this institution.")
            return HttpResponseRedirect(reverse("exchange:ties"))
    context = {
        "ties": lists.ties_of(account), "institutions": lists.institutions(place), "refused": refused,
        "sent": request.POST, "key": key_of(request), "today": local_date(now),
    }  # fmt: skip
    return render(request, "exchange/ties.html", context, status=refused.status if refused else 200)


@signed_in
@require_POST
def end(request: HttpRequest, tie_id: int) -> HttpResponse:
    """The tie is over."""
    tie = Tie.objects.filter(pk=tie_id, account=reader(request)).first()
    if tie is None:
        raise Http404
    services.end_tie(tie, at=timezone.now())
    say(request, "已登记：该关联今日结束。", "The tie ends today.")
    return HttpResponseRedirect(reverse("exchange:ties"))


def _place(request: HttpRequest) -> Place:
    held = [p.place for p in posts_of(reader(request), at=timezone.now()) if p.role in EXCHANGE]
    if not held:
        raise Http404
    return held[0]
