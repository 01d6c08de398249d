"""What the exchange desk measures; every figure opens the events behind it."""

from linhe.core.indicators.measures import Measure
from linhe.lib.text import Text

_APPLICATIONS = Text("件", "applications")
_CASES = Text("件", "cases")
_LODGED = ("lodge", "relodge")

MEASURES = (
    Measure("exchange.applications", Text("受理的申请", "applications lodged"), _APPLICATIONS, "listing", ("lodge",)),
    Measure("exchange.listed", Text("审核通过并挂牌", "reviewed and listed"), _APPLICATIONS, "listing", ("approve",)),
    Measure(
        "exchange.at_once", Text("一次通过率", "passed without a return"), Text("%", "%"), "listing", ("approve",),
        ("ratio", "at_once", "one"), "up",
    ),
    Measure(
        "exchange.days", Text("审核用时（工作日）", "time to list (working days)"), Text("日", "days"), "listing",
        ("approve",), ("mean", "working_days"), "down",
    ),
    Measure("exchange.returned", Text("退回补正", "returned"), Text("次", "times"), "listing", ("return",)),
    Measure("exchange.refused", Text("审核不通过", "refused"), _APPLICATIONS, "listing", ("refuse",)),
    Measure(
        "exchange.findings", Text("发现的不符合", "rules failed at lodging"), Text("条", "findings"), "listing",
        _LODGED, ("data", "failed"),
    ),
    Measure(
        "exchange.below", Text("低于评估结果挂牌", "listed below the appraisal"), _APPLICATIONS, "listing",
        ("approve",), ("data", "below"),
    ),
    Measure("exchange.deals", Text("成交", "deals"), Text("宗", "deals"), "listing", ("record_deal",), better="up"),
    Measure(
        "exchange.deal_total", Text("成交金额", "total of deals"), Text("元", "yuan"), "listing", ("record_deal",),
        ("data", "deal_yuan"), "up",
    ),
    Measure("exchange.inspected", Text("监督立案", "supervision cases opened"), _CASES, "inspection", ("draw",)),
    Measure(
        "exchange.corrected", Text("监督整改完成", "put right after supervision"), _CASES, "inspection",
        ("accept_correction",), better="up",
    ),
)  # fmt: skip
