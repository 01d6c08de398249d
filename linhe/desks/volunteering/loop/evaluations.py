"""The loop of a year-end evaluation: opened, computed from the log, objected to, confirmed."""

from linhe.core.loop.kinds import ANYONE, NEW, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import READERS, STAFF
from linhe.lib.text import Text

OPENED, COMPUTED, CONFIRMED, DROPPED = "opened", "computed", "confirmed", "dropped"

EVALUATION = Kind(
    code="evaluation",
    version=1,
    name=Text("年终评价", "year-end evaluation"),
    desk="volunteering",
    stages=(
        Stage(OPENED, Text("待计算", "opened"), "wait"),
        Stage(COMPUTED, Text("征求异议", "open to objections")),
        Stage(CONFIRMED, Text("已确认", "confirmed"), "good", final=True),
        Stage(DROPPED, Text("已作废", "dropped"), "over", final=True),
    ),
    actions=(
        Action(
            "open", Text("开启评价", "open"), (NEW,), OPENED, STAFF,
            data="OpenEvaluation", effect="open_evaluation", icon="chart",
        ),
        Action(
            "compute", Text("按记录计算", "compute from the log"), (OPENED, COMPUTED), COMPUTED, STAFF,
            effect="compute_evaluation", icon="refresh",
        ),
        Action(
            "object", Text("提出异议", "object"), (COMPUTED,), None, (ANYONE,),
            data="Explain", effect="object_to_evaluation", icon="flag", tone="bad", hidden=True,
        ),
        Action(
            "answer", Text("答复异议", "answer an objection"), (COMPUTED,), None, STAFF,
            data="AnswerObjection", effect="answer_objection", icon="message", hidden=True,
        ),
        Action(
            "confirm", Text("确认结果", "confirm"), (COMPUTED,), CONFIRMED, STAFF,
            effect="confirm_evaluation", icon="check", tone="good",
        ),
        Action(
            "drop", Text("作废", "drop"), (OPENED, COMPUTED), DROPPED, STAFF,
            data="Explain", effect="drop_evaluation", icon="close", tone="bad",
        ),
    ),
    clocks=(
        Clock("objections", Text("异议期", "time for objections"), "volunteering.objection_days", ("compute",),
              ("confirm", "drop")),
    ),
    reads=READERS,
    icon="chart",
)  # fmt: skip
