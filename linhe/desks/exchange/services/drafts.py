"""Drafts: what a seller types is kept, by everyone of the seller's organisation, until it is lodged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused, invalid, key_reused, not_found, out_of_step
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.exchange.models import Draft, Listing
from linhe.desks.exchange.queries.checks import filing_of
from linhe.desks.exchange.schemas.content import checked
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.desks.exchange.services.files import drop_uploads
from linhe.desks.exchange.services.guarding import must_sell_for
from linhe.lib.text import Text

LONGEST_KEY, LONGEST_NAME, LONGEST_PHONE = 64, 40, 30
FOLLOWED = ("unsold", "ended", "withdrawn", "refused")
"""Stages of a listing that the lot's next one may follow."""


@transaction.atomic
def begin_draft(
    *, organisation_id: int, province: Place, by: Account, key: str, at: datetime, previous: Listing | None = None,
    corrects: Listing | None = None,
) -> Draft:  # fmt: skip
    """Begin a draft: empty, with the content of the lot's last listing, or with what is to be corrected.

    The same key, the same lot's next listing and the same correction lead to the draft that is there already.
    """
    must_sell_for(by, organisation_id, province, at=at)
    before = previous or corrects
    if before is not None:
        if before.lot.seller_id != organisation_id:
            raise not_found()
        if previous and (previous.matter.stage not in FOLLOWED or _followed(previous)):
            text = Text("这次挂牌之后不能再挂牌。", "This listing cannot be followed by another.")
            raise Refused("not_followed", text)
        if corrects and corrects.matter.stage != "returned":
            raise Refused("not_returned", Text("这份申请没有被退回。", "This application was not returned."))
    content = filing_of(before).content if before else {}
    if previous:  # a new listing has a notice of its own
        content = {code: part for code, part in content.items() if code != "disclosure"}
    kept = {"contact": before.contact, "contact_phone": before.contact_phone} if before else {}
    try:
        with transaction.atomic():
            return Draft.objects.create(
                organisation_id=organisation_id, province=province, key=key[:LONGEST_KEY], previous=previous,
                corrects=corrects, content=content, saved_by=by, saved_at=at, **kept,
            )  # fmt: skip
    except IntegrityError:
        same = Draft.objects.filter(organisation_id=organisation_id, key=key[:LONGEST_KEY])
        if before is not None:
            same = Draft.objects.filter(previous=previous, corrects=corrects, lodged_as__isnull=True)
        found = same.first()
        if found is None:
            raise key_reused() from None
        return found


@transaction.atomic
def save_draft(
    draft: Draft, content: Mapping[str, Any], *, contact: str, contact_phone: str, version: int | None, by: Account,
    at: datetime,
) -> Draft:  # fmt: skip
    """Keep what was typed, all of it or nothing; refuses what changed since the writer looked."""
    must_sell_for(by, draft.organisation_id, draft.province, at=at)
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.lodged_as_id is not None:
        raise Refused("lodged", Text("这份草稿已经提交，不能再改。", "This draft has been lodged."))
    try:
        found = checked(content)
    except NotADocument as wrong:
        raise invalid({name: str(message) for name, message in wrong.errors.items()}) from None
    if len(contact) > LONGEST_NAME or len(contact_phone) > LONGEST_PHONE:
        too_long = str(Text("联系人或电话过长。", "Name or phone is too long."))
        raise invalid({"contact": too_long})
    if (locked.content, locked.contact, locked.contact_phone) == (found, contact, contact_phone):
        return locked
    if version is not None and version != locked.version:
        raise out_of_step()
    locked.content, locked.contact, locked.contact_phone = found, contact, contact_phone
    locked.version, locked.saved_by, locked.saved_at = locked.version + 1, by, at
    locked.save(update_fields=["content", "contact", "contact_phone", "version", "saved_by", "saved_at"])
    return locked


@transaction.atomic
def drop_draft(draft: Draft, *, by: Account, at: datetime) -> None:
    """Throw a draft away that was not lodged."""
    must_sell_for(by, draft.organisation_id, draft.province, at=at)
    locked = Draft.objects.select_for_update().filter(pk=draft.pk, lodged_as__isnull=True).first()
    if locked is not None:
        drop_uploads(locked)
        locked.delete()


def _followed(listing: Listing) -> bool:
    return Listing.objects.filter(lot=listing.lot_id, sequence__gt=listing.sequence).exists()
