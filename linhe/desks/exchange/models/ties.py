"""Who may not review whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation


class Tie(models.Model):
    """Someone of the exchange declared a tie with an institution, from a day until before another (half-open)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="exchange_ties", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = EncryptedTextField(blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    declared_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "organisation"], name="tie_account")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="tie_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["account", "organisation"], condition=Q(until_date__isnull=True), name="tie_once_at_a_time"
            ),
        ]
