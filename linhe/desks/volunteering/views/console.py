"""The community worker's overview: what waits today, who takes part, and the same as a spreadsheet."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.queries import figures
from linhe.core.loop.access import can
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import number_in, reader, signed_in
from linhe.core.people.queries import organisations_of
from linhe.core.places.models import Place, within
from linhe.desks.volunteering.loop import ACTIVITY
from linhe.desks.volunteering.queries import activities as found
from linhe.desks.volunteering.queries.participation import SIZE, Member, members_page, this_year
from linhe.desks.volunteering.queries.posts import stocks
from linhe.desks.volunteering.queries.reach import places_read
from linhe.desks.volunteering.views.common import staff_place
from linhe.lib.tables import write_xlsx
from linhe.lib.text import Text

WAITING = (
    ("posting", ("proposed", "public", "leaving")),
    ("hours", ("logged",)),
    ("check_in", ("asked",)),
    ("need", ("open", "delivered", "fed_back")),
)
YEAR_FIGURES = ("activities_held", "took_part", "needs_confirmed", "organisations_checked_in")
MOST_ROWS = 20000
HEADS = (
    Text("成员", "member"), Text("单位", "organisation"), Text("报到地点", "serves at"), Text("年度", "year"),
    Text("活动次数", "activities"), Text("时长（小时）", "hours"), Text("任职", "posts"),
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Figures of the place, what waits for a decision, and the activities that are coming."""
    account, places, place = staff_place(request)
    now = timezone.now()
    waiting = []
    for kind, stages in WAITING:
        rows = Matter.objects.filter(within(place), kind=kind, stage__in=stages, closed_at__isnull=True)
        waiting += list(rows.select_related("place").order_by("due_at", "pk")[:10])
    measures = {m.code.partition(".")[2]: m for m in measures_of("volunteering")}
    year = figures(place, [measures[code] for code in YEAR_FIGURES], "year", at=now)
    context = {
        "places": places,
        "place": place,
        "stocks": stocks(place, at=now),
        "figures": list(year.values()),
        "waiting": sorted(waiting, key=lambda m: (m.due_at is None, m.due_at or now, m.pk)),
        "cards": found.run_by(account, place, at=now)[:12],
        "publishes": can(account, ACTIVITY.action("publish"), place, at=now),
        "runs": can(account, ACTIVITY.action("tick"), place, at=now),
        "live_token": live_token([f"a:{p.pk}" for p in places]),
    }
    return render(request, "volunteering/overview.html", context)


@signed_in
@require_safe
def participation(request: HttpRequest) -> HttpResponse:
    """Who takes part: the members of a place for its staff, their own members for organisers."""
    context, members, _ = _members(request)
    return render(request, "volunteering/participation.html", context | {"members": members})


@signed_in
@require_safe
def participation_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a spreadsheet, names masked as on the page."""
    _, members, year = _members(request, size=MOST_ROWS)
    heads = [str(head) for head in HEADS]
    content = write_xlsx({str(Text("参与情况", "participation")): [heads, *(_cells(m, year) for m in members)]})
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="participation-{year}.xlsx"'
    return answer


def _members(request: HttpRequest, *, size: int = SIZE) -> tuple[dict[str, object], list[Member], int]:
    account, now = reader(request), timezone.now()
    newest = this_year(now)
    years = range(newest, newest - 3, -1)
    wanted = number_in(request.GET, "year")
    year = wanted if wanted is not None and wanted in years else newest
    before = number_in(request.GET, "before")
    places: list[Place] = []
    place, mine = None, None
    if places_read(account, at=now):
        _, places, place = staff_place(request)
    elif not (mine := organisations_of(account, at=now)):
        raise PermissionDenied
    members, after = members_page(year=year, at=now, place=place, organisations=mine, before=before, size=size)
    context: dict[str, object] = {
        "layout": "console.html" if places else "phone.html", "places": places, "place": place, "year": year,
        "years": years, "next_before": after,
    }  # fmt: skip
    return context, members, year


def _cells(member: Member, year: int) -> list[object]:
    row, did = member.check_in, member.service
    return [member.name, row.organisation.name, row.place.name, year, did.activities, did.hours, did.posts]
