"""The organiser's pages: publish, the screen with the code, the list of who is here, walk-ins, the end."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop import registry
from linhe.core.loop.access import allowed_actions, can
from linhe.core.loop.acting import begin
from linhe.core.loop.forms import data_of, form_for
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff, organisations_of
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop import ACTIVITY
from linhe.desks.volunteering.loop.activities import DONE, PUBLISHED
from linhe.desks.volunteering.loop.roles import ORGANISER, PARTNER, STAFF
from linhe.desks.volunteering.models import ActivityDetail
from linhe.desks.volunteering.queries import activities as found
from linhe.desks.volunteering.queries.reach import below, places_read
from linhe.desks.volunteering.services import code_now, open_for_arrivals
from linhe.desks.volunteering.views.activities import activity_or_404
from linhe.desks.volunteering.views.common import place_sent, said, status_of
from linhe.lib.qr import svg


@signed_in
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Announce an activity at one of the places of one's posts."""
    account, now = reader(request), timezone.now()
    places = _places(account)
    if not places:
        raise PermissionDenied
    action, refused = ACTIVITY.action("publish"), None
    if request.method == "POST":
        try:
            outcome = begin(
                "activity", "publish", by=account, place=place_sent(request),
                data=data_of(registry.schema_of(ACTIVITY, action), request.POST), key=key_of(request), at=now,
            )  # fmt: skip
            said(request, outcome, "活动已发布。", "The activity is published.")
            return HttpResponseRedirect(reverse("volunteering:activity", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    form = form_for(
        ACTIVITY, action, sent=request.POST if refused else None, errors=refused.details if refused else None
    )
    del form.fields["organisation"]
    context = {
        "layout": "console.html" if is_staff(account, at=now) else "phone.html",
        "places": places,
        "organisations": organisations_of(account, at=now),
        "chosen": text_in(request.POST, "where", 32),
        "form": form,
        "refused": refused,
        "key": key_of(request),
    }
    return render(request, "volunteering/publish.html", context, status=status_of(refused))


@signed_in
@require_safe
def run(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Who is on the list, who is here, and everything that the organiser does."""
    return page(request, _run_or_404(request, activity_id))


@signed_in
@require_safe
def screen(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The code as a number and as a picture, large, for a screen that everyone sees. It renews itself."""
    one = _run_or_404(request, activity_id)
    now = timezone.now()
    open_ = one.matter.stage == PUBLISHED and open_for_arrivals(one, at=now)
    context: dict[str, Any] = {
        "card": found.card_of(one),
        "matter": one.matter,
        "open": open_,
        "counted": found.counted(one),
    }
    if open_:
        code, left = code_now(one, at=now)
        address = request.build_absolute_uri(reverse("volunteering:activity", args=[one.pk]) + f"?code={code}#arrive")
        context |= {"code": code, "left": left, "qr": svg(address)}
    return render(request, "volunteering/screen.html", context)


def page(
    request: HttpRequest, one: ActivityDetail, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    """The organiser's page, with what was refused."""
    account, now = reader(request), timezone.now()
    if not can(account, ACTIVITY.action("tick"), one.matter, at=now):
        raise Http404
    forms = {}
    for code in ("finish", "call_off", "strike"):
        again = refused if refused_code == code else None
        forms[code] = form_for(
            ACTIVITY,
            ACTIVITY.action(code),
            sent=request.POST if again else None,
            errors=again.details if again else None,
        )
        forms[code].auto_id = f"id_{code}_%s"
    del forms["strike"].fields["sign_up_id"]
    people = found.attendees(one)
    unpaid = sum(person.unpaid and person.by_hand for person in people)
    may_vouch = any(action.code == "vouch" for action in allowed_actions(account, one.matter, at=now))
    context = {
        "layout": "console.html" if is_staff(account, at=now) else "phone.html",
        "card": found.card_of(one),
        "matter": one.matter,
        "people": people,
        "unpaid": unpaid,
        "vouches": unpaid and may_vouch and one.matter.handler_id != account.pk,
        "counted": found.counted(one),
        "open": one.matter.stage == PUBLISHED,
        "arrivals": one.matter.stage == PUBLISHED and open_for_arrivals(one, at=now),
        "strikes": one.matter.stage == DONE and can(account, ACTIVITY.action("strike"), one.matter, at=now),
        "begun": now >= one.starts_at,
        "finish": forms["finish"],
        "call_off": forms["call_off"],
        "strike": forms["strike"],
        "refused": refused,
        "refused_code": refused_code,
        "phone": text_in(request.POST, "phone", 20) if refused_code == "walk_in" else "",
        "key": key_of(request),
        "live_token": live_token([f"m:{one.pk}"]),
    }
    return render(request, "volunteering/run.html", context, status=status_of(refused))


def _run_or_404(request: HttpRequest, activity_id: int) -> ActivityDetail:
    """Whoever does not run it gets the same answer as for one that does not exist."""
    one = activity_or_404(activity_id)
    if not can(reader(request), ACTIVITY.action("tick"), one.matter, at=timezone.now()):
        raise Http404
    return one


def _places(account: Account) -> list[Place]:
    reach = places_read(account, at=timezone.now(), roles=(*STAFF, ORGANISER, PARTNER))
    return list({p.pk: p for place in reach for p in below(place)}.values())
