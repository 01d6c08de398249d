"""A courier looks at the door of an errand: allowed while it is theirs, counted, capped and logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop import refusals
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account, ReadLog
from linhe.desks.errands.models import Peek
from linhe.desks.errands.queries.cards import address_open, building_shown, relay_contact
from linhe.desks.errands.queries.state import errand_of
from linhe.lib.periods import day_of
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class AddressView:
    """What a courier needs at the door."""

    building: str
    door: str
    note: str
    contact: Text


def reveal_address(*, courier: Account, matter: Matter, at: datetime) -> AddressView:
    """Door, note and relay contact for the courier who handles the errand. The resident can see who looked.

    Raises ``Refused`` when it is not (or no longer) theirs, or when the day's number of addresses is used up.
    """
    errand = errand_of(Matter.objects.select_related("place__parent").get(pk=matter.pk))
    if not address_open(courier, errand, at=at):
        raise refusals.not_allowed()
    first, after = day_of(at)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=courier.pk)
        today = Peek.objects.filter(courier=courier, at__gte=first, at__lt=after).exclude(matter=matter)
        most = value("errands.peeks_a_day", at=at, place_code=errand.matter.place.code)
        if today.values("matter_id").distinct().count() >= most:
            raise Refused(
                "too_many_peeks",
                Text(
                    "今天查看的地址已达上限，请联系社区。",
                    "You have looked at too many addresses today. Ask the community.",
                ),
                status=403,
            )
        Peek.objects.create(courier=courier, matter=matter, at=at)
        subject_id = errand.matter.beneficiary_id or errand.matter.requester_id
        if subject_id:
            ReadLog.objects.create(
                reader=courier, subject_id=subject_id, what="address", purpose=f"errand {matter.pk}", at=at
            )
    return AddressView(building_shown(errand.matter.place), errand.door, errand.note, relay_contact(errand, at=at))
