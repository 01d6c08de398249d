"""Two months of reports, each told from its first photo to its end; today's are left where a working day has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.desks.reports.demo import words
from linhe.desks.reports.demo.pictures import snapshot
from linhe.desks.reports.queries.categories import categories
from linhe.desks.reports.services import act_on_many, answer_by_link, hand_on, raise_report
from linhe.lib.geography import Point, from_local_m
from linhe.lib.working_calendar import SHANGHAI

DAYS = 60
PAST = (
    ("confirmed", 52), ("snapshot", 45), ("lapsed", 12), ("reopened", 10), ("linked", 6), ("checked", 6),
    ("merged", 6), ("followed", 8), ("parted", 4), ("paused", 4), ("rerouted", 5), ("late", 7), ("declined", 5),
    ("withdrawn", 4),
)  # fmt: skip
"""How many reports of the past took which way."""
TODAY = ("raised",) * 14 + ("working",) * 14 + ("solved",) * 7 + ("pausing",) * 2 + ("paused",) * 2 + ("late",) * 4
"""What is open today in the community of the demo's worker."""
ELSEWHERE = ("raised",) * 14 + ("working",) * 14 + ("solved",) * 6
"""And in the communities around it, much of it with departments and companies."""
WEIGHTS = (9, 8, 12, 10, 5, 8, 5, 8, 9, 5, 5, 4, 3, 3, 3, 2)
HOUR = timedelta(hours=1)


