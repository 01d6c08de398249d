"""What the actions of mutual aid and of findings ask for."""

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text


class AskAid(ActionData):
    """Which truck for which failed line."""

    outage: int = ask("线路故障", "failed line", ge=1)
    truck: int = ask("发电车", "truck", ge=1)


class AcceptAid(ActionData):
    """How long it takes to get there."""

    minutes: int = ask("预计到达（分钟）", "minutes until it arrives", ge=1, le=600)


class DeclineAid(ActionData):
    """Why not."""

    reason: str = ask(
        "原因", "reason", pattern="^(in_use|repair|crew|road)$",
        choices=(
            ("in_use", Text("车辆在用", "the truck is in use")), ("repair", Text("车辆检修", "under repair")),
            ("crew", Text("人员不足", "no crew")), ("road", Text("道路不通", "the road is blocked")),
        ),
    )  # fmt: skip


class RegisterFinding(ActionData):
    """What was wrong, at which step."""

    outage: int = ask("线路故障", "failed line", ge=1)
    step: int = ask("第几步", "step", ge=1, le=99)
    words: str = ask("问题", "what was wrong", keep="private", min_length=2, max_length=200, widget="textarea")


class FixFinding(ActionData):
    """What was done about it, or what is missing."""

    words: str = ask("说明", "what was done", keep="private", max_length=200, default="", widget="textarea")
