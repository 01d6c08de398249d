"""Effects of lodging: a draft is frozen as a filing, the rules run over it at once, the chain grows by one."""

from __future__ import annotations

from typing import Any

from linhe.core.loop.refusals import Refused, not_found, out_of_step
from linhe.core.loop.step import Step
from linhe.desks.exchange.models import Draft, Filing, Listing, Lot
from linhe.desks.exchange.schemas.content import value_in
from linhe.desks.exchange.services.checking import check, problem_at, seal
from linhe.desks.exchange.services.drafts import FOLLOWED
from linhe.desks.exchange.services.guarding import must_sell_for, own_listing
from linhe.lib.text import Text


def lodge(step: Step) -> dict[str, Any]:
    """A first application, or the next listing of a lot; the draft's organisation is the seller."""
    draft = _draft(step)
    if draft.corrects_id is not None:
        raise not_found()
    lot, sequence = _place_in_chain(draft, step)
    step.matter.organisation_id = draft.organisation_id
    step.matter.title = f"{lot.name}：第 {sequence} 次申请" if sequence > 1 else lot.name
    step.matter.title = step.matter.title[:80]
    step.matter.title_en = f"{lot.number}, application {sequence}"
    listing = Listing.objects.create(
        matter=step.matter, lot=lot, sequence=sequence, contact=draft.contact, contact_phone=draft.contact_phone
    )
    return _file(step, draft, listing)


def relodge(step: Step) -> dict[str, Any]:
    """A correction of what was returned."""
    listing = own_listing(step)
    draft = _draft(step)
    if draft.corrects_id != listing.pk:
        raise not_found()
    listing.confirmed, listing.conforming = {}, None
    listing.contact, listing.contact_phone = draft.contact, draft.contact_phone
    return _file(step, draft, listing)


def withdraw(step: Step) -> None:
    """The seller takes the application back before it is listed."""
    own_listing(step)


def _draft(step: Step) -> Draft:
    """The draft as its writer saw it, locked; what was lodged once is not lodged again."""
    found = Draft.objects.select_for_update(of=("self",)).filter(pk=step.data.draft)
    draft = found.select_related("organisation", "previous__matter", "previous__lot").first()
    if draft is None or not step.matter.place.contains(draft.province):
        raise not_found()
    must_sell_for(step.by, draft.organisation_id, step.matter.place, at=step.at)
    if draft.lodged_as_id is not None:
        raise Refused("lodged", Text("这份草稿已经提交过了。", "This draft has been lodged before."))
    if draft.version != step.data.draft_version:
        raise out_of_step()
    return draft


def _place_in_chain(draft: Draft, step: Step) -> tuple[Lot, int]:
    """The lot and the number of the application in it. The lot is locked, so that two cannot take the same number."""
    name = value_in(draft.content, "application.object_name")
    if not name:
        text = Text("请先填写标的名称。", "Name the object of the transaction first.")
        raise Refused("unnamed", text, status=422, details={"application.object_name": str(text)})
    if draft.previous is None:
        lot = Lot.objects.create(
            seller=draft.organisation, province=step.matter.place, name=name[:120], created_at=step.at
        )
        return lot, 1
    lot = Lot.objects.select_for_update().get(pk=draft.previous.lot_id)
    last = Listing.objects.filter(lot=lot).select_related("matter").order_by("-sequence")[0]
    if last.pk != draft.previous_id or last.matter.stage not in FOLLOWED:
        text = Text(
            "标的已有后续申请或尚未结束，请刷新后重试。", "The lot has another application, or is not over yet."
        )
        raise Refused("chain_moved_on", text)
    return lot, last.sequence + 1


def _file(step: Step, draft: Draft, listing: Listing) -> dict[str, Any]:
    """Freeze the content, run the rules, and tell in figures what they found."""
    content = draft.content
    listing.reserve_fen = value_in(content, "application.reserve_fen")
    listing.appraisal_fen = value_in(content, "appraisal.value_fen")
    listing.save(update_fields=["reserve_fen", "appraisal_fen", "confirmed", "conforming", "contact", "contact_phone"])
    number = Filing.objects.filter(listing=listing).count() + 1
    filing = Filing.objects.create(
        listing=listing, number=number, content=content, sha256=seal(content), lodged_by=step.by, lodged_at=step.at
    )
    result = check(listing, filing, "lodged", problem_at(listing, filing, at=step.at), at=step.at)
    Draft.objects.filter(pk=draft.pk).update(lodged_as=listing)
    failed = sum(1 for _ in result.of("fail"))
    return {
        "lot": listing.lot_id, "sequence": listing.sequence, "filing": number, "sha256": filing.sha256,
        "rule_set": result.rule_set_hash, "outcome": result.status, "failed": failed,
        "unknown": sum(1 for _ in result.of("unknown")),
    }  # fmt: skip
