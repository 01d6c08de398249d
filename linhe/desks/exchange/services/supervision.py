"""Writes of the province's supervision: samples that can be drawn again, and the effects of a case."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.dated import value
from linhe.core.loop import refusals
from linhe.core.loop.acting import begin
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.exchange.models import Draw, Inspection, Listing
from linhe.desks.exchange.queries.risks import decided_between, flags_of, listings_of, with_flags
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

SEED_BITS = 31
PERMILLE = 1000


def draw_sample(
    province: Place, first: date, after: date, *, by: Account | None, at: datetime, seed: int | None = None
) -> Draw:
    """Draw the dated share of the listings decided in a period (half-open days) and open a case for each.

    A period is drawn once: whoever comes second gets the draw that is there. At least one listing is drawn where any
    was decided. ``by`` None is the job.

    Raises
    ------
    Refused : the period is not over, nothing was decided in it, or ``by`` may not open cases there.
    """
    known = Draw.objects.filter(province=province, from_date=first).first()
    if known is not None:
        return known
    if after > local_date(at):
        raise Refused("too_early", Text("这个时段还没有结束。", "That period is not over yet."), status=409)
    frame = decided_between(province, first, after)
    if not frame:
        text = Text("这个时段没有审结的项目，无可抽取。", "Nothing was decided in that period.")
        raise Refused("nothing_decided", text, status=409)
    permille = value("exchange.sample_permille", at=at, place_code=province.code)
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    try:
        with transaction.atomic():
            drawn = Draw.objects.create(
                province=province, from_date=first, until_date=after, permille=permille, seed=seed, frame=frame,
                picks=picked(frame, permille, seed), by=by, at=at,
            )  # fmt: skip
            busy = set(
                Inspection.objects.filter(listing__in=drawn.picks, running=True).values_list("listing", flat=True)
            )
            for listing_id in drawn.picks:
                if listing_id not in busy:
                    data = {"listing_id": listing_id, "draw_id": drawn.pk}
                    begin("inspection", "draw", by=by, place=province, data=data, at=at)
    except IntegrityError:
        return Draw.objects.get(province=province, from_date=first)  # somebody drew at the same moment
    return drawn


def picked(frame: list[int], permille: int, seed: int) -> list[int]:
    """The sample that a seed draws from a frame, without replacement, in the order of the frame."""
    count = -(-len(frame) * permille // PERMILLE)
    return sorted(Random(seed).sample(frame, count))


def open_inspection(step: Step) -> dict[str, Any]:
    """Begin a case: a listing of this province that a draw picked, or that carries a risk flag."""
    province, draw_id = step.matter.place, step.data.draw_id
    rows = with_flags(listings_of(province), at=step.at, place_code=province.code)
    listing = rows.select_related("lot").filter(pk=step.data.listing_id).first()
    if listing is None:
        raise refusals.not_found()
    drawn = Draw.objects.filter(pk=draw_id, province=province).first() if draw_id else None
    if draw_id and (drawn is None or listing.pk not in drawn.picks):
        raise Refused("not_drawn", Text("这个项目没有被抽中。", "That draw did not pick this listing."), status=422)
    flags = flags_of(listing)
    if drawn is None and not flags:
        text = Text("这个项目没有风险标记，只能由抽样立案。", "It carries no risk flag; only a draw may open a case.")
        raise Refused("no_flag", text, status=422)
    ground = "sampled" if drawn else "flagged"
    step.matter.title = f"{listing.lot.name}（第 {listing.sequence} 次挂牌）监督"
    step.matter.title_en = f"Supervision of {listing.lot.name}, listing {listing.sequence}"
    try:
        with transaction.atomic():
            Inspection.objects.create(matter=step.matter, listing=listing, ground=ground, draw=drawn, flags=flags)
    except IntegrityError as error:
        text = Text("这个项目已有一件在办的监督。", "A case on this listing is under way.")
        raise Refused("case_exists", text) from error
    return {"listing": listing.pk, "ground": ground, "flags": flags}


def conclude_inspection(step: Step) -> dict[str, Any]:
    """Something is to be put right."""
    Inspection.objects.filter(pk=step.matter.pk).update(outcome="correct")
    return {"outcome": "correct"}


def clear_inspection(step: Step) -> dict[str, Any]:
    """Nothing is wrong; the case is over."""
    Inspection.objects.filter(pk=step.matter.pk).update(outcome="no_issue", running=False)
    return {"outcome": "no_issue"}


def close_inspection(step: Step) -> None:
    """The case is over, stopped or put right."""
    Inspection.objects.filter(pk=step.matter.pk).update(running=False)


def listing_of(matter_id: int) -> Listing:
    """The listing that a case looks into."""
    return Inspection.objects.select_related("listing__lot__seller", "listing__matter").get(pk=matter_id).listing
