"""The year of the demo district's volunteers, told in the order of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.desks.volunteering.demo import people
from linhe.desks.volunteering.demo.activities import Activities
from linhe.lib.working_calendar import SHANGHAI

CHIEFS, UNIT_CHIEFS, HOUSEHOLDS = 742, 1412, 811
"""How many hold each post at the end of the story."""
LEFT = 5
"""So many of each left during the year and were replaced or not."""
PER_COMPOUND = 2
WAITING_HOURS = 5
"""So many of the latest logs of hours wait to be confirmed."""
REASONS = ("term", "moved", "health", "work")
ITEMS = ("matters", "groups", "keys", "privacy")
NEEDS = ("law", "clinic", "repair", "care", "cleaning", "policy", "culture", "patrol")
THEMES = ("law", "clinic", "care", "policy", "repair", "culture", "cleaning", "patrol")


class Year:
    """Everything that happened, from a deterministic chance."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 11) -> None:
        self.town, self.at, self.chance = town, at, Random(seed)
        self.worker, self.second = town.workers()

    def tell(self) -> None:
        """Posts, check-ins, activities, needs, hours, evaluations."""
        branches = people.branches(self.town)
        members = people.members(self.town)
        self._posts()
        self._check_ins(branches, members)
        organiser = people.organiser(self.town, branches[0], self.at - timedelta(days=400))
        Activities(self.town, members, branches, organiser, at=self.at).tell()
        self._needs(branches)
        self._hours(members)
        self._evaluations()

    def _posts(self) -> None:
        """One event a post: appointed by the community. A few left, some were handed over, some wait."""
        seats = (
            [("building_chief", place) for place in self.town.buildings[: CHIEFS + LEFT]]
            + [("unit_chief", place) for place in self.town.units[: UNIT_CHIEFS + LEFT]]
            + [("centre_household", place) for place in self._compounds(HOUSEHOLDS + LEFT)]
        )
        holders = people.holders(self.town, len(seats) + 3)
        since = self.at - timedelta(days=330)
        told: dict[str, list[Matter]] = {}
        for number, ((role, place), who) in enumerate(zip(seats, holders, strict=False)):
            moment = since + timedelta(days=number % 120, minutes=number % 480)
            told.setdefault(role, []).append(self._appoint(role, place, who, moment))
        for role, matters in told.items():
            for number, matter in enumerate(matters[:LEFT]):
                moment = self.at - timedelta(days=60 - number * 9)
                act(matter, "end", by=self.worker, data={"reason": REASONS[number % len(REASONS)]}, at=moment)
            self._open_ends(role, matters, holders[len(seats) :])

    def _open_ends(self, role: str, matters: list[Matter], spare: list[Account]) -> None:
        """A hand-over that is done, one that waits, and a candidate: what a worker finds to do today."""
        done, waiting = matters[LEFT], matters[LEFT + 1]
        number = ("building_chief", "unit_chief", "centre_household").index(role)
        data = {"successor_id": spare[number].pk, "reason": "moved", "items": list(ITEMS)}
        act(done, "hand_over", by=self.worker, data=data, at=self.at - timedelta(days=12))
        who = waiting.beneficiary
        act(
            waiting,
            "resign",
            by=who,
            data={"reason": "work", "words": "工作调动，照顾不过来"},
            at=self.at - timedelta(days=2),
        )
        candidate = self.town.residents[number]
        data = {"role": role}
        begin(
            "posting", "nominate", by=self.worker, place=matters[0].place, beneficiary=candidate, data=data,
            at=self.at - timedelta(days=1, hours=number),
        )  # fmt: skip

    def _appoint(self, role: str, place: Place, who: Account, moment: datetime) -> Matter:
        return begin(
            "posting", "appoint", by=self.worker, place=place, data={"role": role}, beneficiary=who, at=moment
        ).matter

    def _compounds(self, count: int) -> list[Place]:
        found = [place for place in self.town.compounds for _ in range(PER_COMPOUND)]
        return found[:count]

    def _check_ins(self, branches: list[Organisation], members: list[Account]) -> None:
        since = self.at - timedelta(days=398)
        for number, branch in enumerate(branches):
            for turn in range(2):
                compound = self.town.compounds[(number * 2 + turn) % len(self.town.compounds)]
                offers = [THEMES[(number + n) % len(THEMES)] for n in range(3)]
                moment = self.at - timedelta(days=300 - number * 9) if turn else since + timedelta(hours=number)
                self._begin("check_in", "check_in_organisation", compound, moment,
                            organisation=branch.code, offers=offers)  # fmt: skip
        for number, member in enumerate(members):
            branch = branches[number % len(branches)]
            assert member.home is not None
            begin(
                "check_in", "enrol", by=self.worker, place=member.home, beneficiary=member,
                data={"organisation": branch.code}, at=since + timedelta(hours=number),
            )  # fmt: skip
        asking = self.town.residents[5]
        if asking.home is not None:
            begin("check_in", "check_in", by=asking, place=asking.home, data={"organisation": branches[3].code},
                  at=self.at - timedelta(hours=20))  # fmt: skip

    def _needs(self, branches: list[Organisation]) -> None:
        """Twenty-four needs round the loop, and four that are open at each of its stages."""
        for number in range(28):
            branch = branches[number % len(branches)]
            place = self.town.compounds[(number % len(branches)) * 2]
            begun = self.at - timedelta(days=300 - number * 11 if number < 24 else 28 - number)
            need = self._begin(
                "need", "raise", place, begun, theme=NEEDS[number % len(NEEDS)], words="居民反映，请帮忙安排"
            )
            steps: list[tuple[str, Account, dict[str, Any]]] = [
                ("match", self.worker, {"organisation": branch.code}),
                ("deliver", self.worker, {"people": 8 + number, "minutes": 90}),
                ("feed_back", self.second, {"stars": 4 + number % 2, "words": "效果不错"}),
                ("confirm", self.second, {}),
            ]
            for turn, (action, by, data) in enumerate(steps[: 4 if number < 24 else number - 24]):
                need = act(need, action, by=by, data=data, at=begun + timedelta(hours=10 * (turn + 1))).matter

    def _hours(self, members: list[Account]) -> None:
        today = self.at.astimezone(SHANGHAI).date()
        for number, member in enumerate(members[:30]):
            assert member.home is not None
            moment = self.at - timedelta(days=number % 25, hours=3)
            day = moment.astimezone(SHANGHAI).date()
            data = {
                "theme": THEMES[number % len(THEMES)],
                "day": min(day, today).isoformat(),
                "minutes": 60 + number % 4 * 30,
            }
            log = begin("hours", "log", by=member, place=member.home, data=data, at=moment).matter
            if number >= WAITING_HOURS:
                act(log, "confirm", by=self.worker, at=moment + timedelta(hours=2))

    def _evaluations(self) -> None:
        """Last year's is confirmed, this year's is open."""
        year = (self.at - timedelta(days=40)).astimezone(SHANGHAI).year
        opened = datetime(year, 1, 6, 9, 0, tzinfo=SHANGHAI)
        community = self.town.people["demo-worker"].posts.get().place
        for place in (self.town.district, community):
            last = self._begin("evaluation", "open", place, opened, year=year - 1)
            act(last, "compute", by=self.worker, at=opened + timedelta(hours=1))
            act(last, "confirm", by=self.second, at=opened + timedelta(days=20))
            this = self._begin("evaluation", "open", place, self.at - timedelta(days=2), year=year)
            act(this, "compute", by=self.worker, at=self.at - timedelta(days=1))

    def _begin(self, kind: str, action: str, place: Place, moment: datetime, **data: Any) -> Matter:
        return begin(kind, action, by=self.worker, place=place, data=data, at=moment).matter
