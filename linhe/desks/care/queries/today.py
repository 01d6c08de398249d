"""Where a day stands: for the person, for the family, for whoever is asked to look, for the community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import not_found
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of
from linhe.core.places.models import Place
from linhe.desks.care.loop import DAILY_CHECK, DUE, ESCALATED, HELPING, LOOKED, NEIGHBOUR, OPEN, PLANNED, VISIT
from linhe.desks.care.models import Absence, Check, Enrolment, Visit
from linhe.desks.care.queries.people import care_places, communities_below
from linhe.desks.care.queries.records import FOR_STAFF
from linhe.lib.masking import mask_name
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

HISTORY = 14
ALARMS_SHOWN = 200
_TOLD = {
    "well": Text("今天平安", "All is well today"),
    "seen": Text("今天平安，有人来看过", "All is well; somebody came by"),
    "helped": Text("已妥善安置", "Looked after"),
    "away": Text("今天不在家，已暂停", "Away today; paused"),
    "stopped": Text("已停止", "Stopped"),
    HELPING: Text("有人在身边帮忙", "Somebody is there and helps"),
    DUE: Text("还没到约定时间", "The agreed time is still ahead"),
}
UNDER_WAY = Text("正在确认，社区在跟进", "Being checked; the community is on it")
BEFORE = Text("今天还没开始", "The day has not begun yet")


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day as the person or the family sees it."""

    enrolment: Enrolment
    check: Check | None
    told: Text
    tone: str
    away: Absence | None
    steps: list[tuple[Text, datetime]]

    @property
    def open(self) -> bool:
        """Whether a sign is still waited for."""
        return self.check is None or self.check.matter.closed_at is None


@dataclass(frozen=True, slots=True)
class ToLook:
    """Somebody is asked to look: a masked name, the building, until when."""

    matter: Matter
    name: str
    home: Place | None
    by: datetime | None
    asked: bool
    visit: Visit | None = None


def day_of(enrolment: Enrolment, *, at: datetime, steps: bool) -> Day:
    """Today. ``steps`` only for the person, and for a family that the person lets see them."""
    day = local_date(at)
    check = Check.objects.filter(person=enrolment.person_id, day=day).select_related("matter__place").first()
    running = Absence.objects.filter(Q(last__isnull=True) | Q(last__gte=day), enrolment=enrolment, first__lte=day)
    away = running.order_by("-pk").first()
    told, tone = _told(check, away)
    events = Event.objects.filter(matter=check.matter).order_by("seq") if check and steps else []
    rows = [(DAILY_CHECK.action(event.action).name, event.at) for event in events if event.action != "open"]
    return Day(enrolment, check, told, tone, away, rows)


def _told(check: Check | None, away: Absence | None) -> tuple[Text, str]:
    if check is None:
        return (_TOLD["away"], "over") if away else (BEFORE, "wait")
    stage = check.matter.stage
    if stage == "well" and check.sign == "seen":
        return _TOLD["seen"], "good"
    if stage in (NEIGHBOUR, *ESCALATED):
        return UNDER_WAY, "bad" if stage in ESCALATED else "move"
    return _TOLD[stage], check.matter.stage_declared.tone


def history(enrolment: Enrolment, *, most: int = HISTORY) -> list[Check]:
    """The days before, newest first."""
    return list(Check.objects.filter(enrolment=enrolment).select_related("matter").order_by("-day")[:most])


def families(account: Account, *, at: datetime) -> list[Day]:
    """Today of everyone whom the reader acts for and who takes part."""
    rows = Enrolment.objects.filter(person__in=principals_of(account, at=at), ended_at__isnull=True)
    return [day_of(one, at=at, steps=one.family_sees_steps) for one in rows.select_related("person", "home__parent")]


def to_look(account: Account, *, at: datetime) -> list[ToLook]:
    """Whom the reader is asked to look at today, the most urgent first; visits after them."""
    checks = Check.objects.filter(matter__handler=account, matter__kind=DAILY_CHECK.code, matter__stage__in=OPEN)
    found = [
        ToLook(
            c.matter, mask_name(c.person.name), c.enrolment.home, c.matter.due_at, c.matter.stage in LOOKED
        )
        for c in checks.select_related("matter__place", "person", "enrolment__home__parent")
    ]  # fmt: skip
    visits = Visit.objects.filter(matter__handler=account, matter__stage=PLANNED)
    found += [
        ToLook(v.matter, mask_name(v.matter.beneficiary.name), v.home, v.until_at, False, v)
        for v in visits.select_related("matter__place", "matter__beneficiary", "home__parent").order_by("from_at")[:50]
        if v.matter.beneficiary is not None
    ]
    return sorted(found, key=lambda one: (not one.asked, one.by is None, one.by))


def matter_to_look(account: Account, matter_id: int) -> Matter:
    """A check or a visit that the reader is asked to see to, or has a post for; the same answer for all others."""
    found = Matter.objects.filter(pk=matter_id, kind__in=(DAILY_CHECK.code, VISIT.code))
    matter = found.select_related("place", "beneficiary__home__parent").first()
    if matter is None or matter.beneficiary is None:
        raise not_found()
    return matter


@dataclass(frozen=True, slots=True)
class Alarm:
    """A check that is the community's now."""

    check: Check
    name: str
    level: Text
    late: bool


def alarms(account: Account, *, at: datetime) -> list[Alarm]:
    """Escalated checks of the reader's places, those whose limit is nearest first; no more than a page can show."""
    rows = _alarmed(account, at).select_related("matter__place", "person", "enrolment__home__parent")
    return [
        Alarm(c, mask_name(c.person.name), c.matter.stage_declared.name, bool(c.matter.due_at and c.matter.due_at < at))
        for c in rows.order_by("matter__due_at", "matter")[:ALARMS_SHOWN]
    ]


def alarm_count(account: Account, *, at: datetime) -> int:
    """How many there are in all, shown or not."""
    return _alarmed(account, at).count()


def _alarmed(account: Account, at: datetime) -> QuerySet[Check]:
    places = care_places(account, at=at)
    return Check.objects.filter(
        enrolment__in=Enrolment.objects.filter(communities_below(places)), matter__closed_at__isnull=True,
        matter__stage__in=FOR_STAFF,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """How today stands at the reader's places."""

    well: int
    waiting: int
    looking: int
    alarmed: int
    away: int
    false_alarms: int


def tally(account: Account, *, at: datetime) -> Tally:
    """Counted from today's checks; false alarms of the last thirty days are told by the dashboard."""
    rows = Check.objects.filter(
        day=local_date(at), enrolment__in=Enrolment.objects.filter(communities_below(care_places(account, at=at)))
    ).values_list("matter__stage", "alarmed", "sign")
    stages = [stage for stage, _, _ in rows]
    return Tally(
        stages.count("well") + stages.count("helped"), stages.count(DUE), stages.count(NEIGHBOUR),
        sum(stage in (*ESCALATED, HELPING) for stage in stages), stages.count("away"),
        sum(alarmed and sign == "seen" for _, alarmed, sign in rows),
    )  # fmt: skip


def visits_today(account: Account, *, at: datetime) -> list[Visit]:
    """Visits of today that the reader makes."""
    rows = Visit.objects.filter(matter__handler=account, matter__stage=PLANNED)
    found = rows.select_related("matter__beneficiary", "matter__place", "home__parent").order_by("from_at")[:80]
    return [v for v in found if local_date(v.from_at) <= local_date(at)]
