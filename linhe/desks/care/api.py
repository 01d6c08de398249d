"""The care desk's API: readings of meters by key, sessions, and booking a seat.

Nothing here tells who is looked after. Appointments go on through the generic ``/matters/{id}/{action}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from ninja.security import APIKeyHeader
from pydantic import Field

from linhe.core.loop.pages import holds
from linhe.core.people.models import Account
from linhe.desks.care import services
from linhe.desks.care.models import MeterSource
from linhe.desks.care.queries import sessions as session_queries

router = Router(tags=["care"])
Short = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x20-\x7e]+$")]


class MeterKey(APIKeyHeader):
    """The key of a utility, in the header ``X-Meter-Key``."""

    param_name = "X-Meter-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> MeterSource | None:
        """The utility of the key, None when it does not count."""
        return services.source_of(key or "")


class ReadingIn(Schema):
    """What a meter counted since its reading before; ``reading_id`` is the sender's, the same again changes nothing."""

    meter: Short
    used: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    at: datetime
    reading_id: Short


class ReadingsIn(Schema):
    """Up to 1,000 readings."""

    readings: list[ReadingIn] = Field(min_length=1, max_length=1000)


class ReceivedOut(Schema):
    """How many readings arrived. It is never told for whom they counted."""

    received: int


class SlotOut(Schema):
    """A stretch of a session."""

    slot: int
    at: datetime
    free: int


class SessionOut(Schema):
    """A session that can be booked with ``/kinds/care_appointment/book``."""

    session_id: int
    title: str
    place_code: str
    couriers_only: bool
    slots: list[SlotOut]


@router.post("/meters", response=ReceivedOut, auth=MeterKey())
def post_meters(request: HttpRequest, body: ReadingsIn) -> ReceivedOut:
    """Take in readings; the same reading again changes nothing."""
    source = request.auth  # type: ignore[attr-defined]  # what MeterKey returned
    readings = [services.Reading(r.meter, r.used, _zoned(r.at), r.reading_id) for r in body.readings]
    services.take_readings(source=source, readings=readings, at=timezone.now())
    return ReceivedOut(received=len(readings))


@router.get("/sessions", response=list[SessionOut])
def list_sessions(request: HttpRequest) -> list[SessionOut]:
    """Sessions still to come in the reader's district, the next first."""
    account = request.user
    assert isinstance(account, Account)
    place = session_queries.district_of(account, at=timezone.now())
    cards = session_queries.bookable(place, at=timezone.now(), couriers=holds(account, "courier"))
    return [
        SessionOut(
            session_id=c.session.pk, title=c.matter.title, place_code=c.matter.place.code,
            couriers_only=c.session.couriers_only,
            slots=[SlotOut(slot=s.number, at=s.at, free=s.free) for s in c.slots],
        )
        for c in cards
    ]  # fmt: skip


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else timezone.make_aware(moment)
