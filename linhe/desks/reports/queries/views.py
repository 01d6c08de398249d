"""One report as one reader may see it: the issue for all who deal with it, the person only for the community."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from linhe.core.loop.models import Event, Evidence, Matter, Particular
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of, principals_of
from linhe.desks.reports.loop.report import BEGINNINGS, CONFIRMED, LAPSED, REPORT, SOLVED, WORKER
from linhe.desks.reports.models import Following, Report
from linhe.desks.reports.queries.hotline import without_name, without_numbers
from linhe.desks.reports.queries.public import building_of, icons_at, name_of
from linhe.lib.masking import address_to_building, mask_name
from linhe.lib.text import Text

ASKER_SHOWN_TO = (WORKER, "grid_worker")
"""Posts that may know who reported something; the owner of the report never does."""
UNKNOWN = Text("匿名", "anonymous")
_DOOR = re.compile(
    r"\d{3,}|\d+\s*-\s*\d+|\d\s*(?:室|户|房|号(?!楼))|[〇零一二三四五六七八九十]\s*(?:室|户|房)"
    r"|\b(?:room|flat|apartment|apt)\b",
    re.IGNORECASE,
)


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
    words, spot = told.get("words", ""), told.get("spot", "")
    if reader is not None and not reads_typed(reader, at=at)(matter):
        words, spot = without_person(words, matter), without_door(without_person(spot, matter))
    return ReportView(
        matter=matter, report=report, what=Text(matter.title, matter.title_en or matter.title),
        icon=icons_at(at).get(report.category, matter.declared.icon), where=name_of(building_of(matter.place)),
        spot=spot, words=words, owner=owner_name(matter),
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


def words_of(matters: Iterable[Matter], *, reader: Account, at: datetime) -> dict[int, str]:
    """What was reported, for lists of those who deal with it, as this reader may see it."""
    found, typed = {matter.pk: matter for matter in matters}, reads_typed(reader, at=at)
    kept = Particular.objects.filter(event__matter__in=found, event__seq=1, name="words").select_related("event")
    told = {one.event.matter_id: one.value for one in kept}
    return {pk: words if typed(found[pk]) else without_person(words, found[pk]) for pk, words in told.items()}


def reads_typed(reader: Account, *, at: datetime) -> Callable[[Matter], bool]:
    """Tells of reports whether the reader gets what was typed as it is: those whose own it is, and those whose post
    reads it. Whoever it only lies with as an organisation gets the issue without the person."""
    people = {reader.pk, *principals_of(reader, at=at)}
    posts = [post for post in posts_of(reader, at=at) if post.role in REPORT.reads]
    return lambda matter: matter.concerns_id in people or any(post.place.contains(matter) for post in posts)


def without_person(text: str, matter: Matter) -> str:
    """What was typed, without the names of whose report it is and without any number that reaches somebody."""
    for person in (matter.requester, matter.beneficiary):
        text = without_name(text, person.name, instead="提出人") if person else text
    return without_numbers(text)


def without_door(spot: str) -> str:
    """A common spot as it is, one that names a door only down to the building."""
    building = address_to_building(spot) if _DOOR.search(spot) else spot
    return "" if _DOOR.search(building) else building


def person_to_call(matter: Matter, reader: Account, *, at: datetime) -> Account | None:
    """Whose report it is, for the community while it is under way; nobody when it was raised without a name, or when
    there is no number."""
    report = Report.objects.get(pk=matter.pk)
    person = matter.beneficiary or matter.requester
    if report.unnamed or person is None or not person.phone or person.pk == reader.pk or matter.closed_at is not None:
        return None
    if matter.beneficiary is None and report.source == Report.Source.PHONE:
        return None  # noted by a colleague for somebody without an account
    return person if _knows_askers(reader, matter, at=at) else None


def _knows_askers(reader: Account, matter: Matter, *, at: datetime) -> bool:
    return any(post.role in ASKER_SHOWN_TO and post.place.contains(matter) for post in posts_of(reader, at=at))


def _asker(matter: Matter, report: Report, reader: Account | None, *, at: datetime) -> Text | None:
    if reader is None or not _knows_askers(reader, matter, at=at):
        return None
    person = matter.beneficiary or matter.requester
    if person is None or report.unnamed:
        return UNKNOWN
    return Text(mask_name(person.name), mask_name(person.name))


def _words(event: Event | None) -> str:
    return next((one.value for one in event.particulars.all() if one.name == "words"), "") if event else ""


def _photos(event: Event) -> list[Evidence]:
    return [photo for photo in event.evidence.all() if photo.file]
