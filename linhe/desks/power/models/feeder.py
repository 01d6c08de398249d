"""What the desk keeps beside the data of a feeder that somebody handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Matter
from linhe.desks.power.models.event import Feeder


class FeederChange(models.Model):
    """One-to-one with what was handed in: the feeder in our words, from which file, and the version it became."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="feeder_change")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    from_date = models.DateField()
    source = models.CharField(max_length=120)
    file = models.CharField(max_length=120)
    form = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    case = models.JSONField()
    open = models.BooleanField(default=True)
    feeder = models.OneToOneField(Feeder, null=True, on_delete=models.PROTECT, related_name="change")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], condition=Q(open=True), name="feeder_change_one_open_a_code"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(source="") & ~Q(digest=""), name="feeder_change_is_named"
            ),
            models.CheckConstraint(
                condition=Q(open=False) | Q(feeder__isnull=True), name="feeder_change_ends_with_its_version"
            ),
        ]
