"""What redemptions, settlements and selections hold about a person. Frozen results keep the account without a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.volunteering.models import (
    Candidate,
    OptIn,
    Protest,
    RedeemCode,
    Redemption,
    Reward,
    SnapshotRow,
    Voted,
    WrongCode,
)


def export(account: Account) -> dict[str, Any]:
    """One's redemptions, ranks, rewards, objections, candidacies, and in which selections one voted."""
    return {
        "ranked": [
            {"named": o.named, "from": o.given_at.isoformat(), "until": o.ended_at.isoformat() if o.ended_at else None}
            for o in OptIn.objects.filter(account=account).order_by("pk")
        ],
        "redemptions": [
            {"item": r.item.name, "points": r.points, "at": r.at.isoformat(), "undone": r.undone_at is not None}
            for r in Redemption.objects.filter(account=account).select_related("item").order_by("pk")
        ],
        "ranks": [
            {"settlement": r.snapshot.settlement_id, "version": r.snapshot.version, "rank": r.rank, "points": r.points}
            for r in SnapshotRow.objects.filter(account=account).select_related("snapshot").order_by("pk")
        ],
        "rewards": [
            {"settlement": r.settlement_id, "handed": r.handed_at.isoformat() if r.handed_at else None}
            for r in Reward.objects.filter(account=account).order_by("pk")
        ],
        "objections": list(Protest.objects.filter(account=account).order_by("pk").values_list("matter", flat=True)),
        "candidate": [
            {"selection": c.selection_id, "story": c.story, "agreed": c.agreed, "passed": c.passed}
            for c in Candidate.objects.filter(account=account).order_by("pk")
        ],
        "voted_in": list(Voted.objects.filter(account=account).values_list("selection", flat=True)),
    }


def erase(account: Account, at: datetime) -> None:
    """Codes and stories go, rankings end; numbers and ranks that were published stay without a name."""
    RedeemCode.objects.filter(account=account).delete()
    WrongCode.objects.filter(clerk=account).delete()
    OptIn.objects.filter(account=account, ended_at__isnull=True).update(ended_at=at)
    Candidate.objects.filter(account=account).update(story="")


HOLDING = Holding("honours", export, erase)
