"""What lies on a courier's way, the route, and who could take an errand best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.errands.engine import Params, Problem, result, solve
from linhe.desks.errands.loop import OFFERED
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries.cards import ErrandCard, cards_of
from linhe.desks.errands.queries.problem import problem_of
from linhe.desks.errands.queries.reasons import detour_text, offer_reasons
from linhe.desks.errands.queries.state import (
    Ahead,
    duty_of,
    errand_of,
    open_errands,
    open_shifts,
    refusals_of,
    stops_ahead,
)
from linhe.lib.geography import Point, distance_m
from linhe.lib.masking import mask_name
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI


@dataclass(frozen=True, slots=True)
class WayCard:
    """An errand on someone's way: the masked card, what it adds, and why it is put to them."""

    card: ErrandCard
    detour_m: int
    detour_s: int
    detour: Text
    eta_pickup_at: datetime | None
    eta_dropoff_at: datetime | None
    reasons: list[Text]
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RouteStop:
    """A stop ahead with the arrival that the present route gives."""

    stop_id: int
    kind: str
    label: str
    lat: float
    lng: float
    eta_at: datetime
    latest_at: datetime | None
    late: bool
    matter_id: int | None
    service_s: int


@dataclass(frozen=True, slots=True)
class RouteView:
    """A shift and its stops ahead."""

    shift: Shift
    stops: list[RouteStop]
    end_at: datetime
    length_m: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone on duty who could take an errand."""

    courier_id: int
    name: str
    detour_m: int
    detour_s: int
    detour: Text
    eta_dropoff_at: datetime
    reasons: list[Text]


def shift_of(courier: Account) -> Shift | None:
    """The open shift of a courier, None off duty."""
    return Shift.objects.filter(courier=courier, ended_at__isnull=True).select_related("district").first()


def on_my_way(courier: Account, *, at: datetime, limit: int = 20) -> list[WayCard]:
    """Open errands that fit into the courier's present route, the least detour first."""
    shift = shift_of(courier)
    if shift is None or shift.until_at <= at:
        return []
    errands = open_errands(shift.district)
    refused = refusals_of(errands, [duty_of(shift)], at=at)
    problem = problem_of([duty_of(shift)], errands, at=at, place_code=shift.district.code, refused=refused)
    offers = _offers(problem, courier.pk, limit)
    cards = {card.matter_id: card for card in cards_of([o.request_id for o in offers])}
    return [way_card(cards[o.request_id], o) for o in offers]


def offers_to(courier: Account, *, at: datetime) -> list[WayCard]:
    """Offers that wait for this courier's answer, the oldest first."""
    waiting = list(
        Offer.objects.filter(courier=courier, state=Offer.State.OFFERED, matter__stage=OFFERED)
        .select_related("matter")
        .order_by("id")
    )
    cards = {card.matter_id: card for card in cards_of([o.matter_id for o in waiting])}
    return [
        WayCard(
            cards[o.matter_id], o.detour_m or 0, o.detour_s or 0, detour_text(o.detour_m or 0, o.detour_s or 0),
            None, None, _reasons_told(o), o.matter.due_at,
        )
        for o in waiting
    ]  # fmt: skip


def _reasons_told(offer: Offer) -> list[Text]:
    """Why it is put to this courier, told to the courier. A person who dispatched compared nobody."""
    if offer.by_person:
        return offer_reasons([["by_person", {}], *(r for r in offer.reasons if r[0] not in _ALONE)], to_courier=True)
    return offer_reasons(offer.reasons, to_courier=True)


def best_way(shift: Shift, errand: ErrandDetail, *, at: datetime, place_code: str) -> result.Offer | None:
    """Where an errand costs least in one route now; None when it does not fit."""
    problem = problem_of([duty_of(shift)], [errand], at=at, place_code=place_code)
    found = _offers(problem, shift.courier_id, 1)
    return found[0] if found else None


def best_route(
    shift: Shift, errand: ErrandDetail, ahead: list[Ahead], *, at: datetime, place_code: str
) -> tuple[result.Offer, result.Route] | None:
    """The route of one shift with an errand in it, those in hand moved where that helps; None when it does not fit."""
    problem = problem_of([duty_of(shift)], [errand], at=at, place_code=place_code, ahead={shift.pk: ahead})
    plan = solve(problem, ACCEPTED)
    return (plan.offers[0], plan.routes[0]) if plan.offers else None


