"""Offers that still want an answer, as stops that probably come: no two plans count on the same person twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from linhe.core.places.models import Place
from linhe.desks.errands.engine.result import Visit
from linhe.desks.errands.models import Offer, Shift, Stop
from linhe.desks.errands.queries.state import PICKUP_SERVICE_S, Ahead, Duty

PLACE = "place"
"""The reason that says where in the route: after which own stop, after how many stops in all, and when."""


def waiting_offers(district: Place) -> list[Offer]:
    """The offers of a district that nobody has answered yet, each with its errand."""
    return list(
        Offer.objects.filter(state=Offer.State.OFFERED, matter__at_district=district.pk)
        .select_related("matter__errand")
        .defer("matter__errand__door", "matter__errand__note", "matter__errand__code")
        .order_by("id")
    )


def place_of(offer: Offer) -> dict[str, float] | None:
    """Where in the route the plan put it, None when a person dispatched without one."""
    return next((numbers for code, numbers in offer.reasons if code == PLACE), None)


def places_in(visits: Sequence[Visit], route: Sequence[Ahead]) -> dict[int, dict[str, float]]:
    """For each new errand in a planned route where its stops stand; own stops keep their order, so they say where."""
    found: dict[int, dict[str, float]] = {}
    after = 0
    for before, visit in enumerate(visits):
        if visit.kind != "own":
            place = {f"{visit.kind}_own": after, f"{visit.kind}_at": before, f"{visit.kind}_s": round(visit.begin_s)}
            found.setdefault(visit.ref, {}).update(place)
        elif route[visit.ref].kind == Stop.Kind.OWN:
            after = route[visit.ref].stop_id
    return found


def with_expected(
    ahead: Mapping[int, Sequence[Ahead]], shifts: Sequence[Duty | Shift], waiting: Sequence[Offer]
) -> dict[int, Sequence[Ahead]]:
    """The stops ahead by shift, with those of the waiting offers where the plan put them."""
    if not waiting:
        return dict(ahead)
    shift_of = {shift.courier_id: shift.pk for shift in shifts}
    found: dict[int, Sequence[Ahead]] = dict(ahead)
    coming: dict[int, list[tuple[float, float, Ahead]]] = {}
    for offer in waiting:
        shift_id, place = shift_of.get(offer.courier_id), place_of(offer)
        if shift_id is not None and place is not None:
            coming.setdefault(shift_id, []).extend(_stops(offer, place))
    for shift_id, stops in coming.items():
        route = list(found.get(shift_id, ()))
        for after, when, stop in sorted(stops, key=lambda item: item[1]):
            route.insert(_slot(route, after, when), stop)
        found[shift_id] = route
    return found


def _slot(route: Sequence[Ahead], after: float, when: float) -> int:
    """Behind the own stop it was planned after, and behind errands' stops that come sooner than it."""
    at = next((n for n, stop in enumerate(route, 1) if stop.stop_id == after), 0)
    while at < len(route):
        planned = route[at].planned_s
        if route[at].kind == Stop.Kind.OWN or planned is None or planned > when:
            break
        at += 1
    return at


def _stops(offer: Offer, place: dict[str, float]) -> list[tuple[float, float, Ahead]]:
    errand: Any = offer.matter.errand
    earliest_s, latest_s = errand.earliest_at.timestamp(), errand.latest_at.timestamp()
    made = []
    with_pickup = errand.pickup_lat is not None
    if with_pickup:
        made.append(
            (place["pickup_own"], place["pickup_s"], Ahead(
                0, Stop.Kind.PICKUP, errand.matter_id, "", errand.pickup_lat, errand.pickup_lng, earliest_s, latest_s,
                PICKUP_SERVICE_S, errand.load, place["pickup_s"],
            ))
        )  # fmt: skip
    made.append(
        (place["dropoff_own"], place["dropoff_s"], Ahead(
            0, Stop.Kind.DROPOFF, errand.matter_id, "", errand.lat, errand.lng,
            -inf if with_pickup else earliest_s, latest_s, errand.service_s,
            -errand.load if with_pickup else 0, place["dropoff_s"],
        ))
    )  # fmt: skip
    return made
