"""What the ledger holds about a person. Entries are numbers and stay; the words of entries by hand can go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.core.points.models import PointAccount, Proposal, Transfer


def export(account: Account) -> dict[str, Any]:
    """Balance, every transfer, and the entries by hand with their reasons."""
    held = PointAccount.objects.filter(owner=account).first()
    return {
        "balance": held.balance if held else 0,
        "pending": held.pending if held else 0,
        "transfers": [
            {"rule": t.rule, "points": t.points, "at": t.at.isoformat(), "state": t.state, "memo": t.memo}
            for t in Transfer.objects.filter(credited__owner=account).order_by("id")
        ],
        "by_hand": [
            {"points": p.points, "reason": p.reason, "at": p.proposed_at.isoformat(), "given": bool(p.transfer_id)}
            for p in Proposal.objects.filter(owner=account).order_by("id")
        ],
    }


def erase(account: Account, at: datetime) -> None:
    """Empty the reasons of entries by hand for this person; no number moves."""
    Proposal.objects.filter(owner=account).update(reason="")


HOLDING = Holding("points", export, erase)
