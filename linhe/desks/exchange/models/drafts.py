"""What a seller has typed so far. A draft is no matter yet: nobody but its organisation sees it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.desks.exchange.models.listings import Listing


class Draft(models.Model):
    """An application in the making: a first one, the next of a lot (``previous``), or a correction (``corrects``).

    ``content`` is what the documents say, field by field with document and page (``schemas.documents``). Once lodged
    it stays as it was.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    previous = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    corrects = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="drafts", db_index=False)
    content = models.JSONField(default=dict)
    contact = EncryptedTextField(blank=True)
    contact_phone = EncryptedTextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    saved_at = models.DateTimeField()
    lodged_as = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="lodged_drafts")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-id"], name="draft_open", condition=Q(lodged_as__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key"], name="draft_once_a_key"),
            models.UniqueConstraint(
                fields=["previous"], condition=Q(lodged_as__isnull=True, previous__isnull=False),
                name="draft_one_a_next_listing",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(lodged_as__isnull=True, corrects__isnull=False),
                name="draft_one_a_correction",
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | Q(corrects__isnull=True), name="draft_follows_one_listing_at_most"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="draft_version_counts_from_one"),
        ]  # fmt: skip
