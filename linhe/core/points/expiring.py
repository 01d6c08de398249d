"""Points expire, the oldest first: what was given and not used by its date goes back, in the ledger like all else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from linhe.core.people.models import Account
from linhe.core.places.models import ancestors_of
from linhe.core.points.models import Entry, PointAccount, Transfer
from linhe.core.points.rules import EXPIRY
from linhe.core.points.services import pool_at

POOL = "expired"
"""Where points go that nobody used, one pool at every district."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """So many points of a person expire at a moment, if they are not used before."""

    at: datetime
    points: int


def expire_due(*, at: datetime, most: int = 1000) -> int:
    """Take back the points whose time is over. Idempotent. Returns how many people lost some.

    One person a transaction, whose account is locked: nobody can spend the same points in between.
    """
    expired = _standing().filter(points__gt=0, expires_at__lte=at).values("credited").annotate(given=Sum("points"))
    taken = (
        _standing()
        .filter(points__lt=0, credited__in=expired.values("credited"))
        .values("credited")
        .annotate(points=Sum("points"))
    )
    used = {row["credited"]: -row["points"] for row in taken}
    over = sorted(row["credited"] for row in expired if row["given"] > used.get(row["credited"], 0))
    return sum(_expire(account_id, at) for account_id in over[:most])


def expiring(account: Account, *, until: datetime) -> list[Expiring]:
    """What expires up to a moment unless it is used, nearest first."""
    return list(_expiring(PointAccount.objects.filter(owner=account).first(), until))


def owners_to_tell(*, first: datetime, after: datetime) -> list[Account]:
    """Whose points expire in a stretch of time; those who have used them up meanwhile are left out."""
    owners = Account.objects.filter(
        pk__in=_standing().filter(expires_at__gte=first, expires_at__lt=after).values("credited__owner")
    )
    return [one for one in owners.order_by("pk") if any(e.at >= first for e in expiring(one, until=after))]


def _standing() -> QuerySet[Transfer]:
    """What counts of a person's transfers: settled, and no half of a reversal."""
    return Transfer.objects.filter(state=Transfer.State.SETTLED, reverses__isnull=True)


def _expiring(holder: PointAccount | None, until: datetime) -> Iterator[Expiring]:
    """Whatever was taken from a person, for whatever reason, used up what expires first."""
    mine = _standing().filter(credited=holder)
    used = -(mine.filter(points__lt=0).aggregate(points=Sum("points"))["points"] or 0)
    given = mine.filter(Q(points__gt=0) & Q(expires_at__lte=until)).values("expires_at").annotate(total=Sum("points"))
    for row in given.order_by("expires_at"):
        left = max(0, row["total"] - used)
        used = max(0, used - row["total"])
        if left and (expires_at := row["expires_at"]):
            yield Expiring(expires_at, left)


@transaction.atomic
def _expire(account_id: int, at: datetime) -> int:
    holder = PointAccount.objects.select_for_update().get(pk=account_id)
    points = sum(one.points for one in _expiring(holder, at))
    if points == 0:
        return 0
    last = (
        _standing().filter(credited=holder, expires_at__lte=at).order_by("-expires_at", "-pk").select_related("place")
    )
    place = last[0].place
    made = Transfer.objects.create(
        rule=EXPIRY, credited=holder, points=-points, at=at, settles_at=at, state=Transfer.State.SETTLED,
        **ancestors_of(place),
    )  # fmt: skip
    Entry.objects.bulk_create(
        [
            Entry(transfer=made, point_account=holder, amount=-points),
            Entry(transfer=made, point_account=pool_at(place, pool=POOL), amount=points),
        ]
    )
    return 1
