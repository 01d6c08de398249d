"""Why an errand lies with whom it does, or with nobody: a sentence for the board, the map, and the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from linhe.desks.errands.models import ErrandDetail, Offer
from linhe.desks.errands.queries.expected import PLACE
from linhe.desks.errands.queries.reasons import because, detour_text, offer_reasons, unserved_shortly
from linhe.lib.text import Text

HELD = Text("已排进一位小哥的路线，马上去问", "planned into a courier's route and about to be offered")


class Why(NamedTuple):
    """The detour alone, and with all that speaks for it."""

    brief: Text
    whole: Text


def offer_why(matter_ids: Iterable[int]) -> dict[int, Why]:
    """By matter the detour and the reasons of the offer that stands."""
    standing = Offer.objects.filter(
        matter__in=list(matter_ids), state__in=(Offer.State.OFFERED, Offer.State.ACCEPTED), detour_m__isnull=False
    )
    told = {}
    for offer in standing:
        detour = detour_text(offer.detour_m or 0, offer.detour_s or 0)
        told[offer.matter_id] = Why(detour, because(detour, offer_reasons(_lasting(offer))))
    return told


def _lasting(offer: Offer) -> list[Any]:
    """Once accepted, the place in the route and the time to spare change with every stop; they are told no more."""
    passing = () if offer.state == Offer.State.OFFERED else (PLACE, "slack")
    return [reason for reason in offer.reasons if reason[0] not in passing]


def waiting_why(errand: ErrandDetail) -> Text | None:
    """Why an open errand is with nobody: held back for a moment, or the limits in the way."""
    return HELD if errand.planned_for_id else unserved_shortly(errand.unserved)


def open_why(matter_ids: Iterable[int]) -> dict[int, Text]:
    """The same by matter, of those that some plan has looked at."""
    rows = ErrandDetail.objects.filter(matter__in=list(matter_ids), matter__stage="open", looked_at__isnull=False)
    told = {row.matter_id: waiting_why(row) for row in rows.only("matter_id", "planned_for_id", "unserved")}
    return {key: text for key, text in told.items() if text}
