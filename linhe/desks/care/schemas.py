"""What the actions of the care desk ask for. Personal words never enter an event."""

from __future__ import annotations

from datetime import datetime, time
from typing import Self

from pydantic import model_validator

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

MOST_ID = 2**63 - 1
HOW = (
    ("met", Text("当面见到", "met in person")),
    ("heard", Text("隔门应答", "answered at the door")),
    ("called", Text("视频见到", "seen on a video call")),
)
AWAY_REASONS = (
    ("travel", Text("出门了", "travelling")),
    ("hospital", Text("住院", "in hospital")),
    ("family", Text("在家人那里", "with the family")),
    ("other", Text("其他", "other")),
)
GLASS_REASONS = (
    ("danger", Text("可能有危险", "may be in danger")),
    ("medical", Text("急救需要", "needed by the rescuers")),
    ("missing", Text("走失", "missing")),
    ("other", Text("其他", "other")),
)


def pattern(options: tuple[tuple[str, Text], ...]) -> str:
    """A pattern that takes the codes of these options and nothing else."""
    return "^(" + "|".join(code for code, _ in options) + ")$"


def sensible(moment: datetime) -> datetime:
    """A moment of a sensible year, or a clear error."""
    if not 2000 <= moment.year <= 2999:
        raise ValueError(Text("请选择一个合适的时间。", "Please choose a sensible time."))
    return moment


class Seen(ActionData):
    """How somebody saw that the person is well."""

    how: str = ask("怎样见到的", "how", default="met", pattern=pattern(HOW), choices=HOW, widget="radio")
    words: str = ask("说明", "words", keep="private", max_length=200, default="", widget="textarea")


CONSENTED = (("signed", Text("本人签字", "signed")), ("spoken", Text("当面口头同意", "agreed in person")))


class Arrange(ActionData):
    """What changes in how someone is looked after, and how they agreed to it. What is left out stays as it was."""

    how: str = ask("本人怎样同意的", "how they agreed", pattern=pattern(CONSENTED), choices=CONSENTED, widget="radio")
    neighbour_id: int | None = ask("照看的邻居", "neighbour", keep="desk", ge=1, le=MOST_ID, default=None)
    no_neighbour: bool = ask("暂时没有邻居", "no neighbour for now", keep="desk", default=False)
    check_time: time | None = ask("约定时间", "agreed time", keep="desk", default=None)
    meter: str = ask("水电表号", "meter", keep="desk", max_length=40, default="")
    no_meter: bool = ask("不再用水电表", "no meter any more", keep="desk", default=False)
    seen: int | None = ask("版本", "version seen", keep="desk", ge=1, le=MOST_ID, default=None)


class LetGo(ActionData):
    """Which state of the agreement the person saw."""

    seen: int | None = ask("版本", "version seen", keep="desk", ge=1, le=MOST_ID, default=None)


class Explain(ActionData):
    """An explanation, for the people concerned."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class Excuse(ActionData):
    """Why nobody is at home."""

    reason: str = ask("原因", "reason", default="travel", pattern=pattern(AWAY_REASONS), choices=AWAY_REASONS,
                      widget="radio", keep="desk")  # fmt: skip


class PlanVisit(ActionData):
    """When somebody comes, for how long, and who."""

    from_at: datetime = ask("最早", "not before")
    until_at: datetime = ask("最晚", "not after")
    minutes: int = ask("用时（分钟）", "minutes", ge=5, le=240, default=30)
    visitor_id: int | None = ask("谁上门", "who comes", ge=1, le=MOST_ID, default=None)
    words: str = ask("要做什么", "what for", keep="private", max_length=200, default="", widget="textarea")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self)
        return self


class MoveVisit(ActionData):
    """Another time."""

    from_at: datetime = ask("最早", "not before")
    until_at: datetime = ask("最晚", "not after")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self)
        return self


class VisitDone(ActionData):
    """How it was."""

    words: str = ask("说明", "words", keep="private", max_length=400, default="", widget="textarea")


class BreakGlass(ActionData):
    """Why a record must be opened without the usual purpose."""

    reason: str = ask("原因", "reason", pattern=pattern(GLASS_REASONS), choices=GLASS_REASONS, widget="radio")
    words: str = ask("具体情况", "what happened", keep="private", min_length=6, max_length=400, widget="textarea")


class OfferSession(ActionData):
    """A service with its places: so many slots of so many minutes, so many people in each."""

    service: str = ask("服务", "service", pattern=r"^[a-z_]{1,40}$")
    topic: str = ask("名称", "topic", max_length=40, default="")
    starts_at: datetime = ask("开始", "begins")
    slots: int = ask("时段数", "slots", ge=1, le=48, default=1)
    slot_minutes: int = ask("每段分钟", "minutes a slot", ge=5, le=480, default=60)
    seats: int = ask("每段人数", "people a slot", ge=1, le=500, default=10)
    couriers_only: bool = ask("仅限新就业群体", "for couriers only", default=False)

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        sensible(self.starts_at)
        return self


class Book(ActionData):
    """Which session, and when."""

    session_id: int = ask("服务", "session", ge=1, le=MOST_ID)
    slot: int = ask("时段", "slot", ge=0, le=47, default=0)


def in_order(data: PlanVisit | MoveVisit) -> None:
    """Both ends of a window sensible and in order, or a clear error."""
    for moment in (data.from_at, data.until_at):
        sensible(moment)
    if (data.from_at.tzinfo is None) != (data.until_at.tzinfo is None):
        raise ValueError(Text("两个时间的时区写法要一致。", "Write both times with the same kind of time zone."))
    if data.from_at >= data.until_at:
        raise ValueError(Text("“最晚”要晚于“最早”。", "“Not after” must be later than “not before”."))
