"""The first page of care: one huge button for whoever takes part; for others whom they look after."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import day_in, key_of, number_in, reader, say, signed_in, text_in, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of, purpose_of
from linhe.core.people.services import withdraw_consent
from linhe.desks.care import services
from linhe.desks.care.loop import ARRANGEMENT
from linhe.desks.care.models import Enrolment
from linhe.desks.care.queries.people import chief_of, enrolment_of
from linhe.desks.care.queries.records import looks_at, need_names, needs_of
from linhe.desks.care.queries.today import day_of, families, history, to_look
from linhe.desks.care.schemas import AWAY_REASONS
from linhe.desks.care.views.forms import SIDES, filled, rows_of, wish_of
from linhe.lib.masking import mask_name
from linhe.lib.working_calendar import local_date


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything of care that concerns the reader."""
    return _home(request)


@signed_in
@require_POST
def tap(request: HttpRequest) -> HttpResponse:
    """I am well."""
    try:
        outcome = services.tap(person=reader(request), at=timezone.now(), key=key_of(request))
    except Refused as refused:
        return _home(request, refused=refused)
    if outcome is None or outcome.matter.closed_at is not None:
        say(request, "收到，祝您今天愉快。", "Thank you. Have a good day.")
    else:
        say(request, "收到。已有人在路上，见到您就好。", "Thank you. Somebody is on the way and will see you.")
    return HttpResponseRedirect(reverse("care:home"))


