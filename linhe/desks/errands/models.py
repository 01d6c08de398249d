"""What only this desk knows of an errand: the way, the door, the offers, the advances; and the couriers' shifts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from linhe.core.loop.models import Evidence, Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account
from linhe.core.places.models import Place


class ErrandDetail(models.Model):
    """One-to-one with its matter, whose place is the building of the drop-off.

    ``unserved`` is why the last dispatch found nobody, as ``[code, {number: ...}]`` pairs, the closest miss first.
    ``looked_at`` is when a plan first counted it in, ``planned_for`` whom the last plan has in mind while the offer is
    held back: the next plan starts from there, in whatever process it runs.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="errand")
    service = models.CharField(max_length=40)
    skill = models.CharField(max_length=40, blank=True)
    pseudonym = models.CharField(max_length=20)
    pickup_place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    pickup_name = models.CharField(max_length=80, blank=True)
    pickup_lat = models.FloatField(null=True)
    pickup_lng = models.FloatField(null=True)
    lat = models.FloatField()
    lng = models.FloatField()
    door = EncryptedTextField(blank=True)
    note = EncryptedTextField(blank=True)
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    service_s = models.PositiveIntegerField()
    load = models.PositiveSmallIntegerField()
    code = EncryptedTextField(blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    relay = models.CharField(max_length=8, blank=True)
    accepted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    unserved = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)
    planned_for = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(latest_at__gt=F("earliest_at")), name="errand_window_has_a_length"),
            models.CheckConstraint(
                condition=Q(pickup_lat__isnull=True, pickup_lng__isnull=True)
                | Q(pickup_lat__isnull=False, pickup_lng__isnull=False),
                name="errand_pickup_is_a_point",
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="errand_stars_1_to_5"
            ),
        ]


class Shift(models.Model):
    """A courier on duty: the limits within which errands may be added, and where the courier was last.

    ``free_at`` is when the courier can leave that position: the end of the service that goes on there.
    """

    courier = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="shifts", db_index=False)
    district = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lat = models.FloatField()
    lng = models.FloatField()
    seen_at = models.DateTimeField()
    free_at = models.DateTimeField()
    end_lat = models.FloatField()
    end_lng = models.FloatField()
    speed_kmh = models.FloatField()
    capacity = models.PositiveSmallIntegerField()
    load = models.PositiveSmallIntegerField(default=0)
    detour_max_m = models.PositiveIntegerField()
    detour_used_m = models.PositiveIntegerField(default=0)
    extra_max = models.PositiveSmallIntegerField()
    extra_used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district", "courier"], name="shift_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["courier", "-id"], name="shift_courier"),
            GistIndex(Func("lng", "lat", function="point"), name="shift_point", condition=Q(ended_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["courier"], condition=Q(ended_at__isnull=True), name="shift_one_open_a_courier"
            ),
            models.CheckConstraint(condition=Q(speed_kmh__gt=0), name="shift_speed_positive"),
            models.CheckConstraint(condition=Q(until_at__gt=F("started_at")), name="shift_has_a_length"),
        ]


class Stop(models.Model):
    """A stop of a shift, in driving order: the courier's own work, or an errand's pick-up or drop-off."""

    class Kind(models.TextChoices):
        OWN = "own"
        PICKUP = "pickup"
        DROPOFF = "dropoff"

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="stops", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="stops")
    label = models.CharField(max_length=80)
    lat = models.FloatField()
    lng = models.FloatField()
    earliest_at = models.DateTimeField(null=True)
    latest_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    service_s = models.PositiveIntegerField(default=0)
    load_change = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["shift_id", "seq"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["shift", "seq"], name="stop_ahead", condition=Q(done_at__isnull=True)),
            models.Index(fields=["shift", "seq"], name="stop_shift"),
            GistIndex(Func("lng", "lat", function="point"), name="stop_point", condition=Q(done_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="own", matter__isnull=True) | (~Q(kind="own") & Q(matter__isnull=False)),
                name="stop_of_an_errand_names_it",
            ),
            models.UniqueConstraint(fields=["shift", "matter", "kind"], name="stop_once_an_errand"),
        ]


class Offer(models.Model):
    """Who was asked to take an errand, why, and what came of it. Nobody is asked twice after saying no."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        LAPSED = "lapsed"
        LEFT = "left"

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="offers")
    courier = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    shift = models.ForeignKey(Shift, null=True, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=8, choices=State)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    by_person = models.BooleanField(default=False)
    detour_m = models.PositiveIntegerField(null=True)
    detour_s = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["courier", "-id"], name="offer_courier")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state__in=["offered", "accepted"]), name="offer_one_standing_an_errand"
            )
        ]


class Qualification(models.Model):
    """A skill that somebody checked: needed for services that ask for it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="qualifications")
    skill = models.CharField(max_length=40)
    verified_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "skill"], condition=Q(valid_to__isnull=True), name="qualification_once_at_a_time"
            )
        ]


class Advance(models.Model):
    """Money that the courier paid at a shop, settled between the two: both must confirm. No payment runs here."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="advances")
    amount_fen = models.PositiveIntegerField()
    receipt = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="advance_of_some_money")
        ]


class Peek(models.Model):
    """A courier looked at an address; counted against the day's limit."""

    courier = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="peeks")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["courier", "-at"], name="peek_courier")]
