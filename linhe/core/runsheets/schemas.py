"""What the actions on a run sheet ask for; a desk's ``schemas`` lends these to its kinds."""

from pydantic import AwareDatetime

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

SKIP_REASONS = (
    ("danger", Text("危及人身或设备", "danger to people or equipment")),
    ("order", Text("上级紧急命令", "urgent order from above")),
    ("useless", Text("现场已无必要", "no longer needed on site")),
)
FAIL_REASONS = (
    ("stuck", Text("开关拒动", "the switch does not move")),
    ("access", Text("无法到达", "it cannot be reached")),
    ("unsafe", Text("现场不具备条件", "conditions on site do not allow it")),
)
PAUSE_REASONS = (
    ("weather", Text("天气", "weather")),
    ("safety", Text("安全检查", "safety check")),
    ("explain", Text("观摩讲解", "explanation for observers")),
    ("other", Text("其他", "another reason")),
)


class _AnItem(ActionData):
    seq: int = ask("项", "item", ge=1, le=9999)
    revision: int = ask("方案版次", "revision of the plan", ge=1, le=9999)
    said_at: AwareDatetime | None = ask("手机确认时间", "when it was confirmed on the phone", default=None)


class CallItem(_AnItem):
    """Which item is called; ``said_at`` comes from a phone that was offline."""


class RepeatItem(_AnItem):
    """Which item was repeated and carried out."""


class SkipItem(_AnItem):
    """Which item is left out, and why."""

    reason: str = ask("原因", "reason", choices=SKIP_REASONS, pattern="^(danger|order|useless)$")


class FailItem(_AnItem):
    """Which item could not be carried out, and why."""

    reason: str = ask("原因", "reason", choices=FAIL_REASONS, pattern="^(stuck|access|unsafe)$")


class PauseRun(ActionData):
    """Why the run is halted."""

    reason: str = ask("原因", "reason", choices=PAUSE_REASONS, pattern="^(weather|safety|explain|other)$")
