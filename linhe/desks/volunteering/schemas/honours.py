"""What redemptions, settlements and selections ask for."""

from __future__ import annotations

from linhe.core.loop.data import ActionData, ask
from linhe.desks.volunteering.schemas.choices import Choices, one_of
from linhe.lib.text import Text

MOST_ID = 2**63 - 1
UNDO_REASONS: Choices = (
    ("wrong_item", Text("选错了商品", "the wrong item")),
    ("sold_out", Text("商品售罄", "sold out")),
    ("changed_mind", Text("居民不换了", "they changed their mind")),
    ("other", Text("其他", "other")),
)
SOURCES: Choices = (
    ("resident", Text("居民推荐", "by a resident")),
    ("company", Text("企业推荐", "by a company")),
    ("community", Text("社区推荐", "by a community")),
)


class Redeem(ActionData):
    """The code on the other's phone, and what they take."""

    code: str = ask(
        "对方手机上的 8 位数字", "the 8 digits on their phone", keep="desk", pattern=r"^[0-9]{8}$", max_length=8,
        widget="code",
    )  # fmt: skip
    item_id: int = ask("商品", "item", ge=1, le=MOST_ID)


class UndoRedemption(ActionData):
    """Why it is undone."""

    reason: str = ask("原因", "reason", pattern=one_of(UNDO_REASONS), choices=UNDO_REASONS, widget="radio")
    words: str = ask("说明", "words", keep="private", max_length=200, default="", widget="textarea")


class FreezeQuarter(ActionData):
    """Which quarter."""

    year: int = ask("年度", "year", ge=2015, le=2999)
    quarter: int = ask("季度", "quarter", ge=1, le=4)


class AnswerProtest(ActionData):
    """Which objection, whether it was right, and why."""

    protest_id: int = ask("异议编号", "objection", keep="desk", ge=1, le=MOST_ID)
    upheld: bool = ask("异议成立", "the objection is right", default=False)
    words: str = ask("答复", "answer", keep="private", min_length=2, max_length=400, widget="textarea")


class HandOverReward(ActionData):
    """Which reward; a name typed instead of a drawn signature, which comes as the one photo."""

    reward_id: int = ask("奖励", "reward", ge=1, le=MOST_ID)
    typed_name: str = ask("签收人姓名", "name of who signs", keep="private", max_length=40, default="")


class OpenSelection(ActionData):
    """Which year."""

    year: int = ask("年度", "year", ge=2015, le=2999)


class Nominate(ActionData):
    """Whom, by phone and name together, on whose behalf, and why."""

    phone: str = ask("被推荐人手机号", "their phone number", keep="desk", min_length=11, max_length=20)
    name: str = ask("被推荐人姓名", "their name", keep="desk", min_length=1, max_length=40)
    source: str = ask("推荐方", "nominated by", pattern=one_of(SOURCES), choices=SOURCES, default="resident",
                      widget="radio")  # fmt: skip
    story: str = ask("推荐理由", "why", keep="desk", min_length=4, max_length=400, widget="textarea")


class ChooseCandidate(ActionData):
    """Which candidate."""

    candidate_id: int = ask("候选人", "candidate", ge=1, le=MOST_ID)


class AgreeToStand(ActionData):
    """Whether the nominee wants to stand."""

    agrees: bool = ask("我同意参评", "I agree to stand", default=False)


class Screen(ChooseCandidate):
    """Whether a candidate goes on the ballot, and why not."""

    passed: bool = ask("通过", "passed", default=False)
    words: str = ask("说明", "words", keep="private", max_length=200, default="", widget="textarea")


class NameJuror(ActionData):
    """Who joins the jury, by user name or phone."""

    who: str = ask("评委的账号或手机号", "user name or phone of the juror", keep="desk", min_length=1, max_length=40)


class GiveMark(ChooseCandidate):
    """The mark, out of a hundred."""

    marks: int = ask("分数", "mark", keep="desk", ge=0, le=100)
