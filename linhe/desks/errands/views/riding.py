"""The courier's pages: on and off duty, the route, what lies on the way, points."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.core.points.queries import balance, statement
from linhe.desks.errands import queries, services
from linhe.desks.errands.loop import COURIER
from linhe.desks.errands.services import OwnStop
from linhe.desks.errands.views.common import is_courier, map_link
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

HOURS = (2, 4, 6, 8)
OWN_STOPS = 3
OWN_STOP_SERVICE_S = 120
MOST_PLACES = 500


@signed_in
@require_safe
def courier(request: HttpRequest) -> HttpResponse:
    """Everything a courier needs while riding, the most pressing first."""
    return _page(request)


@signed_in
@require_POST
def go_on_duty(request: HttpRequest) -> HttpResponse:
    """Come on duty from a place or from where the phone is, with the stops of one's own work."""
    account, now = reader(request), timezone.now()
    try:
        lat, lng = _start(request)
        end = _point(text_in(request.POST, "end", 32))
        hours = number_in(request.POST, "hours") or HOURS[-1]
        services.start_shift(
            courier=account, at=now, lat=lat, lng=lng, end=end, stops=_own_stops(request, now),
            until_at=now + timedelta(hours=min(hours, HOURS[-1])),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, refused=refused)
    say(request, "已上岗，顺路的单会告诉您。", "You are on duty. We tell you what lies on your way.")
    return HttpResponseRedirect(reverse("errands:courier"))


@signed_in
@require_POST
def go_off_duty(request: HttpRequest) -> HttpResponse:
    """Go off duty, unless something is still to be delivered."""
    try:
        services.end_shift(courier=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, refused=refused)
    say(request, "已收工，辛苦了。", "You are off duty. Thank you for today.")
    return HttpResponseRedirect(reverse("errands:courier"))


@signed_in
@require_POST
def passed(request: HttpRequest, stop_id: int) -> HttpResponse:
    """One of the courier's own stops is done."""
    try:
        services.pass_stop(courier=reader(request), stop_id=stop_id, at=timezone.now())
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return HttpResponseRedirect(reverse("errands:courier") + "#route")


@signed_in
@require_POST
def position(request: HttpRequest) -> HttpResponse:
    """Where the phone is now; only the last position is kept, and only on duty."""
    point = _sent_point(request)
    if point is None:
        return HttpResponse(status=422)
    services.update_position(courier=reader(request), lat=point[0], lng=point[1], at=timezone.now())
    return HttpResponse(status=204)


@signed_in
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """What the courier has earned, entry by entry."""
    account = reader(request)
    page = statement(account, before=number_in(request.GET, "before"))
    context = {"balance": balance(account), "page": page, "rides": is_courier(account)}
    return render(request, "errands/points.html", context)


def _page(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    if not is_courier(account):
        return render(request, "errands/no_courier.html", status=403)
    shift = queries.shift_of(account)
    route = queries.my_route(account, at=now)
    hands = queries.in_hand(account)
    views = queries.details_for(account, hands, at=now)
    context = {
        "shift": shift,
        "over": shift is not None and shift.until_at <= now,
        "route": route,
        "way_link": map_link(route.stops[0].lat, route.stops[0].lng) if route and route.stops else "",
        "offers": [(card, queries.because(card.detour, card.reasons)) for card in queries.offers_to(account, at=now)],
        "hands": [(view, queries.told_to_courier(view, at=now)) for view in views],
        "on_way": [(card, queries.because(card.detour, card.reasons)) for card in queries.on_my_way(account, at=now)],
        "balance": balance(account),
        "refused": refused,
        "places": [] if shift else _places(account, now),
        "hours": HOURS,
        "own_rows": range(1, OWN_STOPS + 1),
        "sent": request.POST,
        "key": key_of(request),
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "errands/courier.html", context, status=refused.status if refused else 200)


def _places(account: Account, now: datetime) -> list[Place]:
    """Where a courier may start: compounds of the district, or whatever of it has coordinates."""
    district = next((p.place.district_id for p in posts_of(account, at=now) if p.role == COURIER), None)
    rows = Place.objects.filter(district=district, lat__isnull=False).select_related("parent").order_by("code")
    for kind in ("compound", "community", "building"):
        if found := list(rows.filter(kind=kind)[:MOST_PLACES]):
            return found
    return []


def _start(request: HttpRequest) -> tuple[float, float]:
    point = _sent_point(request) or _point(text_in(request.POST, "start", 32))
    if point is None:
        text = Text("请选择从哪里出发，或用手机定位。", "Choose where you start, or let the phone find you.")
        raise Refused("invalid", text, status=422, details={"start": str(text)})
    return point


def _sent_point(request: HttpRequest) -> tuple[float, float] | None:
    try:
        lat, lng = float(request.POST.get("lat", "")), float(request.POST.get("lng", ""))
    except ValueError:
        return None
    return (lat, lng) if -90 <= lat <= 90 and -180 <= lng <= 180 else None


def _point(code: str) -> tuple[float, float] | None:
    place = Place.objects.filter(code=code, lat__isnull=False, lng__isnull=False).first() if code else None
    return (place.lat, place.lng) if place and place.lat is not None and place.lng is not None else None


def _own_stops(request: HttpRequest, now: datetime) -> list[OwnStop]:
    """The stops of one's own work that were filled in, in the order of their times."""
    found = []
    for n in range(1, OWN_STOPS + 1):
        place = Place.objects.filter(code=text_in(request.POST, f"stop{n}", 32), lat__isnull=False).first()
        if place is not None and place.lat is not None and place.lng is not None:
            planned_at = _today_at(request.POST.get(f"time{n}", ""), now)
            found.append(OwnStop(place.lat, place.lng, place.name, planned_at=planned_at, service_s=OWN_STOP_SERVICE_S))
    return sorted(found, key=lambda s: s.planned_at or now + timedelta(days=1))


def _today_at(clock: str, now: datetime) -> datetime | None:
    """``14:30`` as the next such moment in Shanghai, None when nothing sensible was typed."""
    try:
        hour, minute = (int(part) for part in clock.split(":")[:2])
        moment = now.astimezone(SHANGHAI).replace(hour=hour, minute=minute, second=0, microsecond=0)
    except (ValueError, OverflowError):
        return None
    return moment if moment > now else moment + timedelta(days=1)
