"""Pages of the community: the round of the day, the people in care, a record in an emergency."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import day_in, holds, key_of, reader, say, signed_in, text_in, version_of
from linhe.core.loop.queries import page_of
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.codes import account_of_phone
from linhe.core.people.models import Account
from linhe.core.people.queries import purpose_of
from linhe.desks.care import services
from linhe.desks.care.loop import ARRANGEMENT, STAFF, VISIT
from linhe.desks.care.models import Enrolment
from linhe.desks.care.queries.people import care_places, communities_below, works_at
from linhe.desks.care.queries.records import need_names, opening_of
from linhe.desks.care.queries.round import HEIGHT, WIDTH, walk_of
from linhe.desks.care.queries.today import alarm_count, alarms, tally
from linhe.desks.care.schemas import AWAY_REASONS, CONSENTED, GLASS_REASONS
from linhe.desks.care.views.forms import SIDES, moment_in, neighbour_in, rows_of, time_in, wish_of
from linhe.lib.masking import mask_name
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date


@signed_in
@require_safe
def todays_round(request: HttpRequest) -> HttpResponse:
    """Alarms by their clocks, and the walk that sees to them and to today's visits."""
    account, now = _staff(request), timezone.now()
    found = alarms(account, at=now)
    context = {
        "alarms": found, "alarm_count": alarm_count(account, at=now),
        "walk": walk_of(account, at=now, found=found), "tally": tally(account, at=now),
        "box": f"0 0 {WIDTH} {HEIGHT}", "live_token": live_token([f"a:{p.pk}" for p in care_places(account, at=now)]),
    }  # fmt: skip
    return render(request, "care/round.html", context)


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who takes part here: masked names and buildings. A record opens for a purpose only."""
    account, now = _staff(request), timezone.now()
    rows = Enrolment.objects.filter(communities_below(care_places(account, at=now)), ended_at__isnull=True)
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
    page = page_of(rows.select_related("person", "home__parent"), before=before)
    context = {"page": page, "rows": [(e, mask_name(e.person.name)) for e in page.rows]}
    return render(request, "care/people.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Register somebody who agreed in person: found by their phone, living here."""
    account, now, refused = _staff(request), timezone.now(), None
    if request.method == "POST":
        try:
            person = _resident(request, account)
            assert person.home is not None
            wish = wish_of(request.POST, person.home, staff=True)
            services.enrol(person=person, by=account, wish=wish, how=text_in(request.POST, "how", 8), at=now)
            say(request, "登记好了，明早开始。", "Registered; it begins tomorrow morning.")
            return HttpResponseRedirect(reverse("care:people"))
        except Refused as caught:
            refused = caught
    sent: dict[str, Any] = request.POST.dict() if request.method == "POST" else {"check_time": "09:00"}
    errors = refused.details if refused else {}
    context = {
        "sent": sent, "errors": errors, "refused": refused, "sides": SIDES, "contacts": rows_of(sent, errors),
        "how": CONSENTED, "purpose": purpose_of("daily_check", at=now), "staff": True,
    }  # fmt: skip
    return render(request, "care/enrol.html", context, status=refused.status if refused else 200)


def _resident(request: HttpRequest, account: Account) -> Account:
    """The resident of a phone number who lives where the reader works; the same answer for all others."""
    found = account_of_phone(text_in(request.POST, "phone", 20))
    if found is None or found.home is None or not works_at(account, found.home, at=timezone.now()):
        message = Text(
            "没有找到住在本社区的这位居民。请他先登录一次，填好住址。",
            "No resident of this community has that number. Have them sign in once and set their home.",
        )
        raise invalid({"phone": str(message)})
    return found


