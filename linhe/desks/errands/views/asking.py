"""Asking for help: the menu of services, where, when, what, for whom; then one look at it all before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import ValidationError

from linhe.core.loop import registry
from linhe.core.loop.access import can
from linhe.core.loop.live import live_token
from linhe.core.loop.messages import plain_errors
from linhe.core.loop.pages import key_of, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.codes import account_of_phone
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of, principals_of
from linhe.core.places.models import Place
from linhe.desks.errands import queries, services
from linhe.desks.errands.loop import ERRAND
from linhe.desks.errands.queries import Service
from linhe.desks.errands.schemas import RequestErrand
from linhe.desks.errands.views import drafts
from linhe.desks.errands.views.common import works_for_community
from linhe.desks.errands.views.times import slot_of, slots
from linhe.lib.text import Text

MOST_PIECES = 8
MOST_TYPED = 1000
"""What is longer is cut before the loop says how long it may be."""
MOST_FOUND = 60
RECENT = 5
UNKNOWN_PERSON = Text(
    "没有用这个号码登记的居民，可以不填。", "Nobody registered with this number; you may leave it empty."
)


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, for whom and to where: what the page is filled with before anything is typed."""

    account: Account
    service: Service
    whom: Account
    principals: list[Account]
    place: Place | None
    behalf: bool


@signed_in
@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """The services to choose from, with what is under way above them."""
    account, now = reader(request), timezone.now()
    behalf = "behalf" in request.GET and works_for_community(account)
    running = [] if behalf else list(queries.errands_of(account, at=now, open_only=True).rows)
    views = queries.details_for(account, running, at=now)
    return render(
        request,
        "errands/menu.html",
        {
            "behalf": behalf,
            "layout": "console.html" if behalf else "phone.html",
            "running": [(view, queries.told_to_asker(view, at=now)) for view in views],
            "tiles": [(service, _address_of(service, behalf)) for service in queries.menu(at=now)],
            "live_token": live_token([f"u:{account.pk}", *(f"m:{matter.pk}" for matter in running)]),
        },
    )


