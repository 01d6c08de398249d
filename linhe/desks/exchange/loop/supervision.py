"""The loop of a supervision case: the province looks into one listing, the exchange answers, things are put right.

Who draws a case or puts the question does not conclude it alone: that takes a second person of the province.
"""

from linhe.core.loop.kinds import NEW, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.exchange.loop.roles import MANAGER, SUPERVISOR
from linhe.lib.text import Text

DRAFT, ACTIVE, ADDRESSED, DECLINED = "draft", "active", "addressed", "declined"
CORRECTING, CORRECTED = "correcting", "corrected"
COMPLETED, CLOSED, STOPPED = "completed", "closed", "stopped"

INSPECTION = Kind(
    code="inspection",
    version=1,
    name=Text("产权交易监督", "supervision case"),
    desk="exchange",
    impersonal=True,
    stages=(
        Stage(DRAFT, Text("待质询", "drawn, not asked yet"), "wait"),
        Stage(ACTIVE, Text("质询中", "the exchange is asked"), "move"),
        Stage(ADDRESSED, Text("已答复", "answered"), "wait"),
        Stage(DECLINED, Text("有异议", "objected to"), "bad"),
        Stage(CORRECTING, Text("整改中", "being put right"), "bad"),
        Stage(CORRECTED, Text("整改待验收", "put right, to be checked"), "wait"),
        Stage(COMPLETED, Text("整改完成", "completed"), "good", final=True),
        Stage(CLOSED, Text("结案，未发现问题", "closed, nothing wrong"), "over", final=True),
        Stage(STOPPED, Text("已中止", "stopped"), "over", final=True),
    ),
    actions=(
        Action(
            "draw", Text("立案", "open a case"), (NEW,), DRAFT, (SUPERVISOR, SYSTEM),
            data="DrawCase", effect="open_inspection", notify=(SUPERVISOR,), icon="search", hidden=True,
        ),
        Action(
            "inquire", Text("发出质询", "ask the exchange"), (DRAFT,), ACTIVE, (SUPERVISOR,),
            data="SayWhy", notify=(MANAGER,), icon="send",
        ),
        Action(
            "answer", Text("答复质询", "answer"), (ACTIVE,), ADDRESSED, (MANAGER,),
            data="SayWhy", notify=(SUPERVISOR,), icon="message", tone="good",
        ),
        Action(
            "decline", Text("提出异议", "object"), (ACTIVE,), DECLINED, (MANAGER,),
            data="SayWhy", notify=(SUPERVISOR,), icon="flag", tone="bad",
        ),
        Action(
            "conclude", Text("结论：责令整改", "conclude: to be put right"), (ADDRESSED, DECLINED), CORRECTING,
            (SUPERVISOR,), data="SayWhy", effect="conclude_inspection", notify=(MANAGER,), unlike=("draw", "inquire"),
            icon="flag", tone="bad",
        ),
        Action(
            "clear", Text("结论：未发现问题", "conclude: nothing wrong"), (ADDRESSED, DECLINED), CLOSED,
            (SUPERVISOR,), data="SayWhy", effect="clear_inspection", notify=(MANAGER,), unlike=("draw", "inquire"),
            icon="check", tone="good",
        ),
        Action(
            "report_correction", Text("报告整改", "report the correction"), (CORRECTING,), CORRECTED, (MANAGER,),
            data="SayWhy", notify=(SUPERVISOR,), icon="document", tone="good",
        ),
        Action(
            "accept_correction", Text("验收整改", "accept the correction"), (CORRECTED,), COMPLETED, (SUPERVISOR,),
            effect="close_inspection", notify=(MANAGER,), icon="done", tone="good",
        ),
        Action(
            "reject_correction", Text("整改不到位", "not enough"), (CORRECTED,), CORRECTING, (SUPERVISOR,),
            data="SayWhy", notify=(MANAGER,), icon="undo", tone="bad",
        ),
        Action(
            "stop", Text("中止监督", "stop the case"), (DRAFT, ACTIVE, ADDRESSED, DECLINED), STOPPED, (SUPERVISOR,),
            data="SayWhy", effect="close_inspection", notify=(MANAGER,), icon="close", tone="over",
        ),
        Action(
            "answer_late", Text("答复超时", "the answer is late"), (ACTIVE,), None, (SYSTEM,),
            notify=(MANAGER, SUPERVISOR), icon="clock", tone="bad",
        ),
        Action(
            "correction_late", Text("整改超时", "the correction is late"), (CORRECTING,), None, (SYSTEM,),
            notify=(MANAGER, SUPERVISOR), icon="clock", tone="bad",
        ),
    ),
    clocks=(
        Clock("answer", Text("答复", "answer"), "exchange.inquiry_days",
              ("inquire",), ("answer", "decline", "stop"), late="answer_late"),
        Clock("correction", Text("整改", "correction"), "exchange.supervision_correction_days",
              ("conclude", "reject_correction"), ("report_correction",), late="correction_late"),
    ),
    reads=(SUPERVISOR, MANAGER),
    retention_days="exchange.retention_days",
    icon="search",
)  # fmt: skip