class Past:
    """Tells reports on times of its own, one after the other."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 11) -> None:
        self.town, self.at, self.chance = town, at, Random(seed)
        self.codes = [category.code for category in categories(at=at)]
        self.photo_needed = {category.code for category in categories(at=at) if category.result_photo}
        self.clerk, self.second = town.workers()
        held = Post.objects.filter(organisation__in=list(town.organisations.values())).select_related("account")
        self.officers = {post.organisation_id: post.account for post in held.order_by("-id")}
        self.told = 0

    def tell(self) -> None:
        """All of it: the past first, then what is open today."""
        ways = [way for way, count in PAST for _ in range(count)]
        self.chance.shuffle(ways)
        for number, way in enumerate(ways):
            ago = DAYS - number * (DAYS - 2) / len(ways)
            getattr(self, f"_{way}")(self._morning(ago))
        worker = self.town.people["demo-worker"].posts.get(role="community_worker").place_id
        near = [b for b in self.town.buildings if b.community_id == worker]
        around = [b for b in self.town.inner_buildings if b.community_id != worker]
        for places, open_ones in ((near, TODAY), (around, ELSEWHERE)):
            for number, stage in enumerate(open_ones):
                self._open(stage, number, self.chance.choice(places))
        self._one_reply(near)

    def _confirmed(self, now: datetime) -> None:
        matter, now = self._solved(self._raised(now), now)
        self._answer(matter, now + 5 * HOUR)

    def _snapshot(self, now: datetime) -> None:
        rider = self.chance.choice(self.town.riders)
        matter, now = self._solved(self._raised(now, by=rider, source="courier"), now)
        if self.told % 3:
            self._answer(matter, now + 6 * HOUR)
        else:
            self._lapse(matter, now)

    def _lapsed(self, now: datetime) -> None:
        self._lapse(*self._solved(self._raised(now), now))

    def _reopened(self, now: datetime) -> None:
        matter, now = self._solved(self._raised(now), now)
        again = {"words": self.chance.choice(words.AGAIN)}
        matter = act(matter, "reopen", by=matter.requester, at=now + 8 * HOUR, data=again).matter
        self._answer(self._solve(matter, now + 24 * HOUR), now + 30 * HOUR)

    def _linked(self, now: datetime) -> None:
        matter, now = self._solved(self._raised(now, unnamed=True), now)
        answer_by_link(matter=matter, action="confirm_linked", at=now + 9 * HOUR)

    def _checked(self, now: datetime) -> None:
        matter, now = self._solved(self._raised(now, unnamed=True), now)
        act(matter, "check", by=self.second, at=now + 20 * HOUR)

    def _merged(self, now: datetime) -> None:
        first = self._raised(now)
        twin = self._raised(now + HOUR, place=first.place, category=first.report.category)
        act(twin, "merge", by=self.clerk, at=now + 2 * HOUR, data={"into": first.pk})
        matter, now = self._solved(first, now + 2 * HOUR)
        self._answer(matter, now + 5 * HOUR)

    def _followed(self, now: datetime) -> None:
        matter = self._raised(now)
        others = [one for one in self.town.residents if one.pk != matter.requester_id]
        for number, one in enumerate(self.chance.sample(others, self.chance.randint(1, 5))):
            act(matter, "follow", by=one, at=now + timedelta(minutes=20 * (number + 1)))
        matter, now = self._solved(matter, now + 2 * HOUR)
        self._answer(matter, now + 5 * HOUR)

    def _parted(self, now: datetime) -> None:
        matter = self._accept(self._raised(now, category="lights"), now + HOUR)
        ask = {"category": "road", "organisation": self.town.organisations["urban"].code, "words": words.PARTED}
        part = hand_on(by=self.clerk, parent=matter, data=ask, at=now + 2 * HOUR).matter
        part = self._solve(self._accept(part, now + 4 * HOUR), now + 20 * HOUR)
        act(part, "confirm", by=self.clerk, at=now + 24 * HOUR)
        self._answer(self._solve(matter, now + 26 * HOUR), now + 30 * HOUR)

    def _paused(self, now: datetime) -> None:
        matter = self._pause(self._accept(self._raised(now), now + HOUR), now + 2 * HOUR)
        matter = act(matter, "resume", by=self._owner(matter), at=now + 50 * HOUR).matter
        self._answer(self._solve(matter, now + 60 * HOUR), now + 70 * HOUR)

    def _rerouted(self, now: datetime) -> None:
        matter = self._raised(now, category="other")
        to = self.town.organisations[self.chance.choice(("urban", "utilities", "fire"))].code
        why = {"organisation": to, "words": words.ROUTED[0]}
        matter = act(matter, "reroute", by=self.clerk, at=now + HOUR, data=why).matter
        matter, now = self._solved(matter, now + HOUR)
        self._answer(matter, now + 5 * HOUR)

    def _late(self, now: datetime) -> None:
        matter = self._raised(now)
        act(matter, "late", by=None, at=matter.due_at)
        matter, now = self._solved(matter, now + 30 * HOUR)
        self._answer(matter, now + 5 * HOUR)

    def _declined(self, now: datetime) -> None:
        why = {"words": self.chance.choice(words.DECLINED)}
        act(self._raised(now), "decline", by=self.clerk, at=now + 2 * HOUR, data=why)

    def _withdrawn(self, now: datetime) -> None:
        matter = self._raised(now)
        act(matter, "withdraw", by=matter.requester, at=now + HOUR / 2)

    def _open(self, stage: str, number: int, place: Place) -> None:
        """Something of these days that is not over."""
        ago = {"raised": 0.3 + number % 5 * 0.4, "late": 40.0}.get(stage, 5.0 + number * 1.7 % 30)
        now = self.at - ago * HOUR
        matter = self._raised(now, place=place, unnamed=number % 7 == 3)
        if stage in ("raised", "late"):
            return
        matter = self._accept(matter, now + HOUR)
        if stage == "solved":
            self._solve(matter, now + 3 * HOUR)
        elif stage in ("pausing", "paused"):
            self._pause(matter, now + 2 * HOUR, approved=stage == "paused")

    def _one_reply(self, near: list[Place]) -> None:
        """A row of lamps that went out together was closed with one reply."""
        now = self._morning(4)
        lamps = [self._accept(self._raised(now, place=place, category="lights"), now + HOUR) for place in near[:5]]
        act_on_many(
            by=self.clerk, numbers=[m.pk for m in lamps], action="solve", words=words.RESULTS[1], at=now + 20 * HOUR,
            key="demo-lamps",
        )  # fmt: skip

    def _raised(
        self,
        now: datetime,
        *,
        by: Account | None = None,
        place: Place | None = None,
        category: str = "",
        unnamed: bool = False,
        source: str = "page",
    ) -> Matter:
        self.told += 1
        resident = by or self.chance.choice(self.town.residents)
        place = place or self.chance.choice(self.town.buildings if self.told % 4 == 0 else self.town.inner_buildings)
        category = category or self.chance.choices(self.codes, WEIGHTS)[0]
        spot = from_local_m(
            self.chance.uniform(-25, 25), self.chance.uniform(-25, 25), Point(place.lng or 0.0, place.lat or 0.0)
        )
        data: dict[str, Any] = {
            "category": category, "words": self.chance.choice(words.REPORTED[category]), "lat": spot.lat,
            "lng": spot.lng, "private": self.told % 17 == 0, "source": source,
        }  # fmt: skip
        photos = [snapshot(category, self.told)] if self.told % 2 or source == "courier" else []
        sender = None if unnamed else resident
        return raise_report(by=sender, place=place, data=data, at=now, files=photos).matter

    def _owner(self, matter: Matter) -> Account:
        """Whoever acts for the organisation at that place, else the clerk."""
        return self.officers.get(matter.organisation_id, self.clerk) if matter.organisation_id else self.clerk

    def _accept(self, matter: Matter, now: datetime) -> Matter:
        return act(matter, "accept", by=self._owner(matter), at=now).matter

    def _solve(self, matter: Matter, now: datetime) -> Matter:
        category = matter.report.category
        shown = [snapshot(category, matter.pk, done=True)] if category in self.photo_needed else []
        told = {"words": self.chance.choice(words.RESULTS)}
        return act(matter, "solve", by=self._owner(matter), at=now, data=told, files=shown).matter

    def _solved(self, matter: Matter, now: datetime) -> tuple[Matter, datetime]:
        accepted = now + self.chance.uniform(0.2, 3) * HOUR
        done = accepted + self.chance.uniform(2, 26) * HOUR
        return self._solve(self._accept(matter, accepted), done), done

    def _answer(self, matter: Matter, now: datetime) -> None:
        act(matter, "confirm", by=matter.requester, at=now)

    def _lapse(self, matter: Matter, now: datetime) -> None:
        if matter.due_at is not None and matter.due_at < self.at:
            act(matter, "lapse", by=None, at=matter.due_at)

    def _pause(self, matter: Matter, now: datetime, *, approved: bool = True) -> Matter:
        reason, why = self.chance.choice(words.PAUSED)
        asked = {"reason": reason, "words": why}
        matter = act(matter, "ask_pause", by=self._owner(matter), at=now, data=asked).matter
        return act(matter, "approve_pause", by=self.second, at=now + HOUR).matter if approved else matter

    def _morning(self, ago: float) -> datetime:
        """Some time of the day so many days ago, early enough for all to end before now."""
        day = (self.at - timedelta(days=max(ago, 4))).astimezone(SHANGHAI)
        return day.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(minutes=self.chance.randrange(600))
