"""What this desk holds about a person: posts, check-ins, sign-ups, hours, their rows of evaluations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.volunteering.models import CheckInDetail, CodeTry, EvaluationRow, HoursDetail, PostDetail, SignUp
from linhe.lib.text import Text


def forget_sign_ups(matters: QuerySet[Matter]) -> int:
    """Who signed up goes; that so many came, and for how long, stays."""
    CodeTry.objects.filter(matter__in=matters).delete()
    return SignUp.objects.filter(matter__in=matters, account__isnull=False).update(account=None)


def unfinished(account: Account) -> Text | None:
    """Whoever holds a post hands it over first."""
    if not PostDetail.objects.filter(account=account, over=False).exists():
        return None
    return Text("您还在任职，请先交接。", "You hold a post; hand it over first.")


def export(account: Account) -> dict[str, Any]:
    """One's own service."""
    return {
        "posts": [
            {"role": p.role, "place": p.place.code, "from": _iso(p.held_from), "to": _iso(p.held_until)}
            for p in PostDetail.objects.filter(account=account).select_related("place").order_by("pk")
        ],
        "check_ins": [
            {
                "organisation": c.organisation.code, "place": c.place.code, "from": _iso(c.since_at),
                "to": _iso(c.until_at),
            }
            for c in CheckInDetail.objects.filter(account=account)
            .select_related("organisation", "place")
            .order_by("pk")
        ],
        "activities": [
            {
                "matter": s.matter_id, "state": s.state, "came": _iso(s.arrived_at), "left": _iso(s.left_at),
                "minutes": s.minutes, "stars": s.stars,
            }
            for s in SignUp.objects.filter(account=account).order_by("pk")
        ],
        "hours": [
            {"theme": h.theme, "day": h.day.isoformat(), "minutes": h.minutes}
            for h in HoursDetail.objects.filter(account=account).order_by("pk")
        ],
        "evaluations": [
            {"year": r.evaluation.year, "figures": r.figures, "points": r.score, "grade": r.grade}
            for r in EvaluationRow.objects.filter(account=account).select_related("evaluation").order_by("pk")
        ],
    }  # fmt: skip


def erase(account: Account, at: datetime) -> None:
    """Sign-ups lose their person; rows of evaluations and tries of codes go. Posts and check-ins keep the account."""
    SignUp.objects.filter(account=account).update(account=None)
    CodeTry.objects.filter(account=account).delete()
    EvaluationRow.objects.filter(account=account).delete()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


HOLDING = Holding("volunteering", export, erase, unfinished)
FORGETTING = {"activity": forget_sign_ups}
