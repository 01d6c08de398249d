"""Writes of the ledger. Whoever credits inside ``act()`` has the credit undone when the action is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Sum

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place, ancestors_of
from linhe.core.points.models import Entry, PointAccount, Transfer
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
def credit(*, account: Account, rule: str, event: Event, at: datetime, place: Place) -> Credit:
    """Credit a person for an event by a rule: the amount is the dated parameter ``points.<rule>`` at the place.

    The credit is pending until the dispute window (``points.dispute_days``) closes. The same event credits the same
    person by the same rule once; asked again, the first credit comes back as ``repeated``. A credit that would pass
    the cap of the day (``points.cap_a_day``, per rule) or of the pair of helper and helped in a month
    (``points.pair_cap_a_month``) is not given at all: nothing is written, and the result says which cap.
    """
    holder = _locked(account)
    earlier = Transfer.objects.filter(event=event, rule=rule, credited=holder, reverses__isnull=True).first()
    if earlier is not None:
        return Credit(earlier.points, earlier, repeated=True)
    points = value(f"points.{rule}", at=at, place_code=place.code)
    helped_id = event.matter.beneficiary_id or event.matter.requester_id
    if points == 0:
        return Credit(0, None, "no_points")
    if reason := _over_a_cap(holder, helped_id, rule, points, at, place):
        return Credit(0, None, reason)
    window = timedelta(days=value("points.dispute_days", at=at, place_code=place.code))
    made = Transfer.objects.create(
        rule=rule, credited=holder, points=points, event=event, counterpart_id=helped_id, at=at,
        settles_at=at + window, state=Transfer.State.PENDING, **ancestors_of(place),
    )  # fmt: skip
    _enter(made, from_pool=pool_at(place))
    return Credit(points, made)


def settle_due(*, at: datetime, most: int = 1000) -> int:
    """Settle the pending transfers whose dispute window has closed. Idempotent. Returns how many were settled.

    One person a transaction: only one balance is locked at a time, so two runs and new credits cannot deadlock.
    """
    due = Transfer.objects.filter(state=Transfer.State.PENDING, settles_at__lte=at)
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
        rule="manual", credited=holder, points=points, memo=memo, by=by, at=at, settles_at=at,
        state=Transfer.State.SETTLED, **ancestors_of(place),
    )  # fmt: skip
    _enter(made, from_pool=pool_at(place))
    return made


def not_enough() -> Refused:
    """The person has fewer settled points than should be taken."""
    return Refused("not_enough_points", Text("可用积分不足。", "There are not enough points."))


def _locked(account: Account) -> PointAccount:
    return PointAccount.objects.select_for_update().get(pk=account_of(account).pk)


def _over_a_cap(
    holder: PointAccount, helped_id: int | None, rule: str, points: int, at: datetime, place: Place
) -> Reason:
    """Which cap the credit would pass. The account is locked, so no other credit of this person comes in between."""
    given = Transfer.objects.filter(credited=holder, rule=rule, event__isnull=False, reverses__isnull=True)
    given = given.exclude(state=Transfer.State.REVERSED)
    first, after = day_of(at)
    today = given.filter(at__gte=first, at__lt=after).aggregate(points=Sum("points"))["points"] or 0
    if today + points > value("points.cap_a_day", at=at, place_code=place.code):
        return "cap_a_day"
    first, after = month_of(at)
    together = given.filter(counterpart_id=helped_id, at__gte=first, at__lt=after)
    if helped_id and together.count() >= value("points.pair_cap_a_month", at=at, place_code=place.code):
        return "pair_cap_a_month"
    return ""


def _reverse_one(one: Transfer, holder: PointAccount, reason: str, at: datetime, by: Account | None) -> Transfer:
    if one.state == Transfer.State.SETTLED and holder.balance < one.points:
        raise not_enough()
    # A pending transfer counts as settled from here on, so the counter-transfer never takes what is not there.
    Transfer.objects.filter(pk=one.pk).update(state=Transfer.State.REVERSED)
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


def _enter(made: Transfer, *, from_pool: PointAccount) -> None:
    Entry.objects.bulk_create(
        [
            Entry(transfer=made, point_account_id=made.credited_id, amount=made.points),
            Entry(transfer=made, point_account=from_pool, amount=-made.points),
        ]
    )
