"""Reviews of a province run again under the rules of another day, and what would be judged differently."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.exchange.models.findings import Check


class Recheck(models.Model):
    """One re-check of all applications of a province; ``rule_set`` and ``cases`` are there once it is done."""

    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    rule_set = models.CharField(max_length=64, blank=True)
    cases = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["province", "-id"], name="recheck_province")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, cases__isnull=True, rule_set="")
                | Q(done_at__isnull=False, cases__isnull=False) & ~Q(rule_set=""),
                name="recheck_counts_once_done",
            ),
        ]


class Difference(models.Model):
    """A rule that would be judged differently: as it was found then (empty: not in force), and as it is found now."""

    recheck = models.ForeignKey(Recheck, on_delete=models.CASCADE, related_name="differences", db_index=False)
    run = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField(max_length=60)
    before = models.CharField(max_length=14, blank=True)
    after = models.CharField(max_length=14, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recheck", "rule", "-id"], name="difference_rule"),
            models.Index(fields=["recheck", "-id"], name="difference_recheck"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recheck", "run", "rule"], name="difference_once_a_rule"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="difference_differs"),
        ]
