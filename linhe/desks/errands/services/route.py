"""An errand joins a courier's route, is passed on it, or leaves it. Runs inside the action's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from linhe.core.loop.models import Matter
from linhe.core.loop.step import Step
from linhe.desks.errands.engine import result
from linhe.desks.errands.models import ErrandDetail, Offer, Shift, Stop
from linhe.desks.errands.queries.cards import building_name
from linhe.desks.errands.queries.state import PICKUP_SERVICE_S, Ahead, errand_of, stops_ahead
from linhe.desks.errands.queries.way import moment


def locked_shift(courier_id: int | None) -> Shift | None:
    """The open shift of a courier, locked: two errands never join one route at the same moment."""
    return (
        Shift.objects.select_for_update().filter(courier=courier_id, ended_at__isnull=True).first()
        if courier_id
        else None
    )


def put_in_stops(shift: Shift, errand: ErrandDetail, way: result.Offer | None) -> None:
    """Put an errand's stops where the engine found them cheapest; without a way (a person dispatched), at the end."""
    ahead = stops_ahead([shift.pk]).get(shift.pk, [])
    last = len(ahead) - 1
    with_pickup = errand.pickup_lat is not None
    pick_after = way.pickup_after if way and way.pickup_after is not None else last
    drop_after = way.dropoff_after if way else last
    made: list[tuple[int, Stop]] = []
    if with_pickup:
        eta = moment(way.eta_pickup_s) if way and way.eta_pickup_s is not None else None
        made.append((pick_after, _pickup_stop(shift, errand, eta)))
    made.append((drop_after, _dropoff_stop(shift, errand, moment(way.eta_dropoff_s) if way else None)))
    _insert(shift, ahead, made)


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


def _insert(shift: Shift, ahead: Sequence[Ahead], made: list[tuple[int, Stop]]) -> None:
    """Number the stops ahead afresh, with the new ones after the stops they belong behind."""
    order: list[Ahead | Stop] = [stop for after, stop in made if after < 0]
    for place, known in enumerate(ahead):
        order += [known, *(stop for after, stop in made if after == place)]
    behind = Stop.objects.filter(shift=shift, done_at__isnull=False).aggregate(most=Max("seq"))["most"] or 0
    moved = []
    for seq, stop in enumerate(order, behind + 1):
        if isinstance(stop, Stop):
            stop.seq = seq
        else:
            moved.append(Stop(pk=stop.stop_id, seq=seq))
    Stop.objects.bulk_update(moved, ["seq"])
    Stop.objects.bulk_create([stop for _, stop in made])


def _pickup_stop(shift: Shift, errand: ErrandDetail, eta: datetime | None) -> Stop:
    assert errand.pickup_lat is not None
    assert errand.pickup_lng is not None
    return Stop(
        shift=shift, kind=Stop.Kind.PICKUP, matter_id=errand.matter_id, label=errand.pickup_name or "取件",
        lat=errand.pickup_lat, lng=errand.pickup_lng, earliest_at=errand.earliest_at, latest_at=errand.latest_at,
        planned_at=eta, service_s=PICKUP_SERVICE_S, load_change=errand.load,
    )  # fmt: skip


def _dropoff_stop(shift: Shift, errand: ErrandDetail, eta: datetime | None) -> Stop:
    with_pickup = errand.pickup_lat is not None
    return Stop(
        shift=shift, kind=Stop.Kind.DROPOFF, matter_id=errand.matter_id, label=building_name(errand.matter.place),
        lat=errand.lat, lng=errand.lng, earliest_at=None if with_pickup else errand.earliest_at,
        latest_at=errand.latest_at, planned_at=eta, service_s=errand.service_s,
        load_change=-errand.load if with_pickup else 0,
    )  # fmt: skip
