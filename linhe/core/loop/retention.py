"""What was kept of people in closed matters goes once the kind's ``retention_days`` have passed.

The events stay and their chain holds: texts leave their salted hash behind, photos their checksum. What a desk keeps
of its own beside its matters goes by the function that it registers here; core names no desk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from linhe.core.dated import value
from linhe.core.loop import registry
from linhe.core.loop.models import Evidence, Matter, Particular
from linhe.core.places.kinds import ROOTS
from linhe.core.places.models import Place

Forget = Callable[[QuerySet[Matter]], int]
"""Empties what a desk keeps of people in these matters; returns how many rows changed. It is run again every day."""

_FORGETTING: dict[str, Forget] = {}


def register(kind: str, forget: Forget) -> None:
    """Have a desk's part of a kind forgotten together with the matter's; the same kind twice is an error."""
    if _FORGETTING.setdefault(kind, forget) is not forget:
        raise ValueError(f"kind {kind} has something to forget already")


def forget_old(*, at: datetime) -> int:
    """Forget what is past its time, kind by kind and root by root (a district or province may have a time of its own).

    Idempotent: what is left to do is read from the rows themselves. Returns how many rows were emptied or deleted.
    """
    forgotten = 0
    for kind in registry.kinds():
        if not kind.retention_days:
            continue
        for root in Place.objects.filter(kind__in=ROOTS).order_by("id"):
            days = value(kind.retention_days, at=at, place_code=root.code)
            over = Matter.objects.filter(kind=kind.code, at_district=root, closed_at__lt=at - timedelta(days=days))
            forgotten += _forget(kind.code, over)
    return forgotten


def _forget(kind: str, matters: QuerySet[Matter]) -> int:
    with transaction.atomic():
        texts, _ = Particular.objects.filter(event__matter__in=matters).delete()
        own = _FORGETTING[kind](matters) if kind in _FORGETTING else 0
    return texts + own + delete_photos(Evidence.objects.filter(matter__in=matters))


def delete_photos(evidence: QuerySet[Evidence]) -> int:
    """Delete the files of evidence; the rows stay with their checksums.

    Each file goes before its row is written: what is interrupted in between is simply done again the next time.
    """
    gone = 0
    for photo in evidence.exclude(file="").iterator(chunk_size=500):
        default_storage.delete(str(photo.file.name))
        gone += Evidence.objects.filter(pk=photo.pk).update(file="")
    return gone
