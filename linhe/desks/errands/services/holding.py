"""How long a planned errand is held back: planned together with those that follow, then put to its courier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linhe.core.dated import value
from linhe.desks.errands.engine import result
from linhe.desks.errands.models import ErrandDetail


@dataclass(frozen=True, slots=True)
class Holding:
    """The rules of a place on a day: how long a new errand is held, and how long couriers have to answer an offer."""

    hold: timedelta
    answer: timedelta

    def ripe_at(self, errand: ErrandDetail, offer: result.Offer, at: datetime) -> datetime:
        """From when on a planned errand is offered, if no later plan changes it: at once when it is urgent, else when
        it was planned together with others for long enough, or before its time runs short."""
        if errand.matter.urgent:
            return at
        ripe = errand.matter.created_at + self.hold
        if offer.slack_s == float("inf"):
            return ripe
        return min(ripe, at + timedelta(seconds=offer.slack_s) - self.hold - self.answer)


def holding_of(*, at: datetime, place_code: str) -> Holding:
    """The rules in force."""
    hold_s = value("errands.hold_seconds", at=at, place_code=place_code)
    answer_min = value("errands.answer_minutes", at=at, place_code=place_code)
    return Holding(timedelta(seconds=hold_s), timedelta(minutes=answer_min))
