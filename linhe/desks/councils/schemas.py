"""What the actions of petitions, meetings and resolutions ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import model_validator

from linhe.core.loop.data import ActionData, ask
from linhe.desks.councils.loop import TOPICS
from linhe.lib.text import Text

MOST_ID = 2**63 - 1
CHOICES = (("yes", Text("同意", "yes")), ("no", Text("不同意", "no")), ("abstain", Text("弃权", "abstain")))
RULES = (
    ("simple", Text("到会委员过半数", "more than half of those present")),
    ("ordinary", Text("业主一般事项（双过半）", "owners: ordinary matter (more than half)")),
    ("special", Text("业主特别事项（双四分之三）", "owners: special matter (three quarters)")),
)
WAYS = (("onsite", Text("现场", "on site")), ("online", Text("线上", "online")))
OWNER_ROLES = (
    ("community_worker", Text("社区工作者", "community worker")),
    ("subdistrict_officer", Text("街道干部", "subdistrict officer")),
)
"""Whose task a resolution may be when no organisation takes it."""
LONGEST_MINUTES = 20_000


def _one_of(options: tuple[tuple[str, Text], ...]) -> str:
    return "^(" + "|".join(code for code, _ in options) + ")$"


class Explain(ActionData):
    """Why, in words."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=300, widget="textarea")


class RaisePetition(ActionData):
    """What should be talked about."""

    topic: str = ask("类别", "topic", pattern=_one_of(TOPICS), choices=TOPICS, widget="radio")
    subject: str = ask("一句话说清楚", "in one sentence", keep="desk", min_length=4, max_length=60,
                       hint=Text("例如：3号楼下增设充电棚", "for example: a charging shed by building 3"))  # fmt: skip
    words: str = ask("详细说明", "details", keep="desk", max_length=500, default="", widget="textarea",
                     hint=Text("邻居都能看到，别写姓名电话", "neighbours read it: no names, no numbers"))  # fmt: skip


class AdoptPetition(ActionData):
    """Which body takes it up, under which title."""

    body: int = ask("议事组织", "body", ge=1, le=MOST_ID)
    title: str = ask("议题名称", "title of the item", keep="desk", min_length=2, max_length=80)
    title_en: str = ask("议题英文名称", "title in English", keep="desk", max_length=120, default="")


class PlanMeeting(ActionData):
    """Which body meets, when and where; on site, online or both."""

    body: int = ask("议事组织", "body", ge=1, le=MOST_ID)
    starts_at: datetime = ask("开始时间", "begins at")
    room: str = ask("会场", "room", keep="desk", max_length=80, default="")
    link: str = ask("线上会议地址", "online at", keep="desk", max_length=200, default="")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if not 2000 <= self.starts_at.year <= 2999:
            raise ValueError(Text("请选择一个合适的时间。", "Please choose a sensible time."))
        if not self.room and not self.link:
            raise ValueError(Text("会场和线上地址至少填一项。", "Give a room, an online address, or both."))
        return self


class AddItem(ActionData):
    """A matter by its number, or something of the body's own."""

    number: int | None = ask("事项编号", "number of a matter", ge=1, le=MOST_ID, default=None,
                             hint=Text("其他事项转来的填编号", "when it comes from another matter"))  # fmt: skip
    title: str = ask("议题名称", "title of the item", keep="desk", max_length=80, default="")
    title_en: str = ask("议题英文名称", "title in English", keep="desk", max_length=120, default="")
    topic: str = ask("类别", "topic", pattern=_one_of(TOPICS), choices=TOPICS, default="other")


class PickItem(ActionData):
    """An item of the agenda."""

    item: int = ask("议题", "item", ge=1, le=MOST_ID)


class Comment(PickItem):
    """What a resident thinks of an item."""

    words: str = ask("您的意见", "your comment", keep="desk", min_length=2, max_length=300, widget="textarea")


class Moderate(ActionData):
    """Whether others may read a comment."""

    remark: int = ask("意见", "comment", ge=1, le=MOST_ID)
    show: bool = ask("公开显示", "show it", default=False)


class Attend(ActionData):
    """The code on the screen, and whether one sits in the room."""

    code: str = ask("签到码", "check-in code", keep="desk", pattern=r"^[0-9]{6}$", max_length=6, widget="code")
    way: str = ask("参会方式", "how", pattern=_one_of(WAYS), choices=WAYS, default="onsite")


class RollCall(ActionData):
    """Who is here without a phone, as the secretary sees it."""

    seats: tuple[int, ...] = ask("到会委员", "members present", min_length=1, max_length=200)


class NotePoint(PickItem):
    """A point of the discussion."""

    words: str = ask("发言要点", "point", keep="desk", min_length=1, max_length=500, widget="textarea")


class PutMotion(PickItem):
    """What is put to the vote, by which majority, openly or secretly."""

    words: str = ask("表决事项", "motion", keep="desk", min_length=2, max_length=300, widget="textarea")
    rule: str = ask("通过条件", "majority", pattern=_one_of(RULES), choices=RULES, default="simple")
    secret: bool = ask("无记名投票", "secret ballot", default=False)


class PickMotion(ActionData):
    """A motion of the meeting."""

    motion: int = ask("表决事项", "motion", ge=1, le=MOST_ID)


class CastVote(PickMotion):
    """A ballot, sealed by the page on which it was filled in: neither log nor request memory may know the choice."""

    ballot: str = ask("选票", "ballot", keep="desk", min_length=1, max_length=200)


class CountHands(PickItem):
    """What was put to a show of hands, and how many raised them."""

    words: str = ask("表决事项", "motion", keep="desk", min_length=2, max_length=300, widget="textarea")
    yes: int = ask("同意", "yes", ge=0, le=10_000)
    no: int = ask("不同意", "no", ge=0, le=10_000, default=0)
    abstain: int = ask("弃权", "abstain", ge=0, le=10_000, default=0)


class CorrectMinutes(ActionData):
    """The whole text as it should be."""

    text: str = ask("纪要", "minutes", keep="desk", min_length=1, max_length=LONGEST_MINUTES, widget="textarea")


class ConfirmMinutes(ActionData):
    """The version that the chair has read."""

    edition: int = ask("纪要版本", "version of the minutes", ge=1, le=10_000)


class PublishResolution(ActionData):
    """What was carried, whose task it is, and by when."""

    motion: int = ask("通过的事项", "carried motion", ge=1, le=MOST_ID)
    organisation: str = ask("承办单位编号", "code of the organisation", max_length=40, default="")
    role: str = ask("承办岗位", "role in charge", pattern=_one_of(OWNER_ROLES), choices=OWNER_ROLES,
                    default="community_worker")  # fmt: skip
    days: int = ask("办理时限（工作日）", "working days to carry it out", ge=1, le=250, default=20)


class Object(ActionData):
    """Why somebody objects."""

    words: str = ask("异议理由", "why you object", keep="private", min_length=2, max_length=500, widget="textarea")
