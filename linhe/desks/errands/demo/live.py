"""The live story of the demo district: residents ask, couriers ride their rounds and errands, on the real clock."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.errands import services
from linhe.desks.errands.demo.day import Day, Habits, Wish
from linhe.desks.errands.demo.history import NOTES, SERVICES
from linhe.desks.errands.loop import OFFERED, OPEN, UNDER_WAY
from linhe.desks.errands.models import Shift
from linhe.lib.geography import Point, distance_m

ON_DUTY = 14
"""Riders of the story on duty at once: few enough that now and then an errand waits."""
OWN_STOPS, OWN_SERVICE_S = 6, 45
ASK_EVERY_S, MOST_UNDER_WAY, MOST_WAITING, ASKED_AT_ONCE = 8.0, 60, 5, 12
LOOK_EVERY, LEFT_LYING = timedelta(seconds=20), timedelta(minutes=50)
WINDOW_MIN = (40, 75)
LATELY = Habits(
    answer_s=(6, 35), rate_min=(0.5, 6), rates=0.97, silent=0.02, declines=0.06, by_photo=0.1, nobody_home=0.02,
    service_pace=(0.3, 0.7),
)  # fmt: skip
"""People answer at once and a door is quick to serve; couriers ride at the speed of the rule."""


@dataclass
class LiveStory:
    """Plays until it is told to stop. Offers come from the background job, answers and rides from here."""

    town: DemoTown
    chance: Random

    def __post_init__(self) -> None:
        self.day = Day(
            self.town.district, self.town.workers(), seed=self.chance.randrange(2**31), habits=LATELY, live=True
        )
        self._asked_at: datetime | None = None
        self._looked_at: datetime | None = None
        community = self.town.people["demo-worker"].posts.get().place_id
        self._near = [b for b in self.town.inner_buildings if b.community_id == community]

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
        self._look_after(timezone.now())

    def _keep_on_duty(self, now: datetime) -> None:
        """Who has nothing left to ride begins a new round; the visitors' own courier is only kept on duty."""
        own, *riders = self.town.riders[: ON_DUTY + 1]
        for rider in riders:
            riding = self.day.riders.get(rider.pk)
            if riding is None or (not riding.busy and not riding.ahead):
                self._new_round(rider, now)
        mine = Shift.objects.filter(courier=own, ended_at__isnull=True).first()
        if mine is None or mine.until_at <= now + timedelta(minutes=30):
            self._end(own, now)
            here = self.town.depots[0]
            self._start(own, now, self._round_from(here), here=here)

    def _new_round(self, rider: Account, now: datetime) -> None:
        standing = self.day.riders.get(rider.pk)
        shift = Shift.objects.filter(courier=rider, ended_at__isnull=True, until_at__gt=now).first()
        if standing is None and shift is not None and shift.stops.filter(done_at__isnull=True).exists():
            shift.courier = rider
            self.day.join([shift], now=now)  # a story that was interrupted goes on
            return
        if self.day.riders.pop(rider.pk, None) is not None or shift is not None:
            self._end(rider, now)
        here = Point(shift.lng, shift.lat) if shift else self.chance.choice(self.town.depots)
        self.day.join([self._start(rider, now, self._round_from(here), here=here)], now=now)

    def _round_from(self, here: Point) -> list[Point]:
        """A few doors on one side of the town, each the nearest to the one before."""
        doors = [Point(b.lng or 0, b.lat or 0) for b in self.town.inner_buildings]
        towards = self.chance.choice(doors)
        near = sorted(doors, key=lambda p: distance_m(here, p) + distance_m(towards, p))[: 6 * OWN_STOPS]
        left, order = self.chance.sample(near, OWN_STOPS), [here]
        while left:
            order.append(min(left, key=lambda p: distance_m(order[-1], p)))
            left.remove(order[-1])
        return order[1:]

    def _start(self, rider: Account, now: datetime, stops: list[Point], *, here: Point) -> Shift:
        """Speed, detour and number of errands are those of the district's rules."""
        end = stops[-1]
        shift = services.start_shift(
            courier=rider, at=now, lat=here.lat, lng=here.lng, end=(end.lat, end.lng),
            until_at=now + timedelta(hours=12),
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
        """New wishes, as long as not too many wait; the elder of the demo always has one under way."""
        if self._asked_at is None:
            for _ in range(ASKED_AT_ONCE - 1):
                self._wish(now)
        elif (now - self._asked_at).total_seconds() < ASK_EVERY_S * self.chance.uniform(0.5, 1.5):
            return
        self._asked_at = now
        stages = Counter(self._open_errands().values_list("stage", flat=True))
        if stages["open"] >= MOST_WAITING or sum(stages[s] for s in (OPEN, OFFERED, *UNDER_WAY)) >= MOST_UNDER_WAY:
            return
        self._wish(now)

    def _open_errands(self) -> QuerySet[Matter]:
        return Matter.objects.filter(kind="errand", at_district=self.town.district.pk, closed_at__isnull=True)

    def _wish(self, now: datetime) -> None:
        """Some resident asks for something from a shop near by; every other one lives in the worker's community."""
        elder = self.town.people["demo-elder"]
        on_its_way = Q(stage__in=(OPEN, OFFERED, *UNDER_WAY)) & (Q(requester=elder) | Q(beneficiary=elder))
        if self._open_errands().filter(on_its_way).exists():
            place = self.chance.choice(self._near if self.chance.random() < 0.5 else self.town.inner_buildings)
            by = self.chance.choice(self.town.residents)
        else:
            place, by = elder.home or self._near[0], elder
        shop, point = self.chance.choice(self.town.shops_near(place))
        asked: dict[str, Any] = {
            "service": self.chance.choice(SERVICES[:-1]), "load": self.chance.choice((1, 1, 2)),
            "note": self.chance.choice(NOTES), "urgent": self.chance.random() < 0.08,
            "latest_at": now + timedelta(minutes=self.chance.randint(*WINDOW_MIN)), "pickup_name": shop,
            "pickup_lat": point.lat, "pickup_lng": point.lng,
        }  # fmt: skip
        self.day.raise_now(Wish(by, place, asked), now)

    def _look_after(self, now: datetime) -> None:
        """The district's pair works off what the community has left lying for long."""
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        caller, approver = self.town.workers()
        left = self._open_errands().filter(stage__in=("checking", "approving"), updated_at__lt=now - LEFT_LYING)
        matter = left.order_by("updated_at").first()
        if matter is None:
            return
        if matter.stage == "checking":
            self.day.act(matter, "call_back", now, caller, data={"words": "电话回访：已收到"})
        else:
            self.day.act(matter, "approve", now, approver)
