"""Deleting files: with a draft that is thrown away, and when a listing ended long ago."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from linhe.core.loop.models import Matter
from linhe.desks.exchange.models import Draft, Upload


def drop_uploads(draft: Draft) -> None:
    """The files of a draft that is thrown away."""
    delete_files(Upload.objects.filter(draft=draft))


def forget_uploads(matters: QuerySet[Matter]) -> int:
    """Delete the files of listings that ended long ago; their facts stay in the filings."""
    return delete_files(Upload.objects.filter(draft__lodged_as__matter__in=matters))


def delete_files(uploads: QuerySet[Upload]) -> int:
    """The rows now, the files once that is certain."""
    files = list(uploads.values_list("file", flat=True))
    deleted, _ = uploads.delete()

    def away() -> None:
        for file in files:
            default_storage.delete(file)

    transaction.on_commit(away)
    return deleted
