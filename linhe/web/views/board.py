"""The console's board: open matters of my places, a lane a stage, with their clocks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
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
from linhe.core.places.models import Place, within
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
    rows = visible_to(account, at=now).filter(closed_at__isnull=True)
    if place is not None:
        rows = rows.filter(within(place))
    counts = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    kinds = [kind for kind in registry.kinds() if {post.role for post in posts_of(account, at=now)} & set(kind.reads)]
    wanted = request.GET.get("kind", "")
    kind = next((k for k in kinds if k.code == wanted), kinds[0] if kinds else None)
    context = {
        "places": places,
        "place": place,
        "kinds": [(k, counts.get(k.code, 0)) for k in kinds],
        "kind": kind,
        "lanes": _lanes(rows.filter(kind=kind.code), kind) if kind else [],
        "late": rows.filter(due_at__lt=now).count(),
        "total": sum(counts.values()),
        "urgent": rows.filter(urgent=True).count(),
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


def _lanes(rows: QuerySet[Matter], kind: Kind) -> list[Lane]:
    totals = dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))
    lanes = []
    for stage in kind.stages:
        if stage.final:
            continue
        matters = list(rows.filter(stage=stage.code).select_related("place").order_by("due_at", "pk")[:SHOWN_A_LANE])
        lanes.append(Lane(stage, matters, totals.get(stage.code, 0)))
    return lanes