def _home(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    enrolment = enrolment_of(account)
    context: dict[str, Any] = {
        "enrolment": enrolment,
        "day": day_of(enrolment, at=now, steps=True) if enrolment else None,
        "families": families(account, at=now),
        "to_look": to_look(account, at=now),
        "key": str(uuid4()),
        "refused": refused,
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "care/home.html", context, status=refused.status if refused else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Agree to a daily look-in, or change how one is looked after."""
    account, now, refused = reader(request), timezone.now(), None
    enrolment = enrolment_of(account)
    if account.home is None and enrolment is None:
        return render(request, "care/no_home.html")
    home = enrolment.home if enrolment and enrolment.home else account.home
    assert home is not None
    if request.method == "POST":
        try:
            wish = wish_of(request.POST, home, staff=False, before=enrolment)
            if enrolment:
                services.change(enrolment=enrolment, by=account, wish=wish, version=version_of(request.POST), at=now)
            else:
                services.enrol(person=account, by=account, wish=wish, how="self", at=now)
            say(request, "记下了。", "Noted.")
            return HttpResponseRedirect(reverse("care:mine" if enrolment else "care:home"))
        except Refused as caught:
            refused = caught
    sent: dict[str, Any] = request.POST.dict() if request.method == "POST" else {}
    if request.method != "POST":
        sent = filled(enrolment) if enrolment else {"door": account.door, "check_time": "09:00"}
    errors = refused.details if refused else {}
    context = {
        "enrolment": enrolment, "sent": sent, "errors": errors, "refused": refused, "home": home, "sides": SIDES,
        "contacts": rows_of(sent, errors), "purpose": purpose_of("daily_check", at=now),
    }  # fmt: skip
    return render(request, "care/join.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Who looks after me, who has read about me, when I am away, and the way out."""
    return _mine(request)


def _mine(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    enrolment = enrolment_of(account)
    if enrolment is None:
        return HttpResponseRedirect(reverse("care:home"))
    chief = chief_of(enrolment, at=now)
    context = {
        "enrolment": enrolment, "day": day_of(enrolment, at=now, steps=True), "history": history(enrolment),
        "neighbour": mask_name(enrolment.neighbour.name) if enrolment.neighbour else "",
        "chief": mask_name(chief.name) if chief else "", "contacts": enrolment.contacts.all(),
        "looks": looks_at(account), "reasons": AWAY_REASONS, "today": local_date(now), "refused": refused,
        "key": str(uuid4()),
    }  # fmt: skip
    return render(request, "care/mine.html", context, status=refused.status if refused else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """What I need help with: noted by my own wish, shown to those who come, and gone when I say so."""
    account, now, refused = reader(request), timezone.now(), None
    if account.home is None:
        return render(request, "care/no_home.html")
    if request.method == "POST":
        try:
            _change_needs(request, account)
            say(request, "记下了。", "Noted.")
            return HttpResponseRedirect(reverse("care:needs"))
        except Refused as caught:
            refused = caught
    noted = needs_of(account, at=now)
    context = {
        "noted": noted, "needs": need_names(at=now).items(), "refused": refused, "sent": request.POST,
        "chosen": request.POST.getlist("needs"), "purpose": purpose_of("health_needs", at=now),
    }  # fmt: skip
    return render(request, "care/needs.html", context, status=refused.status if refused else 200)


def _change_needs(request: HttpRequest, account: Account) -> None:
    now = timezone.now()
    if request.POST.get("do") == "withdraw":
        withdraw_consent(account=account, purpose="health_needs", at=now)
        return
    codes = [code.replace("\0", "")[:40] for code in request.POST.getlist("needs")[:20]]
    words = text_in(request.POST, "words", 200)
    services.note_needs(person=account, by=account, needs=dict.fromkeys(codes, words), at=now)


@signed_in
@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """Nobody is at home for some days: told by the person, or by the family that acts for them."""
    account, now = reader(request), timezone.now()
    enrolment = _enrolment_meant(request, account)
    first = day_in(request.POST, "first") or local_date(now)
    last = day_in(request.POST, "last")
    reason = text_in(request.POST, "reason", 12)
    reason = reason if reason in dict(AWAY_REASONS) else "other"
    try:
        services.pause(enrolment=enrolment, by=account, first=first, last=last, reason=reason, at=now)
    except Refused as refused:
        return _again(request, enrolment, account, refused)
    say(request, "记下了，这几天不打扰。", "Noted; nobody is asked to look on these days.")
    return HttpResponseRedirect(reverse("care:home"))


@signed_in
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """At home again."""
    account = reader(request)
    enrolment = _enrolment_meant(request, account)
    services.come_back(enrolment=enrolment, by=account, at=timezone.now())
    say(request, "欢迎回家，明早继续。", "Welcome home; it goes on tomorrow.")
    return HttpResponseRedirect(reverse("care:home"))


@signed_in
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take the consent back: everything stops at once."""
    account = reader(request)
    try:
        services.withdraw(person=account, by=account, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused.message))
        return HttpResponseRedirect(reverse("care:home"))
    say(request, "已停止，登记的内容已删去。", "Stopped, and what was noted is deleted.")
    return HttpResponseRedirect(reverse("care:home"))


@signed_in
@require_POST
def let_go(request: HttpRequest) -> HttpResponse:
    """Another neighbour, please: the one there is sees nothing more from now on."""
    account = reader(request)
    enrolment = enrolment_of(account)
    if enrolment is None:
        raise Http404
    try:
        begin(
            ARRANGEMENT.code, "let_go", by=account, place=enrolment.community, data={"seen": version_of(request.POST)},
            key=key_of(request), at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        return _mine(request, refused=refused)
    say(request, "记下了，社区会为您另找一位。", "Noted; the community looks for somebody else.")
    return HttpResponseRedirect(reverse("care:mine"))


@signed_in
@require_safe
def family(request: HttpRequest, person_id: int) -> HttpResponse:
    """Today of somebody whom the reader acts for; as much as that person allows."""
    account, now = reader(request), timezone.now()
    enrolment = _of_family(account, person_id)
    context = {
        "enrolment": enrolment, "day": day_of(enrolment, at=now, steps=enrolment.family_sees_steps),
        "reasons": AWAY_REASONS, "today": local_date(now), "live_token": live_token([f"u:{account.pk}"]),
        "key": str(uuid4()),
    }  # fmt: skip
    return render(request, "care/family.html", context)


def _of_family(account: Account, person_id: int) -> Enrolment:
    if person_id > 2**63 - 1 or person_id not in principals_of(account, at=timezone.now()):
        raise Http404
    found = enrolment_of(Account.objects.get(pk=person_id))
    if found is None:
        raise Http404
    return found


def _enrolment_meant(request: HttpRequest, account: Account) -> Enrolment:
    """One's own, or that of the person named by the family."""
    person_id = number_in(request.POST, "person")
    if person_id is not None and person_id != account.pk:
        return _of_family(account, person_id)
    found = enrolment_of(account)
    if found is None:
        raise Http404
    return found


def _again(request: HttpRequest, enrolment: Enrolment, account: Account, refused: Refused) -> HttpResponse:
    if enrolment.person_id == account.pk:
        return _mine(request, refused=refused)
    context = {
        "enrolment": enrolment, "day": day_of(enrolment, at=timezone.now(), steps=enrolment.family_sees_steps),
        "reasons": AWAY_REASONS, "today": local_date(timezone.now()), "refused": refused, "key": str(uuid4()),
    }  # fmt: skip
    return render(request, "care/family.html", context, status=refused.status)
