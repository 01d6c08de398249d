"""One report as one reader may see it: the issue for all who deal with it, the person only for the community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.loop.models import Event, Evidence, Matter, Particular
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of, principals_of
from linhe.desks.reports.loop.report import BEGINNINGS, CONFIRMED, LAPSED, SOLVED, WORKER
from linhe.desks.reports.models import Following, Report
from linhe.desks.reports.queries.public import building_of, icons_at, name_of
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

ASKER_SHOWN_TO = (WORKER, "grid_worker")
"""Posts that may know who reported something; the owner of the report never does."""
UNKNOWN = Text("匿名", "anonymous")


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as one reader may see it now."""

    matter: Matter
    report: Report
    what: Text
    icon: str
    where: Text
    spot: str
    words: str
    owner: Text
    asker: Text | None
    photos: list[Evidence]
    result: str
    result_photos: list[Evidence]
    solved_at: datetime | None
    parts: list[Matter]
    into: int | None
    followers: int
    mine: bool
    follows: bool


def report_view(matter: Matter, *, reader: Account | None, at: datetime) -> ReportView:
    """Everything of a report that this reader may see; ``reader=None`` holds the link of an anonymous one."""
    report = Report.objects.get(pk=matter.pk)
    events = list(
        Event.objects.filter(matter=matter, action__in=(*BEGINNINGS, "solve"))
        .order_by("seq").prefetch_related("particulars", "evidence")
    )  # fmt: skip
    first, solved = events[0], next((e for e in reversed(events) if e.action == "solve"), None)
    done = solved if matter.stage in (SOLVED, CONFIRMED, LAPSED) else None
    told = {one.name: one.value for one in first.particulars.all()}
    return ReportView(
        matter=matter, report=report, what=Text(matter.title, matter.title_en or matter.title),
        icon=icons_at(at).get(report.category, matter.declared.icon), where=name_of(building_of(matter.place)),
        spot=told.get("spot", ""), words=told.get("words", ""), owner=owner_name(matter),
        asker=_asker(matter, report, reader, at=at),
        photos=_photos(first), result=_words(done), result_photos=_photos(done) if done else [],
        solved_at=done.at if done else None, parts=list(matter.children.order_by("id").select_related("organisation")),
        into=report.merged_into_id, followers=Following.objects.filter(matter=matter).count(),
        mine=reader is not None and matter.concerns_id in {reader.pk, *principals_of(reader, at=at)},
        follows=reader is not None and Following.objects.filter(matter=matter, account=reader).exists(),
    )  # fmt: skip


def owner_name(matter: Matter) -> Text:
    """Who deals with it: the organisation, or the community."""
    if matter.organisation is not None:
        return Text(matter.organisation.name, matter.organisation.name_en or matter.organisation.name)
    community = matter.at_community
    return Text(community.name, community.name_en or community.name) if community else Text("社区", "the community")


def words_of(matter_ids: list[int]) -> dict[int, str]:
    """What was reported, for lists of those who deal with it: one query."""
    kept = Particular.objects.filter(event__matter__in=matter_ids, event__seq=1, name="words")
    return {one.event.matter_id: one.value for one in kept.select_related("event")}


def _asker(matter: Matter, report: Report, reader: Account | None, *, at: datetime) -> Text | None:
    if reader is None:
        return None
    posts = posts_of(reader, at=at)
    if not any(post.role in ASKER_SHOWN_TO and post.place.contains(matter) for post in posts):
        return None
    person = matter.beneficiary or matter.requester
    if person is None or report.unnamed:
        return UNKNOWN
    return Text(mask_name(person.name), mask_name(person.name))


def _words(event: Event | None) -> str:
    return next((one.value for one in event.particulars.all() if one.name == "words"), "") if event else ""


def _photos(event: Event) -> list[Evidence]:
    return [photo for photo in event.evidence.all() if photo.file]
