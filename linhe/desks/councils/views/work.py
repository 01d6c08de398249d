"""The secretary's console: what to do, bodies and terms, convening, running a meeting, publishing resolutions."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.forms import data_of, form_for
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import holds, key_of, number_in, reader, signed_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.councils import queries
from linhe.desks.councils.loop import HELD, MEETING, MINUTES, OPEN, READERS, RESOLUTION, SECRETARY
from linhe.desks.councils.models import Body, MeetingDetail, Motion
from linhe.desks.councils.schemas import PlanMeeting, PublishResolution
from linhe.desks.councils.views.common import choose, forms_for, kept_body, meeting_or_404, step
from linhe.lib.qr import svg
from linhe.lib.text import Text

_DONE = Text("已记下。", "Done.")
SAID = {
    "convene": Text("会议通知已发出。", "The members have been told."),
    "open": Text("会议开始，请大家签到。", "The meeting is open: check in please."),
    "close": Text("已散会，纪要已生成。", "Closed; the minutes are written."),
    "correct": Text("已存为新的一版。", "Kept as a new version."),
    "cancel": Text("会议已取消。", "The meeting is cancelled."),
}


@signed_in
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Open things of my places: meetings, petitions, resolutions with their clocks, bodies."""
    account = reader(request)
    if not holds(account, *READERS):
        raise PermissionDenied
    view = queries.desk_of(account, at=timezone.now())
    kept = queries.kept_among(account, (body.place for body in view.bodies), at=timezone.now())
    context = {
        "view": view,
        "bodies": [(b, queries.KIND_NAMES[Body.Kind(b.kind)], view.waiting.get(b.pk, 0)) for b in view.bodies],
        "kept": {body.pk for body in view.bodies if body.place_id in kept},
        "may_found": holds(account, *SECRETARY),
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "councils/work.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, body_id: int) -> HttpResponse:
    """Plan a meeting of a body."""
    body, refused = kept_body(request, body_id), None
    if request.method == "POST":
        try:
            data = data_of(PlanMeeting, request.POST) | {"body": body.pk}
            matter = begin(
                MEETING.code, "plan", by=reader(request), place=body.place, data=data, key=key_of(request),
                at=timezone.now(),
            ).matter  # fmt: skip
            return HttpResponseRedirect(reverse("councils:run", args=[matter.pk]))
        except Refused as refusal:
            refused = refusal
    form = form_for(
        MEETING, MEETING.action("plan"), sent=request.POST if refused else None,
        errors=refused.details if refused else None,
    )  # fmt: skip
    form.fields.pop("body")
    context = {"body": body, "form": form, "refused": refused, "key": str(uuid4())}
    return render(request, "councils/plan.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def run(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One live page from the first draft to the confirmed minutes."""
    return _run(request, _kept(request, matter_id))


@signed_in
@require_POST
def run_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Any of the secretary's steps."""
    found = _kept(request, matter_id)
    try:
        outcome = step(request, found.matter, action)
    except Refused as refused:
        return _run(request, _kept(request, matter_id), refused=refused, code=action)
    if not outcome.repeated:
        messages.success(request, str(SAID.get(action, _DONE)))
    return HttpResponseRedirect(reverse("councils:run", args=[matter_id]))


@signed_in
@require_safe
def code(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The check-in code of the moment as number and QR code, fetched anew by the secretary's screen."""
    found = _kept(request, matter_id)
    return render(request, "councils/_code.html", {"matter": found.matter, **_code(found)})


@signed_in
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, motion_id: int) -> HttpResponse:
    """Make a carried motion a resolution with an owner and a deadline."""
    motion = (
        Motion.objects.select_related("item__body__place").filter(pk=motion_id).first() if motion_id < 2**63 else None
    )
    if motion is None:
        raise Http404
    body, refused = kept_body(request, motion.item.body_id), None
    places = [body.place, *_compounds(body.place)]
    if request.method == "POST":
        try:
            place = next((p for p in places if p.pk == number_in(request.POST, "place")), body.place)
            data = data_of(PublishResolution, request.POST) | {"motion": motion.pk}
            matter = begin(
                RESOLUTION.code, "publish", by=reader(request), place=place, data=data, key=key_of(request),
                at=timezone.now(),
            ).matter  # fmt: skip
            return HttpResponseRedirect(reverse("councils:resolution", args=[matter.pk]))
        except Refused as refusal:
            refused = refusal
    form = form_for(
        RESOLUTION, RESOLUTION.action("publish"), sent=request.POST if refused else None,
        errors=refused.details if refused else None,
    )  # fmt: skip
    form.fields.pop("motion")
    here = Organisation.objects.filter(place__in=body.place.ancestor_ids()).order_by("kind", "name")[:100]
    nobody = Text("没有单位，由下面的岗位办", "none: the role below does it")
    choose(form, "organisation", [("", str(nobody)), *((o.code, o.name) for o in here)])
    form.fields["place"] = forms.ChoiceField(
        label=str(Text("在哪儿办", "where")),
        choices=[(str(p.pk), str(Text(p.name, p.name_en or p.name))) for p in places],
        help_text=str(
            Text("小区物业的事选到小区，物业经理才能办", "Choose the compound for what its property company does")
        ),
    )
    context = {"motion": motion, "body": body, "form": form, "refused": refused, "key": str(uuid4())}
    return render(request, "councils/publish.html", context, status=refused.status if refused else 200)


def _compounds(place: Place) -> list[Place]:
    """The compounds below a community or subdistrict."""
    if place.level not in ("community", "subdistrict"):
        return []
    return list(Place.objects.filter(**{place.level: place}, kind="compound").order_by("code")[:300])


def _kept(request: HttpRequest, matter_id: int) -> MeetingDetail:
    found = meeting_or_404(request, matter_id)
    if not queries.keeps(reader(request), found.body.place, at=timezone.now()):
        raise PermissionDenied
    return found


def _code(found: MeetingDetail) -> dict[str, Any]:
    if not found.secret:
        return {}
    shown = queries.check_in(found, at=timezone.now())
    address = settings.PUBLIC_URL + reverse("councils:meeting", args=[found.pk]) + f"?code={shown.code}"
    return {"code": shown, "qr": svg(address, title=str(Text("签到二维码", "QR code to check in")))}


def _run(
    request: HttpRequest, found: MeetingDetail, *, refused: Refused | None = None, code: str = ""
) -> HttpResponse:  # fmt: skip
    matter, now = found.matter, timezone.now()
    agenda = queries.agenda_of(found, unread=True)
    can = forms_for(request, matter, items=agenda, refused=refused, code=code)
    counts = queries.turnouts(found)
    versions = list(found.minutes.order_by("-version"))
    if "correct" in can and versions and code != "correct":
        can["correct"].form.initial = {"text": versions[0].text}
    if "move" in can and found.body.by_owners and code != "move":
        can["move"].form.initial = {"rule": Motion.Rule.ORDINARY}
    context = {
        "meeting": found,
        "matter": matter,
        "agenda": [(one, [_motion(m, counts.get(m.pk, 0)) for m in one.motions]) for one in agenda],
        "seats": queries.seats_of(found),
        "present": queries.present(found).number,
        "called": queries.entitled(found).number,
        "quorate": queries.quorate(found, at=now),
        "can": can,
        "versions": versions,
        "in_session": matter.stage == OPEN,
        "to_confirm": matter.stage == MINUTES,
        "held": matter.stage == HELD,
        "refused": refused,
        "key": str(uuid4()),
        "live_token": live_token([f"m:{matter.pk}"]),
        **_code(found),
    }
    return render(request, "councils/run.html", context, status=refused.status if refused else 200)


def _motion(motion: Motion, votes: int) -> dict[str, Any]:
    name, tone = queries.state_of(motion)
    return {
        "motion": motion, "name": name, "tone": tone, "votes": votes, "checks": queries.checks_of(motion),
        "rule": queries.RULE_NAMES[Motion.Rule(motion.rule)], "put": motion.state == Motion.State.PUT,
        "voting": motion.state == Motion.State.VOTING, "carried": motion.state == Motion.State.CARRIED,
    }  # fmt: skip
