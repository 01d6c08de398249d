"""What the actions on an assessment and on an exit ask for."""

from __future__ import annotations

from datetime import date

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

OPINIONS = (
    ("support", Text("支持退出程序", "supports going on")),
    ("conditional", Text("有条件支持", "supports with conditions")),
    ("oppose", Text("不支持", "does not support")),
)
MOST_OWNERS, MOST_AREA_DM2 = 100_000, 10**9


class OpenRound(ActionData):
    """Which year is assessed; the contract is the one in force in the compound."""

    year: int = ask("考核年度", "year assessed", ge=2015, le=2100)


class FillSheet(ActionData):
    """All items of the sheet, in tenths of a point, in the sheet's order."""

    tenths: list[int] = ask("各项得分（0.1 分）", "scores of the items (tenths)", max_length=200)


class ExplainGap(ActionData):
    """Why the parties see one group of the sheet so differently."""

    group: str = ask("评分组", "group of the sheet", pattern=r"^[0-9a-z_]{1,20}$")
    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class DecideAppeal(ActionData):
    """Whether the appeal is right, and what the score is then."""

    upheld: bool = ask("申诉成立", "the appeal is upheld", default=False)
    score_tenths: int | None = ask(
        "改定得分（0.1 分，申诉成立时填写）", "score then (tenths)", default=None, ge=0, le=1000,
        hint=Text("例如 825 表示 82.5 分", "825 means 82.5 points"),
    )  # fmt: skip
    words: str = ask("理由", "reasons", keep="private", min_length=2, max_length=400, widget="textarea")


class Explain(ActionData):
    """An explanation, for the people concerned."""

    words: str = ask("说明", "explanation", keep="private", min_length=2, max_length=400, widget="textarea")


class Refer(ActionData):
    """The failed assessment that is the ground."""

    assessment_id: int = ask("不合格的考核编号", "number of the failed assessment", ge=1, le=2**62)
    words: str = ask("情况说明", "what happened", keep="private", min_length=2, max_length=400, widget="textarea")


class Opine(ActionData):
    """What a department says."""

    opinion: str = ask("意见", "opinion", choices=OPINIONS, widget="radio", pattern="^(support|conditional|oppose)$")
    words: str = ask("理由", "reasons", keep="private", min_length=2, max_length=400, widget="textarea")


class RecordDecision(ActionData):
    """The assembly's counts, by number of owners and by exclusive area (0.01 square metres)."""

    held_on: date = ask("投票截止日期", "day on which the vote closed", widget="date")
    owners: int = ask("业主总人数", "owners in all", ge=1, le=MOST_OWNERS)
    area_dm2: int = ask("专有面积合计（0.01 平方米）", "exclusive area in all (0.01 m²)", ge=1, le=MOST_AREA_DM2)
    voted: int = ask("参与表决人数", "owners who voted", ge=0, le=MOST_OWNERS)
    voted_dm2: int = ask("参与表决面积（0.01 平方米）", "area that voted (0.01 m²)", ge=0, le=MOST_AREA_DM2)
    agreed: int = ask("同意解聘人数", "owners who agreed to dismiss", ge=0, le=MOST_OWNERS)
    agreed_dm2: int = ask("同意解聘面积（0.01 平方米）", "area that agreed (0.01 m²)", ge=0, le=MOST_AREA_DM2)


class EndContract(ActionData):
    """Whether the company agreed in writing to go before the notice period is over."""

    agreed_early: bool = ask(
        "企业书面同意提前交接（附照片）", "the company agreed in writing to go early", default=False
    )


class HandItem(ActionData):
    """One line of the hand-over list."""

    item: str = ask("交接项目", "item", pattern=r"^[0-9a-z_]{1,20}$")


class BeginInterim(ActionData):
    """Who serves the compound until the owners have chosen."""

    company: str = ask("临时服务企业编号", "code of the interim company", min_length=1, max_length=40)
    fee_fen: int = ask("每平方米月费（分）", "fee per m² and month (fen)", ge=0, le=100_000)


class Finish(ActionData):
    """The company that the owners chose; empty while the interim service goes on under its own contract."""

    company: str = ask("新聘企业编号（未定则留空）", "code of the new company", default="", max_length=40)
    fee_fen: int = ask("每平方米月费（分）", "fee per m² and month (fen)", default=0, ge=0, le=100_000)