ACCEPTED = Params(unserved_m=10_000_000.0, urgent_unserved_m=10_000_000.0, fairness_m=0.0, iterations=0, threads=1)
"""Somebody wants to take it, whatever the detour; only the limits count."""


def best_three(matter: Matter, *, at: datetime, most: int = 3) -> list[Candidate]:
    """The people on duty whose route it lengthens least, with reasons, for dispatch by a person."""
    errand = errand_of(matter)
    district = Place.objects.get(pk=matter.at_district_id or 0)
    shifts = open_shifts(district, at=at)
    refused = refusals_of([errand], shifts, at=at)
    problem = problem_of(shifts, [errand], at=at, place_code=district.code, refused=refused)
    offers = [o for shift in shifts for o in _offers(problem, shift.courier_id, 1)]
    offers.sort(key=lambda o: (o.detour_m, o.person_id))
    names = dict(Account.objects.filter(pk__in=[o.person_id for o in offers[:most]]).values_list("pk", "name"))
    ranked: list[Any] = [
        [("nearest_route", {"rank": n, "of": len(offers)}), *(r for r in o.reasons if r[0] not in _ALONE)]
        for n, o in enumerate(offers[:most], 1)
    ]
    return [
        Candidate(
            o.person_id, mask_name(names[o.person_id]), round(o.detour_m), round(o.detour_s),
            detour_text(o.detour_m, o.detour_s), moment(o.eta_dropoff_s), offer_reasons(why),
        )
        for o, why in zip(offers[:most], ranked, strict=True)
    ]  # fmt: skip


_ALONE = ("nearest_route", "only_one")
"""Reasons that compare with others; of no meaning when one route is judged alone."""


def my_route(courier: Account, *, at: datetime) -> RouteView | None:
    """The courier's stops ahead with arrivals, None off duty."""
    shift = shift_of(courier)
    if shift is None:
        return None
    ahead = stops_ahead([shift.pk]).get(shift.pk, [])
    return route_view(shift, ahead, at=at)


def route_view(shift: Shift, ahead: list[Ahead], *, at: datetime) -> RouteView:
    """Drive the stops from where the courier is, at the shift's speed."""
    road = value("errands.road_factor", at=at, place_code=shift.district.code)
    here, clock, length_m = Point(shift.lng, shift.lat), max(at, shift.free_at, shift.started_at), 0.0
    stops = []
    for s in ahead:
        there = Point(s.lng, s.lat)
        leg_m = road * distance_m(here, there)
        clock, length_m, here = clock + timedelta(seconds=leg_m / (shift.speed_kmh / 3.6)), length_m + leg_m, there
        if s.earliest_at:
            clock = max(clock, s.earliest_at)
        late = s.latest_at is not None and clock > s.latest_at
        stops.append(
            RouteStop(s.stop_id, s.kind, s.label, s.lat, s.lng, clock, s.latest_at, late, s.matter_id, s.service_s)
        )
        clock += timedelta(seconds=s.service_s)
    leg_m = road * distance_m(here, Point(shift.end_lng, shift.end_lat))
    end_at = clock + timedelta(seconds=leg_m / (shift.speed_kmh / 3.6))
    return RouteView(shift, stops, end_at, round(length_m + leg_m))


def _offers(problem: Problem, person_id: int, most: int) -> tuple[result.Offer, ...]:
    """The open requests on one person's way; the engine's compiler comes with the first question."""
    from linhe.desks.errands.engine.listing import list_for  # noqa: PLC0415 - loads the compiler

    return list_for(problem, person_id, limit=most)


def way_card(card: ErrandCard, offer: result.Offer) -> WayCard:
    """A card with what the engine says of it for one person; reasons that compare people are left out."""
    return WayCard(
        card, round(offer.detour_m), round(offer.detour_s), detour_text(offer.detour_m, offer.detour_s),
        moment(offer.eta_pickup_s) if offer.eta_pickup_s is not None else None, moment(offer.eta_dropoff_s),
        offer_reasons((r for r in offer.reasons if r[0] not in _ALONE), to_courier=True),
    )  # fmt: skip


def moment(seconds: float) -> datetime:
    """A time of the engine's axis as a moment."""
    return datetime.fromtimestamp(seconds, SHANGHAI)
