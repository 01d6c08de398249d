"""A toy: something is asked for, taken, perhaps paused, finished and checked by a second person."""

from linhe.core.loop.kinds import (
    ANYONE,
    DELEGATE,
    HANDLER,
    NEW,
    ORGANISATION,
    REQUESTER,
    SYSTEM,
    Action,
    Clock,
    Kind,
    Stage,
)
from linhe.lib.text import Text

TOY = Kind(
    code="toy",
    version=1,
    name=Text("玩具", "toy"),
    desk="toy",
    stages=(
        Stage("open", Text("待办", "open"), "wait"),
        Stage("taken", Text("已接", "taken")),
        Stage("done", Text("办完", "done"), "good"),
        Stage("checked", Text("已复核", "checked"), "over", final=True),
        Stage("withdrawn", Text("已撤销", "withdrawn"), "over", final=True),
    ),
    actions=(
        Action("raise", Text("提出", "raise"), (NEW,), "open", (ANYONE,), data="Raise", evidence=(0, 2)),
        Action("take", Text("接下", "take"), ("open",), "taken", ("courier",), effect="take", notify=(REQUESTER,)),
        Action("pause", Text("暂停", "pause"), ("taken",), None, (HANDLER,)),
        Action("resume", Text("继续", "resume"), ("taken",), None, (HANDLER,)),
        Action("finish", Text("办完", "finish"), ("taken",), "done", (HANDLER,), data="Finish", notify=(REQUESTER,)),
        Action(
            "check", Text("复核", "check"), ("done",), "checked", ("community_worker",),
            effect="check", unlike=("take",),
        ),
        Action(
            "hand_over", Text("转给单位", "hand over"), ("open", "taken"), None, ("community_worker",),
            effect="hand_over", notify=(ORGANISATION,),
        ),
        Action("answer", Text("单位答复", "answer"), ("open", "taken"), None, (ORGANISATION,), notify=(REQUESTER,)),
        Action("withdraw", Text("撤销", "withdraw"), ("open", "taken"), "withdrawn", (REQUESTER, DELEGATE)),
        Action("late", Text("超时", "late"), ("open", "taken"), None, (SYSTEM,), tone="bad"),
    ),
    clocks=(
        Clock("take", Text("接单时限", "time to take"), "toy.take_minutes", ("raise",), ("take",), late="late"),
        Clock(
            "finish", Text("办理时限", "time to finish"), "toy.finish_working_minutes",
            ("take",), ("finish",), ("pause",), ("resume",), late="late",
        ),
    ),
    reads=("community_worker",),
)  # fmt: skip
