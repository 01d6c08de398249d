"""Emergency accesses wait for a second person; the key of a utility is made here, too."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter, Particular
from linhe.core.loop.pages import doings, holds, key_of, reader, say, signed_in, text_in, version_of
from linhe.core.loop.queries import newest_first
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place, within
from linhe.desks.care import services
from linhe.desks.care.loop import DISTRICT, GLASS, STREET
from linhe.desks.care.models import MeterSource
from linhe.lib.masking import mask_name

SHOWN = 40
FINDINGS = ("find_proper", "find_abuse")


@signed_in
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Emergency accesses of my territory: those that wait first."""
    return _page(request)


@signed_in
@require_POST
def review(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Find it proper or abusive, with a word why."""
    account = _reviewer(request)
    matter = next((m for m in _accesses(account) if m.pk == matter_id), None)
    if matter is None or action not in FINDINGS:
        raise Http404
    try:
        act(
            matter, action, by=account, data={"words": text_in(request.POST, "words", 400)}, key=key_of(request),
            version=version_of(request.POST), at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, refused=refused, refused_id=matter_id, refused_code=action)
    say(request, "复核已记下，本人会收到消息。", "Noted; the person is told.")
    return HttpResponseRedirect(reverse("care:reviews"))


def _page(
    request: HttpRequest, *, refused: Refused | None = None, refused_id: int = 0, refused_code: str = ""
) -> HttpResponse:
    account = _reviewer(request)
    rows, matters, posts = [], _accesses(account), posts_of(account, at=timezone.now())
    words: dict[int, list[str]] = {matter.pk: [] for matter in matters}
    for kept in Particular.objects.filter(event__matter__in=matters).select_related("event").order_by("event__seq"):
        words[kept.event.matter_id].append(kept.value)
    for matter in matters:
        mine = matter.pk == refused_id
        can = doings(
            request, matter, refused=refused if mine else None, refused_code=refused_code if mine else "", posts=posts
        )
        said = words[matter.pk]
        who = mask_name(matter.handler.name) if matter.handler else ""
        rows.append((matter, who, said, [can[code] for code in FINDINGS if code in can]))
    return render(
        request, "care/reviews.html", {"rows": rows, "refused": refused}, status=refused.status if refused else 200
    )


def _accesses(account: Account) -> list[Matter]:
    found: list[Matter] = []
    for place in _places(account, STREET, DISTRICT):
        here = Matter.objects.filter(within(place), kind=GLASS.code).select_related("place", "handler")
        waiting = here.filter(closed_at__isnull=True)
        found += newest_first(waiting, few=True)[:SHOWN]
        found += newest_first(here.filter(closed_at__isnull=False))[:SHOWN]
    return list({matter.pk: matter for matter in found}.values())


def _reviewer(request: HttpRequest) -> Account:
    account = reader(request)
    if not holds(account, STREET, DISTRICT):
        raise PermissionDenied
    return account


def _places(account: Account, *roles: str) -> list[Place]:
    return [post.place for post in posts_of(account, at=timezone.now()) if post.role in roles]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def meters(request: HttpRequest) -> HttpResponse:
    """Utilities that may send readings; a new key is shown once, on this answer only."""
    account, now = reader(request), timezone.now()
    districts = _places(account, DISTRICT)
    if not districts:
        raise PermissionDenied
    key, refused = "", None
    if request.method == "POST":
        try:
            if source := MeterSource.objects.filter(pk=_number(request), district__in=districts).first():
                services.end_source(source=source, by=account, at=now)
                return HttpResponseRedirect(reverse("care:meters"))
            _, key = services.make_source(
                name=text_in(request.POST, "name", 40), district=districts[0], by=account, at=now
            )
        except Refused as caught:
            refused = caught
    sources = MeterSource.objects.filter(district__in=districts).order_by("ended_at", "-pk")[:SHOWN]
    context = {"sources": sources, "key": key, "refused": refused, "sent": request.POST}
    return render(request, "care/meters.html", context, status=refused.status if refused else 200)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("end", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
