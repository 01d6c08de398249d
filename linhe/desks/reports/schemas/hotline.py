"""What the actions of a 12345 order ask for: also how a row of a file or of the API is read."""

from __future__ import annotations

from datetime import datetime

from pydantic import field_validator

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

RESULTS = (
    ("solved", Text("已解决", "solved")),
    ("explained", Text("已解释说明", "explained")),
    ("unfounded", Text("不属实或无法办理", "unfounded or not possible")),
)
SOURCES = (("file", Text("文件导入", "file")), ("api", Text("接口", "API")))


class ReceiveOrder(ActionData):
    """One order of the municipal hotline. Only number, times, category and unit enter the log."""

    number: str = ask("工单编号", "order number", pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{2,39}$")
    called_at: datetime = ask("来电时间", "time of the call")
    category: str = ask("诉求类别", "category", pattern=r"^[a-z_]{1,40}$")
    content: str = ask("诉求内容", "what it is about", keep="desk", min_length=2, max_length=4000, widget="textarea")
    address: str = ask("诉求地址", "address", keep="desk", max_length=200, default="")
    organisation: str = ask("涉及单位", "organisation (code)", max_length=40, default="")
    unit: str = ask("涉及单位名称", "name of the unit", keep="desk", max_length=80, default="")
    limit_at: datetime | None = ask("办理时限", "limit of the order", default=None)
    caller: str = ask("来电人", "caller", keep="desk", max_length=40, default="")
    phone: str = ask("联系电话", "phone", keep="desk", pattern=r"^$|^[0-9+ -]{5,20}$", default="")
    source: str = ask("来源", "source", pattern="^(file|api)$", choices=SOURCES, default="file")

    @field_validator("called_at", "limit_at")
    @classmethod
    def _in_shanghai(cls, sent: datetime | None) -> datetime | None:
        """In Shanghai unless it says its zone, in a year that can be."""
        if sent is None:
            return None
        if not 2000 <= sent.year < 2100:
            raise ValueError(Text("时间不对，请检查。", "This is no time that can be."))
        return sent if sent.tzinfo else sent.replace(tzinfo=SHANGHAI)


class AssignOrder(ActionData):
    """Who shall answer. No organisation means the community itself."""

    organisation: str = ask(
        "交给哪个单位（编号）", "to which organisation (code)", max_length=40, default="",
        hint=Text("不填就由社区答复", "empty: the community answers"),
    )  # fmt: skip


class ReturnOrder(ActionData):
    """Why it comes back."""

    words: str = ask("原因", "reason", keep="private", min_length=2, max_length=400, widget="textarea")


class AnswerOrder(ActionData):
    """What was done: goes back to the hotline and to the caller."""

    result: str = ask(
        "办理结果", "result", pattern="^(solved|explained|unfounded)$", choices=RESULTS, widget="radio",
        default="solved",
    )  # fmt: skip
    words: str = ask(
        "答复内容", "answer", keep="private", min_length=4, max_length=1000, widget="textarea",
        hint=Text("写清做了什么、以后怎样", "what was done, and what comes next"),
    )  # fmt: skip


class CallBack(ActionData):
    """What the caller said when called back."""

    satisfied: bool = ask("来电人满意", "the caller is satisfied", default=False)
