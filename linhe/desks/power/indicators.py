"""What the power desk measures: how long isolation and connection took, how much load was fed again."""

from linhe.core.indicators.measures import Measure
from linhe.lib.text import Text

_MINUTES = Text("分钟", "min")
_DRILL, _REAL = ("run", "drill"), ("run", "real")

MEASURES = (
    Measure("power.connect", Text("演练：发电车接入用时", "drills: truck connected in"), _MINUTES, "power_event",
            ("finish",), ("mean", "connect_min"), "down", where=_DRILL),
    Measure("power.isolate", Text("演练：故障隔离用时", "drills: fault isolated in"), _MINUTES, "power_event",
            ("finish",), ("mean", "isolate_min"), "down", where=_DRILL),
    Measure("power.restored", Text("隔离后复电负荷占比", "share of the lost load that was fed again"), Text("%", "%"),
            "power_event", ("finish",), ("ratio", "restored_kw", "lost_kw"), "up"),
    Measure("power.aid", Text("支援车从请求到接入用时", "borrowed trucks connected in"), _MINUTES, "truck_aid",
            ("connect",), ("mean", "took_min"), "down"),
    Measure("power.drills", Text("抢修演练", "drills"), Text("次", "drills"), "power_event", ("finish",), where=_DRILL),
    Measure("power.events", Text("故障抢修", "failed lines restored"), Text("次", "times"), "power_event", ("finish",),
            where=_REAL),
)  # fmt: skip
