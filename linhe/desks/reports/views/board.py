"""The board of whoever deals with reports: forty open things, clocks, one reply for many, a spreadsheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.access import can
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, matter_or_404, number_in, reader, say, signed_in, staff_only, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.core.places.models import Place
from linhe.desks.reports import queries, services
from linhe.desks.reports.loop import REPORT
from linhe.desks.reports.queries import Choice
from linhe.lib.tables import write_xlsx
from linhe.lib.text import Text

BULK = ("accept", "solve", "check", "decline")
MOST_BULK = 60
MOST_EXPORTED = 5000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_only
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is open, the nearest limit first, narrowed by lane, category and lateness."""
    return _board(request)


@staff_only
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The same step with the same reply for every report that was ticked; what is refused stays ticked."""
    action, words = text_in(request.POST, "action", 20), text_in(request.POST, "words", 600)
    numbers = [
        int(n) for n in request.POST.getlist("report")[:MOST_BULK] if n.isascii() and n.isdecimal() and len(n) < 18
    ]
    if action not in BULK or not numbers:
        messages.warning(
            request, str(Text("请先勾选要办的事项，再选怎么办。", "Tick some reports, then choose a step."))
        )
        return _board(request, status=422)
    done, refused = services.act_on_many(
        by=reader(request), numbers=numbers, action=action, words=words, at=timezone.now(), key=key_of(request)
    )
    if done:
        say(request, f"已办 {done} 件。", f"{done} done.")
    for number, why in refused:
        messages.warning(request, f"#{number} {why}")
    if refused:
        return _board(request, ticked=[number for number, _ in refused], words=words, status=409)
    return HttpResponseRedirect(reverse("reports:board") + _kept(request.POST))


@staff_only
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The reports of a place as a spreadsheet, without persons and without what was typed."""
    account = reader(request)
    rows = queries.for_export(account, at=timezone.now(), place=_place(request, account), most=MOST_EXPORTED)
    answer = HttpResponse(write_xlsx({str(Text("随手拍", "reports")): rows}), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="reports.xlsx"'
    return answer


@signed_in
@require_POST
def hand_on(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Hand a part of a report on to another organisation."""
    account, now = reader(request), timezone.now()
    matter = matter_or_404(request, matter_id, REPORT.code)
    if not can(account, REPORT.action("part"), matter, at=now):
        raise PermissionDenied
    data = {name: text_in(request.POST, name, 600) for name in ("category", "organisation", "words")}
    try:
        services.hand_on(by=account, parent=matter, data=data, at=now, key=key_of(request))
    except Refused as refused:
        faults = "；".join([str(refused.message), *refused.details.values()])
        messages.warning(request, faults)
        return HttpResponseRedirect(reverse("web:matter", args=[matter_id]) + "#parts")
    say(request, "已转出，对方办结前这件不能结案。", "Handed on. This cannot be closed before that part is.")
    return HttpResponseRedirect(reverse("web:matter", args=[matter_id]))


def _board(
    request: HttpRequest, *, ticked: list[int] | None = None, words: str = "", status: int = 200
) -> HttpResponse:
    account, now = reader(request), timezone.now()
    sent = request.GET if request.method == "GET" else request.POST
    places = _places(account)
    place = _place(request, account)
    choice = Choice(
        lane=text_in(sent, "lane", 20), category=text_in(sent, "category", 40), late="late" in sent,
        number=number_in(sent, "number"), after=text_in(sent, "after", 40),
    )  # fmt: skip
    rows = queries.dealt_with(account, at=now, place=place)
    counts = queries.lane_counts(rows)
    shown, following = queries.board_rows(rows, choice, reader=account, at=now)
    context = {
        "places": places,
        "place": place,
        "choice": choice,
        "lanes": [(code, name, counts[code]) for code, name in queries.LANE_NAMES.items()],
        "total": sum(counts.values()),
        "late": rows.filter(due_at__lte=now).count(),
        "rows": shown,
        "first": _kept(sent, "after") or "?" if choice.after else "",
        "following": _kept(sent, after=following) if following else "",
        "categories": queries.categories(at=now),
        "ticked": ticked or [],
        "words": words,
        "bulk": [REPORT.action(code) for code in BULK],
        "key": key_of(request),
        "kept": _kept(sent),
        "clerk": any(post.role in ("community_worker", "grid_worker") for post in posts_of(account, at=now)),
        "live_token": live_token([f"a:{place.pk}"]) if place else "",
    }
    return render(request, "reports/board.html", context, status=status)


def _places(account: Account) -> list[Place]:
    posts = posts_of(account, at=timezone.now())
    return list({post.place_id: post.place for post in posts if role(post.role).staff}.values())


def _place(request: HttpRequest, account: Account) -> Place | None:
    """The place in the query when it is one of mine, else my first."""
    places, sent = _places(account), request.GET if request.method == "GET" else request.POST
    wanted = number_in(sent, "place")
    return next((place for place in places if place.pk == wanted), places[0] if places else None)


def _kept(sent: QueryDict, *but: str, **more: str) -> str:
    """What narrows the board, to hand on."""
    kept = QueryDict(mutable=True)
    for name in ("place", "lane", "category", "late", "after"):
        text = more.get(name) or text_in(sent, name, 40)
        if text and name not in but:
            kept[name] = text
    return f"?{kept.urlencode()}" if kept else ""
