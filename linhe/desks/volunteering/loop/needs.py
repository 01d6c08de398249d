"""The loop of a compound's need: raised, matched with an organisation, delivered, fed back, confirmed."""

from linhe.core.loop.kinds import HANDLER, NEW, ORGANISATION, REQUESTER, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import GRID, ORGANISER, PARTNER, READERS, WORKER
from linhe.lib.text import Text

OPEN, MATCHED, DELIVERED, FED_BACK = "open", "matched", "delivered", "fed_back"
CONFIRMED, WITHDRAWN = "confirmed", "withdrawn"
RAISERS = (WORKER, GRID, "building_chief", "unit_chief", "centre_household")

NEED = Kind(
    code="need",
    version=1,
    name=Text("结对需求", "need of a compound"),
    desk="volunteering",
    stages=(
        Stage(OPEN, Text("待对接", "to be matched"), "wait"),
        Stage(MATCHED, Text("已对接", "matched")),
        Stage(DELIVERED, Text("已服务", "delivered"), "good"),
        Stage(FED_BACK, Text("已反馈", "fed back"), "good"),
        Stage(CONFIRMED, Text("已确认", "confirmed"), "good", final=True),
        Stage(WITHDRAWN, Text("已撤销", "withdrawn"), "over", final=True),
    ),
    actions=(
        Action(
            "raise", Text("提出需求", "raise a need"), (NEW,), OPEN, RAISERS,
            data="RaiseNeed", effect="raise_need", notify=(WORKER,), icon="add",
        ),
        Action(
            "match", Text("对接单位", "match"), (OPEN,), MATCHED, (WORKER, ORGANISER, PARTNER),
            data="MatchNeed", effect="match_need", notify=(REQUESTER, ORGANISATION), icon="people", tone="good",
            hidden=True,
        ),
        Action(
            "release", Text("退回重新对接", "give back"), (MATCHED,), OPEN, (WORKER, ORGANISATION),
            data="Explain", effect="release_need", notify=(REQUESTER, WORKER), icon="undo", tone="wait",
        ),
        Action(
            "deliver", Text("服务完成", "delivered"), (MATCHED,), DELIVERED, (ORGANISATION, WORKER),
            data="DeliverNeed", notify=(REQUESTER, HANDLER), evidence=(0, 3), icon="done", tone="good",
        ),
        Action(
            "feed_back", Text("反馈效果", "give feedback"), (DELIVERED,), FED_BACK, (REQUESTER, HANDLER, WORKER),
            data="Rate", notify=(ORGANISATION, WORKER), icon="star", tone="good",
        ),
        Action(
            "again", Text("没有解决", "not solved"), (DELIVERED,), MATCHED, (REQUESTER, HANDLER, WORKER),
            data="Explain", notify=(ORGANISATION,), icon="undo", tone="bad",
        ),
        Action(
            "confirm", Text("确认办结", "confirm"), (FED_BACK,), CONFIRMED, (WORKER,),
            notify=(REQUESTER, ORGANISATION), unlike=("deliver",), icon="check", tone="good",
        ),
        Action(
            "withdraw", Text("撤销", "withdraw"), (OPEN,), WITHDRAWN, (REQUESTER, HANDLER, WORKER),
            data="Explain", icon="close", tone="wait",
        ),
        Action(
            "hand_on", Text("转交联系人", "hand on"), (OPEN, MATCHED, DELIVERED), None, (HANDLER, WORKER),
            data="HandOn", effect="hand_on_matter", icon="people", hidden=True,
        ),
    ),
    clocks=(
        Clock("match", Text("对接", "matching"), "volunteering.match_days", ("raise", "release"),
              ("match", "withdraw")),
        Clock("delivery", Text("服务", "delivery"), "volunteering.deliver_days", ("match", "again"),
              ("deliver", "release")),
        Clock("feedback", Text("反馈", "feedback"), "volunteering.need_feedback_days", ("deliver",),
              ("feed_back", "again")),
    ),
    reads=READERS,
    retention_days="volunteering.retention_days",
    icon="care",
)  # fmt: skip
