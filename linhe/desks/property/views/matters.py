"""One round or one case of exit: what it says, every step that can be taken, the sheet, the letters of the survey."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.dated import value
from linhe.core.loop import registry
from linhe.core.loop.access import can
from linhe.core.loop.acting import act, begin
from linhe.core.loop.forms import data_of
from linhe.core.loop.kinds import NEW
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import doings, key_of, matter_or_404, reader, say, signed_in, version_of
from linhe.core.loop.queries import running_clocks
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.queries import is_staff
from linhe.desks.property.loop import ASSESSMENT, EXIT, FAILED, SCORED_BY
from linhe.desks.property.models import ExitCase, Home, Invitation
from linhe.desks.property.queries.exits import told_exit
from linhe.desks.property.queries.rules import TENTHS, items_of, scores_of, sheet_at
from linhe.desks.property.queries.telling import told_round
from linhe.desks.property.services.exits import case_of
from linhe.desks.property.services.rounds import round_of
from linhe.desks.property.views.letters import letters_pdf
from linhe.lib.text import Text
from linhe.lib.units import fen

KINDS = (ASSESSMENT.code, EXIT.code)
AREAS, MONEY = ("area_dm2", "voted_dm2", "agreed_dm2"), ("fee_fen",)
"""Typed with two decimals, kept in hundredths."""


@signed_in
@require_safe
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The page of a round or a case, for whoever may read it."""
    return _page(request, matter_or_404(request, matter_id, *KINDS))


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take a step; a refusal shows the page again with everything that was typed."""
    found = matter_or_404(request, matter_id, *KINDS)
    declared = next((a for a in found.declared.actions if a.code == action and NEW not in a.frm), None)
    if declared is None:
        raise Http404
    try:
        data = _sent(request, found, action)
        outcome = act(
            found, action, by=reader(request), data=data, key=key_of(request), at=timezone.now(),
            version=version_of(request.POST), files=request.FILES.getlist("files"),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, matter_or_404(request, matter_id, *KINDS), refused=refused, refused_code=action)
    if not outcome.repeated:
        say(request, f"「{declared.name.zh}」已办好。", f"Done: {declared.name.en}.")
    return HttpResponseRedirect(reverse("property:matter", args=[matter_id]))


@signed_in
@require_POST
def refer(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Refer a failed assessment to the joint review. The review is a matter of its own."""
    failed = matter_or_404(request, matter_id, ASSESSMENT.code)
    if not can(reader(request), EXIT.action("refer"), failed, at=timezone.now()):
        raise Http404
    data = {"assessment_id": failed.pk, "words": request.POST.get("words", "")}
    place = failed.place
    try:
        outcome = begin(
            "exit", "refer", by=reader(request), place=place, data=data, key=key_of(request), at=timezone.now()
        )  # fmt: skip
    except Refused as refused:
        return _page(request, failed, refused=refused, refused_code="refer")
    say(request, "已提请住建、公安会商。", "Referred to housing and police.")
    return HttpResponseRedirect(reverse("property:matter", args=[outcome.matter.pk]))


