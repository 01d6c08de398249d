"""The live story of the demo district: the sample's orders and routes, ridden in quick motion on the real clock."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.errands import services
from linhe.desks.errands.demo.day import Day, Habits, Wish
from linhe.desks.errands.demo.history import NOTES, SERVICES
from linhe.desks.errands.demo.town import DemoTown
from linhe.desks.errands.loop import UNDER_WAY
from linhe.desks.errands.models import Shift
from linhe.lib.geography import Point, distance_m

SPEED_KMH = 300.0
"""Quick motion: an errand that takes half an hour in a real town is over in two or three minutes."""
OWN_STOPS, OWN_SERVICE_S = 3, 25
ASK_EVERY_S, MOST_OPEN, ASKED_AT_ONCE = 12.0, 30, 5
WINDOW = timedelta(minutes=25)
SHOPS_NEAR = 5
QUICK = Habits(
    answer_s=(6, 25), rate_min=(0.4, 3), silent=0.02, declines=0.06, by_photo=0.05, nobody_home=0.02,
    service_pace=(0.12, 0.3),
)  # fmt: skip


@dataclass
class LiveStory:
    """Plays until it is told to stop. Offers come from the background job, answers and rides from here."""

    town: DemoTown
    chance: Random

    def __post_init__(self) -> None:
        self.day = Day(
            self.town.district, self.town.workers(), seed=self.chance.randrange(2**31), habits=QUICK, live=True
        )
        self._asked_at: datetime | None = None

    def tell(self, stop: threading.Event, *, pause_s: float = 1.0) -> None:
        """One step a second: work that is due, positions, answers, new wishes, new shifts."""
        while not stop.is_set():
            self.step(timezone.now())
            stop.wait(pause_s)

    def step(self, now: datetime) -> None:
        """What happens now."""
        self._keep_on_duty(now)
        self.day.run(until=now, clock=timezone.now)
        self.day.look_around(timezone.now())
        self._ask(timezone.now())

    def _keep_on_duty(self, now: datetime) -> None:
        """Who has nothing left to ride begins a new round; the visitors' own courier is only kept on duty."""
        own, *riders = self.town.riders
        for rider in riders:
            riding = self.day.riders.get(rider.pk)
            if riding is None or (not riding.busy and not riding.ahead):
                self._new_round(rider, now)
        mine = Shift.objects.filter(courier=own, ended_at__isnull=True).first()
        if mine is None or mine.until_at <= now + timedelta(minutes=30):
            self._end(own, now)
            self._start(own, now, [], extra_max=6)

    def _new_round(self, rider: Account, now: datetime) -> None:
        standing = self.day.riders.get(rider.pk)
        shift = Shift.objects.filter(courier=rider, ended_at__isnull=True, until_at__gt=now).first()
        if standing is None and shift is not None and shift.stops.filter(done_at__isnull=True).exists():
            shift.courier = rider
            self.day.join([shift], now=now)  # a story that was interrupted goes on
            return
        if self.day.riders.pop(rider.pk, None) is not None or shift is not None:
            self._end(rider, now)
        here = Point(shift.lng, shift.lat) if shift else self.chance.choice(list(self.town.sample.sites.values()))
        self.day.join([self._start(rider, now, self._round_from(here), here=here)], now=now)

    def _round_from(self, here: Point) -> list[Point]:
        """A few doors near by, each the nearest to the one before."""
        near = sorted(self.town.sample.spots.values(), key=lambda p: distance_m(here, p))[: 12 * OWN_STOPS]
        left, order = self.chance.sample(near, OWN_STOPS), [here]
        while left:
            order.append(min(left, key=lambda p: distance_m(order[-1], p)))
            left.remove(order[-1])
        return order[1:]

    def _start(self, rider: Account, now: datetime, stops: list[Point], *, here: Point | None = None,
               extra_max: int = 2) -> Shift:  # fmt: skip
        start = here or self.chance.choice(list(self.town.sample.sites.values()))
        end = stops[-1] if stops else start
        shift = services.start_shift(
            courier=rider, at=now, lat=start.lat, lng=start.lng, end=(end.lat, end.lng), speed_kmh=SPEED_KMH,
            extra_max=extra_max, until_at=now + timedelta(hours=12),
            stops=[services.OwnStop(p.lat, p.lng, "派件", service_s=OWN_SERVICE_S) for p in stops],
        )  # fmt: skip
        shift.courier = rider
        return shift

    def _end(self, rider: Account, now: datetime) -> None:
        """Off duty; an errand left from an interrupted story is handed back or left for the community to check."""
        carried = Matter.objects.filter(kind="errand", handler=rider, stage__in=UNDER_WAY, closed_at__isnull=True)
        for matter in carried:
            if matter.stage == "accepted":
                act(matter, "hand_back", by=rider, at=now, data={"reason": "own_orders"})
            else:
                act(matter, "not_home", by=rider, at=now)
        Shift.objects.filter(courier=rider, ended_at__isnull=True, started_at__lte=now).update(ended_at=now)

    def _ask(self, now: datetime) -> None:
        if self._asked_at is None:
            for _ in range(ASKED_AT_ONCE - 1):
                self._wish(now)
        elif (now - self._asked_at).total_seconds() < ASK_EVERY_S * self.chance.uniform(0.5, 1.5):
            return
        self._asked_at = now
        waiting = Matter.objects.filter(
            kind="errand", at_district=self.town.district.pk, closed_at__isnull=True
        ).exclude(stage__in=("done", "checking", "approving", "disputed"))
        if waiting.count() >= MOST_OPEN:
            return
        self._wish(now)

    def _wish(self, now: datetime) -> None:
        """One of the sample's orders, asked for now by some resident, from a shop near the door."""
        order = self.chance.choice(self.town.sample.orders)
        resident = self.chance.choice(self.town.residents)
        door = self.town.sample.spots[order.spot_id]
        shops = sorted(self.town.sample.shops.items(), key=lambda item: distance_m(door, item[1]))[:SHOPS_NEAR]
        name, shop = self.chance.choice(shops)
        asked: dict[str, Any] = {
            "service": self.chance.choice(SERVICES[:-1]), "load": order.pieces, "note": self.chance.choice(NOTES),
            "urgent": self.chance.random() < 0.08, "latest_at": now + WINDOW, "pickup_name": f"{name} 号店",
            "pickup_lat": shop.lat, "pickup_lng": shop.lng,
        }  # fmt: skip
        place = self.town.building_near(door)
        self.day.raise_now(Wish(resident, place, asked), now)
