"""What a record shows to whom: less to a neighbour than to the community, and nothing without an opening."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.people.looks import told_apart
from linhe.core.people.models import Account, ReadLog
from linhe.core.people.queries import has_consent
from linhe.core.places.models import Place
from linhe.desks.care.loop import AT_WORKER, CHIEF, DAILY_CHECK, EMERGENCY, FAMILY, GLASS, HELPING, NEIGHBOUR, VISIT
from linhe.desks.care.models import Contact, Need, Opening
from linhe.desks.care.queries.people import enrolment_of, works_at
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

PURPOSES = {
    "look": Text("去看她／他是否平安", "to see whether they are well"),
    "call": Text("打电话联系", "to call"),
    "visit": Text("上门关照", "for a visit"),
    "update": Text("核对、更新档案", "to bring the record up to date"),
}
EMERGENCY_PURPOSE = Text("紧急查看", "emergency access")
RECORD = "care_record"
FOR_STAFF = (AT_WORKER, FAMILY, EMERGENCY, HELPING)
"""Stages at which a check is the community's, so that it binds a purpose of theirs."""


@dataclass(frozen=True, slots=True)
class Record:
    """A person's record as one reader may see it."""

    person: Account
    home: Place | None
    door: str = ""
    look_for: str = ""
    habits: str = ""
    contacts: list[Contact] = field(default_factory=list)
    needs: list[tuple[Text, str]] = field(default_factory=list)
    phone: str = ""
    until: datetime | None = None
    purpose: Text = EMERGENCY_PURPOSE


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody read somebody's record."""

    who: str
    purpose: str
    at: datetime


def binds(reader: Account, matter: Matter, *, at: datetime) -> bool:
    """Whether a matter gives the reader a reason to open the record of the person it is about."""
    if matter.closed_at is not None:
        return False
    if matter.handler_id == reader.pk:
        return True
    if matter.kind == DAILY_CHECK.code and matter.stage not in FOR_STAFF:
        return False
    return works_at(reader, matter.place, at=at)


def opening_of(reader: Account, person: Account, *, at: datetime) -> Opening | None:
    """The opening that stands: its time is not over, and what it was for still goes on and is still theirs."""
    standing = Opening.objects.filter(reader=reader, person=person, until__gt=at).select_related("matter__place")
    for opening in standing.order_by("-pk"):
        if opening.matter.kind == GLASS.code and opening.matter.handler_id == reader.pk:
            return opening
        if opening.matter.kind != GLASS.code and binds(reader, opening.matter, at=at):
            return opening
    return None


def record_of(reader: Account, person: Account, opening: Opening, *, at: datetime) -> Record:
    """What the opening shows. A neighbour learns which curtain; a chief the door too; the community and the visitor
    also what help is needed; whom to call only the community."""
    enrolment, matter = enrolment_of(person), opening.matter
    staff = works_at(reader, matter.place, at=at)
    purpose = PURPOSES.get(opening.purpose, EMERGENCY_PURPOSE)
    home = enrolment.home if enrolment else person.home
    neighbour_only = matter.kind == DAILY_CHECK.code and not staff and matter.stage in ("due", NEIGHBOUR)
    if neighbour_only:
        look_for = enrolment.look_for if enrolment else ""
        return Record(person, home, look_for=look_for, until=opening.until, purpose=purpose)
    door = (enrolment.door if enrolment else "") or person.door
    needs = needs_of(person, at=at) if staff or matter.kind == VISIT.code else []
    if not staff:
        look_for = enrolment.look_for if enrolment and matter.stage == CHIEF else ""
        return Record(person, home, door, look_for, needs=needs, until=opening.until, purpose=purpose)
    return Record(
        person, home, door, enrolment.look_for if enrolment else "", enrolment.habits if enrolment else "",
        list(enrolment.contacts.all()) if enrolment else [], needs, person.phone, opening.until, purpose,
    )  # fmt: skip


def needs_of(person: Account, *, at: datetime) -> list[tuple[Text, str]]:
    """What someone needs help with; nothing once the consent is gone."""
    if not has_consent(person, "health_needs"):
        return []
    names = need_names(at=at)
    return [
        (names.get(n.code, Text(n.code, n.code)), n.words) for n in Need.objects.filter(person=person).order_by("pk")
    ]


def need_names(*, at: datetime) -> dict[str, Text]:
    """The needs of the list in force."""
    return {row["code"]: Text(row["zh"], row["en"]) for row in value("care.needs", at=at)}


def looks_at(person: Account, *, most: int = 30) -> list[Look]:
    """Who read a person's record, newest first; names are masked."""
    rows = ReadLog.objects.filter(subject=person, what=RECORD).select_related("reader").order_by("-at", "-pk")
    return [
        Look(mask_name(row.reader.name) or "—", str(told_apart(row.purpose)[0] or EMERGENCY_PURPOSE), row.at)
        for row in rows[:most]
    ]
