"""The ledger: accounts, transfers between them, and the entries of each transfer.

What must always hold is kept by constraints and triggers, not by the services: entries of a transfer sum to zero,
the log is append-only, a balance is what its entries say, a person never has less than nothing, one credit an event.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Event
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account
from linhe.core.places.models import Located, Place

_SETTLED_OF_ENTRY = """
    UPDATE points_pointaccount AS a
    SET pending = a.pending + CASE WHEN t.state = 'pending' THEN NEW.amount ELSE 0 END,
        balance = a.balance + CASE WHEN t.state = 'pending' THEN 0 ELSE NEW.amount END
    FROM points_transfer AS t
    WHERE t.id = NEW.transfer_id AND a.id = NEW.point_account_id AND a.owner_id IS NOT NULL;
    RETURN NULL;
"""
_SETTLED_OF_TRANSFER = """
    UPDATE points_pointaccount AS a
    SET pending = a.pending - e.amount, balance = a.balance + e.amount
    FROM points_entry AS e
    WHERE e.transfer_id = NEW.id AND a.id = e.point_account_id AND a.owner_id IS NOT NULL;
    RETURN NULL;
"""
_BALANCED = """
    IF (SELECT count(*) < 2 OR sum(e.amount) <> 0
               OR sum(e.amount) FILTER (WHERE e.point_account_id = t.credited_id) IS DISTINCT FROM t.points
        FROM points_transfer AS t LEFT JOIN points_entry AS e ON e.transfer_id = t.id
        WHERE t.id = {transfer} GROUP BY t.id, t.credited_id, t.points)
    THEN
        RAISE EXCEPTION 'transfer % is not balanced', {transfer} USING ERRCODE = 'check_violation',
            CONSTRAINT = 'transfer_entries_sum_to_zero';
    END IF;
    RETURN NULL;
"""
_REVERSED_TOGETHER = """
    IF (NEW.state = 'reversed') <> EXISTS (SELECT 1 FROM points_transfer AS r WHERE r.reverses_id = NEW.id)
       OR EXISTS (SELECT 1 FROM points_transfer AS o WHERE o.id = NEW.reverses_id
                  AND (o.state <> 'reversed' OR o.points <> -NEW.points OR o.credited_id <> NEW.credited_id))
    THEN
        RAISE EXCEPTION 'transfer % is reversed on one side only', NEW.id USING ERRCODE = 'check_violation',
            CONSTRAINT = 'transfer_reversed_by_its_counterpart';
    END IF;
    RETURN NULL;
"""
_ONLY_BY_ENTRIES = """
    IF TG_OP = 'INSERT' AND (NEW.balance <> 0 OR NEW.pending <> 0)
       OR TG_OP = 'UPDATE' AND pg_trigger_depth() < 2
    THEN
        RAISE EXCEPTION 'a balance moves by entries only';
    END IF;
    RETURN NEW;
