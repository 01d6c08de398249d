"""The loop of a quarter's settlement: frozen and published, objected to, corrected, rewarded against signatures."""

from linhe.core.loop.kinds import NEW, SYSTEM, Action, Kind, Stage
from linhe.desks.volunteering.loop.publicity import OBJECTED, PUBLIC, clocks, objections
from linhe.desks.volunteering.loop.roles import WORKER
from linhe.lib.text import Text

REWARDING, CLOSED = "rewarding", "closed"
OFFICERS = ("subdistrict_officer", "district_officer")

SETTLEMENT = Kind(
    code="settlement",
    version=1,
    name=Text("季度积分结算", "quarterly settlement"),
    desk="volunteering",
    stages=(
        Stage(PUBLIC, Text("公示中", "published")),
        Stage(OBJECTED, Text("异议处理中", "objections to be answered"), "wait"),
        Stage(REWARDING, Text("待领奖", "rewards to be handed over"), "wait"),
        Stage(CLOSED, Text("已办结", "closed"), "good", final=True),
    ),
    actions=(
        Action(
            "freeze", Text("结算并公示", "settle and publish"), (NEW,), PUBLIC, OFFICERS,
            data="FreezeQuarter", effect="freeze_quarter", icon="chart", tone="good",
        ),
        *objections(OFFICERS),
        Action(
            "correct", Text("更正并重新公示", "correct and publish again"), (PUBLIC, OBJECTED), PUBLIC, OFFICERS,
            data="Explain", effect="correct_quarter", icon="refresh", tone="wait",
        ),
        Action(
            "publicity_over", Text("公示期满", "publicity over"), (PUBLIC,), REWARDING, (SYSTEM,),
            effect="end_publicity", icon="clock",
        ),
        Action(
            "hand_over", Text("发放奖励", "hand over a reward"), (REWARDING,), None, (*OFFICERS, WORKER),
            data="HandOverReward", effect="hand_over_reward", evidence=(0, 1), icon="star", tone="good", hidden=True,
        ),
        Action(
            "close", Text("全部发放，办结", "all handed over"), (REWARDING,), CLOSED, (*OFFICERS, WORKER),
            effect="check_all_handed", icon="done", tone="good",
        ),
    ),
    clocks=clocks("freeze", "correct"),
    reads=(WORKER, *OFFICERS, "auditor"),
    icon="chart",
)  # fmt: skip
