"""What the province draws and looks into: samples that can be drawn again, and the listing behind each case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.exchange.models.listings import Listing

GROUNDS = ("sampled", "flagged")


class Draw(models.Model):
    """A sample of the listings decided in a period (half-open), one a province and period.

    ``frame`` and ``seed`` give the same ``picks`` again. ``by`` is None when the job drew.
    """

    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_date = models.DateField()
    until_date = models.DateField()
    permille = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    frame = models.JSONField()
    picks = models.JSONField()
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["province", "from_date"], name="draw_once_a_period"),
            models.CheckConstraint(condition=Q(until_date__gt=F("from_date")), name="draw_period_has_a_length"),
            models.CheckConstraint(condition=Q(permille__gte=1, permille__lte=1000), name="draw_share_is_one"),
        ]


class Inspection(models.Model):
    """One-to-one with a supervision case: which listing, on what ground, and what was concluded."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="inspection")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="inspections")
    ground = models.CharField(max_length=8)
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="inspections")
    flags = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, blank=True)
    running = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["listing"], condition=Q(running=True), name="inspection_one_running_a_listing"
            ),
            models.CheckConstraint(
                condition=Q(ground="sampled", draw__isnull=False) | Q(ground="flagged", draw__isnull=True),
                name="inspection_sampled_by_a_draw",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "no_issue", "correct"]), name="inspection_outcome_known"
            ),
        ]
