"""An errand joins a courier's route, is passed on it, or leaves it. Runs inside the action's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max

from linhe.core.loop.models import Matter
from linhe.core.loop.step import Step
from linhe.desks.errands.engine.result import Route, Visit
from linhe.desks.errands.models import ErrandDetail, Offer, Shift, Stop
from linhe.desks.errands.queries.cards import building_name
from linhe.desks.errands.queries.state import PICKUP_SERVICE_S, Ahead, errand_of
from linhe.desks.errands.queries.way import moment


def locked_shift(courier_id: int | None) -> Shift | None:
    """The open shift of a courier, locked: two errands never join one route at the same moment."""
    return (
        Shift.objects.select_for_update().filter(courier=courier_id, ended_at__isnull=True).first()
        if courier_id
        else None
    )


def put_in_stops(shift: Shift, errand: ErrandDetail, ahead: Sequence[Ahead], route: Route | None) -> None:
    """Put an errand's stops into the route as the engine ordered it, those of other errands moved with it and told
    when they come now; without a route (a person dispatched), at the end."""
    made = {"dropoff": _dropoff_stop(shift, errand)}
    if errand.pickup_lat is not None:
        made = {"pickup": _pickup_stop(shift, errand)} | made
    if route is None:
        order = [*(Stop(pk=s.stop_id, planned_at=s.planned_at) for s in ahead), *made.values()]
    else:
        order = [_placed(visit, ahead, made) for visit in route.visits]
    behind = Stop.objects.filter(shift=shift, done_at__isnull=False).aggregate(most=Max("seq"))["most"] or 0
    for seq, stop in enumerate(order, behind + 1):
        stop.seq = seq
    Stop.objects.bulk_update([stop for stop in order if stop.pk], ["seq", "planned_at"])
    Stop.objects.bulk_create([stop for stop in order if not stop.pk])


def _placed(visit: Visit, ahead: Sequence[Ahead], made: dict[str, Stop]) -> Stop:
    """The stop of a visit; when an errand's stop begins is kept, own stops keep the time of their own plan."""
    begin = moment(visit.begin_s)
    if visit.kind != "own":
        stop = made[visit.kind]
        stop.planned_at = begin
        return stop
    known = ahead[visit.ref]
    return Stop(pk=known.stop_id, planned_at=known.planned_at if known.kind == Stop.Kind.OWN else begin)


def pass_stops(step: Step, errand: ErrandDetail, *kinds: str) -> None:
    """The courier has been at the errand's stops (of these kinds; default all): position and load follow."""
    shift = locked_shift(step.matter.handler_id)
    if shift is None:
        return
    passed = Stop.objects.filter(shift=shift, matter=step.matter, done_at__isnull=True)
    if kinds:
        passed = passed.filter(kind__in=kinds)
    rows = list(passed.order_by("seq"))
    if not rows:
        return
    passed.update(done_at=step.at)
    shift.lat, shift.lng = rows[-1].lat, rows[-1].lng
    shift.seen_at = shift.free_at = step.at
    shift.load = max(0, shift.load + sum(stop.load_change for stop in rows))
    shift.save(update_fields=["lat", "lng", "seen_at", "free_at", "load"])


def pass_pickup(step: Step) -> None:
    """Collected: the pick-up lies behind."""
    pass_stops(step, errand_of(step.matter), Stop.Kind.PICKUP)


def take_out_stops(step: Step) -> None:
    """The errand leaves the route; what it used of the shift's limits is given back."""
    matter: Matter = step.matter
    standing = Offer.objects.filter(matter=matter, state=Offer.State.ACCEPTED).first()
    if standing is None or standing.shift_id is None:
        return
    shift = Shift.objects.select_for_update().get(pk=standing.shift_id)
    Stop.objects.filter(matter=matter, done_at__isnull=True).delete()
    shift.detour_used_m = max(0, shift.detour_used_m - (standing.detour_m or 0))
    shift.extra_used = max(0, shift.extra_used - 1)
    shift.save(update_fields=["detour_used_m", "extra_used"])


def _pickup_stop(shift: Shift, errand: ErrandDetail) -> Stop:
    assert errand.pickup_lat is not None
    assert errand.pickup_lng is not None
    return Stop(
        shift=shift, kind=Stop.Kind.PICKUP, matter_id=errand.matter_id, label=errand.pickup_name or "取件",
        lat=errand.pickup_lat, lng=errand.pickup_lng, earliest_at=errand.earliest_at, latest_at=errand.latest_at,
        service_s=PICKUP_SERVICE_S, load_change=errand.load,
    )  # fmt: skip


def _dropoff_stop(shift: Shift, errand: ErrandDetail) -> Stop:
    with_pickup = errand.pickup_lat is not None
    return Stop(
        shift=shift, kind=Stop.Kind.DROPOFF, matter_id=errand.matter_id, label=building_name(errand.matter.place),
        lat=errand.lat, lng=errand.lng, earliest_at=None if with_pickup else errand.earliest_at,
        latest_at=errand.latest_at, service_s=errand.service_s,
        load_change=-errand.load if with_pickup else 0,
    )  # fmt: skip
