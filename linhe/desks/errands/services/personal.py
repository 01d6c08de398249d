"""What the desk holds about a person: doors and notes of who asked, ways and positions of who carried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.errands.models import ErrandDetail, Offer, Qualification, Shift, Stop
from linhe.lib.text import Text

EMPTY = {"door": "", "note": "", "code": "", "relay": "", "pickup_name": ""}


def forget(matters: QuerySet[Matter]) -> int:
    """Empty what tells whose errand it was; the service, the building and the times stay for the figures."""
    Stop.objects.filter(matter__in=matters).exclude(label="").update(label="")
    return ErrandDetail.objects.filter(matter__in=matters).exclude(**EMPTY).update(**EMPTY)


def unfinished(account: Account) -> Text | None:
    """A courier goes off duty first."""
    if not Shift.objects.filter(courier=account, ended_at__isnull=True).exists():
        return None
    return Text("您还在当班，请先下班。", "You are on duty; go off duty first.")


def export(account: Account) -> dict[str, Any]:
    """One's errands with door and note, and for couriers shifts, offers and skills."""
    return {
        "errands": [
            {
                "matter": e.pk, "service": e.service, "pickup": e.pickup_name, "door": e.door, "note": e.note,
                "from": e.earliest_at.isoformat(), "to": e.latest_at.isoformat(), "stars": e.stars,
            }
            for e in ErrandDetail.objects.filter(_of(account)).order_by("pk")
        ],
        "shifts": [
            {
                "from": s.started_at.isoformat(), "to": (s.ended_at or s.until_at).isoformat(), "lat": s.lat,
                "lng": s.lng, "seen_at": s.seen_at.isoformat(), "own_stops": s.stops.filter(kind=Stop.Kind.OWN).count(),
            }
            for s in Shift.objects.filter(courier=account).order_by("id")
        ],
        "offers": [
            {"matter": o.matter_id, "state": o.state, "at": o.offered_at.isoformat()}
            for o in Offer.objects.filter(courier=account).order_by("id")
        ],
        "skills": list(Qualification.objects.filter(account=account).order_by("id").values_list("skill", flat=True)),
    }  # fmt: skip


def erase(account: Account, at: datetime) -> None:
    """Doors, notes and codes are emptied; the ways and positions of a courier's shifts are deleted."""
    forget(Matter.objects.filter(Q(requester=account) | Q(beneficiary=account), kind="errand"))
    ErrandDetail.objects.filter(planned_for=account).update(planned_for=None)
    Offer.objects.filter(courier=account).update(shift=None)
    Shift.objects.filter(courier=account).delete()
    Qualification.objects.filter(account=account).delete()


def _of(account: Account) -> Q:
    return Q(matter__requester=account) | Q(matter__beneficiary=account)


HOLDING = Holding("errands", export, erase, unfinished)
