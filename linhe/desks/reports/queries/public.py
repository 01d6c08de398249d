"""What everyone may see: category, building, rounded point and stage; words and photos only once a clerk let them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linhe.core.dated import value
from linhe.core.loop.models import Evidence
from linhe.core.loop.queries import Page, page_of
from linhe.core.places.models import Place
from linhe.desks.reports.loop import REPORT
from linhe.desks.reports.loop.report import CONFIRMED, LAPSED, OPEN, RAISED, SOLVED
from linhe.desks.reports.models import Following, Open311Sent, Report
from linhe.desks.reports.queries.categories import categories
from linhe.lib.text import Text

SHOWN = (*OPEN, SOLVED, CONFIRMED, LAPSED)
PHOTOS_OF = ("report", "report_unnamed", "report_for", "solve")
"""Photos that may become public: of the trouble, and of the result."""
MOST_ON_MAP = 500


@dataclass(frozen=True, slots=True)
class PublicReport:
    """One report without anybody: no name, no door, none of the words that were typed."""

    number: int
    what: Text
    icon: str
    category: str
    where: Text
    lat: float
    lng: float
    stage_code: str
    stage: Text
    tone: str
    since_at: datetime
    moved_at: datetime
    words: str
    followers: int
    open: bool


def public_rows(*, at: datetime, place: Place | None = None) -> QuerySet[Report]:
    """Everything that the public may see at a place, closed ones for some time only."""
    days = value("reports.public_days", at=at, place_code=place.code if place else "")
    fresh = Q(matter__closed_at__isnull=True) | Q(matter__closed_at__gt=at - timedelta(days=days))
    rows = tried(Report.objects.filter(fresh, private=False, hidden_for="", matter__stage__in=SHOWN))
    if place is not None:
        level = "community" if place.community_id else "district"
        above = place.community_id or place.district_id
        rows = rows.filter(**{f"{level}_id": above})
        if place.pk != above:
            rows = rows.filter(**{f"matter__at_{place.level}_id": place.pk} if place.level != "unit" else {})
    return rows.select_related("matter__place__parent")


def tried(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Without what an app on trial sent, as long as nobody has accepted it."""
    untried = Open311Sent.objects.filter(matter=OuterRef("matter"), key__on_trial=True)
    return rows.exclude(Exists(untried), matter__stage=RAISED)


def public_page(
    *, at: datetime, place: Place | None = None, category: str = "", open_only: bool = False, before: int | None = None
) -> Page[Report]:
    """A page of the public list, newest first."""
    rows = public_rows(at=at, place=place)
    if category:
        rows = rows.filter(category=category)
    if open_only:
        rows = rows.filter(matter__closed_at__isnull=True)
    return page_of(rows, before=before)


def public_report(matter_id: int, *, at: datetime) -> Report | None:
    """One report if the public may see it."""
    return public_rows(at=at).filter(pk=matter_id).first()


def public_views(reports: Sequence[Report], *, at: datetime) -> list[PublicReport]:
    """The masked views of rows of :func:`public_rows`, in their order."""
    icons = icons_at(at)
    told = Following.objects.filter(matter__in=[report.pk for report in reports]).values("matter")
    followers = dict(told.annotate(people=Count("id")).values_list("matter", "people"))
    return [_view(report, icons, followers.get(report.pk, 0), at=at) for report in reports]


def _view(report: Report, icons: Mapping[str, str], followers: int, *, at: datetime) -> PublicReport:
    matter = report.matter
    stage, place = matter.stage_declared, building_of(matter.place)
    lat, lng = rounded(report.lat, report.lng, at=at, place_code=place.code)
    return PublicReport(
        matter.pk, Text(matter.title, matter.title_en or matter.title), icons.get(report.category, REPORT.icon),
        report.category, name_of(place), lat, lng, stage.code, stage.name, stage.tone, matter.created_at,
        matter.updated_at, report.words_public, followers, matter.closed_at is None,
    )  # fmt: skip


def public_photos(report: Report) -> list[Evidence]:
    """Photos that a clerk let the public see, oldest first."""
    if not report.photos_public:
        return []
    kept = Evidence.objects.filter(matter=report.pk, event__action__in=PHOTOS_OF).exclude(file="")
    return list(kept.select_related("event").order_by("id"))


def rounded(lat: float, lng: float, *, at: datetime, place_code: str = "") -> tuple[float, float]:
    """A point on the grid of the public map: good for a compound, too coarse for a door."""
    step = value("reports.public_degrees", at=at, place_code=place_code)
    return round(round(lat / step) * step, 6), round(round(lng / step) * step, 6)


def icons_at(at: datetime) -> dict[str, str]:
    """The picture of each category in force."""
    return {category.code: category.icon for category in categories(at=at)}


def building_of(place: Place) -> Place:
    """The building of a unit, any other place as it is."""
    return place.parent if place.kind == "unit" and place.parent is not None else place


def name_of(place: Place) -> Text:
    """A building with its compound, any other place by its name."""
    here = Text(place.name, place.name_en or place.name)
    if place.kind != "building" or place.parent is None or place.parent.kind != "compound":
        return here
    yard = place.parent
    zh = here.zh if here.zh.startswith(yard.name) else f"{yard.name}{here.zh}"
    yard_en = yard.name_en or yard.name
    return Text(zh, here.en if here.en.startswith(yard_en) else f"{here.en}, {yard_en}")