@signed_in
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All my errands, newest first."""
    account, now = reader(request), timezone.now()
    page = queries.errands_of(account, at=now, before=number_in(request.GET, "before"))
    return render(request, "errands/history.html", {"page": page})


@signed_in
@require_safe
def choose_place(request: HttpRequest) -> HttpResponse:
    """Where to: search by name, or walk down from the community to the building."""
    account = reader(request)
    service = queries.service_of(request.GET.get("service", ""), at=timezone.now())
    sought = text_in(request.GET, "q", 40)
    inside = Place.objects.filter(code=text_in(request.GET, "in", 32)).select_related("parent").first()
    inside = inside or _start_of(account)
    found: list[Place] = []
    if sought:
        rows = Place.objects.filter(Q(name__icontains=sought) | Q(address__icontains=sought))
        rows = rows.filter(kind__in=["compound", "building"]).select_related("parent")
        found = list((rows.filter(district=inside.district_id) if inside else rows).order_by("code")[:MOST_FOUND])
    elif inside is not None:
        found = list(inside.children.exclude(kind__in=["unit", "grid"]).order_by("code"))
    else:
        found = list(Place.objects.filter(kind="district").order_by("code")[:MOST_FOUND])
    return render(
        request,
        "errands/place.html",
        {
            "kept": {name: request.GET[name] for name in ("service", "for", "behalf") if name in request.GET},
            "query": _query(request.GET, "for", "behalf"),
            "service": service.code if service else "",
            "inside": inside,
            "found": found,
            "sought": sought,
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, service_code: str) -> HttpResponse:
    """The form of one service. ``step=check`` shows everything once more, ``step=send`` asks for it."""
    service = queries.service_of(service_code, at=timezone.now())
    if service is None:
        raise Http404
    if not service.here:
        return _elsewhere(request, service)
    ask = _ask(request, service)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    if step == "home":
        return _to_home(request, ask)
    if step not in ("check", "send"):
        return _form(request, ask, kept=drafts.take(request, service.code))
    now = timezone.now()
    data, errors = _data(request, ask, at=now)
    beneficiary, fault = _beneficiary(request, ask)
    errors |= fault
    if errors or ask.place is None:
        return _form(request, ask, errors=errors)
    if step == "check":
        return _form(request, ask, data=data)
    try:
        outcome = services.raise_errand(
            by=ask.account, place=ask.place, data=data, at=now, key=key_of(request), beneficiary=beneficiary
        )
    except Refused as refused:
        return _form(request, ask, errors=refused.details, refused=refused)
    if not outcome.repeated:
        say(request, "已下单，正在找人。", "Sent. We are looking for someone.")
    if ask.behalf:
        return HttpResponseRedirect(reverse("web:matter", args=[outcome.matter.pk]))
    return HttpResponseRedirect(reverse("errands:errand", args=[outcome.matter.pk]))


def _form(
    request: HttpRequest,
    ask: Ask,
    *,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
    data: dict[str, Any] | None = None,
    kept: QueryDict | None = None,
) -> HttpResponse:
    """The form with what was typed, now or (``kept``) before; with ``data`` the same as a summary to confirm."""
    now = timezone.now()
    sent = kept or request.POST
    pieces = number_in(sent, "load")
    choices = slots(at=now, place_code=ask.place.code if ask.place else "")
    chosen = next((s for s in choices if s.code == sent.get("slot")), choices[0])
    pickups = _pickups(ask, at=now)
    context = {
        "ask": ask,
        "service": ask.service,
        "layout": "console.html" if ask.behalf else "phone.html",
        "query": _query(request.GET, "for", "behalf"),
        "slots": choices,
        "chosen": chosen,
        "pickups": pickups,
        "pickup": next((p for p in pickups if p[0] == sent.get("pickup")), None),
        "pieces": range(1, MOST_PIECES + 1),
        "load": pieces if pieces is not None else ask.service.load,
        "door": sent.get("door") or (ask.whom.door if not ask.behalf and "door" not in request.POST else ""),
        "sent": sent,
        "errors": errors or {},
        "wrong": bool(errors or refused),
        "refused": refused,
        "key": str(uuid4()) if refused and refused.code == "key_reused" else key_of(request),
        "checked": data,
    }
    template = "errands/check.html" if data is not None else "errands/new.html"
    return render(request, template, context, status=refused.status if refused else 422 if errors else 200)


def _to_home(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Lead somebody who has no home here yet to set it, and back to this form with all that was typed."""
    drafts.keep(request, ask.service.code)
    query = QueryDict(mutable=True)
    query["next"] = request.get_full_path()
    return HttpResponseRedirect(f"{reverse('me_home')}?{query.urlencode()}")


def _ask(request: HttpRequest, service: Service) -> Ask:
    account, now = reader(request), timezone.now()
    principals = list(Account.objects.filter(pk__in=principals_of(account, at=now), is_active=True).order_by("pk"))
    wanted = number_in(request.GET, "for")
    whom = next((one for one in principals if one.pk == wanted), account)
    behalf = "behalf" in request.GET and works_for_community(account)
    code = text_in(request.GET, "place", 32)
    place = Place.objects.select_related("parent").filter(code=code).first() if code else None
    if place is None and not behalf and whom.home_id:
        place = Place.objects.select_related("parent").get(pk=whom.home_id)
    if behalf and place is not None and not can(account, ERRAND.action("request_for"), place, at=now):
        place = None
    return Ask(account, service, whom, principals, place, behalf)


