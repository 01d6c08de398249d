"""The community's board: open errands with their clocks, who is on duty, the best three for each, the live map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop.access import can
from linhe.core.loop.kinds import Stage
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import Doing, doings, key_of, number_in, reader, say, signed_in, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.errands import queries, services
from linhe.desks.errands.loop import ERRAND, OFFERED, OPEN
from linhe.desks.errands.queries import BoardRow, Candidate
from linhe.desks.errands.views.common import errand_or_404, works_for_community
from linhe.lib.text import Text

LANES = (
    ("open", Text("待接单", "Waiting"), ("open",)),
    ("offered", Text("等小哥答复", "Asked a courier"), ("offered",)),
    ("moving", Text("进行中", "Under way"), ("accepted", "collected")),
    ("checking", Text("待回访", "To call back"), ("checking",)),
    ("approving", Text("待复核", "To approve"), ("approving",)),
    ("disputed", Text("有争议", "Disputed"), ("disputed",)),
    ("done", Text("等居民确认", "With the resident"), ("done",)),
)


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board. ``stage`` is where a ticket dropped here would go."""

    code: str
    name: Text
    stage: Stage
    rows: list[BoardRow]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


@signed_in
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Open errands of my places in lanes, those whose limit is nearest first."""
    account, now = _worker(request), timezone.now()
    places = _places(account, now)
    wanted = number_in(request.GET, "place")
    place = next((p for p in places if p.pk == wanted), places[0] if places else None)
    tally = queries.board_tally(account, at=now, place=place)
    context = {
        "places": places,
        "place": place,
        "lanes": _lanes(queries.board(account, at=now, place=place), tally),
        "total": sum(n for n, _ in tally.values()),
        "late": sum(late for _, late in tally.values()),
        "waiting": sum(n for stage, (n, _) in tally.items() if stage in (OPEN, OFFERED)),
        "couriers": queries.on_duty(account, at=now, place=place),
        "dispatches": place is not None and can(account, ERRAND.action("offer"), place, at=now),
        "tiles": settings.TILES_URL,
        "live_token": live_token([f"a:{p.pk}" for p in places]),
    }
    return render(request, "errands/board.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def dispatch(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Put an errand to a courier: one of the best three with one tap, or anyone on duty."""
    account, now = _worker(request), timezone.now()
    matter = errand_or_404(request, matter_id)
    if not can(account, ERRAND.action("offer"), matter, at=now):
        raise PermissionDenied
    refused = None
    if request.method == "POST":
        try:
            return _send(request, account, matter, now)
        except Refused as refusal:
            refused = refusal
            matter.refresh_from_db()
            if matter.stage == OFFERED and matter.handler_id == number_in(request.POST, "courier"):
                return HttpResponseRedirect(reverse("errands:board"))  # the second of two taps
    view = queries.detail_for(account, matter, at=now)
    best = queries.best_three(matter, at=now) if matter.stage == OPEN else []
    couriers = queries.on_duty(account, at=now)
    wanted = number_in(request.GET, "courier")
    context = {
        "matter": matter,
        "view": view,
        "card": view.card,
        "best": [(one, because_of(one)) for one in best],
        "couriers": couriers,
        "wanted": next((one for one in couriers if one.courier_id == wanted), None),
        "wanted_best": next((because_of(one) for one in best if one.courier_id == wanted), None),
        "refused": refused,
        "key": str(uuid4()),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "errands/dispatch.html", context, status=refused.status if refused else 200)


@signed_in
@require_safe
def move(request: HttpRequest, matter_id: int, lane: str) -> HttpResponse:
    """The forms that lead an errand to a lane: what a dropped ticket, or the choice on it, opens."""
    _worker(request)
    matter = errand_or_404(request, matter_id)
    stages = next((stages for code, _, stages in LANES if code == lane), (lane,))
    if lane == OFFERED and matter.stage == OPEN:
        return HttpResponseRedirect(reverse("errands:dispatch", args=[matter.pk]))
    found: list[Doing] = [d for d in doings(request, matter).values() if d.action.to in stages and not d.action.hidden]
    context = {
        "matter": matter,
        "card": queries.card_for(matter),
        "doings": found,
        "lane": next((name for code, name, _ in LANES if code == lane), None),
    }
    return render(request, "errands/move.html", context)


def because_of(one: Candidate) -> Text:
    """Why this courier, as one sentence."""
    return queries.because(one.detour, one.reasons)


def _send(request: HttpRequest, account: Account, matter: Matter, now: datetime) -> HttpResponse:
    courier = Account.objects.filter(pk=number_in(request.POST, "courier") or 0).first()
    if courier is None:
        raise Refused("invalid", Text("请选择一位小哥。", "Choose a courier."), status=422)
    services.dispatch_to(
        by=account, matter=matter, courier=courier, at=now, key=key_of(request), version=version_of(request.POST)
    )
    say(request, "已派给小哥，等他答复。", "Put to the courier; the answer comes within minutes.")
    return HttpResponseRedirect(reverse("errands:board"))


def _lanes(rows: list[BoardRow], tally: dict[str, tuple[int, int]]) -> list[Lane]:
    found = []
    for code, name, stages in LANES:
        here = [row for row in rows if row.card.stage in stages]
        total = sum(tally.get(stage, (0, 0))[0] for stage in stages)
        found.append(Lane(code, name, ERRAND.stage(stages[0]), here, total))
    return sorted(found, key=lambda lane: not lane.rows)  # empty ones last, still there to drop on


def _worker(request: HttpRequest) -> Account:
    account = reader(request)
    if not works_for_community(account):
        raise PermissionDenied
    return account


def _places(account: Account, now: datetime) -> list[Place]:
    held = [post for post in posts_of(account, at=now) if post.role in ERRAND.reads]
    return list({post.place_id: post.place for post in held}.values())
