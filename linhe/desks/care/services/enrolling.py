"""Enrolment: agreed to in recorded words, changed, paused, and ended at once when the consent is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter, Particular
from linhe.core.loop.refusals import Refused, invalid, not_allowed, out_of_step
from linhe.core.people.codes import clean_phone
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Account
from linhe.core.people.services import give_consent, withdraw_consent
from linhe.core.places.models import Place
from linhe.desks.care.loop import DAILY_CHECK, LEVELS
from linhe.desks.care.models import Absence, Check, Contact, Enrolment, Opening, Side
from linhe.desks.care.queries.people import family_of, works_at
from linhe.desks.care.services.checks import absent
from linhe.desks.care.services.glances import draw_spots
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

MOST_CONTACTS = 3
EMPTY = {"door": "", "look_for": "", "habits": "", "couriers_look": False, "family_sees_steps": False}


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody to call."""

    name: str
    phone: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants to be looked after."""

    home: Place
    check_time: time
    door: str = ""
    look_for: str = ""
    habits: str = ""
    side: str = Side.SOUTH
    neighbour: Account | None = None
    couriers_look: bool = False
    family_sees_steps: bool = False
    meter: str | None = None
    """The number of the meter, empty for none; None leaves it as it was."""
    contacts: Sequence[Relative] = ()


@transaction.atomic
def enrol(*, person: Account, by: Account, wish: Wish, how: str, at: datetime) -> Enrolment:
    """Begin: the person on their own phone, or a community worker who has it signed or heard it in person."""
    community = wish.home.community
    if community is None or wish.home.level not in ("building", "unit"):
        raise invalid({"home": str(Text("请选到楼栋或单元。", "Choose the building or the unit."))})
    _check_asker(person, by, wish.home, how, at)
    Account.objects.select_for_update().get(pk=person.pk)
    if Enrolment.objects.filter(person=person, ended_at__isnull=True).exists():
        raise Refused("enrolled_already", Text("已经参加了。", "Already taking part."))
    give_consent(account=person, purpose="daily_check", at=at)
    enrolment = Enrolment(
        person=person,
        community=community,
        consented_how=how,
        enrolled_by=by,
        enrolled_at=at,
        check_time=wish.check_time,
    )
    return _keep(enrolment, wish, at)


@transaction.atomic
def change(*, enrolment: Enrolment, by: Account, wish: Wish, version: int | None, at: datetime) -> Enrolment:
    """Change how someone wants to be looked after; it counts from the next day on, the neighbour from now on."""
    locked = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if locked.ended_at is not None or wish.home.community_id != locked.community_id:
        raise Refused("ended", Text("已经不再参加，或搬到了别的社区。", "It has ended, or the home is elsewhere now."))
    if by.pk != locked.person_id and not works_at(by, wish.home, at=at):
        raise not_allowed()
    if version is not None and version != locked.version:
        raise out_of_step()
    locked.version += 1
    locked.contacts.all().delete()
    return _keep(locked, wish, at)


def _keep(enrolment: Enrolment, wish: Wish, at: datetime) -> Enrolment:
    check_neighbour(enrolment, wish.neighbour)
    enrolment.home, enrolment.door, enrolment.look_for = wish.home, wish.door[:60], wish.look_for[:120]
    enrolment.habits, enrolment.side, enrolment.check_time = wish.habits[:200], wish.side, wish.check_time
    enrolment.neighbour, enrolment.couriers_look = wish.neighbour, wish.couriers_look
    enrolment.family_sees_steps = wish.family_sees_steps
    if wish.meter is not None:
        set_meter(enrolment, wish.meter)
    enrolment.save()
    Contact.objects.bulk_create(
        Contact(enrolment=enrolment, seq=n, name=c.name[:40], phone=clean_phone(c.phone), relation=c.relation[:20])
        for n, c in enumerate(wish.contacts[:MOST_CONTACTS], 1)
    )
    if wish.couriers_look:
        draw_spots(wish.home.building or wish.home, wish.side, at=at)
    return enrolment


def check_neighbour(enrolment: Enrolment, neighbour: Account | None) -> None:
    """Refuse a neighbour who is the person, or gone."""
    if neighbour is not None and (neighbour.pk == enrolment.person_id or not neighbour.is_active):
        raise invalid({"neighbour": str(Text("请换一位邻居。", "Please choose another neighbour."))})


def set_meter(enrolment: Enrolment, meter: str) -> None:
    """The meter whose use counts as a sign, none when empty; each belongs to one person."""
    enrolment.meter_index = meter_index(meter) if meter else None
    taken = Enrolment.objects.filter(meter_index=enrolment.meter_index).exclude(pk=enrolment.pk)
    if enrolment.meter_index and taken.exists():
        raise invalid({"meter": str(Text("请核对表号。", "Please check the number of the meter."))})


def meter_index(meter: str) -> str:
    """The keyed hash by which a meter is found."""
    return blind_index(f"meter:{meter.strip()}")


@transaction.atomic
def withdraw(*, person: Account, by: Account, at: datetime) -> None:
    """Take the consent back: the person, or a community worker who was told so. Everything stops at once."""
    enrolment = Enrolment.objects.filter(person=person, ended_at__isnull=True).select_related("community").first()
    if by.pk != person.pk and (enrolment is None or not works_at(by, enrolment.community, at=at)):
        raise not_allowed()
    withdraw_consent(account=person, purpose="daily_check", at=at)


@transaction.atomic
def stop_checks(person: Account, at: datetime) -> None:
    """What happens when the consent ends, wherever it was taken back: open checks stop, and what is not needed goes."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .filter(person=person, ended_at__isnull=True)
        .first()
    )
    if enrolment is None:
        return
    for check in Check.objects.filter(enrolment=enrolment, matter__closed_at__isnull=True).select_related(
        "matter__place"
    ):
        act(check.matter, "stop", by=None, at=at)
    Enrolment.objects.filter(pk=enrolment.pk).update(
        **EMPTY, home=None, neighbour=None, meter_index=None, ended_at=max(at, enrolment.enrolled_at)
    )
    Contact.objects.filter(enrolment=enrolment).delete()
    Absence.objects.filter(enrolment=enrolment).delete()
    own = Matter.objects.filter(kind=DAILY_CHECK.code, beneficiary=person)
    Particular.objects.filter(event__matter__in=own).delete()
    Opening.objects.filter(person=person, until__gt=at, at__lt=at, matter__in=own).update(until=at)


