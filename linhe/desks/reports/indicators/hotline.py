"""What the orders of the hotline add up to; other desks read these figures by their codes."""

from __future__ import annotations

from linhe.core.indicators.measures import Better, Measure, Value
from linhe.lib.text import Text

_ORDERS = Text("件", "orders")


def _measure(code: str, zh: str, en: str, action: str, value: Value = "count", better: Better = "none") -> Measure:
    return Measure(f"reports.{code}", Text(zh, en), _ORDERS, "hotline", (action,), value, better)


HOTLINE_MEASURES = (
    _measure("hotline_received", "12345 工单", "hotline orders", "receive"),
    _measure("hotline_property", "物业类工单", "orders about property", "receive", ("data", "property"), "down"),
    _measure("hotline_answered", "已答复", "answered", "answer"),
    _measure("hotline_in_time", "按时答复", "answered in time", "answer", ("data", "in_time"), "up"),
    _measure("hotline_late", "超时未答复", "not answered in time", "late", better="down"),
    _measure("hotline_called_back", "已回访", "called back", "call_back"),
    _measure("hotline_satisfied", "来电人满意", "satisfied", "call_back", ("data", "content"), "up"),
    _measure("hotline_redone", "重新办理", "worked on again", "redo", better="down"),
)
