"""A day played event by event on a simulated clock: riders ride, residents ask, the engine offers."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.acting import act
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.errands import services
from linhe.desks.errands.demo.pictures import photo
from linhe.desks.errands.demo.riders import Rider
from linhe.desks.errands.models import ErrandDetail, Shift, Stop
from linhe.desks.errands.queries.state import stops_ahead
from linhe.desks.errands.services.batch import CONTINUOUS, BatchReport, Checker, Manner
from linhe.lib.geography import Point

_MOVED_ON = ("wrong_stage", "not_allowed", "no_longer_fits", "own_errand")
Work = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Habits:
    """How people behave, as shares and stretches of time."""

    declines: float = 0.04
    silent: float = 0.01
    answer_s: tuple[float, float] = (8, 50)
    by_photo: float = 0.06
    nobody_home: float = 0.02
    rates: float = 0.7
    rate_min: tuple[float, float] = (4, 180)
    service_pace: tuple[float, float] = (0.85, 1.1)
    batch_s: float = 30.0
    idle_batch_s: float = 300.0
    held_batch_s: float = 60.0
    sweep_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Wish:
    """An errand that somebody is going to ask for."""

    by: Account
    place: Place
    data: dict[str, Any]
    beneficiary: Account | None = None


@dataclass
class Day:
    """The simulated clock and everyone on it."""

    district: Place
    workers: tuple[Account, Account]
    seed: int = 0
    habits: Habits = field(default_factory=Habits)
    check: Checker | None = None
    manner: Manner = CONTINUOUS
    riders: dict[int, Rider] = field(default_factory=dict)
    matters: dict[int, Matter] = field(default_factory=dict)
    batches: list[BatchReport] = field(default_factory=list)
    told: Callable[[str, datetime], None] = lambda action, at: None
    live: bool = False
    """Others act too (visitors, background jobs): look before riding on."""

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self._queue: list[tuple[datetime, int, Work]] = []
        self._count = 0
        self._free_at: dict[int, datetime] = {}
        self._planned: tuple[datetime, set[int]] | None = None
        self._ripe_at: datetime | None = None
        self._noticed: set[tuple[int, int]] = set()

    # ---- the clock
    def at(self, moment: datetime, work: Work) -> None:
        """Have something happen at a moment."""
        self._count += 1
        heapq.heappush(self._queue, (moment, self._count, work))

    def run(
        self,
        *,
        until: datetime,
        wait: Callable[[datetime], None] | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Let time pass up to a moment; ``wait`` paces it. With a ``clock``, what is due happens at its time."""
        while self._queue and self._queue[0][0] <= until:
            moment, _, work = heapq.heappop(self._queue)
            if wait:
                wait(moment)
            work(clock() if clock else moment)

    # ---- who is there
    def join(self, shifts: Iterable[Shift], *, now: datetime) -> None:
        """Couriers on duty join the day and set out."""
        joined = list(shifts)
        ahead = stops_ahead(s.pk for s in joined)
        road = value("errands.road_factor", at=now, place_code=self.district.code)
        for shift in joined:
            rider = Rider(shift.courier, shift, road, Point(shift.lng, shift.lat), now, ahead.get(shift.pk, []))
            self.riders[shift.courier_id] = rider
            self._set_out(rider, now)

    def ask(self, wish: Wish, *, at: datetime) -> None:
        """Somebody will ask for an errand then."""
        self.at(at, lambda now: self.raise_now(wish, now))

    def keep_dispatching(self, *, start: datetime, until: datetime) -> None:
        """Plan and sweep at their intervals."""
        step, sweep = timedelta(seconds=self.habits.batch_s), timedelta(seconds=self.habits.sweep_s)

        def plan(now: datetime) -> None:
            self._dispatch(now)
            if now + step <= until:
                self.at(now + step, plan)

        def clocks(now: datetime) -> None:
            self.sweep(now)
            if now + sweep <= until:
                self.at(now + sweep, clocks)

        self.at(start, plan)
        self.at(start, clocks)

    def sweep(self, now: datetime) -> None:
        """Act on limits that have passed."""
        while sweep_clocks(at=now) >= 500:
            continue

    # ---- the loop
    def act(self, matter: Matter, action: str, now: datetime, by: Account | None, **more: Any) -> bool:
        """Take an action; False when the matter has moved on in between."""
        try:
            self.matters[matter.pk] = act(matter, action, by=by, at=now, **more).matter
        except Refused as refused:
            if refused.code not in _MOVED_ON:
                raise
            return False
        self.told(action, now)
        return True

    def raise_now(self, wish: Wish, now: datetime) -> None:
        """Somebody asks for an errand."""
        outcome = services.raise_errand(
            by=wish.by, place=wish.place, data=wish.data, at=now, beneficiary=wish.beneficiary
        )
        self.matters[outcome.matter.pk] = outcome.matter
        self.told("request", now)

    def _dispatch(self, now: datetime) -> None:
        waiting = self._waiting()
        if not waiting or not self._worth_planning(waiting, now):
            return
        self._report(self.riders.values(), now)
        report = services.dispatch_batch(district=self.district, at=now, check=self.check, manner=self.manner)
        self.batches.append(report)
        self._ripe_at = report.ripe_at
        self._planned = now, self._waiting() if report.offered else waiting
        if report.offered:
            self._notice_offers(now)

    def _waiting(self) -> set[int]:
        here = Matter.objects.filter(kind="errand", stage="open", closed_at__isnull=True, at_district=self.district.pk)
        return set(here.values_list("pk", flat=True))

    def look_around(self, now: datetime) -> None:
        """Tell positions, and notice what others have offered."""
        self._report(self.riders.values(), now)
        self._notice_offers(now)

    def _notice_offers(self, now: datetime) -> None:
        offered = Matter.objects.filter(
            kind="errand", stage="offered", closed_at__isnull=True, handler__in=list(self.riders)
        )
        for matter in offered.select_related("place", "handler", "requester", "beneficiary"):
            if (matter.pk, matter.version) not in self._noticed:
                self._noticed.add((matter.pk, matter.version))
                self.told("offer", now)
                self._will_answer(matter, now)

    def _worth_planning(self, waiting: set[int], now: datetime) -> bool:
        """Something new waits or is due, or the riders have moved on for a while since the last plan: a shorter while
        when it holds errands back. Nothing else changes a plan."""
        if self._planned is None or waiting - self._planned[1]:
            return True
        if self._ripe_at is None:
            return now - self._planned[0] >= timedelta(seconds=self.habits.idle_batch_s)
        return now >= min(self._ripe_at, self._planned[0] + timedelta(seconds=self.habits.held_batch_s))

    def _will_answer(self, matter: Matter, now: datetime) -> None:
        draw = self.chance.random()
        if draw < self.habits.silent:
            return
        later = now + timedelta(seconds=self.chance.uniform(*self.habits.answer_s))
        declines = draw < self.habits.silent + self.habits.declines
        self.at(later, lambda then: self._answer(matter, declines, then))

    def _answer(self, matter: Matter, declines: bool, now: datetime) -> None:
        rider = self.riders.get(matter.handler_id or 0)
        if rider is None:
            return
        reason = {"reason": self.chance.choice(("busy", "far", "load"))}
        if declines:
            self.act(matter, "decline", now, rider.account, data=reason)
            return
        self._report([rider], now)
        if not self.act(matter, "accept", now, rider.account):
            self.act(matter, "decline", now, rider.account, data={"reason": "far"})
            return
        rider.reload()
        if rider.serving is None:
            self._set_out(rider, now)

    # ---- riding
    def _report(self, riders: Iterable[Rider], now: datetime) -> None:
        changed = [r for r in riders if r.fresh or r.driving]
        if not changed:
            return
        services.take_in_reports([r.report(now, self._free_at.get(r.shift.pk, now)) for r in changed], at=now)

    def _set_out(self, rider: Rider, now: datetime) -> None:
        begin = rider.set_out(now)
        if begin is not None:
            turn = rider.turn
            self.at(begin, lambda then: self._arrive(rider, turn, then))

    def _arrive(self, rider: Rider, turn: int, now: datetime) -> None:
        if turn != rider.turn:
            return
        stop = rider.stop_here(now)
        pace = self.chance.uniform(*self.habits.service_pace)
        leave = now + timedelta(seconds=stop.service_s * pace)
        if stop.kind == Stop.Kind.OWN:
            rider.passed.append((stop.stop_id, now))
            self._free_at[rider.shift.pk] = leave
            self.at(leave, lambda then: self._leave(rider, then))
        else:
            self._free_at[rider.shift.pk] = now
            matter_id, kind = stop.matter_id or 0, stop.kind
            self.at(leave, lambda then: self._serve(rider, matter_id, kind, then))

    def _leave(self, rider: Rider, now: datetime) -> None:
        rider.serving = None
        self._free_at[rider.shift.pk] = now
        if self.live:
            rider.reload()
        self._set_out(rider, now)

    def _serve(self, rider: Rider, matter_id: int, kind: str, now: datetime) -> None:
        matter = self.matters.get(matter_id) or Matter.objects.select_related("place").get(pk=matter_id)
        if kind == Stop.Kind.PICKUP:
            self.act(matter, "collect", now, rider.account)
        else:
            self._deliver(rider, matter, now)
        self._leave(rider, now)

    def _deliver(self, rider: Rider, matter: Matter, now: datetime) -> None:
        draw, habits = self.chance.random(), self.habits
        if draw < habits.by_photo:
            if self.act(matter, "done_by_photo", now, rider.account, files=[photo(matter.pk)]):
                self._will_check(matter, now, came=True)
        elif draw < habits.by_photo + habits.nobody_home:
            if self.act(matter, "not_home", now, rider.account):
                self._will_check(matter, now, came=False)
        else:
            code = ErrandDetail.objects.get(pk=matter.pk).code
            if self.act(matter, "done", now, rider.account, data={"code": code}):
                self._may_rate(matter, now)

    # ---- afterwards
    def _will_check(self, matter: Matter, now: datetime, *, came: bool) -> None:
        first, second = self.workers
        words = {"words": "电话回访：已收到" if came else "电话回访：未收到，改日再送"}
        call = now + timedelta(minutes=self.chance.uniform(5, 40))
        if not came:
            self.at(call, lambda then: self.act(matter, "close_failed", then, first, data=words))
            return
        self.at(call, lambda then: self.act(matter, "call_back", then, first, data=words))

        def approve(then: datetime) -> None:
            if self.act(matter, "approve", then, second):
                self._may_rate(matter, then)

        self.at(call + timedelta(minutes=self.chance.uniform(5, 30)), approve)

    def _may_rate(self, matter: Matter, now: datetime) -> None:
        if self.chance.random() >= self.habits.rates:
            return
        stars = self.chance.choices((5, 4, 3, 2), weights=(70, 22, 6, 2))[0]
        later = now + timedelta(minutes=self.chance.uniform(*self.habits.rate_min))
        by = matter.beneficiary or matter.requester
        self.at(later, lambda then: self.act(matter, "rate", then, by, data={"stars": stars}))
