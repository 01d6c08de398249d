"""The loop of a redemption: given at a shop's counter against a code, undone within minutes or done for good."""

from linhe.core.loop.kinds import NEW, REQUESTER, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import PARTNER
from linhe.lib.text import Text

GIVEN, COMPLETE, UNDONE = "given", "complete", "undone"

REDEMPTION = Kind(
    code="redemption",
    version=1,
    name=Text("积分兑换", "redemption"),
    desk="volunteering",
    stages=(
        Stage(GIVEN, Text("已兑换", "redeemed"), "good"),
        Stage(COMPLETE, Text("已完成", "complete"), "good", final=True),
        Stage(UNDONE, Text("已撤销", "undone"), "over", final=True),
    ),
    actions=(
        Action(
            "redeem", Text("兑换", "redeem"), (NEW,), GIVEN, (PARTNER,),
            data="Redeem", effect="redeem_points", notify=(REQUESTER,), icon="coin", tone="good",
        ),
        Action(
            "undo", Text("撤销兑换", "undo"), (GIVEN,), UNDONE, (PARTNER,),
            data="UndoRedemption", effect="undo_redemption", notify=(REQUESTER,), icon="undo", tone="bad",
        ),
        Action(
            "complete", Text("过时不能再撤销", "can no longer be undone"), (GIVEN,), COMPLETE, (SYSTEM,), icon="check",
        ),
    ),
    clocks=(
        Clock("undo", Text("可撤销", "may be undone"), "volunteering.undo_minutes", ("redeem",), ("undo",),
              late="complete"),
    ),
    reads=("subdistrict_officer", "district_officer", "auditor"),
    retention_days="volunteering.retention_days",
    icon="coin",
)  # fmt: skip
