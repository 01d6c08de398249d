"""What the loop holds about a person: their matters, and the texts that came with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from linhe.core.loop.models import Evidence, Matter, Particular
from linhe.core.loop.retention import delete_photos
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.lib.text import Text


def unfinished(account: Account) -> Text | None:
    """Who still asks for something, or still handles it, cannot go."""
    mine = Q(requester=account) | Q(beneficiary=account) | Q(handler=account)
    count = Matter.objects.filter(mine, closed_at__isnull=True).count()
    if not count:
        return None
    return Text(
        f"您还有 {count} 件事没有办结，请先办完或撤回。", f"Finish or withdraw your open matters first ({count})."
    )


def export(account: Account) -> list[dict[str, Any]]:
    """The matters someone asked for, was helped by or handled, with the texts they wrote and the photos they took."""
    mine = Q(requester=account) | Q(beneficiary=account) | Q(handler=account)
    written: dict[int, list[str]] = {}
    for text in Particular.objects.filter(event__actor=account).select_related("event").order_by("id"):
        written.setdefault(text.event.matter_id, []).append(text.value)
    taken: dict[int, list[str]] = {}
    for matter_id, sha256 in (
        Evidence.objects.filter(event__actor=account).order_by("id").values_list("matter_id", "sha256")
    ):
        taken.setdefault(matter_id, []).append(sha256)
    return [
        {
            "id": matter.pk, "kind": matter.kind, "title": matter.title, "stage": matter.stage,
            "place": matter.place.code, "begun_at": matter.created_at.isoformat(),
            "i_wrote": written.get(matter.pk, []), "my_photos_sha256": taken.get(matter.pk, []),
        }
        for matter in Matter.objects.filter(mine).select_related("place").order_by("id")
    ]  # fmt: skip


def erase(account: Account, at: datetime) -> None:
    """Delete what they wrote, and texts and photos of their own matters. The events stay, and their chain holds."""
    about = Q(event__matter__requester=account) | Q(event__matter__beneficiary=account) | Q(event__actor=account)
    Particular.objects.filter(about).delete()
    own = Q(matter__requester=account) | Q(matter__beneficiary=account)
    photos = list(Evidence.objects.filter(own).values_list("pk", flat=True))
    transaction.on_commit(lambda: delete_photos(Evidence.objects.filter(pk__in=photos)))


HOLDING = Holding("matters", export, erase, unfinished)
