"""What the errands desk measures, from building to district."""

from linhe.core.indicators.measures import Better, Measure
from linhe.lib.text import Text

_ERRANDS = Text("件", "errands")
_MINUTES = Text("分钟", "min")


def _count(code: str, zh: str, en: str, *actions: str, better: Better = "none", service: bool = False) -> Measure:
    return Measure(f"errands.{code}", Text(zh, en), _ERRANDS, "errand", actions, better=better, service=service)


MEASURES = (
    _count("raised", "下单", "asked for", "request", "request_for"),
    _count("accepted", "接单", "accepted", "accept", "take"),
    _count("delivered", "送达", "delivered", "done", "approve", better="up", service=True),
    _count("confirmed", "居民确认", "confirmed", "rate", "close", better="up"),
    _count("late", "超时", "late", "late", better="down"),
    _count("unserved", "无人接单", "unserved", "expire", better="down"),
    _count("withdrawn", "撤销", "withdrawn", "withdraw"),
    _count("disputed", "有异议", "disputed", "dispute", better="down"),
    Measure(
        "errands.minutes_to_accept", Text("下单到接单", "from request to acceptance"), _MINUTES, "errand",
        ("accept", "take"), ("minutes_since", "request"), "down",
    ),
    Measure(
        "errands.minutes_to_deliver", Text("下单到送达", "from request to delivery"), _MINUTES, "errand",
        ("done",), ("minutes_since", "request"), "down",
    ),
    Measure(
        "errands.stars", Text("评价", "rating"), Text("星", "stars"), "errand", ("rate",), ("mean", "stars"), "up"
    ),
    Measure(
        "errands.detour_m", Text("平均绕行", "mean detour"), Text("米", "m"), "errand",
        ("accept", "take"), ("mean", "detour_m"), "down",
    ),
)  # fmt: skip
