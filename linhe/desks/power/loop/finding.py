"""The loop of a finding: what a run of a failed line showed to be wrong is put right, and somebody else checks it."""

from linhe.core.loop.kinds import NEW, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, OPERATOR, SUPERVISOR, TRUCK_CREW
from linhe.lib.text import Text

FOUND, FIXED, CHECKED = "found", "fixed", "checked"
DOERS = (DISPATCHER, OPERATOR, TRUCK_CREW)

FINDING = Kind(
    code="power_finding",
    version=1,
    name=Text("复盘整改", "finding of a run"),
    desk="power",
    impersonal=True,
    stages=(
        Stage(FOUND, Text("待整改", "to be put right"), "wait"),
        Stage(FIXED, Text("待复核", "put right, to be checked"), "move"),
        Stage(CHECKED, Text("已销号", "checked"), "over", final=True),
    ),
    actions=(
        Action("find", Text("登记整改事项", "register a finding"), (NEW,), FOUND, (DISPATCHER, SUPERVISOR),
               data="RegisterFinding", effect="register_finding", notify=(DISPATCHER,), icon="flag", hidden=True),
        Action("fix", Text("整改完成", "put right"), (FOUND,), FIXED, DOERS, data="FixFinding", notify=(SUPERVISOR,),
               icon="repair", tone="good", evidence=(0, 3)),
        Action("check", Text("复核通过", "checked"), (FIXED,), CHECKED, (SUPERVISOR,), unlike=("fix",),
               notify=(DISPATCHER,), icon="done", tone="good"),
        Action("send_back", Text("退回整改", "not enough"), (FIXED,), FOUND, (SUPERVISOR,), unlike=("fix",),
               data="FixFinding", notify=(DISPATCHER,), icon="undo", tone="bad"),
        Action("late", Text("整改超时", "late"), (FOUND,), None, (SYSTEM,), notify=(DISPATCHER,), icon="clock",
               tone="bad"),
    ),
    clocks=(
        Clock("fix", Text("整改", "putting right"), "power.finding_days", ("find", "send_back"), ("fix",), late="late"),
    ),
    reads=EVERYBODY,
    icon="flag",
)  # fmt: skip
