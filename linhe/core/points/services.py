"""Writes of the ledger. Whoever credits inside ``act()`` has the credit undone when the action is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import QuerySet, Sum

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place, ancestors_of
from linhe.core.points.models import Entry, PointAccount, Transfer
from linhe.core.points.rules import BY_HAND, Rule, rule_of
from linhe.lib.periods import day_of, month_of
from linhe.lib.text import Text

POOL = "service"
"""The pool from which services are rewarded, one at every district."""

Reason = Literal["", "no_points", "cap_a_day", "pair_cap_a_month"]


@dataclass(frozen=True, slots=True)
class Credit:
    """What a credit came to. When nothing was given, ``transfer`` is None and ``reason`` says why."""

    points: int
    transfer: Transfer | None
    reason: Reason = ""
    repeated: bool = False


def account_of(owner: Account) -> PointAccount:
    """The points account of a person, opened when it is first needed."""
    PointAccount.objects.bulk_create([PointAccount(owner=owner)], ignore_conflicts=True)
    return PointAccount.objects.get(owner=owner)


def pool_at(place: Place, *, pool: str = POOL) -> PointAccount:
    """The pool of the district that a place lies in."""
    district_id = place.district_id or place.pk
    found = PointAccount.objects.filter(pool=pool, place_id=district_id).first()
    if found is None:
        PointAccount.objects.bulk_create([PointAccount(pool=pool, place_id=district_id)], ignore_conflicts=True)
        found = PointAccount.objects.get(pool=pool, place_id=district_id)
    return found


@transaction.atomic
def credit(
    *, account: Account, rule: str, event: Event, at: datetime, place: Place,
    helped: Account | Literal["asker"] | None = "asker",
) -> Credit:  # fmt: skip
    """Credit a person for an event by a rule (see :mod:`linhe.core.points.rules`): amount and limits are dated.

    The credit is pending until the rule's dispute window closes. The same event credits the same person by the same
    rule once; asked again, the first credit comes back as ``repeated``. A credit that would pass the rule's cap of the
    day or of the pair of helper and helped in a month is not given at all: nothing is written, and the result says
    which cap. ``helped`` is whom the service was for: by default who asked for the event's matter, None where it was
    for nobody in particular, so that only the cap of the day holds. Nobody is helped by themselves.
    """
    holder = _locked(account)
    earlier = Transfer.objects.filter(event=event, rule=rule, credited=holder, reverses__isnull=True).first()
    if earlier is not None:
        return Credit(earlier.points, earlier, repeated=True)
    by = rule_of(rule, at=at, place_code=place.code)
    if helped == "asker":
        helped_id = event.matter.beneficiary_id or event.matter.requester_id
    else:
        helped_id = helped.pk if helped is not None else None
    if helped_id == account.pk:
        helped_id = None
    if by.points == 0:
        return Credit(0, None, "no_points")
    if reason := _over_a_cap(holder, helped_id, by, at):
        return Credit(0, None, reason)
    made = Transfer.objects.create(
        rule=rule, credited=holder, points=by.points, event=event, counterpart_id=helped_id, at=at,
        settles_at=at + timedelta(days=by.dispute_days), expires_at=by.expires_at(at), state=Transfer.State.PENDING,
        **ancestors_of(place),
    )  # fmt: skip
    _enter(made, pool_at(place))
    return Credit(by.points, made)


@transaction.atomic
def spend(
    *, account: Account, rule: str, points: int, event: Event, pool: str, at: datetime, place: Place
) -> Transfer:  # fmt: skip
    """Move settled points of a person to a pool of the place's district, once for an event.

    Raises :class:`Refused` when there are not enough; undone by :func:`reverse` of the same event.
    """
    holder = _locked(account)
    earlier = Transfer.objects.filter(event=event, rule=rule, credited=holder, reverses__isnull=True).first()
    if earlier is not None:
        return earlier
    if holder.balance < points:
        raise not_enough()
    made = Transfer.objects.create(
        rule=rule, credited=holder, points=-points, event=event, at=at, settles_at=at, state=Transfer.State.SETTLED,
        **ancestors_of(place),
    )  # fmt: skip
    _enter(made, pool_at(place, pool=pool))
    return made


@transaction.atomic
def hold(*, events: Iterable[Event]) -> int:
    """Keep what these events credited pending while a dispute is open. Returns how many credits are held.

    Raises :class:`Refused` when one of them was settled before: then its window had closed.
    """
    credited = _credited_by(events)
    if credited.filter(state=Transfer.State.SETTLED).exists():
        raise Refused("too_late", Text("积分已到账，不能再提异议。", "The points are settled; it is too late."))
    return credited.filter(state=Transfer.State.PENDING).update(held=True)


@transaction.atomic
def release(*, events: Iterable[Event]) -> int:
    """A dispute is over and the credits stand: they settle with the next run once their window has closed."""
    return _credited_by(events).filter(held=True).update(held=False)


def settle_due(*, at: datetime, most: int = 1000) -> int:
    """Settle the pending transfers whose dispute window has closed and that no open dispute holds.

    Idempotent. Returns how many were settled.

    One person a transaction: only one balance is locked at a time, so two runs and new credits cannot deadlock.
    """
    due = Transfer.objects.filter(state=Transfer.State.PENDING, held=False, settles_at__lte=at)
    settled = 0
    for account_id in sorted(set(due.order_by("settles_at").values_list("credited_id", flat=True)[:most])):
        with transaction.atomic():
            PointAccount.objects.select_for_update().get(pk=account_id)
            settled += due.filter(credited_id=account_id).update(state=Transfer.State.SETTLED)
    return settled


@transaction.atomic
def reverse(*, event: Event, reason: str, at: datetime, by: Account | None) -> list[Transfer]:
    """Take back what an event credited, pending or settled, by counter-transfers. ``reason`` is a code, not a text.

    What is already reversed stays as it is. Raises :class:`Refused` when the points were used up meanwhile; then
    nothing is reversed.
    """
    credited = Transfer.objects.filter(event=event, reverses__isnull=True)
    ids = sorted(set(credited.values_list("credited_id", flat=True)))
    holders = {a.pk: a for a in PointAccount.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    return [
        _reverse_one(one, holders[one.credited_id], reason, at, by)
        for one in credited.filter(credited__in=ids).exclude(state=Transfer.State.REVERSED).order_by("pk")
    ]


def transfer_by_hand(
    *, account: Account, points: int, place: Place, memo: str, at: datetime, by: Account
) -> Transfer:  # fmt: skip
    """An approved entry by hand, settled at once. Only the approval of a proposal calls this."""
    holder = _locked(account)
    if holder.balance + points < 0:
        raise not_enough()
    made = Transfer.objects.create(
        rule=BY_HAND, credited=holder, points=points, memo=memo, by=by, at=at, settles_at=at,
        state=Transfer.State.SETTLED, **ancestors_of(place),
    )  # fmt: skip
    _enter(made, pool_at(place))
    return made


def not_enough() -> Refused:
    """The person has fewer settled points than should be taken."""
    return Refused("not_enough_points", Text("可用积分不足。", "There are not enough points."))


def _locked(account: Account) -> PointAccount:
    return PointAccount.objects.select_for_update().get(pk=account_of(account).pk)


def _credited_by(events: Iterable[Event]) -> QuerySet[Transfer]:
    """What events credited, once the people who have it are locked."""
    credited = Transfer.objects.filter(event__in=list(events), reverses__isnull=True, points__gt=0)
    ids = sorted(set(credited.values_list("credited_id", flat=True)))
    list(PointAccount.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    return credited


def _over_a_cap(holder: PointAccount, helped_id: int | None, by: Rule, at: datetime) -> Reason:
    """Which cap the credit would pass. The account is locked, so no other credit of this person comes in between."""
    given = Transfer.objects.filter(credited=holder, rule=by.code, event__isnull=False, reverses__isnull=True)
    given = given.exclude(state=Transfer.State.REVERSED)
    first, after = day_of(at)
    today = given.filter(at__gte=first, at__lt=after).aggregate(points=Sum("points"))["points"] or 0
    if today + by.points > by.cap_a_day:
        return "cap_a_day"
    first, after = month_of(at)
    together = given.filter(counterpart_id=helped_id, at__gte=first, at__lt=after)
    if helped_id and together.count() >= by.pair_cap_a_month:
        return "pair_cap_a_month"
    return ""


def _reverse_one(one: Transfer, holder: PointAccount, reason: str, at: datetime, by: Account | None) -> Transfer:
    if one.state == Transfer.State.SETTLED and holder.balance < one.points:
        raise not_enough()
    # A pending transfer counts as settled from here on, so the counter-transfer never takes what is not there.
    Transfer.objects.filter(pk=one.pk).update(state=Transfer.State.REVERSED, held=False)
    located = {f.attname: getattr(one, f.attname) for f in Transfer._meta.fields if f.name.startswith(("at_", "place"))}
    counter = Transfer.objects.create(
        rule=one.rule, credited=holder, points=-one.points, event_id=one.event_id, counterpart_id=one.counterpart_id,
        reverses=one, memo=reason, by=by, at=at, settles_at=at, state=Transfer.State.SETTLED, **located,
    )  # fmt: skip
    mirrored = [
        Entry(transfer=counter, point_account_id=e.point_account_id, amount=-e.amount) for e in one.entries.all()
    ]
    Entry.objects.bulk_create(mirrored)
    holder.refresh_from_db(fields=["balance", "pending"])
    return counter


def _enter(made: Transfer, pool: PointAccount) -> None:
    Entry.objects.bulk_create(
        [
            Entry(transfer=made, point_account_id=made.credited_id, amount=made.points),
            Entry(transfer=made, point_account=pool, amount=-made.points),
        ]
    )
