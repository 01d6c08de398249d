"""Events that are still to be counted, and the roll-ups that they are counted into."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Event
from linhe.core.places.models import Place


class Pending(models.Model):
    """An event that some measure counts and no roll-up holds yet. Written with the event, gone when it is counted."""

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "pending"

    def __str__(self) -> str:
        return f"event {self.event_id}"


class Rollup(models.Model):
    """What a measure came to at a place (and everything below it) on a day in Shanghai.

    ``base`` is what the total of a ratio is divided by; other measures leave it at zero.
    """

    measure = models.CharField(max_length=60)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    count = models.PositiveBigIntegerField()
    total = models.DecimalField(max_digits=20, decimal_places=4)
    base = models.DecimalField(max_digits=20, decimal_places=4, db_default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "measure", "day"], name="rollup_one_a_place_and_day"),
            models.CheckConstraint(condition=Q(count__gt=0), name="rollup_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.day}: {self.count}"
