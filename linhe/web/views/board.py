"""The console's board: open matters of my places, a lane a stage, with their clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.kinds import Kind, Stage
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import reader, staff_only
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.core.places.models import Place
from linhe.web.numbers import key_in

SHOWN_A_LANE = 30


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage and its open matters, those whose limit is nearest first; ``more`` are not shown."""

    stage: Stage
    matters: list[Matter]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.matters)


@staff_only
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Open matters of a kind at a place of mine."""
    account, now = reader(request), timezone.now()
    places = my_places(account)
    place = chosen_place(request, places)
    rows = visible_to(account, at=now, place=place).filter(closed_at__isnull=True)
    tally = _tally(rows, now)
    posts = {post.role for post in posts_of(account, at=now)}
    kinds = [kind for kind in registry.kinds() if posts & set(kind.reads)]
    wanted = request.GET.get("kind", "")
    kind = next((k for k in kinds if k.code == wanted), kinds[0] if kinds else None)
    context = {
        "places": places,
        "place": place,
        "kinds": [(k, sum(one.number for one in tally if one.kind == k.code)) for k in kinds],
        "kind": kind,
        "lanes": _lanes(rows, kind, {one.stage: one.number for one in tally if one.kind == kind.code}) if kind else [],
        "late": sum(one.late for one in tally),
        "total": sum(one.number for one in tally),
        "urgent": sum(one.urgent for one in tally),
        "now": now,
        "live_token": live_token([f"a:{place.pk}"]) if place else "",
    }
    return render(request, "board.html", context)


def my_places(account: Account) -> list[Place]:
    """Places of the reader's staff posts."""
    posts = posts_of(account, at=timezone.now())
    return list({post.place_id: post.place for post in posts if role(post.role).staff}.values())


def chosen_place(request: HttpRequest, places: list[Place]) -> Place | None:
    """The place in the query when it is one of mine, else my first."""
    wanted = key_in(request, "place")
    return next((place for place in places if place.pk == wanted), places[0] if places else None)


class Tally(NamedTuple):
    """How many open matters of a kind stand in a stage, how many of them are late and urgent."""

    kind: str
    stage: str
    number: int
    late: int
    urgent: int


def _tally(rows: QuerySet[Matter], now: datetime) -> list[Tally]:
    """Everything that is counted on the board, in one pass."""
    late, urgent = Count("pk", filter=Q(due_at__lt=now)), Count("pk", filter=Q(urgent=True))
    counted = rows.order_by().values_list("kind", "stage").annotate(n=Count("pk"), late=late, hurry=urgent)
    return [Tally(*row) for row in counted]


def _lanes(rows: QuerySet[Matter], kind: Kind, totals: dict[str, int]) -> list[Lane]:
    lanes = []
    for stage in kind.stages:
        if stage.final:
            continue
        here = rows.filter(kind=kind.code, stage=stage.code).select_related("place").order_by("due_at", "pk")
        total = totals.get(stage.code, 0)
        lanes.append(Lane(stage, list(here[:SHOWN_A_LANE]) if total else [], total))
    return lanes
