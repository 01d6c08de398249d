"""Reporting: one page with photos, category, place and words; it also works on a bad network and without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop.models import Matter
from linhe.core.loop.pages import holds, key_of, say, text_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.codes import account_of_phone
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.core.places.stickers import place_of_sticker
from linhe.desks.reports import queries, services
from linhe.desks.reports.queries import Near
from linhe.desks.reports.services import point_of
from linhe.desks.reports.views.common import (
    address_of,
    place_in,
    places_around,
    places_like,
    point_in,
    visitor,
    whole_name,
)
from linhe.lib.text import Text

MOST_TYPED = 6000
HOW = ("named", "private", "unnamed")
CLERKS = ("community_worker", "grid_worker")


@dataclass(frozen=True, slots=True)
class Ask:
    """Who reports, and where they may mean: what the page is filled with before anything is typed."""

    account: Account | None
    behalf: bool
    fixed: Place | None
    token: str
    near: list[Place]


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form. ``step=find`` looks for a place and keeps what was typed, ``step=send`` reports it."""
    ask = _ask(request)
    if request.method != "POST":
        return _form(request, ask)
    if request.POST.get("step") == "find":
        sought = text_in(request.POST, "q", 40)
        return _form(request, ask, found=places_like(sought, district_id=_district(ask)) if sought else [])
    try:
        place = _place(request, ask)
        near = _similar(request, place)
        if near and not request.POST.get("seen") and (request.POST.get("refill") or not request.FILES):
            return _form(request, ask, similar=near, status=409)
        outcome = _send(request, ask, place)
    except Refused as refused:
        return _form(request, ask, refused=refused)
    address = _address(outcome.matter, ask)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"url": address, "repeated": outcome.repeated}, status=201)
    if not outcome.repeated:
        say(request, "已收到，马上转给负责的单位。", "Received; it goes to whoever is in charge.")
    return HttpResponseRedirect(address)


