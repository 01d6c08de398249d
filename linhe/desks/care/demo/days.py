"""Half a year of days of those who agreed: mostly a curtain seen open, now and then an alarm that ended well."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.care import services
from linhe.desks.care.loop import DAILY_CHECK
from linhe.desks.care.models import Enrolment, Side
from linhe.desks.care.queries.people import chief_of
from linhe.lib.working_calendar import SHANGHAI

PAST_DAYS, ELDERS = 180, 45
SIGNS = ("curtain", "glance", "tap", "seen")
SHARES = (66, 31, 2, 1)
ALARMS = {20: "chief", 60: "worker", 75: "chief", 110: "chief", 140: "worker", 165: "chief"}
"""On these days somebody did not answer, and who saw them in the end."""
WINDOWS = ("三楼左手第二扇，蓝窗帘", "二楼阳台，白纱帘", "五楼东头，花窗帘", "一楼南窗，竹帘", "四楼右手，绿窗帘")
HABITS = ("六点半起床，早饭后下楼走走", "每天上午听戏", "周三去女儿家吃午饭", "腿脚慢，敲门多等一会儿", "")
CHIEFS = 18


class Days:
    """Those who agreed, and their past."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 11) -> None:
        self.town, self.at, self.chance = town, at, Random(seed)
        self.neighbours = town.residents[: ELDERS // 3]
        self.elders: list[Account] = []
        self.enrolments: list[Enrolment] = []
        self.chiefs: dict[int, Account | None] = {}

    def tell(self) -> None:
        """Enrol everyone, then go from day to day."""
        self._enrol()
        for ago in range(PAST_DAYS, 0, -1):
            day = (self.at - timedelta(days=ago)).astimezone(SHANGHAI)
            alarmed = self.chance.randrange(1, len(self.enrolments)) if ago in ALARMS else None
            for number, enrolment in enumerate(self.enrolments):
                matter = self.open(enrolment, day.replace(hour=5, minute=30, second=0, microsecond=0))
                if number == alarmed:
                    self._alarm(matter, enrolment, day, until=ALARMS[ago])
                else:
                    self._sign(matter, enrolment, day)

    def open(self, enrolment: Enrolment, moment: datetime) -> Matter:
        """A day begins."""
        return begin(
            DAILY_CHECK.code, "open", by=None, place=enrolment.community, beneficiary=enrolment.person, at=moment
        ).matter

    def _sign(self, matter: Matter, enrolment: Enrolment, day: datetime) -> None:
        sign = self.chance.choices(SIGNS, weights=SHARES)[0]
        due = datetime.combine(day.date(), enrolment.check_time, SHANGHAI)
        moment = due - timedelta(minutes=self.chance.randrange(5, 90))
        by = {"curtain": enrolment.neighbour, "tap": enrolment.person, "seen": enrolment.neighbour}.get(sign)
        act(matter, sign, by=by, at=moment)

    def _alarm(self, matter: Matter, enrolment: Enrolment, day: datetime, *, until: str) -> None:
        moment = datetime.combine(day.date(), enrolment.check_time, SHANGHAI)
        act(matter, "ask_neighbour", by=None, at=moment)
        moment += timedelta(minutes=30)
        act(matter, "ask_chief", by=None, at=moment)
        who = self.chiefs[enrolment.pk]
        if until == "worker" or who is None:
            moment += timedelta(minutes=30)
            act(matter, "ask_worker", by=None, at=moment)
            who = self.town.workers()[0]
        found = {"words": "起夜摔了一下，已陪去医院"}
        if until == "worker" and self.chance.random() < 0.5:
            act(matter, "needs_help", by=who, data=found, at=moment + timedelta(minutes=18))
            settled = {"words": "女儿已到，安置妥当"}
            act(matter, "settle", by=self.town.workers()[0], data=settled, at=moment + timedelta(hours=3))
            return
        act(matter, "seen", by=who, data={"how": "met", "words": "睡过头了"}, at=moment + timedelta(minutes=15))

    def _enrol(self) -> None:
        since = self.at - timedelta(days=PAST_DAYS + 3)
        first = self.town.communities[0].pk  # the demo's worker is at home there
        homes = [b for b in self.town.inner_buildings if b.community_id == first][3:21:2]
        homes += [b for n, b in enumerate(self.town.inner_buildings) if n % 4 == 2 and b.community_id != first]
        crowd = self.town.crowd("care-elder", ELDERS - 1, homes)
        self.elders = [self.town.people["demo-elder"], *crowd]
        worker = self.town.workers()[0]
        for number, elder in enumerate(self.elders):
            home = self._home_of(elder)
            wish = services.Wish(
                home=home, check_time=time(8 + number % 3, 30 * (number % 2)), door=elder.door or "三单元二零一",
                look_for=WINDOWS[number % 5], habits=HABITS[number % 5], side=Side.values[number % 5],
                neighbour=self.neighbours[number % len(self.neighbours)], couriers_look=number % 3 != 2,
                family_sees_steps=True, meter=f"W{number:06d}" if number % 4 == 0 else "",
                contacts=(services.Relative("贺晓春", f"199000090{number:02d}", "女儿"),),
            )  # fmt: skip
            by, how = (elder, "self") if number % 2 == 0 else (worker, "signed")
            enrolment = services.enrol(person=elder, by=by, wish=wish, how=how, at=since)
            known = Enrolment.objects.select_related("person", "community", "neighbour", "home")
            self.enrolments.append(known.get(pk=enrolment.pk))
            self.chiefs[enrolment.pk] = chief_of(enrolment, at=self.at)

    def _home_of(self, elder: Account) -> Place:
        """The demo's elder lives in the unit of its chief."""
        assert elder.home is not None
        if elder.username != "demo-elder":
            return elder.home
        chief = self.town.people["demo-unit-chief"].posts.filter(role="unit_chief").select_related("place").first()
        return chief.place if chief else elder.home