def _data(request: HttpRequest, ask: Ask, *, at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed as data for the loop, and what is wrong with it, field by field."""
    sent, errors = request.POST, {}
    slot = slot_of(sent.get("slot", ""), at=at, place_code=ask.place.code if ask.place else "")
    if slot is None:
        errors["slot"] = str(Text("请选一个时间。", "Please choose a time."))
    if ask.place is None:
        errors["place"] = str(Text("请选择送到哪里。", "Please choose where to."))
    load = number_in(sent, "load")
    data: dict[str, Any] = {
        "service": ask.service.code, "door": text_in(sent, "door", MOST_TYPED),
        "note": text_in(sent, "note", MOST_TYPED),
        "load": ask.service.load if load is None else load, "urgent": slot is not None and slot.urgent,
    }  # fmt: skip
    if slot is not None and slot.earliest_at is not None:
        data |= {"earliest_at": slot.earliest_at.isoformat()}
    if slot is not None and slot.latest_at is not None:
        data |= {"latest_at": slot.latest_at.isoformat()}
    if ask.service.pickup:
        data |= {"pickup_name": text_in(sent, "pickup_name", MOST_TYPED)} | next(
            (p[2] for p in _pickups(ask, at=at) if p[0] == sent.get("pickup")), {}
        )
        if "pickup_code" in data and not data["pickup_name"]:
            data["pickup_name"] = Place.objects.get(code=data["pickup_code"]).name
    try:
        RequestErrand.model_validate(data)
    except ValidationError as fault:
        errors |= plain_errors(fault)
    return data, errors


def _pickups(ask: Ask, *, at: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    """Where things can be fetched: places of earlier errands of the same people, then compounds around the door."""
    if not ask.service.pickup:
        return []
    found: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for name, lat, lng in queries.pickups_of(ask.whom, most=RECENT) if not ask.behalf else []:
        label = str(Text(f"上次的：{name}", f"As before: {name}"))
        found[f"was:{name}"] = (f"was:{name}", label, {"pickup_name": name, "pickup_lat": lat, "pickup_lng": lng})
    if ask.place is not None and ask.place.district_id:
        for place in queries.pickup_places_near(ask.place):
            found[place.code] = (
                place.code,
                str(Text(place.name, place.name_en or place.name)),
                {"pickup_code": place.code},
            )
    return list(found.values())


def _beneficiary(request: HttpRequest, ask: Ask) -> tuple[Account | None, dict[str, str]]:
    """For whom: a principal, or the resident whose number the community worker typed."""
    if not ask.behalf:
        return (ask.whom if ask.whom.pk != ask.account.pk else None), {}
    phone = text_in(request.POST, "phone", 20)
    if not phone:
        return None, {}
    found = account_of_phone(phone)
    return (found, {}) if found is not None else (None, {"phone": str(UNKNOWN_PERSON)})


def _elsewhere(request: HttpRequest, service: Service) -> HttpResponse:
    """A service of another desk: to its page when the desk exists, otherwise whom to turn to."""
    if address := _desk_address(service):
        return HttpResponseRedirect(address)
    return render(request, "errands/elsewhere.html", {"service": service})


def _address_of(service: Service, behalf: bool) -> str:
    if not service.here and (address := _desk_address(service)):
        return address
    return reverse("errands:new", args=[service.code]) + ("?behalf=1" if behalf else "")


def _desk_address(service: Service) -> str:
    """The first page that the service's desk offers to residents, empty while there is no such desk."""
    desk = next((d for d in registry.desks() if d.code == service.desk), None)
    return next((item.url for item in desk.menu if "resident" in item.who), "") if desk else ""


def _start_of(account: Account) -> Place | None:
    """Where the walk to a building begins: the community of one's home, or the place of one's post."""
    if account.home is not None:
        return account.home.community or account.home.district
    post = next(iter(posts_of(account, at=timezone.now())), None)
    return post.place if post else None


def _query(sent: QueryDict, *names: str) -> str:
    """The named parts of a query, to hand on."""
    kept = QueryDict(mutable=True)
    for name in names:
        if name in sent:
            kept.setlist(name, sent.getlist(name))
    return kept.urlencode()
