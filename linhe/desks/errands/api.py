"""The errands desk's API: the menu, asking, what lies on the way, the route and the shift.

Every other step goes through the generic ``/matters/{id}/{action}``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema, Status
from pydantic import Field

from linhe.core.loop import refusals
from linhe.core.loop.api import RequestKey
from linhe.core.loop.queries import matter_for
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.errands import queries, services
from linhe.desks.errands.loop import ERRAND
from linhe.desks.errands.models import Shift
from linhe.desks.errands.queries.cards import ErrandCard
from linhe.desks.errands.queries.way import WayCard
from linhe.desks.errands.schemas import MOST_ID, Latitude, Longitude
from linhe.lib.text import Text

router = Router(tags=["errands"])
MatterId = Annotated[int, Path(ge=1, le=MOST_ID)]
_MOST_STOPS = 200


class ServiceOut(Schema):
    """A line of the menu."""

    code: str
    name: str
    hint: str
    desk: str
    advance: bool
    pickup: bool


class CardOut(Schema):
    """An errand as a courier sees it before acceptance: building only, no name."""

    matter_id: int
    version: int
    service: str
    pseudonym: str
    building: str
    lat: float
    lng: float
    pickup_name: str
    load: int
    urgent: bool
    earliest_at: datetime
    latest_at: datetime


class WayOut(Schema):
    """An errand on the way, what it adds and why it is shown."""

    errand: CardOut
    detour_m: int
    detour_s: int
    reasons: list[str]
    answer_by: datetime | None


class StopOut(Schema):
    """A stop ahead."""

    stop_id: int
    kind: str
    label: str
    lat: float
    lng: float
    eta_at: datetime
    latest_at: datetime | None
    late: bool
    matter_id: int | None


class ShiftOut(Schema):
    """A shift on duty."""

    started_at: datetime
    until_at: datetime
    extra_used: int
    extra_max: int
    detour_used_m: int
    detour_max_m: int


class RouteOut(Schema):
    """The shift and its stops ahead."""

    shift: ShiftOut
    stops: list[StopOut]
    end_at: datetime
    length_m: int


class AddressOut(Schema):
    """What the courier needs at the door."""

    building: str
    door: str
    note: str
    contact: str


class StopIn(Schema):
    """A stop of the courier's own work."""

    lat: Latitude
    lng: Longitude
    label: str = Field(default="", max_length=80)
    planned_at: datetime | None = None
    latest_at: datetime | None = None
    service_s: int = Field(default=0, ge=0, le=86_400)
    load_change: int = Field(default=0, ge=-1000, le=1000)


class ShiftIn(Schema):
    """Come on duty here, with own stops in driving order."""

    lat: Latitude
    lng: Longitude
    stops: list[StopIn] = Field(default_factory=list, max_length=_MOST_STOPS)
    hours: float = Field(default=8, gt=0, le=16, allow_inf_nan=False)


class PositionIn(Schema):
    """Where the phone is."""

    lat: Latitude
    lng: Longitude


@router.get("/services", response=list[ServiceOut])
def list_services(request: HttpRequest) -> list[ServiceOut]:
    """The menu of services; those of another desk are not handled here."""
    return [
        ServiceOut(
            code=s.code, name=str(s.name), hint=str(s.hint), desk=s.desk, advance=s.advance, pickup=s.pickup
        )
        for s in queries.menu(at=timezone.now())
    ]  # fmt: skip


@router.get("/way", response=list[WayOut])
def list_on_my_way(request: HttpRequest) -> list[WayOut]:
    """What fits into the courier's present route, the least detour first. Empty off duty."""
    return [_way_out(w) for w in queries.on_my_way(_account(request), at=timezone.now())]


@router.get("/offers", response=list[WayOut])
def list_offers(request: HttpRequest) -> list[WayOut]:
    """Offers that wait for the courier's answer: accept or decline them through ``/matters``."""
    return [_way_out(w) for w in queries.offers_to(_account(request), at=timezone.now())]


@router.post("/{matter_id}/take", response=CardOut)
def take_errand(request: HttpRequest, matter_id: MatterId, key: RequestKey) -> CardOut:
    """Take an open errand from the list of what lies on the way. The same key again returns the first result."""
    outcome = services.take(by=_account(request), matter_id=matter_id, at=timezone.now(), key=key)
    return _card_out(queries.card_for(outcome.matter))


