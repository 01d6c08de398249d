"""The board of those who deal with reports: what is open at their places or lies with their organisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Evidence, Matter
from linhe.core.loop.queries import page_by_limit
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.reports.loop import REPORT
from linhe.desks.reports.loop.report import PAUSED, PAUSING, RAISED, SOLVED, WORKING
from linhe.desks.reports.models import Following
from linhe.desks.reports.queries.public import building_of, icons_at, name_of
from linhe.desks.reports.queries.views import owner_name, words_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

LANES: dict[str, tuple[str, ...]] = {
    "raised": (RAISED,), "working": (WORKING,), "paused": (PAUSING, PAUSED), "solved": (SOLVED,),
}  # fmt: skip
LANE_NAMES = {
    "raised": Text("待受理", "to accept"), "working": Text("办理中", "under way"),
    "paused": Text("暂停", "paused"), "solved": Text("待确认", "to confirm"),
}  # fmt: skip
PAGE_ROWS = 60
_COLUMNS = (
    Text("编号", "number"), Text("类别", "category"), Text("地点", "place"), Text("承办", "in charge"),
    Text("环节", "stage"), Text("来源", "source"), Text("上报", "raised"), Text("时限", "limit"),
    Text("结案", "closed"),
)  # fmt: skip
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A line of the board."""

    number: int
    version: int
    what: Text
    icon: str
    where: Text
    excerpt: str
    owner: Text
    stage_code: str
    stage: Text
    tone: str
    since_at: datetime
    due_at: datetime | None
    paused: bool
    late: bool
    followers: int
    photos: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What the board is narrowed to."""

    lane: str = ""
    category: str = ""
    late: bool = False
    number: int | None = None
    after: str = ""


def dealt_with(account: Account, *, at: datetime, place: Place | None = None) -> QuerySet[Matter]:
    """The open reports that somebody may read: those of their posts and of their organisation first of all."""
    return visible_to(account, at=at, place=place, kind=REPORT.code).filter(closed_at__isnull=True)


def lane_counts(rows: QuerySet[Matter]) -> dict[str, int]:
    """How many in each lane: one query."""
    counted = dict(rows.order_by().values("stage").annotate(n=Count("id")).values_list("stage", "n"))
    return {lane: sum(counted.get(stage, 0) for stage in stages) for lane, stages in LANES.items()}


def board_rows(
    rows: QuerySet[Matter], choice: Choice, *, reader: Account, at: datetime
) -> tuple[list[BoardRow], str]:  # fmt: skip
    """A page of the rows that fit, the nearest limit first, as this reader may see them; and where the next begins."""
    if choice.lane in LANES:
        rows = rows.filter(stage__in=LANES[choice.lane])
    if choice.category:
        rows = rows.filter(report__category=choice.category)
    if choice.late:
        rows = rows.filter(due_at__lte=at)
    if choice.number is not None:
        rows = rows.filter(pk=choice.number)
    rows = rows.select_related("place__parent", "organisation", "at_community", "report", "requester", "beneficiary")
    found, following = page_by_limit(rows, after=choice.after, size=PAGE_ROWS)
    return list(_rows(found, reader=reader, at=at)), following


def for_export(account: Account, *, at: datetime, place: Place | None, most: int) -> list[list[object]]:
    """Masked rows for a spreadsheet under their headings: neither persons nor what was typed."""
    rows = visible_to(account, at=at, place=place, kind=REPORT.code)
    found = rows.select_related("place__parent", "organisation", "at_community", "report").order_by("-pk")[:most]
    headings: list[object] = [str(name) for name in _COLUMNS]
    return [
        headings,
        *(
            [
                m.pk, str(Text(m.title, m.title_en or m.title)), str(name_of(building_of(m.place))),
                str(owner_name(m)), str(m.stage_declared.name), m.report.source, _local(m.created_at),
                _local(m.due_at), _local(m.closed_at),
            ]
            for m in found
        ),
    ]  # fmt: skip


def _rows(matters: list[Matter], *, reader: Account, at: datetime) -> Iterator[BoardRow]:
    ids, icons = [m.pk for m in matters], icons_at(at)
    words = words_of(matters, reader=reader, at=at)
    followers = _counted(Following.objects.filter(matter__in=ids))
    photos = _counted(Evidence.objects.filter(~Q(file=""), matter__in=ids, event__seq=1))
    for m in matters:
        stage = m.stage_declared
        yield BoardRow(
            m.pk, m.version, Text(m.title, m.title_en or m.title), icons.get(m.report.category, REPORT.icon),
            name_of(building_of(m.place)), words.get(m.pk, "")[:EXCERPT], owner_name(m), stage.code, stage.name,
            stage.tone, m.created_at, m.due_at, m.stage == PAUSED, m.due_at is not None and m.due_at <= at,
            followers.get(m.pk, 0), photos.get(m.pk, 0),
        )  # fmt: skip


def _counted(rows: QuerySet[Following] | QuerySet[Evidence]) -> dict[int, int]:
    return dict(rows.order_by().values("matter").annotate(n=Count("id")).values_list("matter", "n"))


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""
