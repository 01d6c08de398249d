"""Reads of 12345 orders: the list, one order as a reader may see it, the rates, and what is exported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from linhe.core.dated import value
from linhe.core.indicators.periods import Period, days_of
from linhe.core.loop.access import read_by_posts, visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import PAGE_SIZE, Page, page_of
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place, within
from linhe.desks.reports.loop.hotline import ANSWERED, CLERKS, CLOSED, HOTLINE, RECEIVED
from linhe.desks.reports.models import HotlineOrder
from linhe.desks.reports.schemas.hotline import RESULTS
from linhe.lib.masking import address_to_building, mask_phone
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

KNOW_CALLERS = (*CLERKS, "community_worker")
"""Whoever answers or calls back; companies, departments and auditors see the issue only."""
ANSWERS = 200
BY = ("organisation", "category", "place")
_LONG_NUMBER = re.compile(r"[0-9][0-9 -]{5,}[0-9Xx]")


@dataclass(frozen=True, slots=True)
class OrderCategory:
    """A category of the hotline and the other names that files use for it."""

    code: str
    name: Text
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which orders a list or a rate is about."""

    state: str = ""
    category: str = ""
    organisation: str = ""
    place: Place | None = None
    period: Period = "all"


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as one reader may see it: whoever may not know the caller gets no name, number or door."""

    number: str
    category: Text
    content: str
    address: str
    unit: str
    called_at: datetime
    limit_at: datetime
    result: Text | None
    in_time: bool | None
    satisfied: bool | None
    caller: str
    masked_phone: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What a company, a category or a place came to; shares are None where there is nothing to divide by."""

    key: str
    name: Text
    raised: int
    answered: int
    in_time: int
    late: int
    called_back: int
    satisfied: int

    @property
    def in_time_share(self) -> float | None:
        """Answered within the limit, of those answered or late."""
        due = self.in_time + self.late
        return self.in_time / due if due else None

    @property
    def satisfied_share(self) -> float | None:
        """Satisfied, of those called back."""
        return self.satisfied / self.called_back if self.called_back else None

    @property
    def in_time_percent(self) -> int | None:
        """As a whole number for pages."""
        return None if self.in_time_share is None else round(100 * self.in_time_share)

    @property
    def satisfied_percent(self) -> int | None:
        """As a whole number for pages."""
        return None if self.satisfied_share is None else round(100 * self.satisfied_share)


def categories(*, at: datetime, place_code: str = "") -> list[OrderCategory]:
    """The categories in force, in the order of the table."""
    return [
        OrderCategory(row["code"], Text(row["zh"], row["en"]), tuple(row["also"]))
        for row in value("reports.hotline_categories", at=at, place_code=place_code)
    ]


def asked_orders(account: Account, asked: Asked, *, at: datetime) -> QuerySet[Matter]:
    """The orders that someone may read and that the filters leave."""
    rows = visible_to(account, at=at, place=asked.place, kind=HOTLINE.code)
    rows = rows.select_related("hotline", "place", "organisation")
    if asked.category:
        rows = rows.filter(hotline__category=asked.category)
    if asked.organisation:
        none = asked.organisation == "none"
        rows = rows.filter(organisation__isnull=True) if none else rows.filter(organisation__code=asked.organisation)
    if asked.period != "all":
        first, after = _moments(asked.period, at)
        rows = rows.filter(hotline__received_at__gte=first, hotline__received_at__lt=after)
    return rows.filter(_in_state(asked.state, at))


def orders_page(
    account: Account, asked: Asked, *, at: datetime, before: int | None = None, size: int = PAGE_SIZE
) -> Page[Matter]:
    """A page of orders, newest first."""
    return page_of(asked_orders(account, asked, at=at), before=before, size=size)


def answers_page(place: Place, *, since_at: datetime | None, before: int | None) -> Page[Matter]:
    """A page of the answered orders of a territory, for the hotline's own system."""
    rows = Matter.objects.filter(within(place), kind="hotline", hotline__answered_at__isnull=False)
    if since_at is not None:
        rows = rows.filter(hotline__answered_at__gte=since_at)
    return page_of(rows.select_related("hotline", "organisation"), before=before, size=ANSWERS)


def waiting(account: Account, *, at: datetime) -> dict[str, int]:
    """How many orders wait for what, for the tabs of the list."""
    rows = visible_to(account, at=at).filter(kind="hotline", closed_at__isnull=True)
    return rows.aggregate(
        open=Count("pk", filter=_in_state("open", at)), late=Count("pk", filter=_in_state("late", at)),
        answered=Count("pk", filter=_in_state("answered", at)),
    )  # fmt: skip


def rates(account: Account, asked: Asked, by: str, *, at: datetime) -> list[Rate]:
    """Raised, answered in time and satisfied per company, category or place; the largest first."""
    late = Q(in_time=False) | Q(in_time__isnull=True, limit_at__lt=at)
    rows = (
        _orders_of(account, asked, at=at)
        .order_by()
        .values(key=F({"place": f"at_{_level_below(asked.place)}_id", "organisation": "organisation_id"}.get(by, by)))
        .annotate(
            raised=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time_count=Count("pk", filter=Q(in_time=True)),
            late=Count("pk", filter=late),
            called_back=Count("pk", filter=Q(satisfied__isnull=False)),
            satisfied_count=Count("pk", filter=Q(satisfied=True)),
        )
    )
    found = list(rows)
    named = _named(by, [row["key"] for row in found if row["key"]], at=at)
    nobody = Text("社区（未交办单位）", "the community itself") if by == "organisation" else Text("其他", "elsewhere")
    counted = [_rate(row, *named.get(row["key"], ("none", nobody))) for row in found]
    return sorted(counted, key=lambda rate: (-rate.raised, rate.key))


