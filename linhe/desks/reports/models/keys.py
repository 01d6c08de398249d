"""Keys of other systems: kept as a hash, bound to a place and a purpose, counted a minute, revoked for good."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account
from linhe.core.places.models import Place


class ApiKey(models.Model):
    """A key that an administrator made for another system. ``hint`` are its last characters, to tell keys apart.

    Reports by a key ``on_trial`` get a token, which turns into a number once somebody has accepted the report.
    """

    class Purpose(models.TextChoices):
        """What a key opens."""

        OPEN311 = "open311"
        HOTLINE = "hotline"

    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=8, choices=Purpose)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    on_trial = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    minute_at = models.DateTimeField(null=True)
    minute_used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="apikey_only_a_hash"),
            models.CheckConstraint(condition=Q(purpose__in=["open311", "hotline"]), name="apikey_purpose_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class Open311Sent(models.Model):
    """How a report came by Open311: with which key, under which token, and what the sender told of themselves.

    ``sender`` (names, mail, phone, device and account ids) and ``link`` (media_url) are encrypted and never given out;
    ``attributes`` are answers to the service's own questions.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    sender = EncryptedTextField(blank=True)
    link = EncryptedTextField(blank=True)
    attributes = EncryptedTextField(blank=True)
