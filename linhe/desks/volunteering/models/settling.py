"""A quarter's settlement: who takes part, the frozen snapshots of the ranking, objections, rewards."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place


class OptIn(models.Model):
    """A courier wants to take part in rankings; ``named`` when the full name may be shown instead of a masked one."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    named = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="opt_in_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("given_at")), name="opt_in_ends_after_it_begins"
            ),
        ]


class SettlementDetail(models.Model):
    """One-to-one with its matter: which quarter of which subdistrict, and which snapshot counts."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="settlement")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "year", "quarter"], name="settlement_once_a_quarter_and_place"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="settlement_of_a_quarter"),
        ]

    def __str__(self) -> str:
        return f"settlement of {self.year} Q{self.quarter}"


class Snapshot(models.Model):
    """The ranking as it was computed once, with the hash of what it was computed from. Never changed: a correction is
    a snapshot of its own with the next version."""

    settlement = models.ForeignKey(SettlementDetail, on_delete=models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    quota = models.PositiveSmallIntegerField()
    edge = models.CharField(max_length=5)
    inputs_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["settlement", "version"], name="snapshot_one_a_version")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="snapshot_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"snapshot {self.version}"


class SnapshotRow(models.Model):
    """One person's line: what they earned, their rank, and what put them there."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="rows")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveIntegerField()
    services = models.PositiveIntegerField()
    reached_at = models.DateTimeField()
    rank = models.PositiveIntegerField()
    decided_by = models.CharField(max_length=10, blank=True)
    tied = models.BooleanField()
    chosen = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["snapshot", "account"], name="snapshot_row_one_a_person")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="snapshot_row_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"rank {self.rank}"


class Protest(models.Model):
    """Somebody objects to a published result (of a settlement or a selection); the words stay with the event."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="protests")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter", "account"], condition=Q(answered_at__isnull=True), name="protest_one_open_a_person"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, upheld__isnull=True)
                | Q(answered_at__isnull=False, upheld__isnull=False),
                name="protest_answered_one_way_or_the_other",
            ),
        ]

    def __str__(self) -> str:
        return f"protest {self.pk}"


class Reward(models.Model):
    """A reward of a settled quarter, handed over once against a signature, drawn or typed."""

    class Signature(models.TextChoices):
        """How it was signed for."""

        DRAWN = "drawn"
        TYPED = "typed"

    settlement = models.ForeignKey(SettlementDetail, on_delete=models.PROTECT, related_name="rewards")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField()
    handed_at = models.DateTimeField(null=True)
    signature = models.CharField(max_length=5, blank=True, choices=Signature)
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["settlement", "account"], name="reward_one_a_person_and_quarter"),
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True, signature="")
                | Q(handed_at__isnull=False, signature__in=["drawn", "typed"]),
                name="reward_handed_over_against_a_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"reward {self.pk}"