@router.post("/{matter_id}/address", response=AddressOut)
def reveal_address(request: HttpRequest, matter_id: MatterId) -> AddressOut:
    """Door, note and relay contact of an errand under way; each look is logged and counted."""
    account, at = _account(request), timezone.now()
    matter = matter_for(account, matter_id, at=at)
    if matter.kind != ERRAND.code:
        raise refusals.not_found()
    seen = services.reveal_address(courier=account, matter=matter, at=at)
    return AddressOut(building=seen.building, door=seen.door, note=seen.note, contact=str(seen.contact))


@router.get("/route", response=RouteOut)
def get_route(request: HttpRequest) -> RouteOut:
    """The courier's stops ahead with arrivals; 404 off duty."""
    view = queries.my_route(_account(request), at=timezone.now())
    if view is None:
        raise Refused("off_duty", Text("您还没有上线。", "You are not on duty."), status=404)
    stops = [
        StopOut(
            stop_id=s.stop_id, kind=s.kind, label=s.label, lat=s.lat, lng=s.lng, eta_at=s.eta_at,
            latest_at=s.latest_at, late=s.late, matter_id=s.matter_id,
        )
        for s in view.stops
    ]  # fmt: skip
    return RouteOut(shift=_shift_out(view.shift), stops=stops, end_at=view.end_at, length_m=view.length_m)


@router.post("/shift", response={201: ShiftOut})
def start_shift(request: HttpRequest, body: ShiftIn) -> Status[ShiftOut]:
    """Come on duty."""
    at = timezone.now()
    stops = [services.OwnStop(**_moments(stop.model_dump())) for stop in body.stops]
    until_at = at + timedelta(hours=body.hours)
    shift = services.start_shift(
        courier=_account(request), at=at, lat=body.lat, lng=body.lng, stops=stops, until_at=until_at
    )
    return Status(201, _shift_out(shift))


@router.delete("/shift", response=ShiftOut)
def end_shift(request: HttpRequest) -> ShiftOut:
    """Go off duty."""
    return _shift_out(services.end_shift(courier=_account(request), at=timezone.now()))


@router.put("/shift/position", response={204: None})
def update_position(request: HttpRequest, body: PositionIn) -> Status[None]:
    """Where the courier is now. Nothing happens off duty."""
    services.update_position(courier=_account(request), lat=body.lat, lng=body.lng, at=timezone.now())
    return Status(204, None)


@router.post("/stops/{stop_id}/done", response={204: None})
def pass_stop(request: HttpRequest, stop_id: MatterId) -> Status[None]:
    """One of the courier's own stops is done."""
    services.pass_stop(courier=_account(request), stop_id=stop_id, at=timezone.now())
    return Status(204, None)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _moments(values: dict[str, Any]) -> dict[str, Any]:
    """Times of own stops must say their zone and lie in a sensible year."""
    for name in ("planned_at", "latest_at"):
        moment = values[name]
        if moment is not None and (moment.tzinfo is None or not 2000 <= moment.year <= 2999):
            raise refusals.invalid({name: str(Text("时间要带时区。", "The time needs its zone."))})
    return values


def _card_out(card: ErrandCard) -> CardOut:
    return CardOut(
        matter_id=card.matter_id, version=card.version, service=str(card.service), pseudonym=card.pseudonym,
        building=card.building, lat=card.lat, lng=card.lng, pickup_name=card.pickup_name, load=card.load,
        urgent=card.urgent, earliest_at=card.earliest_at, latest_at=card.latest_at,
    )  # fmt: skip


def _way_out(way: WayCard) -> WayOut:
    return WayOut(
        errand=_card_out(way.card), detour_m=way.detour_m, detour_s=way.detour_s,
        reasons=[str(r) for r in way.reasons], answer_by=way.answer_by,
    )  # fmt: skip


def _shift_out(shift: Shift) -> ShiftOut:
    return ShiftOut(
        started_at=shift.started_at, until_at=shift.until_at, extra_used=shift.extra_used, extra_max=shift.extra_max,
        detour_used_m=shift.detour_used_m, detour_max_m=shift.detour_max_m,
    )  # fmt: skip