@require_safe
@cache_control(max_age=60)
def offline(request: HttpRequest) -> HttpResponse:
    """The same form without anybody: what the device keeps for the time without a network."""
    request.user = AnonymousUser()
    return _form(request, Ask(None, False, None, "", []), shell=True)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Places for what is being typed, or around a tap on the map; they are no secret."""
    point, sought = point_in(request.GET), text_in(request.GET, "q", 40)
    account = visitor(request)
    district_id = account.home.district_id if account and account.home else None
    found = places_around(*point) if point else places_like(sought, district_id=district_id) if sought else []
    return render(request, "reports/_places.html", {"found": _named(found), "sought": sought or point})


@require_safe
def similar(request: HttpRequest) -> HttpResponse:
    """What is open near by, of the same category: to follow instead."""
    place = place_in(request.GET)
    near = _near(request.GET, place)
    return render(request, "reports/_similar.html", {"similar": _shown(near)})


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Which category a text sounds like."""
    found = queries.suggested(text_in(request.GET, "words", 300), at=timezone.now())
    return JsonResponse({"code": found.code if found else "", "name": str(found.name) if found else ""})


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that lets this page open without a network; its address gives it the scope ``/reports/``."""
    return render(request, "reports/sw.js", content_type="text/javascript; charset=utf-8")


def _ask(request: HttpRequest) -> Ask:
    account = visitor(request)
    behalf = account is not None and "behalf" in request.GET and holds(account, *CLERKS)
    token = text_in(request.GET, "at", 80) or text_in(request.POST, "at", 80)
    fixed = _place_of(token) if token else None
    near: list[Place] = []
    if account is not None and account.home is not None and not behalf:
        near = [account.home.parent if account.home.kind == "unit" and account.home.parent else account.home]
    return Ask(account, behalf, fixed, token if fixed else "", near)


def _place_of(token: str) -> Place | None:
    """The place of a label; a forged one is as good as none, and the form asks where."""
    try:
        return place_of_sticker(token)
    except Refused:
        return None


def _place(request: HttpRequest, ask: Ask) -> Place:
    place = ask.fixed or place_in(request.POST)
    point = point_in(request.POST)
    if place is None and point is not None:
        place = services.place_at(lat=point[0], lng=point[1], at=timezone.now())
    if place is None:
        raise invalid({"place": str(Text("请选一个地点。", "Please choose a place."))})
    return place


def _send(request: HttpRequest, ask: Ask, place: Place) -> Any:
    sent, now = request.POST, timezone.now()
    how = sent.get("how") if sent.get("how") in HOW else "unnamed" if ask.account is None else "named"
    if ask.account is None and how != "unnamed":
        text = Text("登录后才能留名；不登录请选匿名。", "Sign in to leave your name, or report anonymously.")
        raise invalid({"how": str(text)})
    data: dict[str, Any] = {
        "category": text_in(sent, "category", 40), "words": text_in(sent, "words", MOST_TYPED),
        "spot": text_in(sent, "spot", 200), "private": how == "private",
        "source": _source(ask, unnamed=how == "unnamed"),
    }  # fmt: skip
    if not data["category"]:
        raise invalid({"category": str(_which(data["words"]))})
    if point := point_in(sent):
        data |= {"lat": point[0], "lng": point[1]}
    return services.raise_report(
        by=None if how == "unnamed" and not ask.behalf else ask.account, place=place, data=data, at=now,
        key=key_of(request), files=request.FILES.getlist("files"), behalf=ask.behalf,
        beneficiary=None if how == "unnamed" else _beneficiary(request, ask), address=address_of(request),
    )  # fmt: skip


def _which(words: str) -> Text:
    found = queries.suggested(words, at=timezone.now())
    if found is None:
        return Text("请选一个类别。", "Please choose a category.")
    return Text(f"请选一个类别。听起来像「{found.name.zh}」。", f"Please choose one. It sounds like “{found.name.en}”.")


def _source(ask: Ask, *, unnamed: bool) -> str:
    """By which way it came; of who reports without a name not even that they are a courier."""
    if ask.behalf:
        return "phone"
    if ask.token or unnamed:
        return "qr" if ask.token else "page"
    posts = posts_of(ask.account, at=timezone.now()) if ask.account else []
    return "courier" if any(post.role == "courier" for post in posts) else "page"


def _beneficiary(request: HttpRequest, ask: Ask) -> Account | None:
    """The resident for whom a clerk writes it down, when they gave a number. Without a name nobody is looked up."""
    phone = text_in(request.POST, "phone", 20)
    if not ask.behalf or not phone:
        return None
    found = account_of_phone(phone)
    if found is None:
        text = Text("没有用这个号码登记的居民，可以不填。", "Nobody registered with this number; leave it empty.")
        raise invalid({"phone": str(text)})
    return found


def _address(matter: Matter, ask: Ask) -> str:
    if ask.behalf:
        return reverse("web:matter", args=[matter.pk])
    if matter.concerns_id is None:
        return reverse("reports:link", args=[queries.link_of(matter)])
    return reverse("reports:report", args=[matter.pk])


def _similar(request: HttpRequest, place: Place) -> list[Near]:
    return _near(request.POST, place)


def _near(sent: QueryDict, place: Place | None) -> list[Near]:
    category, point = text_in(sent, "category", 40), point_in(sent)
    if not category or (place is None and point is None):
        return []
    if point is None:
        assert place is not None
        point = point_of(place)
    code = place.code if place else ""
    return queries.similar_near(category=category, lat=point[0], lng=point[1], at=timezone.now(), place_code=code)[:3]


def _shown(near: list[Near]) -> list[tuple[Any, int]]:
    views = queries.public_views([one.report for one in near], at=timezone.now())
    return [(view, round(one.distance_m)) for view, one in zip(views, near, strict=True)]


def _district(ask: Ask) -> int | None:
    return ask.near[0].district_id if ask.near else None


def _named(found: list[Place]) -> list[tuple[str, str, float | None, float | None]]:
    return [(place.code, whole_name(place), place.lat, place.lng) for place in found]


def _form(
    request: HttpRequest,
    ask: Ask,
    *,
    refused: Refused | None = None,
    found: list[Place] | None = None,
    similar: list[Near] | None = None,
    status: int = 200,
    shell: bool = False,
) -> HttpResponse:
    now, sent = timezone.now(), request.POST
    chosen = place_in(sent) or place_in(request.GET)
    offered = list({p.code: p for p in [*([chosen] if chosen else []), *(found or []), *ask.near]}.values())
    context = {
        "ask": ask,
        "layout": "console.html" if ask.behalf else "phone.html",
        "categories": queries.categories(at=now),
        "category": sent.get("category") or request.GET.get("category", ""),
        "offered": _named(offered),
        "chosen": chosen.code if chosen else offered[0].code if offered and found is None else "",
        "nothing_found": found == [] and bool(sent.get("q")),
        "sent": sent,
        "how": sent.get("how") or ("named" if ask.account else "unnamed"),
        "errors": refused.details if refused else {},
        "refused": refused,
        "similar": _shown(similar or []),
        "seen": bool(sent.get("seen") or similar),
        "key": str(uuid4()) if shell or (refused and refused.code == "key_reused") else key_of(request),
        "shell": shell,
        "owner": queries.owner_mark(ask.account),
    }
    return render(request, "reports/new.html", context, status=refused.status if refused else status)
