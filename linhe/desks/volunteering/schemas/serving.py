"""What posts, check-ins, needs, hours and evaluations ask for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from linhe.core.loop.data import ActionData, ask
from linhe.desks.volunteering.schemas.choices import LEAVE_REASONS, POSTS, STARS, THEMES, one_of

MOST_ID = 2**63 - 1
Code = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
OrganisationCode = r"^[A-Za-z0-9._-]{1,40}$"


class Explain(ActionData):
    """An explanation, for the people concerned."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class Rate(ActionData):
    """How it was."""

    stars: int = ask("星级", "stars", ge=1, le=5, choices=STARS, widget="radio")
    words: str = ask("想说的话", "words", keep="private", max_length=200, default="", widget="textarea")


class ChoosePost(ActionData):
    """Which post at this place."""

    role: str = ask("岗位", "post", pattern=one_of(POSTS), choices=POSTS, widget="radio")


class ApplyForPost(ChoosePost):
    """Which post, and why."""

    words: str = ask("自我介绍", "about yourself", keep="private", max_length=200, default="", widget="textarea")


class LeavePost(ActionData):
    """Why somebody leaves a post."""

    reason: str = ask("原因", "reason", pattern=one_of(LEAVE_REASONS), choices=LEAVE_REASONS, widget="radio")
    words: str = ask("说明", "words", keep="private", max_length=200, default="", widget="textarea")


class HandOver(ActionData):
    """Who takes the post over, why, and the points of the checklist that were done."""

    successor_id: int = ask("接任人", "successor", keep="desk", ge=1, le=MOST_ID)
    reason: str = ask("原因", "reason", pattern=one_of(LEAVE_REASONS), choices=LEAVE_REASONS, widget="radio")
    items: tuple[Code, ...] = ask("交接清单", "checklist", max_length=20, default=())


class HandOn(ActionData):
    """Who looks after the matter from now on."""

    to_id: int = ask("转交给", "hand on to", keep="desk", ge=1, le=MOST_ID)


class CheckInOrganisation(ActionData):
    """Which organisation serves this compound, and what it offers."""

    organisation: str = ask("单位", "organisation", pattern=OrganisationCode)
    offers: tuple[Code, ...] = ask("能提供的服务", "what it offers", max_length=len(THEMES), default=())


class CheckInMember(ActionData):
    """Which organisation the member belongs to."""

    organisation: str = ask("单位", "organisation", pattern=OrganisationCode)


class RaiseNeed(ActionData):
    """What the compound needs."""

    theme: str = ask("需要什么", "what is needed", pattern=one_of(THEMES), choices=THEMES, widget="radio")
    words: str = ask("说明", "words", keep="private", max_length=300, default="", widget="textarea")


class MatchNeed(ActionData):
    """Which organisation takes it on."""

    organisation: str = ask("单位", "organisation", pattern=OrganisationCode)


class DeliverNeed(ActionData):
    """How many were served, and how long it took."""

    people: int = ask("服务人数", "people served", ge=0, le=5000)
    minutes: int = ask("服务时长（分钟）", "minutes of service", ge=1, le=6000)


class LogHours(ActionData):
    """What somebody did for the neighbourhood, on which day and for how long."""

    theme: str = ask("做了什么", "what you did", pattern=one_of(THEMES), choices=THEMES)
    day: date = ask("哪一天", "on which day", widget="date")
    minutes: int = ask("多少分钟", "minutes", ge=1, le=1440)
    words: str = ask("说明", "words", keep="private", max_length=200, default="", widget="textarea")


class OpenEvaluation(ActionData):
    """Which year."""

    year: int = ask("年度", "year", ge=2015, le=2999)


class AnswerObjection(ActionData):
    """Which objection, whether it was right, and why."""

    objection_id: int = ask("异议编号", "objection", keep="desk", ge=1, le=MOST_ID)
    upheld: bool = ask("异议成立", "the objection is right", default=False)
    words: str = ask("答复", "answer", keep="private", min_length=2, max_length=400, widget="textarea")