@transaction.atomic
def pause(*, enrolment: Enrolment, by: Account, first: date, last: date | None, reason: str, at: datetime) -> Absence:
    """Nobody is at home from a day until another; today's open check ends with it."""
    locked = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if locked.ended_at is not None:
        raise Refused("ended", Text("已经不再参加。", "It has ended."))
    if not _acts_for(by, locked, at):
        raise not_allowed()
    today = local_date(at)
    if last is not None and (last < first or last < today):
        raise invalid({"last": str(Text("请核对日期。", "Please check the dates."))})
    absence = Absence.objects.create(enrolment=locked, reason=reason, first=max(first, today), last=last)
    if absent(locked, today):
        for check in Check.objects.filter(
            enrolment=locked, day=today, matter__closed_at__isnull=True, matter__stage__in=LEVELS
        ).select_related("matter__place"):
            act(check.matter, "excuse", by=by, data={"reason": reason}, at=at)
    return absence


@transaction.atomic
def come_back(*, enrolment: Enrolment, by: Account, at: datetime) -> None:
    """At home again: absences end yesterday, and the checks go on tomorrow, or today when the sign is still ahead."""
    locked = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    if not _acts_for(by, locked, at):
        raise not_allowed()
    today = local_date(at)
    Absence.objects.filter(Q(last__isnull=True) | Q(last__gte=today), enrolment=locked).delete()


def _acts_for(by: Account, enrolment: Enrolment, at: datetime) -> bool:
    return (
        by.pk == enrolment.person_id or by.pk in family_of(enrolment, at=at) or works_at(by, enrolment.community, at=at)
    )


def _check_asker(person: Account, by: Account, home: Place, how: str, at: datetime) -> None:
    if how not in Enrolment.Consented.values:
        raise invalid({"how": str(Text("请选择怎样同意的。", "Say how the consent was given."))})
    if by.pk == person.pk:
        return
    if not works_at(by, home, at=at) or how == Enrolment.Consented.SELF:
        raise not_allowed()
