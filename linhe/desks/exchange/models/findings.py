"""What was lodged, which rules were applied to it, and what they found: written once, never changed."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from linhe.core.people.models import Account
from linhe.desks.exchange.models.listings import Listing


def _kept(name: str) -> list[pgtrigger.Trigger]:
    """Nothing is changed, deleted or truncated."""
    return [
        pgtrigger.Protect(name=f"{name}_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_is_never_truncated", level=pgtrigger.Statement, when=pgtrigger.Before,
            operation=pgtrigger.Truncate, func="RAISE EXCEPTION 'what was found cannot be truncated';",
        ),
    ]  # fmt: skip


class Filing(models.Model):
    """An application as it was lodged; a correction is a filing of its own, with the next number."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="filings", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    lodged_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lodged_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["listing", "number"], name="filing_once_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="filing_counts_from_one"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = _kept("filing")


class Check(models.Model):
    """One run of the rule book over one filing: the day it was judged by, the rules' hash and all that was read.

    The same ``facts`` under the same ``rule_set`` give the same findings, also years later.
    """

    class When(models.TextChoices):
        """At which step it was run."""

        LODGED = "lodged"
        DOCUMENTS = "documents"
        REVIEWED = "reviewed"
        APPROVED = "approved"
        CLOSING = "closing"

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="checks", db_index=False)
    at_step = models.CharField(max_length=10, choices=When)
    as_of = models.DateField()
    at = models.DateTimeField()
    rule_set = models.CharField(max_length=64)
    facts = models.JSONField()
    failed = models.PositiveSmallIntegerField()
    unknown = models.PositiveSmallIntegerField()
    passed = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["filing", "-id"], name="check_filing")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(at_step__in=["lodged", "documents", "reviewed", "approved", "closing"]),
                name="check_step_is_known",
            ),
            models.CheckConstraint(condition=~Q(rule_set=""), name="check_names_its_rules"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = _kept("check")


class Finding(models.Model):
    """What one rule found: its status, the article it rests on, and every value it read with document and page."""

    run = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="findings", db_index=False)
    rule = models.CharField(max_length=60)
    rule_set = models.CharField(max_length=64)
    status = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    message_zh = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    cite = models.JSONField()
    evidence = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["rule", "status", "-id"], name="finding_rule")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "rule"], name="finding_once_a_rule"),
            models.CheckConstraint(condition=~Q(rule="") & ~Q(rule_set=""), name="finding_names_its_rule"),
            models.CheckConstraint(
                condition=Q(status__in=["pass", "fail", "unknown", "not_applicable"]), name="finding_status_is_known"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = _kept("finding")
