"""The loop of a post in the neighbourhood: proposed, perhaps made public, held, handed over or ended."""

from linhe.core.loop.kinds import ANYONE, NEW, REQUESTER, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import READERS, WORKER
from linhe.lib.text import Text

PROPOSED, PUBLIC, HELD, LEAVING = "proposed", "public", "held", "leaving"
ENDED, DECLINED = "ended", "declined"
APPOINTING = ("appoint", "confirm")
"""From one of these on a post is held."""
ENDING = ("hand_over", "end")
"""With one of these it is no longer held."""

_DECIDE = (
    Action(
        "apply", Text("报名任职", "apply for a post"), (NEW,), PROPOSED, (ANYONE,),
        data="ApplyForPost", effect="propose_for_post", notify=(WORKER,), icon="person",
    ),
    Action(
        "nominate", Text("推荐人选", "nominate"), (NEW,), PROPOSED, (WORKER,),
        data="ChoosePost", effect="propose_for_post", notify=(REQUESTER,), icon="person", hidden=True,
    ),
    Action(
        "appoint", Text("直接任命", "appoint"), (NEW,), HELD, (WORKER,),
        data="ChoosePost", effect="take_up_post", notify=(REQUESTER,), icon="check", tone="good", hidden=True,
    ),
    Action(
        "publicise", Text("公示", "make public"), (PROPOSED,), PUBLIC, (WORKER,),
        notify=(REQUESTER,), icon="eye",
    ),
    Action(
        "confirm", Text("任命", "appoint"), (PROPOSED, PUBLIC), HELD, (WORKER,),
        effect="confirm_post", notify=(REQUESTER,), icon="check", tone="good",
    ),
    Action(
        "decline", Text("不任命", "decline"), (PROPOSED, PUBLIC), DECLINED, (WORKER, REQUESTER),
        data="Explain", effect="decline_post", notify=(REQUESTER,), icon="close", tone="bad",
    ),
)  # fmt: skip

_LEAVE = (
    Action(
        "resign", Text("申请卸任", "ask to leave"), (HELD,), LEAVING, (REQUESTER,),
        data="LeavePost", notify=(WORKER,), icon="undo", tone="wait",
    ),
    Action(
        "stay", Text("继续任职", "stay after all"), (LEAVING,), HELD, (REQUESTER, WORKER),
        notify=(WORKER,), icon="check", tone="good",
    ),
    Action(
        "hand_over", Text("交接", "hand over"), (HELD, LEAVING), ENDED, (WORKER,),
        data="HandOver", effect="hand_over_post", notify=(REQUESTER,), icon="people", tone="good", hidden=True,
    ),
    Action(
        "end", Text("卸任", "end"), (HELD, LEAVING), ENDED, (WORKER,),
        data="LeavePost", effect="end_post_held", notify=(REQUESTER,), icon="close", tone="bad",
    ),
)  # fmt: skip

POSTING = Kind(
    code="posting",
    version=1,
    name=Text("楼栋任职", "post in the neighbourhood"),
    desk="volunteering",
    stages=(
        Stage(PROPOSED, Text("待任命", "proposed"), "wait"),
        Stage(PUBLIC, Text("公示中", "made public"), "wait"),
        Stage(HELD, Text("在任", "held"), "good"),
        Stage(LEAVING, Text("待交接", "to be handed over"), "wait"),
        Stage(ENDED, Text("已卸任", "ended"), "over", final=True),
        Stage(DECLINED, Text("未任命", "not appointed"), "over", final=True),
    ),
    actions=(*_DECIDE, *_LEAVE),
    clocks=(
        Clock("decision", Text("研究任命", "decision"), "volunteering.post_days", ("apply", "nominate"),
              ("publicise", "confirm", "decline")),
        Clock("publicity", Text("公示", "publicity"), "volunteering.publicity_days", ("publicise",),
              ("confirm", "decline")),
        Clock("handing", Text("交接", "hand-over"), "volunteering.handover_days", ("resign",),
              ("stay", "hand_over", "end")),
    ),
    reads=READERS,
    retention_days="volunteering.retention_days",
    icon="building",
)  # fmt: skip
