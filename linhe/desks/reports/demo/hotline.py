"""Hotline orders of this and the last quarter, and of the same quarters a year before: the figures come of them.

Complaints about property companies are told so that the last full quarter has 73 where a year before there were 100,
and this quarter so far has 27 % fewer than a year before as well. Nothing of this is written into a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from linhe.core.demo import DemoTown
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place
from linhe.desks.reports.models import ApiKey
from linhe.desks.reports.services.keys import make_key
from linhe.lib.periods import Quarter, Stretch
from linhe.lib.working_calendar import SHANGHAI

BEFORE, AFTER, FALL_PERCENT = 100, 73, 27
BEFORE_SO_FAR = 60
"""Complaints of a year before in a whole quarter, of which this quarter's first days have their share."""
OTHERS = 24
"""Orders of the other categories in a quarter of this year."""
TODAY = 14
"""Orders of the last days besides, most of them in the community of the demo's worker and still open."""
FRESH_DAYS = 4
PROPERTY = (
    "{b}的电梯三天两头停，老人上下楼不方便", "{b}楼道灯坏了半个月没人修", "物业费涨了没有公示",
    "垃圾桶满了两天没有清运", "门禁坏了，外人随便进出", "地下车库积水，物业没有处理", "报修三次没有人上门",
    "绿化带被改成了停车位", "保洁一周没来{b}", "公共收益从来没有公布过",
)  # fmt: skip
OTHER = {
    "noise": ("夜里十一点还在施工", "广场舞音响太大", "楼上装修不分时间"),
    "heating": ("家里暖气不热", "停水没有提前通知", "水压太小，三楼以上用不了"),
    "street": ("路边摊占了人行道", "垃圾车早上五点就来，太吵", "公厕没有打扫"),
    "traffic": ("门口乱停车，消防车进不来", "路口的红绿灯坏了"),
    "safety": ("有人从窗户拉线给电动车充电", "楼道里堆满了纸箱"),
    "neighbours": ("楼上漏水，邻居不肯修", "邻居在公共走廊养鸡"),
    "building": ("顶楼私自加盖", "外墙皮往下掉"),
}  # fmt: skip
ANSWERS = (
    "已安排人员到场处理，当天修复，后续每周检查一次。", "已约谈物业公司，三日内整改到位，社区跟进。",
    "经核实情况属实，已督促整改并公示结果。", "已与来电人说明情况，按规定分期处理。",
)  # fmt: skip
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Planned:
    """An order to come."""

    at: datetime
    category: str


def fewer(before: int) -> int:
    """So many after the fall; ``before`` is chosen by :func:`fair_count` so that it is that fall to the percent."""
    return round(before * (100 - FALL_PERCENT) / 100)


def fair_count(wanted: int) -> int:
    """The largest number up to ``wanted`` whose fall can be shown as the whole percentage, 0 when there is none."""
    return next((n for n in range(wanted, 0, -1) if round(100 * (n - fewer(n)) / n) == FALL_PERCENT), 0)


