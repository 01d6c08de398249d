"""What only this desk knows of an activity: what, when, how many, its code; and who signed up and came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Event, Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account


class ActivityDetail(models.Model):
    """One-to-one with its matter. ``secret`` makes the rotating code; ``taken`` counts the firm places.

    Title, words and venue are an announcement for everyone, no personal text.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="activity")
    theme = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    words = models.CharField(max_length=500, blank=True)
    venue = models.CharField(max_length=80, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    secret = EncryptedTextField()
    guests = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["starts_at"], name="activity_starts"),
            models.Index(fields=["ends_at"], name="activity_ends"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="activity_never_over_its_capacity"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="activity_has_places"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"activity {self.pk}"


class SignUp(models.Model):
    """Somebody's place in an activity, firm or waiting, and whether they came. ``account`` goes with retention."""

    class State(models.TextChoices):
        """Where a sign-up stands."""

        GOING = "going"
        WAITING = "waiting"
        GIVEN_UP = "given_up"
        STRUCK = "struck"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="sign_ups", db_index=False)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="sign_ups", db_index=False)
    state = models.CharField(max_length=8, choices=State)
    asked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    arrival = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    left_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    stars = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "state", "id"], name="sign_up_matter"),
            models.Index(fields=["account", "-id"], name="sign_up_account"),
            models.Index(fields=["arrival"], name="sign_up_arrival", condition=Q(arrival__isnull=False)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter", "account"], condition=Q(state__in=["going", "waiting"]), name="sign_up_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(state__in=["going", "struck"]),
                name="sign_up_came_with_a_place",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at"), arrived_at__isnull=False),
                name="sign_up_leaves_after_it_came",
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="sign_up_stars_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"sign-up {self.pk}"


class CodeTry(models.Model):
    """How often somebody typed a wrong code at an activity; after some tries only the organiser can help."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    tries = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "account"], name="code_try_counted_once")
        ]