@signed_in
@require_safe
def person(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """What can be done for one person; nothing of the record without an opening."""
    return _person(request, _enrolment(request, enrolment_id))


def _person(request: HttpRequest, enrolment: Enrolment, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    opening = opening_of(account, enrolment.person, at=now)
    record = services.read_record(reader=account, person=enrolment.person, at=now) if opening else None
    context = {
        "enrolment": enrolment, "name": mask_name(enrolment.person.name), "record": record, "refused": refused,
        "errors": refused.details if refused else {}, "sent": request.POST, "key": str(uuid4()),
        "reasons": AWAY_REASONS, "glass_reasons": GLASS_REASONS, "needs": need_names(at=now).items(),
        "how": CONSENTED, "neighbour": mask_name(enrolment.neighbour.name) if enrolment.neighbour else "",
        "today": local_date(now), "tomorrow": local_date(now) + timedelta(days=1),
    }  # fmt: skip
    return render(request, "care/person.html", context, status=refused.status if refused else 200)


@signed_in
@require_POST
def person_do(request: HttpRequest, enrolment_id: int, what: str) -> HttpResponse:
    """Change the care, plan a visit, note needs or an absence, end it at the person's word, or break the glass."""
    enrolment, account = _enrolment(request, enrolment_id), reader(request)
    steps = {"arrange": _arrange, "visit": _visit, "needs": _needs, "away": _away, "leave": _leave, "glass": _glass}
    if what not in steps:
        raise Http404
    try:
        steps[what](request, enrolment, account)
    except Refused as refused:
        return _person(request, enrolment, refused=refused)
    say(request, "记下了。", "Noted.")
    still = Enrolment.objects.filter(pk=enrolment.pk, ended_at__isnull=True).exists()
    return HttpResponseRedirect(reverse("care:person", args=[enrolment.pk]) if still else reverse("care:people"))


def _arrange(request: HttpRequest, enrolment: Enrolment, account: Account) -> None:
    sent, neighbour, moment = request.POST, neighbour_in(request.POST), time_in(request.POST, "check_time")
    if sent.get("check_time") and moment is None:
        raise invalid({"check_time": str(Text("请选择时间。", "Choose a time."))})
    data: dict[str, Any] = {
        "how": text_in(sent, "how", 8), "neighbour_id": neighbour and neighbour.pk, "check_time": moment,
        "no_neighbour": "no_neighbour" in sent, "meter": text_in(sent, "meter", 40), "no_meter": "no_meter" in sent,
        "seen": version_of(sent),
    }  # fmt: skip
    begin(
        ARRANGEMENT.code, "arrange", by=account, place=enrolment.community, beneficiary=enrolment.person, data=data,
        key=key_of(request), at=timezone.now(),
    )  # fmt: skip


def _visit(request: HttpRequest, enrolment: Enrolment, account: Account) -> None:
    sent = request.POST
    from_at, until_at = moment_in(sent, "day", "from"), moment_in(sent, "day", "until")
    if from_at is None or until_at is None:
        raise invalid({"day": str(Text("请选择日期和时间。", "Choose a day and times."))})
    data: dict[str, Any] = {
        "from_at": from_at, "until_at": until_at, "minutes": text_in(sent, "minutes", 4) or "30",
        "words": text_in(sent, "words", 200),
    }  # fmt: skip
    assert enrolment.home is not None
    begin(
        VISIT.code, "plan", by=account, place=enrolment.home, beneficiary=enrolment.person, data=data,
        key=key_of(request), at=timezone.now(),
    )  # fmt: skip


def _needs(request: HttpRequest, enrolment: Enrolment, account: Account) -> None:
    words = text_in(request.POST, "need_words", 200)
    codes = [code.replace("\0", "")[:40] for code in request.POST.getlist("needs")[:20]]
    services.note_needs(person=enrolment.person, by=account, needs=dict.fromkeys(codes, words), at=timezone.now())


def _away(request: HttpRequest, enrolment: Enrolment, account: Account) -> None:
    now = timezone.now()
    reason = text_in(request.POST, "reason", 12)
    services.pause(
        enrolment=enrolment, by=account, first=day_in(request.POST, "first") or local_date(now),
        last=day_in(request.POST, "last"), reason=reason if reason in dict(AWAY_REASONS) else "other", at=now,
    )  # fmt: skip


def _leave(request: HttpRequest, enrolment: Enrolment, account: Account) -> None:
    services.withdraw(person=enrolment.person, by=account, at=timezone.now())


def _glass(request: HttpRequest, enrolment: Enrolment, account: Account) -> None:
    data = {"reason": text_in(request.POST, "reason", 12), "words": text_in(request.POST, "words", 400)}
    services.break_glass(reader=account, person=enrolment.person, data=data, at=timezone.now(), key=key_of(request))


def _staff(request: HttpRequest) -> Account:
    account = reader(request)
    if not holds(account, *STAFF):
        raise PermissionDenied
    return account


def _enrolment(request: HttpRequest, enrolment_id: int) -> Enrolment:
    account = _staff(request)
    found = Enrolment.objects.filter(pk=min(enrolment_id, 2**63 - 1), ended_at__isnull=True)
    enrolment = found.select_related("person", "home__parent", "community", "neighbour").first()
    if enrolment is None or not works_at(account, enrolment.community, at=timezone.now()):
        raise Http404
    return enrolment
