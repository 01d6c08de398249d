"""The observers' view of a run: clocks, the current step and its reason, the diagram, trucks, steps against their time.

Staff see it signed in; other counties by a signed link that shows the same and nothing else.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import matter_or_404, number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import posts_of
from linhe.core.runsheets.queries import ToldClock, told_sheet
from linhe.desks.power import services
from linhe.desks.power.loop import POWER_EVENT
from linhe.desks.power.loop.roles import DISPATCHER, SUPERVISOR
from linhe.desks.power.models import GuestLink, Outage
from linhe.desks.power.queries.diagram import draw, words_of
from linhe.desks.power.queries.fleet import on_duty, points
from linhe.desks.power.queries.links import link_of, links_of, token_of
from linhe.desks.power.queries.outages import outage_of
from linhe.desks.power.queries.review import compared
from linhe.desks.power.queries.standing import net_at
from linhe.desks.power.queries.why import why_now
from linhe.desks.power.schemas.event import SCENES
from linhe.lib.text import Text

MOST_NAMES = 2000


@signed_in
@require_safe
def wall(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The wall for those who may read the run; who leads it also invites counties."""
    return _wall(request, matter_or_404(request, matter_id, POWER_EVENT.code))


@signed_in
@require_safe
def wall_points(request: HttpRequest, matter_id: int) -> JsonResponse:
    """Trucks and the fault, for the map."""
    return _points(outage_of(matter_or_404(request, matter_id, POWER_EVENT.code)))


@signed_in
@require_POST
def invite(request: HttpRequest, matter_id: int) -> HttpResponse:
    """A link for each county that was named, one a line or separated by commas."""
    matter = _leads_or_404(request, matter_id)
    typed = text_in(request.POST, "counties", MOST_NAMES).replace("，", "\n").replace("、", "\n").replace(",", "\n")
    names = [Text(name.strip(), name.strip()) for name in typed.split("\n")]
    try:
        services.invite(outage_of(matter), names, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _wall(request, matter, refused=refused)
    say(request, "观摩链接已生成，请发给各县。", "The links are ready. Send them to the counties.")
    return HttpResponseRedirect(reverse("power:wall", args=[matter_id]) + "#guests")


@signed_in
@require_POST
def revoke(request: HttpRequest, matter_id: int) -> HttpResponse:
    """A link leads nowhere from now on."""
    matter = _leads_or_404(request, matter_id)
    link = GuestLink.objects.select_related("outage__matter").filter(
        pk=number_in(request.POST, "link") or 0, outage=matter.pk
    ).first()  # fmt: skip
    if link is None:
        raise Http404
    services.revoke(link, by=reader(request), at=timezone.now())
    say(request, f"{link.county}的链接已失效。", f"The link of {link.county_en or link.county} works no longer.")
    return HttpResponseRedirect(reverse("power:wall", args=[matter_id]) + "#guests")


@never_cache
@require_safe
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """The same wall for whoever has a link that works: read only, without names of people."""
    link = _link_or_404(token)
    services.note_visit(link, at=timezone.now())
    outage = link.outage
    context = _picture(outage, points_url=reverse("power:guest_points", args=[token]))
    return render(request, "power/wall.html", {**context, "guest": link})


@never_cache
@require_safe
def guest_points(request: HttpRequest, token: str) -> JsonResponse:
    """Trucks and the fault, for the map of a guest."""
    return _points(_link_or_404(token).outage)


def _wall(request: HttpRequest, matter: Matter, *, refused: Refused | None = None) -> HttpResponse:
    outage = outage_of(matter)
    leads = _leads(request, matter)
    context = _picture(outage, points_url=reverse("power:wall_points", args=[matter.pk]))
    links = links_of(outage)
    context |= {
        "leads": leads,
        "watching": sum(1 for link in links if link.first_seen_at),
        "invited": len(links),
        "links": [(link, request.build_absolute_uri(reverse("power:guest", args=[token_of(link)]))) for link in links]
        if leads
        else [],
        "refused": refused,
        "sent": request.POST if refused else {},
    }
    return render(request, "power/wall.html", context, status=refused.status if refused else 200)


def _picture(outage: Outage, *, points_url: str) -> dict[str, Any]:
    """What everybody who watches sees."""
    now, matter = timezone.now(), outage.matter
    told = told_sheet(matter.run_sheet, at=now, place_code=matter.place.code)
    items = list(told.sheet.items.order_by("seq"))
    net = net_at(outage, items, current=told.current.item if told.current else None)
    duty = on_duty(outage, items, at=now)
    title = Text(f"{outage.feeder.name}一次接线图", f"One-line diagram of {outage.feeder.name_en}")
    year = {one.clock.pk: one for one in compared(outage, told.sheet, at=now)}
    return {
        "matter": matter,
        "outage": outage,
        "scene": dict(SCENES)[outage.scene],
        "told": told,
        "clocks": [(one, _percent(one), year.get(one.clock.pk)) for one in told.clocks],
        "item": told.current.item if told.current else None,
        "why": why_now(told, outage),
        "drawing": draw(net, title=title),
        "phased": net.phased,
        "words": words_of(net),
        "duty": duty,
        "mapped": bool(points(duty, outage)),
        "points_url": points_url,
        "tiles": settings.TILES_URL,
        "now": now,
        "live_token": live_token([f"m:{matter.pk}"]),
    }


def _percent(one: ToldClock) -> int:
    """Of the limit, 100 at most."""
    return min(100, 100 * (one.elapsed_s or 0) // one.clock.limit_s)


def _points(outage: Outage) -> JsonResponse:
    items = list(outage.matter.run_sheet.items.order_by("seq"))
    features = points(on_duty(outage, items, at=timezone.now()), outage)
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _link_or_404(token: str) -> GuestLink:
    link = link_of(token, at=timezone.now())
    if link is None:
        raise Http404
    return link


def _leads(request: HttpRequest, matter: Matter) -> bool:
    held = posts_of(reader(request), at=timezone.now())
    return any(post.role in (DISPATCHER, SUPERVISOR) and post.place.contains(matter) for post in held)


def _leads_or_404(request: HttpRequest, matter_id: int) -> Matter:
    matter = matter_or_404(request, matter_id, POWER_EVENT.code)
    if not _leads(request, matter):
        raise Http404
    return matter
