"""Notices, their deliveries by outside channels, and what each person chose and granted."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Event, Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account


class Notice(models.Model):
    """Something that a person should know. Its words are made when it is read, from ``code`` and ``params``, in the
    reader's language; neither holds personal text. It is in the application at once; other channels wait for
    ``not_before``."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices", db_index=False)
    code = models.CharField(max_length=80)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    params = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-id"], name="notice_account"),
            models.Index(fields=["account"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event", "account"], condition=Q(event__isnull=False), name="notice_once_an_event"
            ),
            models.CheckConstraint(condition=Q(not_before__gte=F("created_at")), name="notice_not_before_it_is_made"),
        ]

    def __str__(self) -> str:
        return f"{self.code} to account {self.account_id}"


class Delivery(models.Model):
    """A notice on its way by one outside channel. When the channel cannot, the next one of the person's order is
    tried."""

    class State(models.TextChoices):
        """Where a delivery stands."""

        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"
        READ_BEFORE = "read_before"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="waiting"))
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="delivery_sent_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(models.Model):
    """The outside channels that a person wants, in the order in which they are tried. Without one: the default."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="notice_preference")
    channels = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    def __str__(self) -> str:
        return f"{self.account_id}: {', '.join(self.channels)}"


class Grant(models.Model):
    """How many messages a person still allows on a channel that asks for consent message by message (WeChat)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=40)
    template = models.CharField(max_length=80)
    address = EncryptedTextField()
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "channel", "template"], name="grant_once_a_template")
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.left} left"
