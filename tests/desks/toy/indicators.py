"""What the toy measures: one of each way of measuring."""

from linhe.core.indicators.measures import Measure
from linhe.lib.text import Text

MEASURES = (
    Measure("toy.raised", Text("提出", "raised"), Text("件", "matters"), "toy", ("raise",)),
    Measure("toy.size", Text("总大小", "total size"), Text("", ""), "toy", ("raise",), ("data", "size")),
    Measure(
        "toy.went_well", Text("顺利率", "went well"), Text("", ""), "toy", ("finish",), ("mean", "went_well"), "up"
    ),
    Measure(
        "toy.minutes_to_take",
        Text("接单用时", "time to take"),
        Text("分钟", "min"),
        "toy",
        ("take",),
        ("minutes_since", "raise"),
        "down",
    ),
    Measure(
        "toy.red_raised", Text("红色的", "red ones"), Text("件", "matters"), "toy", ("raise",), where=("colour", "red")
    ),
    Measure(
        "toy.red_size", Text("红色的大小", "size of red ones"), Text("", ""), "toy", ("raise",), ("mean", "size"),
        where=("colour", "red"),
    ),
    Measure("toy.worn", Text("磨损率", "worn"), Text("%", "%"), "toy", ("finish",), ("ratio", "worn", "size"), "down"),
    Measure("toy.ended", Text("了结", "ended"), Text("件", "matters"), "toy", ("finish", "withdraw"), service=True),
)  # fmt: skip
