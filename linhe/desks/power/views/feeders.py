"""Feeders and their data: the list, a file that is handed in, what was understood of it, and its check by another."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.pages import (
    day_in,
    doings,
    holds,
    key_of,
    matter_or_404,
    number_in,
    reader,
    say,
    signed_in,
    text_in,
)
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.power import services
from linhe.desks.power.loop import FEEDER_DATA
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY
from linhe.desks.power.models import Feeder, FeederChange
from linhe.desks.power.queries import feeders as queries
from linhe.desks.power.queries.outages import day_of
from linhe.desks.power.schemas.feeder import FORMS
from linhe.desks.power.views.stepping import take
from linhe.lib.text import Text
from linhe.lib.uploads import MOST_BYTES, dropped

MOST_SITES = 4000


@signed_in
@require_safe
def feeders(request: HttpRequest) -> HttpResponse:
    """Which version of each feeder holds, what waits to be checked, what was handed in before."""
    account, now, place = reader(request), timezone.now(), _place(request, *EVERYBODY)
    past, page = queries.past_changes(account, at=now, before=number_in(request.GET, "before"))
    context = {
        "place": place,
        "rows": queries.in_force(place, day_of(now)),
        "waiting": queries.waiting(account, at=now),
        "past": past,
        "next_before": page.next_before,
        "submits": holds(account, DISPATCHER),
        "live_token": live_token([f"a:{place.pk}"]),
    }
    return render(request, "power/feeders.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_feeder(request: HttpRequest) -> HttpResponse:
    """Choose a file and say which feeder it is; what cannot be right comes back with its place in the file."""
    place, refused = _place(request, DISPATCHER), None
    if request.method == "POST":
        try:
            matter, lost = _submit(request, place)
        except Refused as error:
            refused = error
        else:
            say(
                request,
                "已报送，请核对识别结果；由另一人采用。",
                "Handed in. Look at what was understood; another person takes it over.",
            )
            if lost:
                named = "、".join(lost[:6])
                say(
                    request,
                    f"这些接入点的母线已不在，没有沿用：{named}",
                    f"Left out, their buses are gone: {', '.join(lost[:6])}",
                )
            return HttpResponseRedirect(reverse("power:feeder", args=[matter.pk]))
    day = day_of(timezone.now())
    context = {
        "place": place,
        "feeders": [row.feeder for row in queries.in_force(place, day)],
        "forms": FORMS,
        "most_mb": MOST_BYTES >> 20,
        "today": day,
        "refused": refused,
        "details": refused.details if refused else {},
        "sent": request.POST if refused else {},
        "key": key_of(request) if refused is None or refused.code != "key_reused" else str(uuid4()),
    }
    return render(request, "power/feeder_new.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def feeder(request: HttpRequest, matter_id: int) -> HttpResponse:
    """What was handed in, as it was understood, beside the version before."""
    return _change(request, matter_or_404(request, matter_id, FEEDER_DATA.code))


@signed_in
@require_POST
def feeder_do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take it over, send it back, take it back."""
    matter = matter_or_404(request, matter_id, FEEDER_DATA.code)
    try:
        take(request, matter, action)
    except Refused as refused:
        matter = matter_or_404(request, matter_id, FEEDER_DATA.code)
        return _change(request, matter, refused=refused, refused_code=action)
    return HttpResponseRedirect(reverse("power:feeder", args=[matter_id]))


@signed_in
@require_safe
def version(request: HttpRequest, feeder_id: int) -> HttpResponse:
    """A version that was stored, for whoever works in its district."""
    found = Feeder.objects.select_related("place").filter(pk=feeder_id if feeder_id < 2**63 else 0).first()
    held = posts_of(reader(request), at=timezone.now())
    if found is None or not any(p.role in EVERYBODY and found.place.district_id == p.place.district_id for p in held):
        raise Http404
    before = queries.version_before(found.code, found.from_date, besides=found.version)
    return render(request, "power/feeder.html", _told(found, before) | {"stored": found, "place": found.place})


