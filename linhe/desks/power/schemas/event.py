"""What the actions on a failed line ask for."""

from pydantic import AwareDatetime

from linhe.core.loop.data import ActionData, ask
from linhe.lib.text import Text

SCENES = (
    ("plain", Text("平原", "plain")),
    ("mountain", Text("山区", "mountain")),
    ("town", Text("城镇", "town")),
    ("night", Text("夜间", "night")),
    ("lightning", Text("雷雨", "thunderstorm")),
)
SIGNALS = (
    ("tripped", Text("终端：开关跳闸", "terminal: the switch tripped")),
    ("overcurrent", Text("终端：检出过流", "terminal: overcurrent seen")),
    ("quiet", Text("终端：无过流", "terminal: no overcurrent")),
    ("flipped", Text("故障指示器：翻牌", "indicator: flipped")),
    ("unflipped", Text("故障指示器：未翻牌", "indicator: not flipped")),
    ("call_dead", Text("来电：该点停电", "call: no supply at this bus")),
    ("call_seen", Text("来电：看到或听到异常", "call: something seen or heard at this line")),
    ("cleared", Text("巡查：该段正常", "patrol: this stretch is clear")),
)
_ELEMENT = r"^[^\x00-\x1f<>]{1,60}$"


class RaiseAlarm(ActionData):
    """Which feeder failed, in earnest or as a drill."""

    feeder: str = ask("线路", "feeder", pattern=r"^[a-z0-9-]{1,40}$")
    drill: bool = ask("演练", "drill", default=False)
    scene: str = ask(
        "场景", "scene", choices=SCENES, pattern="^(plain|mountain|town|night|lightning)$", default="plain"
    )
    alarmed_at: AwareDatetime | None = ask("告警时间", "time of the alarm", default=None)


class AddSignal(ActionData):
    """What was told about which switch, line or bus."""

    what: str = ask("线索", "signal", choices=SIGNALS, pattern="^(" + "|".join(code for code, _ in SIGNALS) + ")$")
    element: str = ask("设备编号", "id of the device", pattern=_ELEMENT)


class Locate(ActionData):
    """Where the fault is: the ids of the faulted elements, separated by commas."""

    elements: str = ask("故障设备", "faulted elements", pattern=r"^[^\x00-\x1f<>]{1,300}$")


class UsePlan(ActionData):
    """The number of a stored plan."""

    number: int = ask("方案号", "number of the plan", ge=1, le=999)


class SetWeather(ActionData):
    """Whether there is lightning."""

    lightning: bool = ask("雷电", "lightning", default=False)


class Report(ActionData):
    """What is to be learnt."""

    words: str = ask("小结", "summary", keep="private", max_length=400, default="", widget="textarea")


class Cancel(ActionData):
    """Why the run is called off."""

    reason: str = ask(
        "原因", "reason", pattern="^(false_alarm|danger|other)$",
        choices=(
            ("false_alarm", Text("误报", "false alarm")), ("danger", Text("安全原因", "safety")),
            ("other", Text("其他", "another reason")),
        ),
    )  # fmt: skip
