"""Half a year of services at the communities: 81 held, 710 couriers checked, more than a thousand people served."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.desks.care.loop import APPOINTMENT, SESSION
from linhe.lib.working_calendar import SHANGHAI

COURIERS, CHECKS = 710, 12
OTHERS = 69
"""Sessions besides the couriers' checks; five come to each."""
KINDS = (
    ("childcare", "四点半课堂"), ("class", "手机小课堂"), ("policy", "社保政策咨询"), ("class", "消防小课堂"),
    ("childcare", "暑期托管"), ("policy", "入学政策咨询"), ("class", "健康小课堂"),
)  # fmt: skip
A_TIME = 5


class Services:
    """Sessions with their people."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 12) -> None:
        self.town, self.at, self.chance = town, at, Random(seed)
        self.host = town.workers()[0]

    def tell(self) -> None:
        """The couriers' checks, the other services, and what can be booked now."""
        couriers = self._couriers()
        share = -(-len(couriers) // CHECKS)
        for number in range(CHECKS):
            guests = couriers[number * share : (number + 1) * share]
            place = self.town.communities[number % 6]
            self._held(place, "health", "骑手健康体检", guests, ago=8 + number * 14, slots=4, couriers_only=True)
        residents = self.town.residents
        for number in range(OTHERS):
            service, topic = KINDS[number % len(KINDS)]
            guests = [residents[(number * A_TIME + n) % len(residents)] for n in range(A_TIME)]
            self._held(self.town.communities[number % 6], service, topic, guests, ago=2 + number * 2, slots=1)
        self._ahead()

    def _held(
        self, place: Place, service: str, topic: str, guests: list[Account], *, ago: int, slots: int,
        couriers_only: bool = False,
    ) -> None:  # fmt: skip
        starts = self._morning(-ago)
        session = self._offer(place, service, topic, starts, starts - timedelta(days=5), slots=slots,
                              seats=-(-len(guests) // slots) + 1, couriers_only=couriers_only)  # fmt: skip
        booked = starts - timedelta(days=3)
        taken = [
            begin(
                APPOINTMENT.code, "book", by=who, place=place, at=booked + timedelta(minutes=n),
                data={"session_id": session.pk, "slot": n % slots},
            ).matter
            for n, who in enumerate(guests)
        ]  # fmt: skip
        for n, matter in enumerate(taken):
            act(matter, "attend", by=self.host, at=starts + timedelta(minutes=10 + n))
        act(session, "hold", by=self.host, at=starts + timedelta(hours=4))

    def _ahead(self) -> None:
        """Sessions of the coming days, partly booked; one is full."""
        ahead = (
            ("health", "骑手健康体检", 2, 4, 15, True), ("class", "防诈骗小课堂", 1, 1, 4, False),
            ("childcare", "周末托管", 3, 2, 12, False), ("policy", "灵活就业社保咨询", 4, 2, 8, False),
        )  # fmt: skip
        for number, (service, topic, days, slots, seats, couriers_only) in enumerate(ahead):
            place = self.town.communities[0 if number < 3 else 1]
            published = self.at - timedelta(days=1)
            session = self._offer(place, service, topic, self._morning(days), published, slots=slots, seats=seats,
                                  couriers_only=couriers_only)  # fmt: skip
            guests = self.town.riders[1:9] if couriers_only else self.town.residents[number * 6 : number * 6 + 6]
            for n, who in enumerate(guests):
                begin(
                    APPOINTMENT.code, "book", by=who, place=place, at=self.at - timedelta(minutes=300 - n),
                    data={"session_id": session.pk, "slot": n % slots},
                )  # fmt: skip

    def _offer(
        self, place: Place, service: str, topic: str, starts: datetime, at: datetime, *, slots: int, seats: int,
        couriers_only: bool,
    ) -> Matter:  # fmt: skip
        data = {
            "service": service, "topic": topic, "starts_at": starts.isoformat(), "slots": slots, "slot_minutes": 45,
            "seats": seats, "couriers_only": couriers_only,
        }  # fmt: skip
        return begin(SESSION.code, "offer", by=self.host, place=place, data=data, at=at).matter

    def _morning(self, days: int) -> datetime:
        day = (self.at + timedelta(days=days)).astimezone(SHANGHAI)
        return day.replace(hour=9, minute=0, second=0, microsecond=0)

    def _couriers(self) -> list[Account]:
        """The riders of the demo and as many more as were checked."""
        homes = self.town.inner_buildings
        more = self.town.crowd("care-courier", COURIERS - len(self.town.riders), homes)
        known = set(Post.objects.filter(role="courier", account__in=more).values_list("account_id", flat=True))
        since = self.at - timedelta(days=400)
        Post.objects.bulk_create(
            Post(account=one, role="courier", place=self.town.district, valid_from=since)
            for one in more
            if one.pk not in known
        )
        return [*self.town.riders, *more]