def _orders_of(account: Account, asked: Asked, *, at: datetime) -> QuerySet[HotlineOrder]:
    """The orders that a rate is about, as the reader's posts allow. Their matters are not asked: an index of the
    orders alone holds what is counted."""
    rows = HotlineOrder.objects.filter(read_by_posts(account, at=at, place=asked.place, kind=HOTLINE))
    if asked.place is not None:
        rows = rows.filter(within(asked.place))
    if asked.category:
        rows = rows.filter(category=asked.category)
    if asked.period != "all":
        first, after = _moments(asked.period, at)
        rows = rows.filter(received_at__gte=first, received_at__lt=after)
    return rows


def _moments(period: Period, at: datetime) -> tuple[datetime, datetime]:
    first, after = (datetime.combine(day, time(), SHANGHAI) for day in days_of(period, at))
    return first, after


def _rate(row: Mapping[str, Any], code: str, name: Text) -> Rate:
    return Rate(
        code, name, row["raised"], row["answered"], row["in_time_count"], row["late"], row["called_back"],
        row["satisfied_count"],
    )  # fmt: skip


def knows_callers(account: Account, matter: Matter, *, at: datetime) -> bool:
    """Whether somebody may see who called about a matter."""
    return any(p.role in KNOW_CALLERS and p.place.contains(matter) for p in posts_of(account, at=at))


def order_view(matter: Matter, *, reader: Account, at: datetime) -> OrderView:
    """The order of a matter, without the caller for those who only need the issue."""
    order: HotlineOrder = matter.hotline
    names = {one.code: one.name for one in categories(at=order.received_at)}
    knows = knows_callers(reader, matter, at=at)
    return OrderView(
        number=order.number, category=names.get(order.category, Text(order.category, order.category)),
        content=without_numbers(order.content if knows else without_name(order.content, order.caller)),
        address=order.address if knows else address_to_building(order.address), unit=order.unit,
        called_at=order.called_at, limit_at=order.limit_at, result=result_name(order.result), in_time=order.in_time,
        satisfied=order.satisfied, caller=order.caller if knows else "",
        masked_phone=mask_phone(order.phone) if knows else "",
    )  # fmt: skip


def without_name(content: str, caller: str, *, instead: str = "来电人") -> str:
    """What is wrong, without the caller's name."""
    return content.replace(caller, instead) if len(caller) > 1 else content


def without_numbers(content: str) -> str:
    """What is wrong, without any number long enough to reach or identify somebody: the caller's has its own button."""
    return _LONG_NUMBER.sub("***", content)


def result_name(code: str) -> Text | None:
    """What came of an order, in words."""
    return dict(RESULTS).get(code)


def exported(matters: Iterable[Matter], *, at: datetime) -> list[dict[str, Any]]:
    """Orders as rows for the hotline, with answer and result; never with the caller, whom the hotline knows."""
    names = {one.code: one.name.zh for one in categories(at=at)}
    return [_row(matter, matter.hotline, names) for matter in matters]


def _row(matter: Matter, order: HotlineOrder, names: dict[str, str]) -> dict[str, Any]:
    result = result_name(order.result)
    return {
        "工单编号": order.number, "来电时间": _local(order.called_at), "接收时间": _local(order.received_at),
        "诉求类别": names.get(order.category, order.category), "地点": matter.place.name,
        "涉及单位": matter.organisation.name if matter.organisation else "", "办理时限": _local(order.limit_at),
        "办理状态": matter.stage_declared.name.zh, "答复时间": _local(order.answered_at),
        "是否按时": _yes(order.in_time), "办理结果": result.zh if result else "", "答复内容": order.answer,
        "是否满意": _yes(order.satisfied),
    }  # fmt: skip


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""


def _yes(answer: bool | None) -> str:
    return "" if answer is None else "是" if answer else "否"


def _in_state(state: str, at: datetime) -> Q:
    """The matters that a tab of the list shows."""
    return {
        "open": Q(stage=RECEIVED), "late": Q(stage=RECEIVED, hotline__limit_at__lt=at),
        "answered": Q(stage=ANSWERED), "closed": Q(stage=CLOSED), "in_time": Q(hotline__in_time=True),
        "all_answered": Q(hotline__answered_at__isnull=False),
        "called_back": Q(hotline__satisfied__isnull=False), "satisfied": Q(hotline__satisfied=True),
        "dissatisfied": Q(hotline__satisfied=False),
        "out_of_time": Q(hotline__in_time=False) | Q(hotline__in_time__isnull=True, hotline__limit_at__lt=at),
    }.get(state, Q())  # fmt: skip


def _level_below(place: Place | None) -> str:
    """The level at which a place is broken down; the whole territory by subdistrict."""
    order = ("district", "subdistrict", "community", "compound")
    level = place.level if place else "district"
    return order[min(order.index(level) + 1, 3)] if level in order else "compound"


def _named(by: str, keys: list[Any], *, at: datetime) -> dict[Any, tuple[str, Text]]:
    """The code and the name of what orders were counted by."""
    if by == "category":
        return {one.code: (one.code, one.name) for one in categories(at=at)}
    rows: Any = Organisation if by == "organisation" else Place
    return {pk: (one.code, Text(one.name, one.name_en or one.name)) for pk, one in rows.objects.in_bulk(keys).items()}
