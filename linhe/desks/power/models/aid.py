"""Trucks on loan, findings of a run, and the links by which other counties watch."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.power.models.event import Outage, Truck


class TruckAid(models.Model):
    """One-to-one with a request for aid: which truck for which failed line, and when what happened."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="truck_aid")
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="aids", db_index=False)
    truck = models.ForeignKey(Truck, on_delete=models.PROTECT, related_name="aids", db_index=False)
    active = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    arrives_at = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["outage", "matter"], name="aid_outage"),
            models.Index(fields=["truck", "matter"], name="aid_truck"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["truck"], condition=Q(active=True), name="aid_truck_used_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, arrives_at__isnull=True)
                | Q(accepted_at__gte=F("asked_at"), arrives_at__gte=F("accepted_at")),
                name="aid_arrives_after_it_is_accepted",
            ),
            models.CheckConstraint(
                condition=Q(off_at__isnull=True) | Q(accepted_at__isnull=False, off_at__gte=F("accepted_at")),
                name="aid_sets_off_after_it_is_accepted",
            ),
            models.CheckConstraint(
                condition=Q(connected_at__isnull=True) | Q(off_at__isnull=False, connected_at__gte=F("off_at")),
                name="aid_connects_after_it_set_off",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(accepted_at__isnull=False, released_at__gte=F("accepted_at")),
                name="aid_is_released_after_it_is_accepted",
            ),
        ]


class RunFinding(models.Model):
    """One-to-one with a finding: which run and which step showed it."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="run_finding")
    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="findings", db_index=False)
    step = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["outage", "matter"], name="finding_outage")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(step__gte=1), name="finding_names_a_step")
        ]


class GuestLink(models.Model):
    """By this link a county company watches one run, read only, until it expires or is taken back."""

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="guest_links", db_index=False)
    county = models.CharField(max_length=40)
    county_en = models.CharField(max_length=60, blank=True)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["outage", "county"], condition=Q(revoked_at__isnull=True), name="guest_one_link_a_county"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="guest_expires_after_it_is_made"),
            models.CheckConstraint(condition=~Q(county=""), name="guest_county_is_named"),
        ]
