"""What notices hold about a person: what they were told, over which channels, at which addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.notices.models import Grant, Notice, Preference
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account


def export(account: Account) -> dict[str, Any]:
    """Every notice, the chosen channels, and the addresses at which messages were allowed."""
    chosen = Preference.objects.filter(account=account).first()
    return {
        "notices": [
            {
                "code": n.code, "matter": n.matter_id, "params": n.params, "at": n.created_at.isoformat(),
                "read_at": n.read_at.isoformat() if n.read_at else None,
            }
            for n in Notice.objects.filter(account=account).order_by("id")
        ],
        "channels": chosen.channels if chosen else None,
        "addresses": [
            {"channel": g.channel, "template": g.template, "address": g.address, "left": g.left}
            for g in Grant.objects.filter(account=account).order_by("id")
        ],
    }  # fmt: skip


def erase(account: Account, at: datetime) -> None:
    """All of it goes, with what still waited to be sent."""
    for held in (Notice, Preference, Grant):
        held.objects.filter(account=account).delete()


HOLDING = Holding("notices", export, erase)
