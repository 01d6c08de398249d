"""Feeders, trucks, and what the desk keeps beside a failed line: signals, plans."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place

SCENES = ("plain", "mountain", "town", "night", "lightning")
SIGNALS = ("tripped", "overcurrent", "quiet", "flipped", "unflipped", "call_dead", "call_seen", "cleared")


class Feeder(models.Model):
    """A version of a feeder's data, checked by the engine before it was stored; in force from a day.

    Of two versions from one day the later one counts: so a mistake is put right on the same day.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    source = models.CharField(max_length=120)
    case = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "version"], name="feeder_once_a_version"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name="") & ~Q(source=""), name="feeder_is_named"),
        ]


class Truck(models.Model):
    """A generator truck of a power company: rated power, where it stands, how long its fuel lasts."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kw = models.PositiveIntegerField()
    kva = models.PositiveIntegerField()
    travel_min = models.PositiveIntegerField()
    fuel_hours = models.PositiveSmallIntegerField(null=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    ready = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kw__gt=0, kva__gte=F("kw")), name="truck_rating_is_possible"),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__isnull=False, lng__isnull=False),
                name="truck_position_is_whole",
            ),
        ]


class Outage(models.Model):
    """One-to-one with a failed line: on which version of the feeder, in which scene, where the fault is."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="outage")
    feeder = models.ForeignKey(Feeder, on_delete=models.PROTECT, related_name="outages", db_index=False)
    drill = models.BooleanField()
    scene = models.CharField(max_length=10)
    lightning = models.BooleanField(default=False)
    alarmed_at = models.DateTimeField()
    fault = models.JSONField(default=list)
    plan = models.ForeignKey("Plan", null=True, on_delete=models.PROTECT, related_name="+")
    open = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["feeder", "-alarmed_at"], name="outage_feeder")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["feeder"], condition=Q(open=True), name="outage_one_open_a_feeder"),
            models.CheckConstraint(condition=Q(scene__in=SCENES), name="outage_scene_is_known"),
        ]


class Signal(models.Model):
    """Something that tells where the fault may be: a terminal's alarm, an indicator, a call, a clear stretch."""

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="signals", db_index=False)
    what = models.CharField(max_length=12)
    element = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["outage", "what", "element"], name="signal_once_each"),
            models.CheckConstraint(condition=Q(what__in=SIGNALS), name="signal_is_known"),
        ]


class Plan(models.Model):
    """What the engine answered to a problem, with how sure it is. The next one replaces it."""

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="plans", db_index=False)
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    problem = models.JSONField()
    result = models.JSONField()
    status = models.CharField(max_length=12)
    proof = models.CharField(max_length=10)
    gap_milli = models.PositiveIntegerField(default=0)
    served_w = models.PositiveBigIntegerField()
    before_w = models.PositiveBigIntegerField()
    total_w = models.PositiveBigIntegerField()
    took_ms = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["outage", "number"], name="plan_numbered_once"),
            models.CheckConstraint(condition=Q(proof__in=["optimal", "gap", "none"]), name="plan_proof_is_known"),
            models.CheckConstraint(condition=Q(served_w__lte=F("total_w")), name="plan_serves_at_most_all"),
        ]
