"""What the steps of an activity ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import model_validator

from linhe.core.loop.data import ActionData, ask
from linhe.desks.volunteering.schemas.choices import THEMES, one_of
from linhe.desks.volunteering.schemas.serving import MOST_ID, OrganisationCode
from linhe.lib.text import Text


class PublishActivity(ActionData):
    """What, when, where and for how many."""

    theme: str = ask("活动类型", "kind of activity", pattern=one_of(THEMES), choices=THEMES)
    title: str = ask("名称", "title", keep="desk", min_length=2, max_length=60)
    words: str = ask("介绍", "about it", keep="desk", max_length=500, default="", widget="textarea")
    venue: str = ask("集合地点", "meeting point", keep="desk", max_length=80, default="")
    starts_at: datetime = ask("开始", "starts")
    ends_at: datetime = ask("结束", "ends")
    capacity: int = ask("名额", "places", ge=1, le=2000)
    organisation: str | None = ask("主办单位", "organiser", default=None, pattern=OrganisationCode)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if any(not 2000 <= moment.year <= 2999 for moment in (self.starts_at, self.ends_at)):
            raise ValueError(Text("请选择一个合适的时间。", "Please choose a sensible time."))
        if (self.starts_at.tzinfo is None) != (self.ends_at.tzinfo is None):
            raise ValueError(Text("两个时间的时区写法要一致。", "Write both times with the same kind of time zone."))
        if self.ends_at <= self.starts_at:
            raise ValueError(Text("结束要晚于开始。", "It must end after it starts."))
        return self


class Arrive(ActionData):
    """The code on the organiser's screen."""

    code: str = ask("签到码", "code", keep="desk", pattern=r"^[0-9]{6}$", max_length=6, widget="code")


class ChooseSignUp(ActionData):
    """Who came, of those on the list."""

    sign_up_id: int = ask("报名编号", "sign-up", ge=1, le=MOST_ID)


class Strike(ChooseSignUp):
    """Whose attendance is struck off, and why."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class WalkIn(ActionData):
    """The number of somebody who came without having signed up."""

    phone: str = ask("手机号", "phone number", keep="desk", pattern=r"^[0-9 +-]{5,20}$", max_length=20)


class FinishActivity(ActionData):
    """How many came besides those on the list."""

    guests: int = ask("未登记的居民人数", "residents who were not on the list", ge=0, le=5000, default=0)
