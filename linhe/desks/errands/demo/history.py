"""What happened in the demo district in the past sixty days: every errand told through the loop, with all endings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.errands import services
from linhe.desks.errands.demo.day import Day
from linhe.desks.errands.demo.pictures import photo
from linhe.desks.errands.models import ErrandDetail
from linhe.lib.geography import Point, distance_m
from linhe.lib.working_calendar import SHANGHAI

DAYS, DETOUR_MAX_M = 60, 2500
ENDINGS = (
    ("rated", 92), ("silent", 20), ("photo", 8), ("late", 6), ("dismissed", 2), ("upheld", 2), ("declined", 6),
    ("handed_back", 4), ("not_home", 3), ("withdrawn", 6), ("unserved", 5),
)  # fmt: skip
"""How many errands end in which way."""
SLOW = ("silent", "dismissed", "upheld")
"""Endings that take days; the last three days have others."""
BUSY_DAYS = (5, 3, 4, 3, 5, 2, 1)
"""How much is asked for from Monday to Sunday, as shares."""
TODAY = (
    ("photo", 40), ("photo", 40), ("photo", 42), ("photo", 72), ("photo", 72), ("upheld", 600), ("silent", 180),
    ("silent", 150),
)  # fmt: skip
"""How today's errands of the worker's community will end and how many minutes ago they began: all still under way."""
SERVICES = ("medicine", "medicine", "groceries", "groceries", "water", "meal", "parcel", "clothes", "papers", "rubbish")
NOTES = ("门铃坏了请敲门", "放门口柜子上", "老人耳背请大声些", "", "", "到楼下打电话")
THANKS = ("谢谢小哥", "送得很快", "态度好", "", "下次还找你们")


class History:
    """Tells the past on a simulated clock, errand by errand."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 7) -> None:
        self.town, self.at, self.chance = town, at, Random(seed)
        self.day = Day(town.district, town.workers(), seed=seed)

    def tell(self) -> None:
        """Play all of it."""
        for number, (ago, ending) in enumerate(zip(*self._past(), strict=True)):
            day = (self.at - timedelta(days=ago)).astimezone(SHANGHAI)
            begin = day.replace(hour=8, minute=30, second=0, microsecond=0) + timedelta(
                minutes=self.chance.randrange(10 * 60)
            )
            self._plan(ending, begin, self._resident(number), by_family=number % 16 == 0)
        community = self.town.people["demo-worker"].posts.get().place_id
        near = [r for r in self.town.residents if r.home and r.home.community_id == community]
        for number, (ending, minutes) in enumerate(TODAY):
            self._plan(ending, self.at - timedelta(minutes=minutes), near[number % len(near)])
        self.day.run(until=self.at)

    def _past(self) -> tuple[list[int], list[str]]:
        """How many days ago each errand was asked for, the oldest first, and how it ended. No day is without one."""
        endings = [name for name, count in ENDINGS for _ in range(count)]
        self.chance.shuffle(endings)
        weights = [
            BUSY_DAYS[(self.at - timedelta(days=ago)).weekday()] * (1.6 - ago / DAYS) for ago in range(1, DAYS + 1)
        ]
        more = self.chance.choices(range(1, DAYS + 1), weights=weights, k=len(endings) - DAYS)
        days = sorted([*range(1, DAYS + 1), *more], reverse=True)
        quick = [e for e in endings if e not in SLOW][: sum(ago <= 3 for ago in days)]
        for ending in quick:
            endings.remove(ending)
        return days, [*endings, *quick]

    def _resident(self, number: int) -> Account:
        return self.town.people["demo-elder"] if number % 8 == 0 else self.chance.choice(self.town.residents)

    def _plan(self, ending: str, begin: datetime, resident: Account, *, by_family: bool = False) -> None:
        self.day.at(begin, lambda now: self._raise(ending, now, resident, by_family))

    def _raise(self, ending: str, now: datetime, resident: Account, by_family: bool) -> None:
        by = self.town.people["demo-family"] if by_family else resident
        place = resident.home or self.town.inner_buildings[0]
        service = self.chance.choice(SERVICES)
        asked: dict[str, Any] = {
            "service": service, "door": resident.door, "note": self.chance.choice(NOTES),
            "load": self.chance.choice((1, 1, 2)), "urgent": self.chance.random() < 0.1,
            "latest_at": now + timedelta(minutes=45 if ending == "late" else 90),
        }  # fmt: skip
        if service != "rubbish":
            asked |= self._shop(place)
        outcome = services.raise_errand(
            by=by, place=place, data=asked, at=now, beneficiary=None if by == resident else resident
        )
        matter = self.day.matters[outcome.matter.pk] = outcome.matter
        self._go_on(matter, ending, now)

    def _shop(self, place: Place) -> dict[str, Any]:
        name, point = self.chance.choice(self.town.shops_near(place))
        return {"pickup_name": name, "pickup_lat": point.lat, "pickup_lng": point.lng}

    def _go_on(self, matter: Matter, ending: str, now: datetime) -> None:
        if ending == "unserved":
            self.day.at(now + timedelta(minutes=91), self.day.sweep)
            return
        if ending == "withdrawn":
            self._later(matter, now, 12, "withdraw", self._asker, data={"reason": "not_needed"})
            return
        rider, second = self.chance.sample(self.town.riders[1:] if ending != "rated" else self.town.riders, 2)
        minute = self.chance.uniform(1, 4)
        self._offer(matter, now + timedelta(minutes=minute), rider)
        if ending == "declined":
            self._later(matter, now, minute + 1, "decline", rider, data={"reason": "far"})
            minute += 2
            self._offer(matter, now + timedelta(minutes=minute), second)
            rider = second
        minute += self.chance.uniform(0.5, 2)
        self._later(matter, now, minute, "accept", rider)
        if ending == "handed_back":
            self._later(matter, now, minute + 4, "hand_back", rider, data={"reason": "own_orders"})
            minute += 6
            self._offer(matter, now + timedelta(minutes=minute), second)
            rider, minute = second, minute + 1
            self._later(matter, now, minute, "accept", rider)
        if self._has_pickup(matter):
            minute += self.chance.uniform(6, 16)
            self._later(matter, now, minute, "collect", rider)
        if ending == "late":
            self.day.at(now + timedelta(minutes=46), self.day.sweep)
            minute = max(minute, 50)
        self._finish(matter, ending, rider, now, minute + self.chance.uniform(5, 14))

    def _finish(self, matter: Matter, ending: str, rider: Account, now: datetime, minute: float) -> None:
        caller, approver = self.town.workers()
        if ending in ("photo", "not_home"):
            action = "done_by_photo" if ending == "photo" else "not_home"
            self._later(matter, now, minute, action, rider, files=lambda: [photo(matter.pk)])
            if ending == "not_home":
                words = {"words": "两次电话均未联系上，改日再送"}
                self._later(matter, now, minute + 40, "close_failed", caller, data=words)
                return
            self._later(matter, now, minute + 25, "call_back", caller, data={"words": "电话回访，老人已收到"})
            self._later(matter, now, minute + 60, "approve", approver)
            minute += 60
        else:
            self.day.at(
                now + timedelta(minutes=minute),
                lambda then: self._act(matter, "done", then, rider, data={"code": _code(matter)}),
            )
        if ending == "silent":
            self.day.at(now + timedelta(minutes=minute + 1441), self.day.sweep)
            return
        minute += self.chance.uniform(5, 200)
        stars = 3 if ending in ("dismissed", "upheld") else self.chance.choices((5, 4, 3), weights=(75, 20, 5))[0]
        rating = {"stars": stars, "words": self.chance.choice(THANKS)}
        self._later(matter, now, minute, "rate", self._asker, data=rating)
        if ending in ("dismissed", "upheld"):
            self._later(matter, now, minute + 300, "dispute", self._asker, data={"words": "与下单的数量不一致"})
            action = "uphold" if ending == "upheld" else "dismiss"
            words = {"words": "核实确有短少" if ending == "upheld" else "核对小票，数量一致"}
            self._later(matter, now, minute + 1200, action, caller, data=words)

    def _offer(self, matter: Matter, moment: datetime, rider: Account) -> None:
        """What the engine would have said that day: the detour is a share of the way from shop to door."""
        errand = ErrandDetail.objects.get(pk=matter.pk)
        start = Point(errand.pickup_lng or errand.lng, errand.pickup_lat or errand.lat)
        detour_m = round(150 + 0.6 * distance_m(start, Point(errand.lng, errand.lat)) * self.chance.uniform(0.5, 1.5))
        rank, of = float(self.chance.randint(1, 2)), float(self.chance.randint(4, 12))
        share = detour_m / DETOUR_MAX_M
        data = {
            "courier_id": rider.pk, "detour_m": detour_m, "detour_s": round(detour_m / (15 / 3.6)),
            "reasons": [("nearest_route", {"rank": rank, "of": of}), ("detour_share", {"share": share})],
        }  # fmt: skip
        self.day.at(moment, lambda then: self._act(matter, "offer", then, None, data=data))

    def _later(
        self,
        matter: Matter,
        now: datetime,
        minutes: float,
        action: str,
        by: Account | Callable[[Matter], Account],
        files: Callable[[], list[Any]] | None = None,
        **more: Any,
    ) -> None:
        def work(then: datetime) -> None:
            who = by if isinstance(by, Account) else by(matter)
            self._act(matter, action, then, who, **more, **({"files": files()} if files else {}))

        self.day.at(now + timedelta(minutes=minutes), work)

    def _act(self, matter: Matter, action: str, then: datetime, by: Account | None, **more: Any) -> None:
        act(matter, action, by=by, at=then, **more)

    @staticmethod
    def _asker(matter: Matter) -> Account:
        person = matter.beneficiary or matter.requester
        assert person is not None
        return person

    @staticmethod
    def _has_pickup(matter: Matter) -> bool:
        return ErrandDetail.objects.get(pk=matter.pk).pickup_lat is not None


def _code(matter: Matter) -> str:
    code: str = ErrandDetail.objects.get(pk=matter.pk).code
    return code
