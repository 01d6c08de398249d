"""One check or visit for whoever goes: first what for, then what is needed at the door, then what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop import registry
from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, key_of, reader, signed_in, text_in, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of
from linhe.desks.care import services
from linhe.desks.care.loop import DAILY_CHECK, ESCALATED, VISIT
from linhe.desks.care.models import Check, Visit
from linhe.desks.care.queries.people import works_at
from linhe.desks.care.queries.records import PURPOSES, binds, opening_of
from linhe.desks.care.queries.today import matter_to_look
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

SHOWN = ("curtain", "seen", "done", "ask_chief", "ask_worker", "ask_family", "needs_help", "settle", "not_met", "move",
         "call_emergency", "excuse", "cancel")  # fmt: skip
"""Steps in the order of the page."""
BIG = ("curtain", "seen", "done", "settle")
GONE = Text("这件事已有人接着办，谢谢您。", "Somebody else has it now. Thank you.")


@signed_in
@require_safe
def look(request: HttpRequest, matter_id: int) -> HttpResponse:
    """What to do; the record only while it is open to the reader."""
    return _page(request, _matter(request, matter_id))


@signed_in
@require_POST
def open_record(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Say what for, and see what is needed. The person sees that it was read."""
    matter = _matter(request, matter_id)
    try:
        services.open_record(
            reader=reader(request), matter=matter, purpose=text_in(request.POST, "purpose", 20), at=timezone.now()
        )
    except Refused as refused:
        if refused.status == 404:
            raise Http404 from None
        return _page(request, matter, refused=refused)
    return HttpResponseRedirect(reverse("care:look", args=[matter_id]))


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take a step; a refusal shows the page again with everything that was typed."""
    matter, account = _matter(request, matter_id), reader(request)
    declared = next((a for a in matter.declared.actions if a.code == action), None)
    if declared is None:
        raise Http404
    try:
        act(
            matter, action, by=account, data=data_of(registry.schema_of(matter.declared, declared), request.POST),
            key=key_of(request), at=timezone.now(), version=version_of(request.POST),
        )  # fmt: skip
    except Refused as refused:
        if not _may_look(account, _fresh(matter)):
            messages.warning(request, str(GONE))
            return HttpResponseRedirect(reverse("care:home"))
        return _page(request, _fresh(matter), refused=refused, refused_code=action)
    messages.success(
        request, str(Text(f"「{declared.name.zh}」记下了，谢谢。", f"Noted: {declared.name.en}. Thank you."))
    )
    staff = works_at(account, matter.place, at=timezone.now())
    return HttpResponseRedirect(reverse("care:round" if staff else "care:home"))


def _page(
    request: HttpRequest, matter: Matter, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    account, now = reader(request), timezone.now()
    person = matter.beneficiary
    assert person is not None
    can = doings(request, matter, refused=refused, refused_code=refused_code)
    opening = opening_of(account, person, at=now)
    record = services.read_record(reader=account, person=person, at=now) if opening else None
    family = matter.beneficiary_id in principals_of(account, at=now)
    visit = Visit.objects.filter(pk=matter.pk).select_related("home__parent").first()
    check = Check.objects.filter(pk=matter.pk).select_related("enrolment__home__parent").first()
    context: dict[str, Any] = {
        "matter": matter, "stage": matter.stage_declared, "name": mask_name(person.name), "visit": visit,
        "home": visit.home if visit else check.enrolment.home if check else None, "check": check, "record": record,
        "purposes": PURPOSES.items() if not record and binds(account, matter, at=now) else (),
        "usual": "visit" if visit else "look", "escalated": matter.stage in ESCALATED,
        "can": [can[code] for code in SHOWN if code in can and not (family and code == "excuse")], "big": BIG,
        "refused": refused, "staff": works_at(account, matter.place, at=now),
    }  # fmt: skip
    return render(request, "care/look.html", context, status=refused.status if refused else 200)


def _matter(request: HttpRequest, matter_id: int) -> Matter:
    account = reader(request)
    try:
        matter = matter_to_look(account, min(matter_id, 2**63 - 1))
    except Refused:
        raise Http404 from None
    if not _may_look(account, matter):
        raise Http404
    return matter


def _may_look(account: Account, matter: Matter) -> bool:
    """Whoever is asked, the community once it is theirs, and the family while it is called."""
    now = timezone.now()
    if binds(account, matter, at=now):
        return True
    called = matter.kind == DAILY_CHECK.code and matter.stage in ESCALATED[1:] and matter.closed_at is None
    return called and matter.beneficiary_id in principals_of(account, at=now)


def _fresh(matter: Matter) -> Matter:
    assert matter.kind in (DAILY_CHECK.code, VISIT.code)
    return Matter.objects.select_related("place", "beneficiary__home__parent").get(pk=matter.pk)
