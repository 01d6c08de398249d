"""The loop of a feeder's data: one person hands a file in, another one takes it over, and it holds from a day."""

from linhe.core.loop.kinds import NEW, Action, Kind, Stage
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, SUPERVISOR
from linhe.lib.text import Text

SUBMITTED, IN_FORCE, SENT_BACK, TAKEN_BACK = "submitted", "in_force", "sent_back", "taken_back"
CHECKERS = (DISPATCHER, SUPERVISOR)

FEEDER_DATA = Kind(
    code="power_feeder",
    version=1,
    name=Text("线路异动", "data of a feeder"),
    desk="power",
    impersonal=True,
    stages=(
        Stage(SUBMITTED, Text("待核对", "to be checked"), "wait"),
        Stage(IN_FORCE, Text("已采用", "taken over"), "good", final=True),
        Stage(SENT_BACK, Text("已退回", "sent back"), "bad", final=True),
        Stage(TAKEN_BACK, Text("已撤回", "taken back"), "over", final=True),
    ),
    actions=(
        Action("submit", Text("报送线路数据", "hand in the data"), (NEW,), SUBMITTED, (DISPATCHER,),
               data="SubmitFeeder", effect="submit_feeder", notify=CHECKERS, icon="send", hidden=True),
        Action("adopt", Text("核对无误，采用", "right: take it over"), (SUBMITTED,), IN_FORCE, CHECKERS,
               effect="adopt_feeder", unlike=("submit",), notify=CHECKERS, icon="check", tone="good"),
        Action("send_back", Text("退回", "send back"), (SUBMITTED,), SENT_BACK, CHECKERS, data="SendBackFeeder",
               effect="end_feeder", unlike=("submit",), notify=(DISPATCHER,), icon="undo", tone="bad"),
        Action("take_back", Text("撤回", "take back"), (SUBMITTED,), TAKEN_BACK, (DISPATCHER,), effect="end_feeder",
               icon="close", tone="over"),
    ),
    reads=EVERYBODY,
    retention_days="power.keep_days",
    icon="charge",
)  # fmt: skip
