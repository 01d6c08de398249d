"""What reports add up to: by the way they came, who accepted, solved, confirmed, how fast, how often again."""

from __future__ import annotations

from linhe.core.dated import series
from linhe.core.indicators.measures import Better, Measure
from linhe.lib.text import Text

_REPORTS = Text("件", "reports")
_MINUTES = Text("分钟", "min")
_RAISED = ("report", "report_unnamed", "report_for")


def _count(
    code: str, zh: str, en: str, *actions: str, better: Better = "none", where: tuple[str, str] | None = None
) -> Measure:
    return Measure(f"reports.{code}", Text(zh, en), _REPORTS, "report", actions, "count", better, where)


def _by_category() -> tuple[Measure, ...]:
    """How many of each category, of every list that has ever been in force, by its latest name."""
    names = {row["code"]: row for entry in series("reports.categories") for row in entry.value}
    return tuple(
        _count(f"raised_{code}", f"上报：{row['zh']}", f"raised: {row['en']}", *_RAISED, where=("category", code))
        for code, row in names.items()
    )


REPORT_MEASURES = (
    _count("raised", "上报", "raised", *_RAISED),
    _count("unnamed", "匿名上报", "raised anonymously", "report_unnamed"),
    _count("snapshots", "小哥随手拍", "snapshots by couriers", *_RAISED, better="up", where=("source", "courier")),
    _count("accepted", "受理", "accepted", "accept", better="up"),
    _count("rerouted", "转办", "routed elsewhere", "reroute", better="down"),
    _count("parts", "转出的部分", "parts handed on", "part"),
    _count("solved", "办结", "solved", "solve", better="up"),
    _count("confirmed", "提出人确认", "confirmed by the requester", "confirm", "confirm_linked", better="up"),
    _count("checked", "社区核实", "checked by the community", "check"),
    _count("lapsed", "到期结案", "closed when time ran out", "lapse", better="down"),
    _count("reopened", "没解决，重办", "reopened", "reopen", better="down"),
    _count("declined", "不予受理", "declined", "decline"),
    _count("late", "超时", "late", "late", better="down"),
    _count("paused", "批准暂停", "pauses approved", "approve_pause"),
    _count("followed", "重复的改为关注", "duplicates followed", "follow", better="up"),
    _count("merged", "并案", "merged", "merge"),
    Measure(
        "reports.minutes_to_accept", Text("上报到受理", "from report to acceptance"), _MINUTES, "report",
        ("accept",), ("minutes_since", "report"), "down",
    ),
    Measure(
        "reports.minutes_to_solve", Text("受理到办结", "from acceptance to solution"), _MINUTES, "report",
        ("solve",), ("minutes_since", "accept"), "down",
    ),
    *_by_category(),
)  # fmt: skip
