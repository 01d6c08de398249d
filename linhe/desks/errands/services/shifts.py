"""Couriers come on duty with the route they ride anyway, move along it, and go off duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.errands.loop import COURIER, UNDER_WAY
from linhe.desks.errands.models import Offer, Shift, Stop
from linhe.lib.text import Text

DEFAULT_HOURS = 8
LONGEST_HOURS = 16


@dataclass(frozen=True, slots=True)
class OwnStop:
    """A stop of the courier's own work."""

    lat: float
    lng: float
    label: str = ""
    planned_at: datetime | None = None
    latest_at: datetime | None = None
    service_s: int = 0
    load_change: int = 0


def start_shift(
    *,
    courier: Account,
    at: datetime,
    lat: float,
    lng: float,
    stops: Sequence[OwnStop] = (),
    until_at: datetime | None = None,
    end: tuple[float, float] | None = None,
    capacity: int | None = None,
    speed_kmh: float | None = None,
    detour_max_m: int | None = None,
    extra_max: int | None = None,
) -> Shift:
    """Come on duty at a position, with own stops in driving order. ``end`` is where the route ends (lat, lng).

    A stop without a latest time may be a dated number of minutes later than planned. Raises ``Refused`` for whoever is
    no courier now, or is on duty already.
    """
    district = _district_of(courier, at)

    def dated(name: str) -> int | float:
        number: int | float = value(f"errands.{name}", at=at, place_code=district.code)
        return number

    end_lat, end_lng = end or (lat, lng)
    until = min(until_at or at + timedelta(hours=DEFAULT_HOURS), at + timedelta(hours=LONGEST_HOURS))
    if until <= at:
        raise Refused("no_time", Text("下线时间要晚于现在。", "The shift must end later than now."), status=422)
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                courier=courier, district=district, started_at=at, until_at=until, lat=lat, lng=lng, seen_at=at,
                free_at=at, end_lat=end_lat, end_lng=end_lng, speed_kmh=speed_kmh or dated("shift_speed_kmh"),
                capacity=dated("shift_capacity") if capacity is None else capacity,
                load=max(0, -sum(s.load_change for s in stops)),
                detour_max_m=dated("shift_detour_max_m") if detour_max_m is None else detour_max_m,
                extra_max=dated("shift_extra_max") if extra_max is None else extra_max,
            )  # fmt: skip
            slack = timedelta(minutes=dated("own_stop_slack_minutes"))
            Stop.objects.bulk_create(_own_stop(shift, seq, own, slack) for seq, own in enumerate(stops, 1))
    except IntegrityError as error:
        if "shift_one_open_a_courier" in str(error):
            raise Refused("on_duty", Text("您已经在岗。", "You are on duty already.")) from error
        raise
    return shift


def end_shift(*, courier: Account, at: datetime) -> Shift:
    """Go off duty; not while an accepted errand is under way."""
    with transaction.atomic():
        shift = _locked(courier)
        carried = Offer.objects.filter(
            courier=courier, state=Offer.State.ACCEPTED, matter__stage__in=UNDER_WAY, matter__handler=courier
        )
        if carried.exists():
            raise Refused(
                "errands_left",
                Text("还有没送完的捎带单，请先送完或退单。", "Deliver or hand back the errands you accepted first."),
            )
        shift.ended_at = at
        shift.save(update_fields=["ended_at"])
    return shift


def update_position(*, courier: Account, lat: float, lng: float, at: datetime) -> None:
    """Where the courier's phone is now. Nothing happens off duty; no track is kept, only the last position."""
    Shift.objects.filter(courier=courier, ended_at__isnull=True, seen_at__lte=at).update(lat=lat, lng=lng, seen_at=at)


@dataclass(frozen=True, slots=True)
class Report:
    """What a company's own system knows of one courier: position, when free to leave it, own stops passed and when."""

    shift_id: int
    lat: float
    lng: float
    free_at: datetime
    passed: tuple[tuple[int, datetime], ...] = ()


@transaction.atomic
def take_in_reports(reports: Sequence[Report], *, at: datetime) -> None:
    """Positions and passed own stops of many couriers at once, in three statements however many there are."""
    reports = sorted(reports, key=lambda r: r.shift_id)
    ids = [r.shift_id for r in reports]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM errands_shift WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [ids])
        cursor.execute(
            """
            WITH passed AS (
                UPDATE errands_stop AS t SET done_at = p.at
                FROM unnest(%s::bigint[], %s::timestamptz[]) AS p(id, at)
                WHERE t.id = p.id AND t.shift_id = ANY(%s) AND t.kind = 'own' AND t.done_at IS NULL
                RETURNING t.shift_id, t.load_change
            ), carried AS (SELECT shift_id, sum(load_change) AS change FROM passed GROUP BY shift_id)
            UPDATE errands_shift AS s
            SET lat = r.lat, lng = r.lng, seen_at = %s, free_at = r.free_at,
                load = greatest(0, s.load + coalesce(c.change, 0))
            FROM unnest(%s::bigint[], %s::float[], %s::float[], %s::timestamptz[]) AS r(id, lat, lng, free_at)
            LEFT JOIN carried AS c ON c.shift_id = r.id
            WHERE s.id = r.id AND s.ended_at IS NULL
            """,
            [
                [stop for r in reports for stop, _ in r.passed], [when for r in reports for _, when in r.passed], ids,
                at, ids, [r.lat for r in reports], [r.lng for r in reports], [r.free_at for r in reports],
            ],
        )  # fmt: skip


def pass_stop(*, courier: Account, stop_id: int, at: datetime) -> None:
    """One of the courier's own stops is done. Errands' stops are passed by their own actions."""
    with transaction.atomic():
        shift = _locked(courier)
        stop = Stop.objects.filter(pk=stop_id, shift=shift, kind=Stop.Kind.OWN, done_at__isnull=True).first()
        if stop is None:
            raise Refused("no_stop", Text("没有这一站，或已完成。", "There is no such stop ahead."), status=404)
        Stop.objects.filter(pk=stop.pk).update(done_at=at)
        shift.load = max(0, shift.load + stop.load_change)
        shift.lat, shift.lng, shift.seen_at, shift.free_at = stop.lat, stop.lng, at, at
        shift.save(update_fields=["load", "lat", "lng", "seen_at", "free_at"])


def _locked(courier: Account) -> Shift:
    shift = Shift.objects.select_for_update().filter(courier=courier, ended_at__isnull=True).first()
    if shift is None:
        raise Refused("off_duty", Text("您还没有上线。", "You are not on duty."))
    return shift


def _district_of(courier: Account, at: datetime) -> Place:
    for post in posts_of(courier, at=at):
        if post.role == COURIER and post.place.district_id:
            return Place.objects.get(pk=post.place.district_id)
    raise Refused("no_courier", Text("您还不是登记的小哥。", "You are not registered as a courier."), status=403)


def _own_stop(shift: Shift, seq: int, own: OwnStop, slack: timedelta) -> Stop:
    latest_at = own.latest_at or (own.planned_at + slack if own.planned_at else None)
    return Stop(
        shift=shift, seq=seq, kind=Stop.Kind.OWN, label=own.label, lat=own.lat, lng=own.lng, latest_at=latest_at,
        planned_at=own.planned_at, service_s=own.service_s, load_change=own.load_change,
    )  # fmt: skip
