"""What the desk holds about a person: petitions in their words, supports, comments, terms and open votes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.desks.councils.models import MeetingDetail, Membership, PetitionDetail, Remark, Support, Turnout

_PETITION = {"subject": "", "words": ""}
_MEETING = {"room": "", "link": ""}


def forget(matters: QuerySet[Matter]) -> int:
    """Empty what residents wrote, and who supported; titles, results, minutes and sums stay: they name nobody."""
    gone, _ = Support.objects.filter(matter__in=matters).delete()
    emptied = PetitionDetail.objects.filter(matter__in=matters).exclude(**_PETITION).update(**_PETITION)
    emptied += MeetingDetail.objects.filter(matter__in=matters).exclude(**_MEETING).update(**_MEETING)
    return gone + emptied + _comments(Q(item__meeting__in=matters.values("pk")))


def export(account: Account) -> dict[str, Any]:
    """One's petitions, comments, terms and open votes. A secret vote is known to nobody."""
    supports = Support.objects.filter(account=account).order_by("id")
    return {
        "petitions": [
            {"matter": p.pk, "topic": p.topic, "subject": p.subject, "words": p.words}
            for p in PetitionDetail.objects.filter(_of(account)).order_by("pk")
        ],
        "supports": list(supports.values_list("matter", flat=True)),
        "comments": [
            {"item": r.item_id, "words": r.words, "at": r.at.isoformat()}
            for r in Remark.objects.filter(author=account).order_by("id")
        ],
        "terms": [
            {"body": m.body.name, "function": m.function, "from": m.from_at.isoformat(), "to": m.until_at.isoformat()}
            for m in Membership.objects.filter(account=account).select_related("body").order_by("id")
        ],
        "votes": [
            {"motion": t.motion_id, "secret": t.secret, "choice": t.choice}
            for t in Turnout.objects.filter(seat__membership__account=account).order_by("id")
        ],
    }


def erase(account: Account, at: datetime) -> None:
    """Own words are emptied, supports deleted, terms ended; the results of past votes stand."""
    PetitionDetail.objects.filter(_of(account)).update(**_PETITION)
    Support.objects.filter(account=account).delete()
    _comments(Q(author=account))
    Membership.objects.filter(account=account, ended_at__isnull=True, from_at__lte=at).update(ended_at=at)


def _comments(which: Q) -> int:
    return Remark.objects.filter(which, author__isnull=False).exclude(words="").update(words="")


def _of(account: Account) -> Q:
    return Q(matter__beneficiary=account) | Q(matter__requester=account, matter__beneficiary__isnull=True)


HOLDING = Holding("councils", export, erase)
