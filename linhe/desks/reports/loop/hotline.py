"""The loop of a 12345 work order: received, answered within its limit, called back, closed or worked on again."""

from linhe.core.loop.kinds import NEW, ORGANISATION, SYSTEM, Action, Clock, Kind, Stage
from linhe.lib.text import Text

CLERKS = ("subdistrict_officer", "district_officer")
"""Who receives orders for their territory, hands them on, and calls back."""
ANSWERING = (ORGANISATION, "community_worker", *CLERKS)

RECEIVED, ANSWERED, CLOSED = "received", "answered", "closed"

HOTLINE = Kind(
    code="hotline",
    version=1,
    name=Text("12345 工单", "12345 order"),
    desk="reports",
    stages=(
        Stage(RECEIVED, Text("待答复", "to be answered"), "wait"),
        Stage(ANSWERED, Text("已答复，待回访", "answered, to be called back")),
        Stage(CLOSED, Text("已办结", "closed"), "over", final=True),
    ),
    actions=(
        Action(
            "receive", Text("接收工单", "receive the order"), (NEW,), RECEIVED, (*CLERKS, SYSTEM),
            data="ReceiveOrder", effect="receive_order", notify=(ORGANISATION, "community_worker"), icon="phone",
            hidden=True,
        ),
        Action(
            "assign", Text("交办", "hand on"), (RECEIVED,), None, CLERKS,
            data="AssignOrder", effect="assign_order", notify=(ORGANISATION,), icon="send", hidden=True,
        ),
        Action(
            "return_order", Text("退回", "send back"), (RECEIVED,), None, (ORGANISATION,),
            data="ReturnOrder", effect="return_order", notify=CLERKS, icon="undo", tone="wait",
        ),
        Action(
            "answer", Text("答复", "answer"), (RECEIVED,), ANSWERED, ANSWERING,
            data="AnswerOrder", effect="answer_order", icon="message", tone="good",
        ),
        Action(
            "call_back", Text("登记回访", "note the call back"), (ANSWERED,), CLOSED, CLERKS,
            data="CallBack", effect="call_back", icon="phone", tone="good",
        ),
        Action(
            "redo", Text("不满意，重新办理", "not satisfied, work on it again"), (ANSWERED,), RECEIVED, CLERKS,
            data="ReturnOrder", effect="redo_order", notify=(ORGANISATION, "community_worker"), icon="undo",
            tone="bad",
        ),
        Action(
            "late", Text("超时未答复", "not answered in time"), (RECEIVED,), None, (SYSTEM,),
            effect="late_order", notify=(ORGANISATION, "community_worker", *CLERKS), icon="clock", tone="bad",
        ),
    ),
    clocks=(
        Clock(
            "answer", Text("答复", "answer"), "reports.hotline_answer_days", ("receive", "redo"), ("answer",),
            late="late",
        ),
    ),
    reads=("community_worker", *CLERKS, "auditor"),
    retention_days="reports.hotline_retention_days",
    icon="phone",
)  # fmt: skip
