"""What the desk holds about a person: for export, for erasure, and what goes when its time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.care.models import Absence, Check, Enrolment, Glance, Glancer, Need, Opening, Seat
from linhe.desks.care.services.enrolling import stop_checks
from linhe.desks.care.services.visits import forget_needs


def forget_checks(matters: QuerySet[Matter]) -> int:
    """Who looked after whom goes; that the day ended well stays."""
    return Check.objects.filter(matter__in=matters, looked_by__isnull=False).update(looked_by=None)


def forget_days(matters: QuerySet[Matter]) -> int:
    """What a day leaves of those who looked."""
    return forget_checks(matters) + forget_openings(matters)


def forget_openings(matters: QuerySet[Matter]) -> int:
    """Openings that are over go with their matter; the person's own list of looks stays."""
    return Opening.objects.filter(matter__in=matters).delete()[0]


def export(account: Account) -> dict[str, Any]:
    """Everything kept here of a person, in plain words."""
    return {
        "enrolments": [
            {
                "from": e.enrolled_at.isoformat(), "to": e.ended_at.isoformat() if e.ended_at else None,
                "home": e.home.code if e.home else None, "door": e.door, "look_for": e.look_for, "habits": e.habits,
                "time": e.check_time.isoformat(), "neighbour": e.neighbour_id, "couriers_look": e.couriers_look,
                "contacts": [[c.name, c.phone, c.relation] for c in e.contacts.all()],
                "absences": [
                    [a.reason, a.first.isoformat(), a.last.isoformat() if a.last else None]
                    for a in Absence.objects.filter(enrolment=e).order_by("pk")
                ],
            }
            for e in Enrolment.objects.filter(person=account).select_related("home").prefetch_related("contacts")
        ],
        "checks": [
            {"day": c.day.isoformat(), "sign": c.sign, "alarmed": c.alarmed}
            for c in Check.objects.filter(person=account).order_by("day")
        ],
        "needs": [[n.code, n.words] for n in Need.objects.filter(person=account).order_by("pk")],
        "appointments": [
            {"session": s.session_id, "slot": s.slot, "matter": s.pk}
            for s in Seat.objects.filter(person=account).order_by("pk")
        ],
        "glances": Glance.objects.filter(courier=account).count(),
    }  # fmt: skip


def erase(account: Account, at: datetime) -> None:
    """Stop everything, empty what is kept, and step back from looking after others."""
    stop_checks(account, at)
    forget_needs(account, at)
    Enrolment.objects.filter(neighbour=account).update(neighbour=None)
    Check.objects.filter(looked_by=account).update(looked_by=None)
    Opening.objects.filter(person=account).delete()
    Glance.objects.filter(courier=account).delete()
    Glancer.objects.filter(courier=account).delete()


HOLDING = Holding("care", export, erase)
