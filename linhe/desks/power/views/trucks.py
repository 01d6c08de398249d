"""The registry of trucks, requests to neighbouring counties, and what their owners answer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, key_of, matter_or_404, number_in, reader, say, signed_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Post
from linhe.core.people.queries import posts_of
from linhe.desks.power.loop import POWER_EVENT, TRUCK_AID
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, TRUCK_OWNER
from linhe.desks.power.models import Truck, TruckAid
from linhe.desks.power.queries import fleet
from linhe.desks.power.queries.lists import open_events
from linhe.desks.power.views.stepping import take

MOST = 30


@signed_in
@require_safe
def trucks(request: HttpRequest) -> HttpResponse:
    """Requests first, then every truck: whose it is, what it gives, whether it can be asked for."""
    return _page(request)


@signed_in
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a neighbour's truck for an open event."""
    matter = matter_or_404(request, number_in(request.POST, "outage") or 0, POWER_EVENT.code)
    data = {"outage": matter.pk, "truck": number_in(request.POST, "truck") or 0}
    try:
        begin(
            TRUCK_AID.code, "ask", by=reader(request), place=matter.place, data=data, key=key_of(request),
            at=timezone.now(), parent=matter,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, refused=refused)
    say(request, "请求已发出，对方会收到通知。", "Asked: the owner gets a message.")
    return HttpResponseRedirect(reverse("power:trucks"))


@signed_in
@require_POST
def aid_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Answer a request, or take it a step further."""
    matter = matter_or_404(request, matter_id, TRUCK_AID.code)
    try:
        take(request, matter, action)
    except Refused as refused:
        return _page(request, refused=refused, refused_matter=matter.pk, refused_code=action)
    return HttpResponseRedirect(reverse("power:trucks"))


@signed_in
@require_POST
def ready(request: HttpRequest, truck_id: int) -> HttpResponse:
    """Its owner says whether a truck can go out."""
    held = posts_of(reader(request), at=timezone.now())
    owners = {p.organisation_id for p in held if p.role in (DISPATCHER, TRUCK_OWNER) and p.organisation_id}
    truck = Truck.objects.filter(pk=truck_id, owner__in=owners).first()
    if truck is None:
        raise Http404
    truck.ready = request.POST.get("ready") == "1"
    truck.save(update_fields=["ready"])
    say(request, "已更新。", "Updated.")
    return HttpResponseRedirect(reverse("power:trucks"))


def _page(
    request: HttpRequest, *, refused: Refused | None = None, refused_matter: int = 0, refused_code: str = ""
) -> HttpResponse:
    account, now = reader(request), timezone.now()
    posts = posts_of(account, at=now)
    here = next((p.place for p in posts if p.role in (*EVERYBODY, TRUCK_OWNER)), None)
    if here is None:
        raise Http404
    rows = visible_to(account, at=now).filter(kind=TRUCK_AID.code).order_by("-pk")
    aids = TruckAid.objects.filter(matter__in=list(rows.values_list("pk", flat=True)[:MOST]))
    found = list(aids.select_related("matter__place", "truck__owner", "outage__feeder").order_by("-matter"))
    asks = any(post.role == DISPATCHER for post in posts)
    context: dict[str, Any] = {
        "requests": [
            (one, _offered(request, one.matter, posts, refused, refused_matter, refused_code)) for one in found
        ],
        "registry": fleet.registry(here),
        "mine": {p.organisation_id for p in posts if p.role in (DISPATCHER, TRUCK_OWNER) and p.organisation_id},
        "events": open_events(account, at=now) if asks else [],
        "refused": refused,
        "sent": request.POST if refused else {},
        "key": str(uuid4()),
        "live_token": live_token([f"m:{one.pk}" for one in found] + [f"a:{here.pk}"]),
        "place": here,
    }
    return render(request, "power/trucks.html", context, status=refused.status if refused else 200)


def _offered(
    request: HttpRequest, matter: Matter, posts: list[Post], refused: Refused | None, refused_matter: int, code: str
) -> list[Any]:  # fmt: skip
    again = refused if matter.pk == refused_matter else None
    return list(doings(request, matter, refused=again, refused_code=code if again else "", posts=posts).values())
