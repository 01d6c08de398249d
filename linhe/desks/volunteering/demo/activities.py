"""The activities of the demo district: held over two years, some coming, one today with its code on."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.desks.volunteering.models import ActivityDetail
from linhe.desks.volunteering.services import code_now
from linhe.lib.working_calendar import SHANGHAI

HELD, BEFORE, COMING = 184, 12, 9
"""Held this past year, held the year before (for last year's evaluation), coming."""
KINDS = (
    ("clinic", "健康义诊进小区"), ("law", "普法大讲堂"), ("sports", "邻里趣味运动会"), ("cleaning", "清洁家园"),
    ("patrol", "平安夜巡"), ("care", "陪老人聊聊天"), ("repair", "便民维修日"), ("policy", "政策宣讲进楼栋"),
)  # fmt: skip
VENUES = ("小区广场", "社区活动室", "3号楼前", "党群服务站", "中心花园")
TOOK_PART = (3, 4, 3, 4, 3)


class Activities:
    """Publishes, fills, holds."""

    def __init__(
        self, town: DemoTown, members: list[Account], branches: list[Organisation], organiser: Account, *, at: datetime
    ) -> None:
        self.town, self.members, self.branches, self.organiser = town, members, branches, organiser
        self.at, self.chance = at, Random(23)
        self.worker = town.workers()[0]

    def tell(self) -> None:
        """The oldest first."""
        for number in range(BEFORE):
            self._held(number, self.at - timedelta(days=386 - number))
        for number in range(HELD):
            self._held(BEFORE + number, self.at - timedelta(days=362 - number * 360 // HELD))
        for number in range(COMING):
            self._coming(number)
        self._today()

    def _held(self, number: int, day: datetime) -> None:
        starts_at = day.astimezone(SHANGHAI).replace(hour=9 + number % 8, minute=0, second=0, microsecond=0)
        activity = self._publish(number, starts_at, 120, capacity=30, at=starts_at - timedelta(days=5))
        count = TOOK_PART[number % len(TOOK_PART)]
        came = [self.members[(number * 5 + n * 11) % len(self.members)] for n in range(count)]
        for turn, who in enumerate(dict.fromkeys(came)):
            self._arrive(activity, who, starts_at + timedelta(minutes=turn * 2 - 4))
        ends_at = starts_at + timedelta(minutes=122)
        done = act(activity, "finish", by=self.worker, data={"guests": number * 7 % 40}, at=ends_at).matter
        if number % 4 == 0:
            act(done, "feed_back", by=came[0], data={"stars": 5 - number % 3 // 2, "words": "很实用"}, at=ends_at)
        if (self.at - ends_at).days > 3:
            act(done, "close", by=None, at=ends_at + timedelta(days=3))

    def _coming(self, number: int) -> None:
        day = (self.at + timedelta(days=1 + number * 2)).astimezone(SHANGHAI)
        starts_at = day.replace(hour=9 + number % 3 * 5, minute=30, second=0, microsecond=0)
        activity = self._publish(
            number, starts_at, 120, capacity=6 if number == 1 else 20, at=self.at - timedelta(days=2)
        )
        for n in range(8 if number == 1 else 4):
            who = self.members[(number * 17 + n * 3) % len(self.members)]
            act(activity, "sign_up", by=who, at=self.at - timedelta(hours=20 - n))

    def _today(self) -> None:
        """Under way now: the screen shows its code."""
        starts_at = (self.at - timedelta(minutes=10)).replace(second=0, microsecond=0)
        activity = self._publish(0, starts_at, 240, capacity=20, at=self.at - timedelta(days=3))
        for n in range(7):
            act(activity, "sign_up", by=self.members[n * 2], at=self.at - timedelta(days=1))
        for n in range(3):
            self._arrive(activity, self.members[n * 2], self.at - timedelta(minutes=6 - n))

    def _publish(self, number: int, starts_at: datetime, minutes: int, *, capacity: int, at: datetime) -> Matter:
        theme, title = KINDS[number % len(KINDS)]
        community, branch = self.town.communities[number % 6], self.branches[number % len(self.branches)]
        data = {
            "theme": theme, "title": title, "venue": VENUES[number % len(VENUES)], "capacity": capacity,
            "words": "欢迎街坊邻居来参加，现场有志愿者引导。", "organisation": branch.code,
            "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(minutes=minutes)).isoformat(),
        }  # fmt: skip
        by = self.worker
        if number % len(self.branches) == 0:
            by = self.organiser  # speaks for the first branch
        return begin("activity", "publish", by=by, place=community, data=data, at=at).matter

    def _arrive(self, activity: Matter, who: Account, moment: datetime) -> None:
        detail = ActivityDetail.objects.select_related("matter__place").get(pk=activity.pk)
        act(activity, "arrive", by=who, data={"code": code_now(detail, at=moment)[0]}, at=moment)
