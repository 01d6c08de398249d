"""Reads of a draft's files: who may open one, and what waits to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linhe.core.loop.access import visible_to
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.wording import shown
from linhe.desks.exchange.loop.roles import SELLER
from linhe.desks.exchange.models import Draft, Listing, Suggestion, Upload
from linhe.desks.exchange.schemas.content import Content, value_in
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion beside its field: its value in words, what the field says now, and whether that is the same."""

    row: Suggestion
    name: Text
    value: Text
    held: Text | None
    agrees: bool


def upload_for(account: Account, upload_id: int, *, at: datetime) -> Upload | None:
    """A file, for the seller's officers and, once it is lodged, for everyone who reads the listing."""
    upload = Upload.objects.select_related("draft__province").filter(pk=upload_id).first()
    if upload is None or not upload.file:
        return None
    draft = upload.draft
    posts = posts_of(account, at=at)
    if any(
        p.role == SELLER and p.organisation_id == draft.organisation_id and p.place.contains(draft.province)
        for p in posts
    ):
        return upload
    lodged = draft.lodged_as_id
    return upload if lodged and visible_to(account, at=at).filter(pk=lodged).exists() else None


def uploads_of(draft: Draft) -> list[Upload]:
    """The files of a draft, and those lodged before for the same listing when it is a correction."""
    rows = Upload.objects.filter(draft=draft)
    if draft.corrects_id is not None:
        rows |= Upload.objects.filter(draft__lodged_as=draft.corrects_id)
    return list(rows.order_by("document", "pk"))


def uploads_of_listing(listing: Listing) -> list[Upload]:
    """The files that were lodged for a listing."""
    return list(Upload.objects.filter(draft__lodged_as=listing).exclude(file="").order_by("document", "pk"))


def suggestions_of(draft: Draft, content: Content) -> dict[str, list[Suggested]]:
    """What waits to be confirmed, by the fact's path, beside what the draft says already."""
    found: dict[str, list[Suggested]] = {}
    rows = Suggestion.objects.filter(upload__draft=draft, decided="").select_related("upload")
    for row in rows.order_by("upload__document", "page", "pk"):
        field, held = FIELDS[row.path], value_in(content, row.path)
        one = Suggested(
            row, Text(*field.name), Text(*shown(field, _typed(row.path, row.value))),
            None if held is None else Text(*shown(field, _typed(row.path, held))), held == row.value,
        )  # fmt: skip
        found.setdefault(row.path, []).append(one)
    return found


def _typed(path: str, value: Any) -> Any:
    """A stored value as the engine knows it."""
    return date.fromisoformat(value) if FIELDS[path].kind == "date" and isinstance(value, str) else value
