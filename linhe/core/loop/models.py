"""Matters, their append-only event log, clocks, evidence and remembered requests."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from linhe.core.loop import registry
from linhe.core.loop.kinds import Kind, Stage
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Located, ancestor_indexes


class Matter(Located):
    """One pass round the loop (事项). Only ``act()`` writes it."""

    kind = models.CharField(max_length=40)
    kind_version = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)
    requester = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    beneficiary = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_hash = models.BinaryField(max_length=32, default=b"")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            *ancestor_indexes("matter"),
            models.Index(fields=["place", "-id"], name="matter_place"),
            models.Index(fields=["requester", "-id"], name="matter_requester"),
            models.Index(fields=["requester", "kind", "-id"], name="matter_requester_kind"),
            models.Index(fields=["beneficiary", "-id"], name="matter_beneficiary"),
            models.Index(fields=["handler", "-id"], name="matter_handler"),
            models.Index(
                fields=["organisation", "-id"], name="matter_organisation", condition=Q(organisation__isnull=False)
            ),
            models.Index(fields=["kind", "stage", "-id"], name="matter_stage"),
            models.Index(fields=["-id"], name="matter_open_newest", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["kind", "stage", "due_at", "id"], name="matter_open", condition=Q(closed_at__isnull=True)
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(version__gte=1), name="matter_version_counts_from_one"),
            models.CheckConstraint(condition=~Q(stage=""), name="matter_has_a_stage"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="matter_is_never_deleted", operation=pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def declared(self) -> Kind:
        """The kind at the version that this matter began with."""
        return registry.kind(self.kind, self.kind_version)

    @property
    def concerns_id(self) -> int | None:
        """Whose matter it is: the one it is for, else the one who asked. Asking for another gives no lasting right."""
        return self.beneficiary_id or self.requester_id

    @property
    def stage_declared(self) -> Stage:
        """The stage with its name and tone."""
        return self.declared.stage(self.stage)


class Event(models.Model):
    """One append-only entry of the log (办理记录), chained by hash to the one before it of the same matter."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    from_stage = models.CharField(max_length=40)
    to_stage = models.CharField(max_length=40)
    actor = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor_role = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering: ClassVar[list[str]] = ["matter_id", "seq"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["actor", "-id"], name="event_actor"),
            models.Index(fields=["action", "at"], name="event_action"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "seq"], name="event_one_per_place_in_the_chain"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_counts_from_one"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="event_is_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            pgtrigger.Trigger(
                name="event_is_never_truncated",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the event log cannot be truncated';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.seq} {self.action}"


class Particular(models.Model):
    """Free text that came with an event and may have to be erased; the event itself keeps only its salted hash."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="particulars")
    name = models.CharField(max_length=40)
    value = EncryptedTextField()
    salt = models.BinaryField(max_length=16)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "name"], name="particular_once_an_event")
        ]


class MatterClock(models.Model):
    """A running or stopped time limit of a matter (时限)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    code = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    remaining = models.DurationField(null=True)
    stopped_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter"], name="clock_matter"),
            models.Index(
                fields=["due_at"],
                name="clock_due",
                condition=Q(
                    stopped_at__isnull=True,
                    paused_at__isnull=True,
                    late_at__isnull=True,
                ),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter", "code"],
                condition=Q(stopped_at__isnull=True),
                name="clock_runs_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, remaining__isnull=True)
                | Q(paused_at__isnull=False, remaining__isnull=False),
                name="clock_pause_keeps_the_remaining_time",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
                name="clock_stops_after_start",
            ),
        ]


class Evidence(models.Model):
    """A photo that came with an event: content-checked, metadata stripped, re-encoded."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="evidence")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField(max_length=120)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()


class Remembered(models.Model):
    """A request that had its effect: the same key again returns that result, with another body it is refused."""

    account_id = models.BigIntegerField()
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    body_hash = models.BinaryField(max_length=32)
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account_id", "route", "key"], name="remembered_once")
        ]