@signed_in
@require_http_methods(["GET", "POST"])
def score(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The sheet of the reader's party, item by item."""
    found = matter_or_404(request, matter_id, ASSESSMENT.code)
    now = timezone.now()
    open_to = (code for code in SCORED_BY if can(reader(request), ASSESSMENT.action(code), found, at=now))
    action = next(open_to, None)
    if action is None or found.stage not in ASSESSMENT.action(action).frm:
        raise Http404
    sheet = sheet_at(found.created_at, found.place.code)
    step = value("property.score_step_tenths", at=found.created_at, place_code=found.place.code)
    codes = [item.code for item in items_of(sheet)]
    refused = None
    if request.method == "POST":
        typed = {code: request.POST.get(f"item-{code}", "") for code in codes}
        try:
            tenths = [_tenths(typed[code]) for code in codes]
            if None in tenths:
                empty = sum(t is None for t in tenths)
                text = Text(f"还有 {empty} 项没有评分。", f"{empty} items have no score yet.")
                raise invalid(
                    {c: str(text) for c, t in zip(codes, tenths, strict=True) if t is None} | {"sheet": str(text)}
                )
            act(
                found, action, by=reader(request), data={"tenths": tenths}, key=key_of(request), at=now,
                version=version_of(request.POST), files=request.FILES.getlist("files"),
            )  # fmt: skip
            say(request, "评分已提交，评分期内还可以修改。", "Your sheet is in; you may change it while scoring lasts.")
            return HttpResponseRedirect(reverse("property:matter", args=[matter_id]))
        except Refused as refusal:
            refused = refusal
    else:
        given = round_of(found.pk).scores.filter(party=SCORED_BY[action]).values_list("item", "tenths")
        typed = {code: f"{tenths / 10:g}" for code, tenths in given}
    wrong = set(refused.details) if refused else set()
    groups = [
        (
            group,
            [(line, typed.get(line.code, ""), [f"{n / TENTHS:g}" for n in scores_of(TENTHS * line.points, step)],
              line.code in wrong) for line in group.lines],
            bool(wrong & {line.code for line in group.lines}),
        )
        for group in sheet
    ]  # fmt: skip
    context = {
        "matter": found, "action": ASSESSMENT.action(action), "groups": groups, "total": len(codes), "refused": refused,
        "key": key_of(request), "layout": _layout(request),
    }  # fmt: skip
    return render(request, "property/score.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def letters(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The letters to the households that were drawn, ready to print; only while the survey runs."""
    found = matter_or_404(request, matter_id, ASSESSMENT.code)
    action = ASSESSMENT.action("draw_survey")
    if found.stage not in action.frm or not can(reader(request), action, found, at=timezone.now()):
        raise Http404
    one = round_of(found.pk)
    invitations = Invitation.objects.filter(round=one).exclude(code="").select_related("home__building")
    drawn = list(invitations.order_by("home__building__code", "home_id"))
    if not drawn:
        raise Http404
    address = settings.PUBLIC_URL + reverse("property:survey")
    content = letters_pdf(one, drawn, address=address)
    name = f"survey-{found.pk}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )  # fmt: skip


def _page(
    request: HttpRequest, found: Matter, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    account, now = reader(request), timezone.now()
    offered = doings(request, found, refused=refused, refused_code=refused_code)
    scoring = next((code for code in SCORED_BY if code in offered), None)
    clock_names = {c.code: c.name for c in found.declared.clocks}
    context: dict[str, Any] = {
        "matter": found,
        "clocks": [(clock_names.get(c.code, c.code), c) for c in running_clocks(found)],
        "steps": [d for d in offered.values() if not d.action.hidden],
        "scores": scoring,
        "can": offered,
        "refused": refused,
        "sent": request.POST if refused else {},
        "refused_code": refused_code,
        "layout": _layout(request),
        "staff": is_staff(account, at=now),
        "live_token": live_token([f"m:{found.pk}"]),
        "key": key_of(request),
    }
    if found.kind == EXIT.code:
        context["told"] = told_exit(case_of(found.pk), at=now)
        context["owners"], context["area"] = _owners(context["told"].case)
        template = "property/exit.html"
    else:
        context["told"] = told_round(round_of(found.pk), at=now)
        running = ExitCase.objects.filter(assessment=found).select_related("matter").first()
        context["exit"] = running.matter if running else None
        refers = found.stage == FAILED and running is None
        context["refers"] = refers and can(account, EXIT.action("refer"), found, at=now)
        template = "property/assessment.html"
    return render(request, template, context, status=refused.status if refused else 200)


def _owners(case: ExitCase) -> tuple[int, str]:
    """Homes on record and their area in square metres, as a start for the counts."""
    areas = list(Home.objects.filter(compound=case.contract.compound_id).values_list("area_dm2", flat=True))
    return len(areas), f"{sum(areas) / 100:.2f}"


def _sent(request: HttpRequest, found: Matter, action: str) -> dict[str, Any]:
    """What was typed, with areas and money in hundredths."""
    data = data_of(registry.schema_of(found.declared, found.declared.action(action)), request.POST)
    faults = {}
    for name in (*AREAS, *MONEY):
        if typed := request.POST.get(name.partition("_")[0] + "_typed", "").strip():
            try:
                data[name] = fen(typed)
            except ValueError:
                faults[name] = str(Text("请填写数字，最多两位小数。", "A number with at most two decimals."))
    if faults:
        raise invalid(faults)
    return data


def _tenths(typed: str) -> int | None:
    """``2.5`` -> 25; None when it is no such score."""
    whole, _, part = typed.strip().partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 4 and len(part) < 2):
        return None
    return 10 * int(whole) + (int(part) if part.isascii() and part.isdecimal() else 0)


def _layout(request: HttpRequest) -> str:
    return "console.html" if is_staff(reader(request), at=timezone.now()) else "phone.html"
