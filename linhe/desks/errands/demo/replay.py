"""A courier company's day, played through the loop: parcels are the couriers' own routes, timed orders the errands."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from random import Random
from typing import Any

from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.desks.errands import services
from linhe.desks.errands.demo.counting import Played, detours_of, figures_of
from linhe.desks.errands.demo.day import Day, Habits, Wish
from linhe.desks.errands.demo.ground import lay_district
from linhe.desks.errands.engine import first
from linhe.desks.errands.engine.checker import violations
from linhe.desks.errands.engine.ready import make_ready
from linhe.desks.errands.models import Shift
from linhe.desks.errands.sample.dataset import Courier, Dataset, Order
from linhe.desks.errands.sample.reader import read
from linhe.desks.errands.services.batch import CONTINUOUS
from linhe.lib.working_calendar import SHANGHAI

SERVICES = ("medicine", "groceries", "clothes", "water", "parcel", "meal")
PARCEL_ROOM, EXTRA_ROOM = 140, 20
"""Pieces: what a trip carries at most, and what fits besides."""
DAYS_BACK = 2
"""The day played lies so far back that all its limits have passed by now."""

BATCH_S = 10.0
WHOLE_DAY = (0.0, 24.0)

ENGINES = {
    "linhe": CONTINUOUS,
    "first": services.Manner(lambda problem, params, warm: first.solve(problem, params), continuous=False),
}
"""The present way of dispatching, and the first version to compare with."""

Progress = Callable[[int, int], None]


def replay(folder: Path, *, now: datetime, **options: Any) -> dict[str, Any]:
    """Play the day of a folder, see ``play``; its figures."""
    return play(folder, now=now, **options).figures


def play(
    folder: Path,
    *,
    now: datetime,
    couriers: int | None = None,
    speed: float = 0.0,
    engine: str = "linhe",
    batch_s: float = BATCH_S,
    hours: tuple[float, float] = WHOLE_DAY,
    progress: Progress | None = None,
) -> Played:
    """Play the day of a folder and tell what came of it.

    ``speed`` is simulated seconds a second, 0 as fast as it goes; ``engine`` one of ``ENGINES``; ``batch_s`` the
    simulated time between two plans; of the timed orders those of ``hours`` are asked for.

    Raises ``ValueError`` naming file, line and column when the folder is not in the format.
    """
    data = read(folder)
    if not hours[0] < hours[1]:
        raise ValueError("hours: must end later than they begin")
    data = replace(data, orders=tuple(o for o in data.orders if hours[0] <= o.pickup_s / 3600 < hours[1]))
    if couriers is not None and couriers < 1:
        raise ValueError("couriers: must be at least 1")
    if not 0 <= speed < float("inf"):
        raise ValueError("speed: must be 0 (as fast as it goes) or more")
    if engine not in ENGINES:
        raise ValueError(f"engine: must be one of {', '.join(ENGINES)}")
    if not 1 <= batch_s <= 3600:
        raise ValueError("batch: must be 1 to 3600 seconds")
    make_ready()  # a server has compiled and loaded the engine before its first batch too
    begun = time.perf_counter()
    midnight = datetime.combine(_day(now), clock(), SHANGHAI)
    spots = {order.spot_id: data.spots[order.spot_id] for order in data.orders}
    if not spots or not data.couriers:
        raise ValueError(f"{folder}: holds no orders or no trips")
    district, buildings = lay_district(spots, name="回放区")
    clear_away(district, now=midnight)
    habits = Habits(batch_s=batch_s)
    day = Day(district, _workers(district, midnight), 1, habits, check=violations, manner=ENGINES[engine])
    shifts = _shifts(data.couriers[:couriers], district, midnight)
    day.join(shifts, now=shifts[0].started_at)
    _wishes(day, data, buildings, midnight)
    start = min(shifts[0].started_at, midnight + timedelta(seconds=data.orders[0].pickup_s))
    last = midnight + timedelta(seconds=max(order.delivery_s for order in data.orders) + 3600)
    day.keep_dispatching(start=start, until=last)
    if progress:
        day.told = _counted(progress, len(data.orders))
    day.run(until=last + timedelta(hours=8), wait=_paced(speed))
    day.sweep(last + timedelta(hours=30))
    Shift.objects.filter(pk__in=[s.pk for s in shifts]).update(ended_at=last)
    while roll_up():
        continue
    figures = {"engine": engine} | figures_of(day) | {"wall_s": round(time.perf_counter() - begun, 1)}
    return Played(figures, detours_of(day, (order.id for order in data.orders)))


def clear_away(district: Place, *, now: datetime) -> None:
    """Withdraw what an interrupted run left open, and end its shifts."""
    worker = _workers(district, now)[0]
    for matter in Matter.objects.filter(kind="errand", at_district=district.pk, closed_at__isnull=True):
        if matter.stage == "collected":
            act(matter, "not_home", by=matter.handler, at=now)
            act(matter, "close_failed", by=worker, at=now, data={"words": "回放中断"})
        elif matter.stage in ("open", "offered", "accepted"):
            act(matter, "withdraw", by=worker, at=now)
        elif matter.stage in ("checking", "approving"):
            act(matter, "close_failed", by=worker, at=now, data={"words": "回放中断"})
        elif matter.stage == "done":
            act(matter, "close", by=None, at=now)
    for shift in Shift.objects.filter(district=district, ended_at__isnull=True):
        Shift.objects.filter(pk=shift.pk).update(ended_at=max(now, shift.started_at))


def _day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date() - timedelta(days=DAYS_BACK)


def _people(prefix: str, count: int, names: str, homes: list[Place] | None = None) -> list[Account]:
    """Made-up people, found again by their user names."""
    wanted = [f"{prefix}-{n}" for n in range(1, count + 1)]
    known = set(Account.objects.filter(username__in=wanted).values_list("username", flat=True))
    Account.objects.bulk_create(
        [
            Account(username=u, password="!", name=f"{names}{n}", home=homes[n - 1] if homes else None, door=f"{n}室")
            for n, u in enumerate(wanted, 1)
            if u not in known
        ],
        batch_size=1000,
    )
    by_name = {a.username: a for a in Account.objects.filter(username__in=wanted)}
    return [by_name[u] for u in wanted]


def _posts(role: str, place: Place, accounts: list[Account], since: datetime) -> None:
    held = set(Post.objects.filter(role=role, place=place, valid_to__isnull=True).values_list("account_id", flat=True))
    Post.objects.bulk_create(
        Post(account=a, role=role, place=place, valid_from=since) for a in accounts if a.pk not in held
    )


def _workers(district: Place, now: datetime) -> tuple[Account, Account]:
    first, second = _people(f"replay-{district.code[:6]}-worker", 2, "回放社工")
    _posts("community_worker", district, [first, second], now - timedelta(days=365))
    return first, second


def _shifts(planned: tuple[Courier, ...], district: Place, midnight: datetime) -> list[Shift]:
    accounts = _people(f"replay-{district.code[:6]}-courier", len(planned), "回放骑手")
    _posts("courier", district, accounts, midnight - timedelta(days=365))
    started = []
    for account, courier in zip(accounts, planned, strict=True):
        at = midnight + timedelta(seconds=courier.start_s)
        stops = _own_stops(courier, midnight)
        first = courier.stops[0].at
        shift = services.start_shift(
            courier=account, at=at, lat=first.lat, lng=first.lng, stops=stops, capacity=PARCEL_ROOM + EXTRA_ROOM,
            until_at=midnight + timedelta(seconds=max(courier.end_s, 20 * 3600) + 3600),
            end=(courier.stops[-1].at.lat, courier.stops[-1].at.lng),
        )  # fmt: skip
        shift.courier = account
        started.append(shift)
    return started


def _own_stops(courier: Courier, midnight: datetime) -> list[services.OwnStop]:
    """The planned stops; at the site between two trips the parcels of the next trip are taken on."""
    pieces_of_trips, stops = [0], []
    for stop in courier.stops:
        if stop.order_id:
            pieces_of_trips[-1] += stop.pieces
        else:
            pieces_of_trips.append(0)
    trip = 0
    for stop in courier.stops:
        trip += not stop.order_id
        stops.append(
            services.OwnStop(
                lat=stop.at.lat, lng=stop.at.lng, label=stop.place_id, service_s=round(stop.service_s),
                planned_at=midnight + timedelta(seconds=stop.arrive_s),
                load_change=-stop.pieces if stop.order_id else pieces_of_trips[trip],
            )
        )  # fmt: skip
    return stops


def _wishes(day: Day, data: Dataset, buildings: dict[str, Place], midnight: datetime) -> None:
    """Every timed order becomes an errand at its time; one resident a building asks for all of its orders."""
    spots = sorted({order.spot_id for order in data.orders})
    residents = dict(
        zip(
            spots,
            _people(f"replay-{day.district.code[:6]}-resident", len(spots), "回放居民", [buildings[s] for s in spots]),
            strict=True,
        )
    )
    chance = Random(2)
    for order in data.orders:
        asked = _asked(order, data, chance, midnight)
        wish = Wish(residents[order.spot_id], buildings[order.spot_id], asked)
        day.ask(wish, at=midnight + timedelta(seconds=order.pickup_s))


def _asked(order: Order, data: Dataset, chance: Random, midnight: datetime) -> dict[str, Any]:
    shop = data.shops[order.shop_id]
    return {
        "service": chance.choice(SERVICES), "load": min(order.pieces, 40), "urgent": chance.random() < 0.05,
        "pickup_name": f"店铺 {order.shop_id}", "pickup_lat": shop.lat, "pickup_lng": shop.lng,
        "latest_at": midnight + timedelta(seconds=max(order.delivery_s, order.pickup_s + 60)),
    }  # fmt: skip


def _counted(progress: Progress, total: int) -> Callable[[str, datetime], None]:
    raised = 0

    def told(action: str, at: datetime) -> None:
        nonlocal raised
        raised += action == "request"
        progress(raised, total)

    return told


def _paced(speed: float) -> Callable[[datetime], None] | None:
    """Wait until the simulated moment has come, when a speed is given."""
    if speed <= 0:
        return None
    begun: list[tuple[datetime, float]] = []

    def wait(moment: datetime) -> None:
        if not begun:
            begun.append((moment, time.monotonic()))
        first, started = begun[0]
        ahead_s = (moment - first).total_seconds() / speed - (time.monotonic() - started)
        if ahead_s > 0:
            time.sleep(ahead_s)

    return wait
