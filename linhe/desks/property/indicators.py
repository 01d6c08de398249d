"""What the property desk measures: ratios of the sums that settled rounds keep, and how many companies left."""

from linhe.core.indicators.measures import Measure
from linhe.lib.text import Text

_PERCENT = Text("%", "%")
_ROUNDS = Text("轮", "rounds")

MEASURES = (
    Measure(
        "property.fees", Text("物业费收缴率", "fees collected"), _PERCENT, "assessment", ("settle",),
        ("ratio", "collected_fen", "due_fen"), "up",
    ),
    Measure(
        "property.approval", Text("业主满意率（样本）", "owners satisfied (sample)"), _PERCENT, "assessment",
        ("settle",), ("ratio", "satisfied", "answered"), "up",
    ),
    Measure(
        "property.score", Text("物业考核均分", "mean score of assessments"), Text("分", "points"), "assessment",
        ("settle",), ("ratio", "score_tenths", "full_tenths"), "up",
    ),
    Measure("property.settled", Text("核定的考核", "rounds settled"), _ROUNDS, "assessment", ("settle",)),
    Measure("property.rectified", Text("复查合格", "put right"), _ROUNDS, "assessment", ("recheck_pass",), better="up"),
    Measure(
        "property.failed", Text("复查不合格", "failed again"), _ROUNDS, "assessment", ("recheck_fail",), better="down"
    ),
    Measure(
        "property.left", Text("按程序退出的物业", "companies that left"), Text("家", "companies"), "exit", ("finish",)
    ),
)  # fmt: skip
