"""Files that a seller brings for an application, and what was read from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account
from linhe.desks.exchange.models.drafts import Draft

DOCUMENTS = ("application", "certificate", "approval", "appraisal", "disclosure", "deal")


class Upload(models.Model):
    """A file for one document of a draft: a PDF as it came, a photo encoded afresh without what cameras add, or the
    Excel form filled in.

    ``pages`` is 0 where there are none or nobody counted them (photos); ``readable`` tells that the file carries text.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="uploads", db_index=False)
    document = models.CharField(max_length=12)
    name = EncryptedTextField()
    file = models.FileField(max_length=80)
    media = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=0)
    readable = models.BooleanField(default=False)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "document", "sha256"], name="upload_once_a_document"),
            models.CheckConstraint(condition=Q(document__in=DOCUMENTS), name="upload_document_is_known"),
            models.CheckConstraint(
                condition=Q(
                    media__in=[
                        "application/pdf",
                        "image/webp",
                        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    ]
                ),
                name="upload_media_is_known",
            ),
        ]


class Suggestion(models.Model):
    """A value that a file seems to state. It counts for nothing until a person confirms it. A form may name no page."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="suggestions", db_index=False)
    path = models.CharField(max_length=60)
    value = models.JSONField()
    page = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=160)
    decided = models.CharField(max_length=9, blank=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["upload", "path", "value"], name="suggestion_once_a_value"),
            models.CheckConstraint(condition=Q(page__gte=1), name="suggestion_names_its_page"),
            models.CheckConstraint(
                condition=Q(decided="", decided_at__isnull=True)
                | Q(decided__in=["confirmed", "dismissed"], decided_at__isnull=False),
                name="suggestion_decided_by_somebody",
            ),
        ]