class Hotline:
    """Tells the orders one after the other, each to its end; the youngest stay open."""

    def __init__(self, town: DemoTown, *, at: datetime, seed: int = 12345) -> None:
        self.town, self.at, self.chance, self.number = town, at, Random(seed), 0
        self.clerk = self._appointed("demo-hotline", "侯立志", 1901, "district_officer")
        self.administrator = self._appointed("demo-administrator", "孔德明", 1902, "administrator")
        self.companies: dict[int, Organisation | None] = {}
        self.managers: dict[int, Account] = {}
        held = Post.objects.filter(role="property_manager", place__in=town.compounds).select_related("account")
        for post in held.select_related("organisation", "account").order_by("-id"):
            self.companies[post.place_id] = post.organisation
            self.managers[post.place_id] = post.account
        self.near = [place for place in town.compounds if place.community_id == town.communities[0].pk]

    def tell(self) -> None:
        """All orders in the order of their days; then two keys, so that the page of keys shows what they look like."""
        for order in sorted(self._planned(), key=lambda one: one.at):
            self._order(order)
        for name, purpose in (("城市 12345 平台", ApiKey.Purpose.HOTLINE), ("“掌上城市”应用", ApiKey.Purpose.OPEN311)):
            make_key(
                by=self.administrator, name=name, purpose=purpose.value, place=self.town.district, on_trial=False,
                at=self.at, request_key=f"demo-{purpose.value}",
            )  # fmt: skip

    def _planned(self) -> list[Planned]:
        this = Quarter.of(self.at)
        last = Quarter(this.year, this.number - 1) if this.number > 1 else Quarter(this.year - 1, 4)
        first, after = this.stretch()
        share = (self.at - first) / (after - first)
        now, year_ago = (first, self.at), self._a_year_before((first, self.at))
        before = fair_count(round(BEFORE_SO_FAR * share))
        counts: list[tuple[Stretch, int, int]] = [
            (Quarter(last.year - 1, last.number).stretch(), BEFORE, 0), (last.stretch(), AFTER, OTHERS),
            (year_ago, before, 0), (now, fewer(before), round(OTHERS * share)),
        ]  # fmt: skip
        fresh = (max(first, self.at - timedelta(days=FRESH_DAYS)), self.at)
        counts.append((fresh, 0, TODAY))
        return [
            Planned(moment, category)
            for stretch, complaints, others in counts
            for category in ["property"] * complaints + [self.chance.choice(tuple(OTHER)) for _ in range(others)]
            for moment in [self._moment(stretch)]
        ]

    def _a_year_before(self, stretch: Stretch) -> Stretch:
        """The same days of the year before, by the calendar, so that the 29th of February does no harm."""
        first, after = (moment.astimezone(SHANGHAI) for moment in stretch)
        days = after - first
        begun = first.replace(year=first.year - 1)
        return begun, begun + days

    def _moment(self, stretch: Stretch) -> datetime:
        """Some time of the day in the stretch, more often at the times when people call."""
        first, after = stretch
        day = first + (after - first) * self.chance.random()
        called = day.astimezone(SHANGHAI).replace(hour=8 + self.chance.randrange(11), minute=self.chance.randrange(60))
        return called if first <= called < after else day

    def _order(self, order: Planned) -> None:
        fresh = self.at - order.at < timedelta(days=FRESH_DAYS)
        compound = self.chance.choice(self.near if fresh and self.chance.random() < 0.7 else self.town.compounds)
        company = self.companies.get(compound.pk) if order.category == "property" else None
        self.number += 1
        matter = begin(
            "hotline", "receive", by=None, place=compound, at=order.at,
            data={
                "number": f"DEMO-{order.at.astimezone(SHANGHAI):%Y%m%d}-{self.number:04}", "category": order.category,
                "called_at": (order.at - timedelta(minutes=self.chance.randrange(1, 20))).isoformat(),
                "content": self._content(order.category), "address": f"{compound.name}{self.chance.randint(1, 6)}号楼",
                "organisation": company.code if company else "", "unit": company.name if company else "",
                "caller": f"{'王李张刘陈'[self.number % 5]}女士", "phone": f"1990009{self.number:04d}",
                "source": "api",
            },
        ).matter  # fmt: skip
        self._go_on(matter, compound, order.at)

    def _go_on(self, matter: Matter, compound: Place, begun: datetime) -> None:
        """Most are answered within two days and called back a day later; a few too late; the youngest wait."""
        due = matter.due_at
        assert due is not None
        late = self.chance.random() < 0.07
        answered = due + 20 * HOUR if late else begun + HOUR * self.chance.uniform(3, 52)
        if late and due < self.at:
            act(matter, "late", by=None, at=due)
        fresh = self.at - begun < timedelta(days=FRESH_DAYS)
        if answered >= self.at or (fresh and self.chance.random() < 0.6):
            return
        self._answer(matter, compound, answered)
        called_back = answered + HOUR * self.chance.uniform(10, 40)
        if called_back < self.at:
            satisfied = self.chance.random() < (0.6 if late else 0.93)
            act(matter, "call_back", by=self.clerk, at=called_back, data={"satisfied": satisfied})

    def _answer(self, matter: Matter, compound: Place, answered: datetime) -> None:
        """By the company's manager where there is one in office on that day, else by the clerk."""
        manager = self.managers.get(compound.pk) if matter.organisation_id else None
        in_office = manager is not None and answered >= self.at - timedelta(days=390)
        data = {"result": self.chance.choice(("solved", "solved", "explained")), "words": self.chance.choice(ANSWERS)}
        by: Account = manager if in_office and manager is not None else self.clerk
        act(matter, "answer", by=by, at=answered, data=data)

    def _content(self, category: str) -> str:
        text = self.chance.choice(PROPERTY if category == "property" else OTHER[category])
        return text.format(b=f"{self.chance.randint(1, 6)}号楼")

    def _appointed(self, username: str, name: str, number: int, role: str) -> Account:
        account = self.town.person(username, name, number)
        Post.objects.get_or_create(
            account=account, role=role, place=self.town.district, defaults={"valid_from": self.at - timedelta(days=800)}
        )  # fmt: skip
        return account
