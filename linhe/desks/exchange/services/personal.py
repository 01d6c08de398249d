"""What the desk keeps of people: who to call at a seller, and the ties that someone declared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.exchange.models import Draft, Listing, Tie
from linhe.desks.exchange.services.files import forget_uploads


def export(account: Account) -> list[dict[str, Any]]:
    """The ties that someone declared."""
    return [
        {"organisation": t.organisation.name, "words": t.words, "from": t.from_date.isoformat()}
        for t in Tie.objects.filter(account=account).select_related("organisation").order_by("id")
    ]


def erase(account: Account, at: datetime) -> None:
    """The ties go; who took part in which review stays in the events."""
    Tie.objects.filter(account=account).delete()


HOLDING = Holding("exchange", export, erase)


def forget(matters: QuerySet[Matter]) -> int:
    """Empty the contact persons of listings that ended long ago and of the drafts behind them; delete their files."""
    told = ~Q(contact="") | ~Q(contact_phone="")
    listings = Listing.objects.filter(told, matter__in=matters)
    drafts = Draft.objects.filter(told, lodged_as__matter__in=matters)
    emptied = drafts.update(contact="", contact_phone="")
    return emptied + listings.update(contact="", contact_phone="") + forget_uploads(matters)
