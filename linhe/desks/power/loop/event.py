"""The loop of a failed line, in earnest or as a drill: judged, restored item by item, told.

Where the run stands in its five phases is on the run sheet; the stages tell what the matter waits for: that the fault
is located and planned for, that the sheet is worked through, that the figures are told.
"""

from linhe.core.loop.kinds import NEW, Action, Kind, Stage
from linhe.core.runsheets.actions import run_actions
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, OPERATOR, SUPERVISOR, TRUCK_CREW
from linhe.lib.text import Text

JUDGING, RUNNING, RESTORED = "judging", "running", "restored"
CLOSED, CANCELLED = "closed", "cancelled"
LIVE = (JUDGING, RUNNING)
LEAD = (DISPATCHER,)
CREWS = (DISPATCHER, SUPERVISOR, OPERATOR, TRUCK_CREW)

POWER_EVENT = Kind(
    code="power_event",
    version=1,
    name=Text("线路故障抢修", "failed line"),
    desk="power",
    stages=(
        Stage(JUDGING, Text("研判定位", "being located"), "wait"),
        Stage(RUNNING, Text("抢修复电", "being restored"), "move"),
        Stage(RESTORED, Text("已恢复供电", "restored"), "good"),
        Stage(CLOSED, Text("已归档", "told and closed"), "over", final=True),
        Stage(CANCELLED, Text("已撤销", "called off"), "over", final=True),
    ),
    actions=(
        Action("raise_alarm", Text("登记故障告警", "raise the alarm"), (NEW,), JUDGING, LEAD, data="RaiseAlarm",
               effect="raise_alarm", notify=(SUPERVISOR, OPERATOR, TRUCK_CREW), icon="charge", hidden=True),
        Action("add_signal", Text("补充线索", "add a signal"), LIVE, None, (DISPATCHER, OPERATOR), data="AddSignal",
               effect="add_signal", hidden=True),
        Action("locate", Text("确认故障点", "confirm the fault"), LIVE, None, (DISPATCHER, OPERATOR), data="Locate",
               effect="locate", hidden=True),
        Action("plan", Text("下达方案", "issue the plan"), (JUDGING,), RUNNING, LEAD, data="UsePlan",
               effect="use_plan", notify=(SUPERVISOR, OPERATOR, TRUCK_CREW), hidden=True),
        Action("replan", Text("调整方案", "change the plan"), (RUNNING,), None, CREWS, data="UsePlan",
               effect="use_plan", notify=CREWS, hidden=True),
        *run_actions(
            LIVE, callers=(SUPERVISOR,), doers=(DISPATCHER, OPERATOR, TRUCK_CREW), leaders=(DISPATCHER, SUPERVISOR)
        ),
        Action("set_weather", Text("天气变化", "the weather changes"), LIVE, None, (DISPATCHER, SUPERVISOR),
               data="SetWeather", effect="set_weather", notify=(OPERATOR, SUPERVISOR), hidden=True),
        Action("finish", Text("终结流程", "end the run"), LIVE, RESTORED, LEAD, effect="finish", tone="good",
               icon="check", hidden=True),
        Action("report", Text("归档", "tell and close"), (RESTORED,), CLOSED, LEAD, data="Report", tone="over",
               icon="document"),
        Action("cancel", Text("撤销", "call off"), LIVE, CANCELLED, LEAD, data="Cancel", effect="cancel", tone="bad"),
    ),
    reads=EVERYBODY,
    retention_days="power.keep_days",
    icon="charge",
    impersonal=True,
)  # fmt: skip
"""``data`` of the plan's actions names a stored plan: it is solved before, outside of any transaction."""
