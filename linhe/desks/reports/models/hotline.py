"""A 12345 order beside its matter, uploaded files between preview and import, and requests of other systems."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Located
from linhe.desks.reports.models.keys import ApiKey


class HotlineOrder(Located):
    """One-to-one with its matter. Who called, from where and in which words is encrypted and erasable.

    ``in_time`` and ``satisfied`` are empty until the order is answered and called back; the rates count these rows,
    so they carry their place like the matter, and one index holds all that is counted.
    One that is worked on again has no answer again; that an answer was late stays.
    """

    class Result(models.TextChoices):
        """What came of it."""

        SOLVED = "solved"
        EXPLAINED = "explained"
        UNFOUNDED = "unfounded"

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="hotline")
    number = models.CharField(max_length=40, unique=True)
    category = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # fmt: skip
    unit = models.CharField(max_length=80, blank=True)
    called_at = models.DateTimeField()
    received_at = models.DateTimeField()
    limit_at = models.DateTimeField()
    content = EncryptedTextField(blank=True)
    address = EncryptedTextField(blank=True)
    caller = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    satisfied = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-matter"], name="hotline_organisation"),
            models.Index(
                fields=["-received_at"],
                include=[
                    "at_district",
                    "at_subdistrict",
                    "at_community",
                    "at_compound",
                    "organisation",
                    "category",
                    "limit_at",
                    "answered_at",
                    "in_time",
                    "satisfied",
                    "matter",
                ],
                name="hotline_rates",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(number=""), name="hotline_has_a_number"),
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=True, result="") & (Q(in_time__isnull=True) | Q(in_time=False)))
                | (Q(answered_at__isnull=False, in_time__isnull=False) & ~Q(result="")),
                name="hotline_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True) | Q(answered_at__isnull=False),
                name="hotline_answer_before_call_back",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class HotlineFile(models.Model):
    """Rows of an uploaded file: all of them until the good ones are imported, then the bad ones for download.

    They hold what callers said, so they are encrypted and go after a few hours.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    rows = EncryptedTextField()
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-id"], name="hotlinefile_account"),
            models.Index(fields=["uploaded_at"], name="hotlinefile_uploaded"),
        ]


class HotlineRequest(models.Model):
    """A request by the API that had its effect, so that the same one again gets the same answer."""

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["key", "request_key"], name="hotlinerequest_once")
        ]
