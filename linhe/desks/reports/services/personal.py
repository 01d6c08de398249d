"""What the desk holds about a person besides the texts and photos of the loop: what they follow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.reports.models import Following


def export(account: Account) -> list[dict[str, Any]]:
    """The reports that somebody follows."""
    return [
        {"matter": row.matter_id, "what": row.matter.title, "since": row.since_at.isoformat()}
        for row in Following.objects.filter(account=account).select_related("matter").order_by("id")
    ]


def erase(account: Account, at: datetime) -> None:
    """Followings go; the reports themselves are the loop's to empty."""
    Following.objects.filter(account=account).delete()


HOLDING = Holding("reports", export, erase)
