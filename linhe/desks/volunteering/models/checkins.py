"""What only this desk knows of check-ins, needs and hours: which organisation, whose, what is offered and needed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place


class CheckInDetail(models.Model):
    """One-to-one with its matter: an organisation at a compound, or (with ``account``) one of its members."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="check_in")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    offers = models.JSONField(default=list)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place"], name="check_in_place", condition=Q(until_at__isnull=True))
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "place"], condition=Q(account__isnull=True, until_at__isnull=True),
                name="check_in_of_an_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["account", "place"], condition=Q(account__isnull=False, until_at__isnull=True),
                name="check_in_of_a_member_once",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gte=F("since_at")),
                name="check_in_ends_after_it_begins",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"check-in {self.pk}"


class NeedDetail(models.Model):
    """One-to-one with its matter: what a compound needs. What was written of it stays with the event, erasable."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="need")
    theme = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"need {self.pk}"


class HoursDetail(models.Model):
    """One-to-one with its matter: the time that somebody served, by their own account until it is confirmed."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="hours")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    theme = models.CharField(max_length=40)
    day = models.DateField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "day"], name="hours_account_day")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 1440)), name="hours_of_one_day")
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min"
