"""Lots and the chain of their listings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import NullIf

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place

MOST_FEN = 10**17


class Lot(models.Model):
    """What is for sale (标的), however often it is listed; its number comes from the id."""

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exchange_lots", db_index=False)
    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["seller", "-id"], name="lot_seller"),
            models.Index(fields=["province", "-id"], name="lot_province"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(name=""), name="lot_is_named"),
        ]

    @property
    def number(self) -> str:
        """How people refer to it: year and id."""
        return f"BD{self.created_at:%Y}-{self.pk:06}"


class Listing(models.Model):
    """One-to-one with a matter: the lot's listing number so and so, its price, its notice and what came of it.

    ``sequence`` has no gaps and each listing at most one successor: the one before is found by a foreign key on
    (lot, sequence_before), which the database works out itself. The price and the appraisal are those last lodged.
    """

    class Result(models.TextChoices):
        """How a listing ended; the codes are those of the engine."""

        SOLD = "sold"
        UNSOLD = "unsold"
        ENDED = "ended"

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="listing")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="listings", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    sequence_before = models.GeneratedField(
        expression=NullIf(F("sequence") - 1, 0), output_field=models.IntegerField(), db_persist=True
    )
    reviewer = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    contact = EncryptedTextField(blank=True)
    contact_phone = EncryptedTextField(blank=True)
    reserve_fen = models.BigIntegerField(null=True)
    appraisal_fen = models.BigIntegerField(null=True)
    confirmed = models.JSONField(default=dict)
    conforming = models.BooleanField(null=True)
    listed_on = models.DateField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    extension_days = models.PositiveSmallIntegerField(null=True)
    suspended_on = models.DateField(null=True)
    resumed_on = models.DateField(null=True)
    changed = models.BooleanField(default=False)
    change_agreed = models.BooleanField(null=True)
    restarted_on = models.DateField(null=True)
    buyers = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=8, blank=True, choices=Result)
    deal_fen = models.BigIntegerField(null=True)
    procedure = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["reviewer", "-matter"], name="listing_reviewer")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["lot", "sequence"], name="listing_once_a_number"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="listing_counts_from_one"),
            models.CheckConstraint(
                condition=Q(reserve_fen__isnull=True) | Q(reserve_fen__gte=0, reserve_fen__lte=MOST_FEN),
                name="listing_price_in_range",
            ),
            models.CheckConstraint(
                condition=Q(appraisal_fen__isnull=True) | Q(appraisal_fen__gte=0, appraisal_fen__lte=MOST_FEN),
                name="listing_appraisal_in_range",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="listing_notice_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(result="sold", deal_fen__isnull=False) | ~Q(result="sold") & Q(deal_fen__isnull=True),
                name="listing_deal_has_its_price",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["", "sold", "unsold", "ended"]), name="listing_result_known"
            ),
        ]

    def __str__(self) -> str:
        return f"listing {self.matter_id}"
