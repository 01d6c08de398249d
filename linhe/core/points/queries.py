"""Reads of the ledger: balances, statements, rankings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum

from linhe.core.loop.queries import PAGE_SIZE, Page, page_of
from linhe.core.people.models import Account
from linhe.core.places.models import Place, within
from linhe.core.points.models import Entry, PointAccount, Proposal, Transfer
from linhe.core.points.rules import BY_HAND, EXPIRY
from linhe.lib.periods import Quarter


@dataclass(frozen=True, slots=True)
class Balance:
    """A person's points: still disputable, and settled."""

    pending: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a ranking. Equal points share a rank."""

    rank: int
    account_id: int
    points: int
    credits: int


@dataclass(frozen=True, slots=True)
class Earned:
    """What one person earned at a place in a quarter, by how many services, and when the last of it was earned."""

    account_id: int
    points: int
    services: int
    reached_at: datetime


def balance(account: Account) -> Balance:
    """What a person has."""
    row = PointAccount.objects.filter(owner=account).values_list("pending", "balance").first()
    return Balance(*row) if row else Balance()


def pool_balance(pool: PointAccount) -> int:
    """What a pool has given (negative) or holds: the sum of its entries."""
    return pool.entries.aggregate(amount=Sum("amount"))["amount"] or 0


def statement(account: Account, *, before: int | None = None, size: int = PAGE_SIZE) -> Page[Entry]:
    """A page of a person's entries, newest first, each with its transfer, event and matter."""
    rows = Entry.objects.filter(point_account__owner=account).select_related(
        "transfer__event__matter", "transfer__place"
    )
    return page_of(rows, before=before, size=size)


def earned(place: Place, quarter: Quarter, *, before: datetime | None = None) -> list[Earned]:
    """What people earned at a place in a quarter, until ``before`` if given; only what is settled and not reversed
    counts, whatever they have used of it meanwhile."""
    first, after = quarter.stretch()
    after = min(after, before or after)
    rows = (
        Transfer.objects.filter(within(place), at__gte=first, at__lt=after, reverses__isnull=True)
        .filter(Q(event__isnull=False, points__gt=0) | Q(rule=BY_HAND), state=Transfer.State.SETTLED)
        .values("credited__owner_id")
        .annotate(total=Sum("points"), credits=Count("event", distinct=True), reached=Max("at"))
        .filter(total__gt=0)
        .order_by("-total", "credited__owner_id")
    )
    return [Earned(row["credited__owner_id"], row["total"], row["credits"], row["reached"]) for row in rows]


def still_disputable(place: Place, first: datetime, after: datetime) -> QuerySet[Transfer]:
    """What was earned at a place in a stretch and is not settled yet: a sum made now would miss it."""
    return Transfer.objects.filter(
        within(place), at__gte=first, at__lt=after, state=Transfer.State.PENDING, reverses__isnull=True
    )


def given_and_expired(place: Place, quarter: Quarter) -> tuple[int, int]:
    """What everybody was given for services at a place in a quarter, and what expired there unused."""
    first, after = quarter.stretch()
    mine = Transfer.objects.filter(within(place), at__gte=first, at__lt=after, reverses__isnull=True)
    sums = mine.filter(state=Transfer.State.SETTLED).aggregate(
        given=Sum("points", filter=Q(event__isnull=False, points__gt=0)), expired=Sum("points", filter=Q(rule=EXPIRY))
    )
    return sums["given"] or 0, -(sums["expired"] or 0)


def ranking(place: Place, quarter: Quarter, *, most: int = 100) -> list[Ranked]:
    """Who earned most for services at a place in a quarter."""
    ranked: list[Ranked] = []
    for number, one in enumerate(earned(place, quarter)[:most], start=1):
        rank = ranked[-1].rank if ranked and ranked[-1].points == one.points else number
        ranked.append(Ranked(rank, one.account_id, one.points, one.services))
    return ranked


def credits_of(event_ids: list[int]) -> dict[int, Transfer]:
    """The credit of each of these events, where there is one."""
    rows = Transfer.objects.filter(event_id__in=event_ids, reverses__isnull=True).order_by("pk")
    return {row.event_id: row for row in rows if row.event_id is not None}


def open_proposals(place: Place) -> list[Proposal]:
    """Entries by hand at exactly this place that wait for a second person, oldest first."""
    rows = Proposal.objects.filter(decided_at__isnull=True, place=place)
    return list(rows.select_related("owner", "proposed_by").order_by("pk"))
