"""What goes on where a resident lives, their petitions, and the public pages of bodies and resolutions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.forms import data_of, form_for
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import doings, key_of, number_in, reader, say, signed_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.councils import queries
from linhe.desks.councils.loop import PETITION
from linhe.desks.councils.models import Body
from linhe.desks.councils.schemas import RaisePetition
from linhe.desks.councils.views.common import body_or_404, choose, petition_or_404, resolution_or_404, step
from linhe.lib.text import Text

SAID = {
    "support": Text("已附议，谢谢您。", "You support it. Thank you."),
    "unsupport": Text("已撤回附议。", "You no longer support it."),
    "withdraw": Text("提议已撤回。", "The petition is withdrawn."),
    "adopt": Text("已列入议题。", "It is on the agenda."),
    "decline": Text("已答复提议人。", "The proposer has been told."),
    "object": Text(
        "异议已收到，公示暂停，会有人答复。", "Objection received; publicity is paused until it is answered."
    ),
    "confirm": Text("已确认办结，谢谢您。", "Confirmed. Thank you."),
    "redo": Text("已退回重办。", "Sent back to be done properly."),
    "finish": Text("已报办结，等确认。", "Reported; it waits for confirmation."),
    "dismiss": Text("异议已答复，公示继续。", "Answered; publicity goes on."),
    "uphold": Text("异议成立，已退回再议。", "Upheld; it goes back to the meeting."),
}
PROPOSED_AT = ("building", "compound", "community")
"""Where a resident may propose something."""


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Votes, meetings, petitions and resolutions of where the reader lives or sits."""
    account = reader(request)
    view = queries.nearby(account, at=timezone.now())
    context = {
        "view": view,
        "bodies": [(body, queries.KIND_NAMES[Body.Kind(body.kind)]) for body in view.bodies],
        "has_home": account.home is not None,
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "councils/home.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose something for the building, the compound or the community of one's home."""
    account = reader(request)
    places = _own_places(account)
    if not places:
        return render(request, "councils/no_home.html")
    refused = None
    if request.method == "POST":
        try:
            place = next((p for p in places if p.pk == number_in(request.POST, "place")), None)
            if place is None:
                raise invalid({"place": str(Text("请选择范围。", "Choose where it concerns."))})
            data = data_of(RaisePetition, request.POST)
            outcome = begin(
                PETITION.code, "raise", by=account, place=place, data=data, key=key_of(request), at=timezone.now()
            )  # fmt: skip
            say(
                request,
                "提议已发出，邻居附议够了就列入议题。",
                "Proposed. With enough supporters it goes on the agenda.",
            )
            return HttpResponseRedirect(reverse("councils:petition", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    form = form_for(
        PETITION, PETITION.action("raise"), sent=request.POST if refused else None,
        errors=refused.details if refused else None,
    )  # fmt: skip
    context = {
        "form": form,
        "places": places,
        "chosen": number_in(request.POST, "place") or places[-1].pk,
        "refused": refused,
        "key": request.POST.get("key", "") if refused and refused.code != "key_reused" else str(uuid4()),
    }
    return render(request, "councils/propose.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def petition(request: HttpRequest, matter_id: int) -> HttpResponse:
    """A petition: what, how many support it, and one large button."""
    return _petition(request, matter_id)


@signed_in
@require_POST
def petition_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Support, take it back, withdraw; or take it up or not."""
    detail = petition_or_404(request, matter_id)
    try:
        outcome = step(request, detail.matter, action)
    except Refused as refused:
        if refused.code == "supported_already":  # the second of two taps
            return HttpResponseRedirect(reverse("councils:petition", args=[matter_id]))
        return _petition(request, matter_id, refused=refused, code=action)
    if not outcome.repeated and action in SAID:
        say(request, SAID[action].zh, SAID[action].en)
    return HttpResponseRedirect(reverse("councils:petition", args=[matter_id]))


def _petition(
    request: HttpRequest, matter_id: int, *, refused: Refused | None = None, code: str = ""
) -> HttpResponse:  # fmt: skip
    detail = petition_or_404(request, matter_id)
    account = reader(request)
    matter = detail.matter
    can = doings(request, matter, refused=refused, refused_code=code)
    if "adopt" in can:
        here = Body.objects.filter(place__in=matter.place.ancestor_ids()).order_by("-place__code", "id")
        choose(can["adopt"].form, "body", [(str(body.pk), body.name) for body in here])
        if code != "adopt":
            can["adopt"].form.initial = {"title": detail.subject}
    lives = queries.lives_in(account, matter.place)
    context = {
        "detail": detail,
        "matter": matter,
        "lives_here": lives,
        "supports": queries.supports(account, detail),
        "can": can if lives else {c: d for c, d in can.items() if c not in ("support", "unsupport")},
        "percent": min(100, 100 * detail.supporters // detail.needed),
        "refused": refused,
        "key": str(uuid4()),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "councils/petition.html", context, status=refused.status if refused else 200)


@require_safe
def body(request: HttpRequest, body_id: int) -> HttpResponse:
    """The public page of a body: what it is and what it decided. It names no member."""
    found = body_or_404(body_id)
    page = queries.resolutions_of(found, before=number_in(request.GET, "before"))
    context = {"body": found, "kind": queries.KIND_NAMES[Body.Kind(found.kind)], "page": page}
    return render(request, "councils/body.html", context)


@require_safe
def resolution(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The public page of a resolution; who may do something finds it here."""
    return _resolution(request, matter_id)


@require_POST
def resolution_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Object, answer, report, confirm."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("councils:resolution", args=[matter_id]), settings.LOGIN_URL)
    detail = resolution_or_404(matter_id)
    try:
        outcome = step(request, detail.matter, action)
    except Refused as refused:
        return _resolution(request, matter_id, refused=refused, code=action)
    if not outcome.repeated and action in SAID:
        say(request, SAID[action].zh, SAID[action].en)
    return HttpResponseRedirect(reverse("councils:resolution", args=[matter_id]))


def _resolution(
    request: HttpRequest, matter_id: int, *, refused: Refused | None = None, code: str = ""
) -> HttpResponse:  # fmt: skip
    detail = resolution_or_404(matter_id)
    context: dict[str, Any] = {
        "detail": detail,
        "matter": detail.matter,
        "checks": queries.checks_of(detail.motion),
        "refused": refused,
        "can": {},
        "live_token": live_token([f"m:{matter_id}"]),
    }
    account = request.user
    if isinstance(account, Account):
        can = doings(request, detail.matter, refused=refused, refused_code=code)
        objected = queries.objected(account, detail.matter)
        if objected or not queries.lives_in(account, detail.matter.place):
            can.pop("object", None)
        context["answers"] = queries.answers(detail.matter) if objected else []
        context["can"] = can
        context["follows"] = queries.reads(account, detail.matter.place, at=timezone.now())
    return render(request, "councils/resolution.html", context, status=refused.status if refused else 200)


def _own_places(account: Account) -> list[Place]:
    """Where one may propose, the smallest first."""
    here: Place | None = account.home
    found = []
    while here is not None:
        if here.level in PROPOSED_AT:
            found.append(here)
        here = here.parent
    return found
