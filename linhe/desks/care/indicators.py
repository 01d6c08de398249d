"""What the care desk measures. Its discreet kinds are counted at communities and above, never at a building."""

from linhe.core.indicators.measures import Better, Measure
from linhe.lib.text import Text

_TIMES, _PEOPLE = Text("次", "times"), Text("人次", "person-times")
_SIGNS = ("tap", "curtain", "glance", "meter", "seen")


def _checks(code: str, zh: str, en: str, *actions: str, better: Better = "none", service: bool = False) -> Measure:
    return Measure(f"care.{code}", Text(zh, en), _TIMES, "daily_check", actions, better=better, service=service)


MEASURES = (
    _checks("well", "平安确认", "found well", *_SIGNS, better="up"),
    _checks("looks", "邻居、骑手看望", "looks by neighbours and couriers", "curtain", "glance", service=True),
    _checks("taps", "本人报平安", "own taps", "tap"),
    _checks("meters", "表计平安", "by meters", "meter"),
    _checks("seen", "上门见到", "seen in person", "seen", service=True),
    _checks("to_neighbour", "请邻居看", "neighbour asked", "ask_neighbour", better="down"),
    _checks("to_chief", "请单元长看", "unit chief asked", "ask_chief", better="down"),
    _checks("to_worker", "社区上门", "community asked", "ask_worker", better="down"),
    _checks("to_family", "联系家人", "family asked", "ask_family", better="down"),
    _checks("to_emergency", "紧急救助", "emergency", "call_emergency", better="down"),
    _checks("helped", "及时救助", "helped in time", "needs_help"),
    Measure("care.false_alarms", Text("虚惊", "false alarms"), _TIMES, "daily_check", ("seen",),
            ("data", "false_alarm"), "down"),
    Measure("care.minutes_to_seen", Text("报警到见到本人", "from alarm to seen"), Text("分钟", "min"), "daily_check",
            ("seen", "needs_help"), ("minutes_since", "ask_neighbour"), "down"),
    Measure("care.visits", Text("上门关照", "home visits"), _TIMES, "care_visit", ("done",), better="up",
            service=True),
    Measure("care.sessions", Text("便民服务场次", "sessions held"), Text("场", "sessions"), "care_session", ("hold",),
            better="up"),
    Measure("care.attended", Text("服务人次", "people served"), _PEOPLE, "care_appointment", ("attend",), better="up"),
    Measure("care.health_checks", Text("健康体检", "health checks"), _PEOPLE, "care_appointment", ("attend",),
            better="up", where=("service", "health")),
    Measure("care.booked", Text("预约", "booked"), _PEOPLE, "care_appointment", ("book", "wait")),
    Measure("care.no_shows", Text("预约未到", "no-shows"), _PEOPLE, "care_appointment", ("no_show",), better="down"),
    Measure("care.accesses", Text("紧急查看", "emergency accesses"), _TIMES, "care_access", ("break_glass",),
            better="down"),
    Measure("care.abuses", Text("滥用查看", "abusive accesses"), _TIMES, "care_access", ("find_abuse",), better="down"),
)  # fmt: skip
