"""Organisations that serve here, what they offer, and the needs that wait for them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from linhe.core.loop.access import can
from linhe.core.loop.acting import begin
from linhe.core.loop.pages import key_of, matter_or_404, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop import CHECK_IN
from linhe.desks.volunteering.loop.roles import ORGANISER, PARTNER, READERS, STAFF
from linhe.desks.volunteering.queries.reach import below, places_read
from linhe.desks.volunteering.queries.serving import (
    needs_under_way,
    needs_waiting,
    organisations_in_reach,
    serving_at,
)
from linhe.desks.volunteering.schemas.choices import THEMES
from linhe.desks.volunteering.views.common import person_sent, place_sent, said, staff_place, status_of, take
from linhe.lib.text import Text

MAY_LOOK = (*READERS, ORGANISER, PARTNER)


@signed_in
@require_http_methods(["GET", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """Who serves here; check an organisation or a member in; needs with who offers what."""
    refused = None
    if not places_read(reader(request), at=timezone.now(), roles=MAY_LOOK):
        raise PermissionDenied
    if request.method == "POST":
        try:
            return _check_in(request)
        except Refused as refusal:
            refused = refusal
    return _page(request, refused)


@signed_in
@require_POST
def match(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Match a need with an organisation."""
    matter = matter_or_404(request, matter_id, "need")
    try:
        outcome = take(request, matter, "match", {"organisation": text_in(request.POST, "organisation", 40)})
    except Refused as refused:
        return _page(request, refused)
    said(request, outcome, "已对接，等待服务。", "Matched; the service comes next.")
    return HttpResponseRedirect(reverse("volunteering:organisations"))


def _check_in(request: HttpRequest) -> HttpResponse:
    step = "enrol" if request.POST.get("step") == "enrol" else "check_in_organisation"
    data: dict[str, Any] = {"organisation": text_in(request.POST, "organisation", 40)}
    more: dict[str, Any] = {}
    if step == "enrol":
        more["beneficiary"] = person_sent(request)
    else:
        data["offers"] = request.POST.getlist("offers")
    place = place_sent(request)
    outcome = begin(
        "check_in", step, by=reader(request), place=place, data=data, key=key_of(request), at=timezone.now(), **more
    )
    said(request, outcome, "已报到。", "Checked in.")
    return HttpResponseRedirect(reverse("volunteering:organisations"))


def _page(request: HttpRequest, refused: Refused | None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    _, places, place = staff_place(request, roles=MAY_LOOK)
    staff = bool(places_read(account, at=now, roles=STAFF))
    reads = bool(places_read(account, at=now))
    context = {
        "layout": "console.html" if reads else "phone.html",
        "places": places,
        "place": place,
        "serving": serving_at(place),
        "needs": needs_waiting(place) if reads else [],
        "under_way": needs_under_way(place) if reads else [],
        "checks_in": can(account, CHECK_IN.action("check_in_organisation"), place, at=now),
        "enrols": can(account, CHECK_IN.action("enrol"), place, at=now),
        "organisations": organisations_in_reach(account, place, at=now, staff=staff),
        "where": _options(below(place), text_in(request.POST, "where", 32)),
        "themes": [(code, name) for code, name in THEMES],
        "sent": request.POST,
        "offered": request.POST.getlist("offers"),
        "refused": refused,
        "word": refused.details and Text("请检查填写的内容。", "Please check what you typed.") if refused else None,
        "key": key_of(request),
    }
    return render(request, "volunteering/organisations.html", context, status=status_of(refused))


def _options(places: list[Place], chosen: str) -> SafeString:
    """The places as options, written once for both forms: a district has hundreds."""
    rows = (
        (one.code, mark_safe(" selected") if one.code == chosen else "", str(Text(one.name, one.name_en or one.name)))
        for one in places
    )
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)
