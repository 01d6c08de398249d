"""Services at the community: book a seat, or hold a session and note who came."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop import registry
from linhe.core.loop.acting import act, begin
from linhe.core.loop.forms import data_of
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, holds, key_of, matter_or_404, number_in, reader, say, signed_in, text_in
from linhe.core.loop.pages import version_of as version_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.care.loop import APPOINTMENT, HOSTS, OFFERED, SESSION
from linhe.desks.care.models import Session
from linhe.desks.care.queries import sessions as queries
from linhe.desks.care.views.forms import moment_in
from linhe.lib.masking import mask_name


@signed_in
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What can be booked, and what I have booked."""
    return _listed(request)


def _listed(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    cards = queries.bookable(queries.district_of(account, at=now), at=now, couriers=holds(account, "courier"))
    mine = queries.my_seats(account, at=now)
    taken = {seat.session_id for seat in mine}
    context = {
        "cards": [(card, card.session.pk in taken) for card in cards],
        "mine": [(seat, queries.slot_at(seat.session, seat.slot)) for seat in mine],
        "key": str(uuid4()), "refused": refused,
    }  # fmt: skip
    return render(request, "care/sessions.html", context, status=refused.status if refused else 200)


@signed_in
@require_POST
def book(request: HttpRequest, session_id: int) -> HttpResponse:
    """Book a seat, or a place on the waiting list when the slot is full."""
    now = timezone.now()
    found = Session.objects.filter(pk=min(session_id, 2**63 - 1), matter__stage=OFFERED)
    session = found.select_related("matter__place").first()
    if session is None:
        raise Http404
    try:
        outcome = begin(
            APPOINTMENT.code, "book", by=reader(request), place=session.matter.place, key=key_of(request), at=now,
            data={"session_id": session.pk, "slot": number_in(request.POST, "slot") or 0},
        )  # fmt: skip
    except Refused as refused:
        return _listed(request, refused=refused)
    if outcome.matter.stage == "waiting":
        say(request, "这一段满了，已为您候补。", "It is full; you are on the waiting list.")
    else:
        say(request, "约好了，到时会提醒您。", "Booked. You will be reminded.")
    return HttpResponseRedirect(reverse("care:sessions"))


@signed_in
@require_POST
def cancel(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Give one's own seat back."""
    matter = matter_or_404(request, matter_id, APPOINTMENT.code)
    try:
        act(matter, "cancel", by=reader(request), key=key_of(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.message))
    else:
        say(request, "已取消。", "Cancelled.")
    return HttpResponseRedirect(reverse("care:sessions"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """The sessions of my places, and a new one."""
    account, now, refused = reader(request), timezone.now(), None
    places = _host_places(account)
    if request.method == "POST":
        try:
            place = next((p for p in places if p.code == request.POST.get("place")), places[0])
            begin(SESSION.code, "offer", by=account, place=place, data=_offer(request), key=key_of(request), at=now)
            say(request, "已发布，可以预约了。", "Published and open for booking.")
            return HttpResponseRedirect(reverse("care:manage"))
        except Refused as caught:
            refused = caught
    context = {
        "cards": queries.sessions_at(places, at=now), "places": places, "services": queries.services(at=now),
        "sent": request.POST if refused else {}, "errors": refused.details if refused else {}, "refused": refused,
        "key": str(uuid4()),
    }  # fmt: skip
    return render(request, "care/manage.html", context, status=refused.status if refused else 200)


def _offer(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    starts = moment_in(sent, "day", "from")
    numbers = {name: text_in(sent, name, 4) for name in ("slots", "slot_minutes", "seats") if text_in(sent, name, 4)}
    return {
        "service": text_in(sent, "service", 40), "topic": text_in(sent, "topic", 60),
        "starts_at": starts or "", "couriers_only": "couriers_only" in sent, **numbers,
    }  # fmt: skip


@signed_in
@require_safe
def session(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Who booked, slot by slot, and who came."""
    return _session(request, _hosted(request, matter_id))


def _session(
    request: HttpRequest, found: Session, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    now = timezone.now()
    seats = [(seat, mask_name(seat.person.name), queries.slot_at(found, seat.slot)) for seat in queries.seats_of(found)]
    can = doings(request, found.matter, refused=refused, refused_code=refused_code)
    context = {
        "session": found, "matter": found.matter, "card": queries.cards([found], at=now)[0], "seats": seats,
        "can": can.values(), "key": str(uuid4()), "begun": now >= found.starts_at, "refused": refused,
    }  # fmt: skip
    return render(request, "care/session.html", context, status=refused.status if refused else 200)


@signed_in
@require_POST
def session_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Held, or called off."""
    found = _hosted(request, matter_id)
    declared = next((a for a in SESSION.actions if a.code == action and OFFERED in a.frm), None)
    if declared is None:
        raise Http404
    try:
        act(
            found.matter, action, by=reader(request), key=key_of(request), at=timezone.now(),
            version=version_in(request.POST), data=data_of(registry.schema_of(SESSION, declared), request.POST),
        )  # fmt: skip
    except Refused as refused:
        return _session(request, _hosted(request, matter_id), refused=refused, refused_code=action)
    say(request, "记下了。", "Noted.")
    return HttpResponseRedirect(reverse("care:session", args=[matter_id]))


@signed_in
@require_POST
def seat_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Came, or did not."""
    matter = matter_or_404(request, matter_id, APPOINTMENT.code)
    found = _hosted(request, matter.care_seat.session_id)
    if action not in ("attend", "no_show"):
        raise Http404
    try:
        act(matter, action, by=reader(request), key=key_of(request), at=timezone.now())
    except Refused as refused:
        return _session(request, found, refused=refused)
    return HttpResponseRedirect(reverse("care:session", args=[found.pk]))


def _host_places(account: Account) -> list[Place]:
    places = [post.place for post in posts_of(account, at=timezone.now()) if post.role in HOSTS]
    if not places:
        raise PermissionDenied
    return places


def _hosted(request: HttpRequest, matter_id: int) -> Session:
    places = _host_places(reader(request))
    matter: Matter = matter_or_404(request, min(matter_id, 2**63 - 1), SESSION.code)
    if not any(place.contains(matter) for place in places):
        raise Http404
    return Session.objects.select_related("matter__place").get(pk=matter.pk)
