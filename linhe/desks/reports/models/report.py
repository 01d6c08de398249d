"""A report beside its matter: category, point, what the public may see; and who follows it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place


class Report(models.Model):
    """One-to-one with its matter. The words stay with the events of the loop, encrypted and erasable.

    ``h3_cell`` is the cell of the point at the resolution of the search for duplicates. ``words_public`` is the
    wording that a clerk wrote for the public: what somebody typed is never shown to it.
    """

    class Source(models.TextChoices):
        """By which way it came."""

        PAGE = "page"
        QR = "qr"
        PHONE = "phone"
        COURIER = "courier"
        HOTLINE = "hotline"
        OPEN311 = "open311"
        PART = "part"

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="report")
    district = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    community = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=40)
    source = models.CharField(max_length=8, choices=Source, default=Source.PAGE)
    lat = models.FloatField()
    lng = models.FloatField()
    h3_cell = models.CharField(max_length=15)
    raised_at = models.DateTimeField()
    private = models.BooleanField(default=False)
    unnamed = models.BooleanField(default=False)
    hidden_for = models.CharField(max_length=20, blank=True)
    photos_public = models.BooleanField(default=False)
    words_public = models.CharField(max_length=200, blank=True)
    solve_minutes = models.PositiveIntegerField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["category", "h3_cell", "-raised_at"], name="report_near"),
            models.Index(
                fields=["district", "-matter"], name="report_public_district", condition=Q(private=False, hidden_for="")
            ),
            models.Index(
                fields=["community", "-matter"],
                name="report_public_community",
                condition=Q(private=False, hidden_for=""),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lng__range=(-180, 180)), name="report_point_in_range"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("matter")),
                name="report_merged_into_another",
            ),
        ]


class Following(models.Model):
    """Somebody has the same trouble and hears how it goes."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="followings", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    since_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-id"], name="following_account")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "account"], name="following_once")
        ]
