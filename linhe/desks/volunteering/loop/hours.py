"""The loop of hours that volunteers log themselves: logged, confirmed by who leads them."""

from linhe.core.loop.kinds import ANYONE, NEW, REQUESTER, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import GRID, ORGANISER, READERS, WORKER
from linhe.lib.text import Text

LOGGED, CONFIRMED, REFUSED, WITHDRAWN = "logged", "confirmed", "refused", "withdrawn"

HOURS = Kind(
    code="hours",
    version=1,
    name=Text("志愿时长", "volunteer hours"),
    desk="volunteering",
    stages=(
        Stage(LOGGED, Text("待核实", "to be confirmed"), "wait"),
        Stage(CONFIRMED, Text("已核实", "confirmed"), "good", final=True),
        Stage(REFUSED, Text("未通过", "not confirmed"), "bad", final=True),
        Stage(WITHDRAWN, Text("已撤回", "withdrawn"), "over", final=True),
    ),
    actions=(
        Action(
            "log", Text("登记时长", "log hours"), (NEW,), LOGGED, (ANYONE,),
            data="LogHours", effect="log_hours", notify=(WORKER,), evidence=(0, 3), icon="clock",
        ),
        Action(
            "confirm", Text("核实通过", "confirm"), (LOGGED,), CONFIRMED, (WORKER, GRID, ORGANISER),
            effect="confirm_hours", notify=(REQUESTER,), unlike=("log",), icon="check", tone="good",
        ),
        Action(
            "refuse", Text("不通过", "do not confirm"), (LOGGED,), REFUSED, (WORKER, GRID, ORGANISER),
            data="Explain", notify=(REQUESTER,), unlike=("log",), icon="close", tone="bad",
        ),
        Action(
            "withdraw", Text("撤回", "withdraw"), (LOGGED,), WITHDRAWN, (REQUESTER,), icon="undo", tone="wait",
        ),
    ),
    clocks=(
        Clock("answer", Text("核实", "confirmation"), "volunteering.hours_days", ("log",),
              ("confirm", "refuse", "withdraw")),
    ),
    reads=READERS,
    retention_days="volunteering.retention_days",
    icon="clock",
)  # fmt: skip