"""
_DECIDED_AND_MORE_THAN_ITS_REASON_ERASED = """
    OLD.decided_by_id IS NOT NULL
    AND NOT (NEW.reason = '' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason')
"""
_NEVER_TRUNCATED = "RAISE EXCEPTION 'the points ledger cannot be truncated';"


class PointAccount(models.Model):
    """Who holds points: a person, or a named pool at a place from which points are given.

    A person's ``balance`` and ``pending`` are stored, so that neither can fall below zero under concurrency. A pool's
    are not (they stay 0): every credit of a district would wait for that one row. They are summed when asked for.
    """

    owner = models.OneToOneField(Account, null=True, on_delete=models.PROTECT, related_name="+")
    pool = models.CharField(max_length=40, blank=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    balance = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, pool="", place__isnull=True)
                | (Q(owner__isnull=True, place__isnull=False) & ~Q(pool="")),
                name="pointaccount_is_a_person_or_a_pool",
            ),
            models.UniqueConstraint(
                fields=["pool", "place"], condition=Q(owner__isnull=True), name="pointaccount_one_pool_a_place"
            ),
            models.CheckConstraint(condition=Q(balance__gte=0, pending__gte=0), name="pointaccount_never_negative"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="pointaccount_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="pointaccount_moves_by_entries",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_ONLY_BY_ENTRIES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool} at {self.place_id}" if self.pool else f"points of account {self.owner_id}"


class Transfer(Located):
    """Points moved between a person and a pool by a rule, at most once for an event.

    ``points`` is what the person (``credited``) gets, negative when it is taken. ``counterpart`` is whom the service
    was for: it caps what the same two people can earn together. A pending transfer settles at ``settles_at``, but not
    while an open dispute has it ``held``. What was given can be used until ``expires_at``, for ever without one.
    """

    class State(models.TextChoices):
        """Where a transfer stands; besides ``held`` the only thing about it that may change."""

        PENDING = "pending"
        SETTLED = "settled"
        REVERSED = "reversed"

    rule = models.CharField(max_length=40)
    credited = models.ForeignKey(PointAccount, on_delete=models.PROTECT, related_name="transfers", db_index=False)
    points = models.IntegerField()
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    counterpart = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    memo = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    settles_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["credited", "at"], name="transfer_credited"),
            models.Index(fields=["settles_at"], name="transfer_due", condition=Q(state="pending")),
            models.Index(fields=["expires_at"], name="transfer_expires", condition=Q(expires_at__isnull=False)),
            models.Index(fields=["event"], name="transfer_event"),
            models.Index(fields=["at_district", "at"], name="transfer_district"),
            models.Index(fields=["at_subdistrict", "at"], name="transfer_subdistrict"),
            models.Index(fields=["at_community", "at"], name="transfer_community"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event", "rule", "credited"],
                condition=Q(event__isnull=False, reverses__isnull=True),
                name="transfer_one_credit_an_event",
            ),
            models.CheckConstraint(condition=~Q(points=0), name="transfer_moves_points"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "settled", "reversed"]), name="transfer_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | Q(state="settled"), name="transfer_reversal_is_settled"
            ),
            models.CheckConstraint(condition=Q(settles_at__gte=F("at")), name="transfer_settles_after_it_is_made"),
            models.CheckConstraint(condition=Q(held=False) | Q(state="pending"), name="transfer_held_is_pending"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(points__gt=0, expires_at__gte=F("settles_at")),
                name="transfer_expires_after_it_settles",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="transfer_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="transfer_changes_its_state_only", exclude=["state", "held"]),
            pgtrigger.FSM(
                name="transfer_state_moves_forward",
                field="state",
                transitions=[("pending", "settled"), ("pending", "reversed"), ("settled", "reversed")],
            ),
            pgtrigger.Trigger(
                name="transfer_moves_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="pending") & ~pgtrigger.Q(new__state="pending"),
                func=_SETTLED_OF_TRANSFER,
            ),
            pgtrigger.Trigger(
                name="transfer_entries_sum_to_zero",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_BALANCED.format(transfer="NEW.id"),
            ),
            pgtrigger.Trigger(
                name="transfer_reversed_by_its_counterpart",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__state="reversed") | pgtrigger.Q(new__reverses__isnull=False),
                func=_REVERSED_TOGETHER,
            ),
            pgtrigger.Trigger(
                name="transfer_is_never_truncated",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=_NEVER_TRUNCATED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.points:+d} {self.state}"


class Entry(models.Model):
    """One side of a transfer."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="entries", db_index=False)
    point_account = models.ForeignKey(PointAccount, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount = models.IntegerField()

    class Meta:
        verbose_name_plural = "entries"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["point_account", "-id"], name="entry_account")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["transfer", "point_account"], name="entry_once_a_transfer"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_points"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="entry_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="entry_moves_balances", when=pgtrigger.After, operation=pgtrigger.Insert, func=_SETTLED_OF_ENTRY
            ),
            pgtrigger.Trigger(
                name="entry_keeps_its_transfer_balanced",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_BALANCED.format(transfer="NEW.transfer_id"),
            ),
            pgtrigger.Trigger(
                name="entry_is_never_truncated",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=_NEVER_TRUNCATED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+d}"


class Proposal(models.Model):
    """An entry by hand (e.g. a correction): proposed by one person, decided by another, never by whom it is for."""

    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    points = models.IntegerField()
    reason = EncryptedTextField()
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    transfer = models.OneToOneField(Transfer, null=True, on_delete=models.PROTECT, related_name="proposal")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(points=0), name="proposal_moves_points"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("owner")) & (Q(decided_by__isnull=True) | ~Q(decided_by=F("owner"))),
                name="proposal_not_by_whom_it_is_for",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, transfer__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_decided_as_a_whole",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="proposal_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="proposal_is_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_DECIDED_AND_MORE_THAN_ITS_REASON_ERASED),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