def _submit(request: HttpRequest, place: Place) -> tuple[Matter, list[str]]:
    """Read the file outside of any transaction, then begin the matter with what it holds."""
    sent = request.FILES.get("file")
    if dropped(request, "file"):
        raise invalid(
            {"file": str(Text(f"文件超过 {MOST_BYTES >> 20} MB。", f"The file is larger than {MOST_BYTES >> 20} MB."))}
        )
    if sent is None:
        raise invalid({"file": str(Text("请选择一个文件。", "Choose a file."))})
    code = text_in(request.POST, "code", 40).lower()
    from_date = day_in(request.POST, "from_date")
    read = services.read_file(sent.read(MOST_BYTES + 1))
    lost = _complete(request, read.case, code, from_date)
    known = queries.version_before(code, from_date or date.max)
    data = {
        "code": code, "from_date": from_date, "form": read.form, "case": json.dumps(read.case, ensure_ascii=False),
        "name": text_in(request.POST, "name", 80) or (known.name if known else ""),
        "name_en": text_in(request.POST, "name_en", 120) or (known.name_en if known else ""),
        "source": text_in(request.POST, "source", 120), "file": str(sent.name)[:120],
    }  # fmt: skip
    try:
        outcome = begin(
            FEEDER_DATA.code, "submit", by=reader(request), place=place, data=data, key=key_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        if told := refused.details.pop("case", ""):
            of_typed = bool(request.POST.get("sites", "").strip()) and told.startswith(("接入点", "Sites"))
            raise invalid(refused.details | {"sites" if of_typed else "file": told}) from None
        raise
    return outcome.matter, lost


def _complete(request: HttpRequest, case: dict[str, Any], code: str, from_date: date | None) -> list[str]:
    """What a file of another program does not hold: where trucks connect, and that lines have no ratings."""
    typed = _sites(text_in(request.POST, "sites", MOST_SITES))
    if typed:
        case["sites"] = typed
    if "unrated" in request.POST:
        limits = case.get("limits")
        case["limits"] = (limits if isinstance(limits, dict) else {}) | {"thermal": False}
    return queries.sites_kept(case, queries.version_before(code, from_date or date.max))


def _sites(typed: str) -> list[dict[str, Any]]:
    """One connection point a line: id, bus, name."""
    found = []
    for number, line in enumerate(typed.splitlines(), 1):
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        if not any(parts):
            continue
        if len(parts) > 3 or len(parts) < 2 or not all(parts):
            text = Text(f"第 {number} 行：请写成“编号，母线，名称”。", f"Line {number}: write id, bus, name.")
            raise invalid({"sites": str(text)})
        name = parts[2] if len(parts) == 3 else parts[0]
        found.append({"id": parts[0], "bus": parts[1], "name": {"zh": name, "en": name}})
    return found


def _change(
    request: HttpRequest, matter: Matter, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    change = FeederChange.objects.select_related("feeder").get(pk=matter.pk)
    own = change.feeder.version if change.feeder else None
    before = queries.version_before(change.code, change.from_date, besides=own)
    offered = doings(request, matter, refused=refused, refused_code=refused_code)
    own_data = Event.objects.filter(matter=matter, action="submit", actor=reader(request)).exists()
    context = _told(change, before) | {
        "change": change,
        "matter": matter,
        "place": matter.place,
        "form": dict(FORMS)[change.form],
        "steps": [one for one in offered.values() if not (one.action.unlike and own_data)],
        "refused": refused,
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "power/feeder.html", context, status=refused.status if refused else 200)


def _told(shown: Feeder | FeederChange, before: Feeder | None) -> dict[str, Any]:
    title = Text(f"{shown.name}一次接线图", f"One-line diagram of {shown.name_en}")
    return {
        "shown": shown,
        "told": queries.told_case(shown.case, title=title),
        "before": before,
        "differences": queries.differences(shown.case, before.case) if before else [],
    }


def _place(request: HttpRequest, *roles: str) -> Place:
    """The first place where the reader holds one of these posts."""
    held = (post.place for post in posts_of(reader(request), at=timezone.now()) if post.role in roles)
    place = next(held, None)
    if place is None:
        raise Http404
    return place
