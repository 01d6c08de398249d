"""The loop of mutual aid: a neighbouring company is asked for a truck, sends it, and gets it back.

The matter lies with the company that owns the truck: whoever speaks for it at the place of the failed line answers.
"""

from linhe.core.loop.kinds import NEW, ORGANISATION, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.power.loop.roles import DISPATCHER, EVERYBODY, TRUCK_OWNER
from linhe.lib.text import Text

ASKED, ACCEPTED, ON_WAY, CONNECTED, RELEASED = "asked", "accepted", "on_way", "connected", "released"
CONFIRMED, DECLINED, WITHDRAWN = "confirmed", "declined", "withdrawn"
COMING = (ACCEPTED, ON_WAY, CONNECTED)
"""Stages in which a plan may count on the truck."""

TRUCK_AID = Kind(
    code="truck_aid",
    version=1,
    name=Text("发电车支援", "truck aid"),
    desk="power",
    impersonal=True,
    stages=(
        Stage(ASKED, Text("待答复", "asked for"), "wait"),
        Stage(ACCEPTED, Text("已同意", "accepted"), "move"),
        Stage(ON_WAY, Text("赶赴现场", "on its way"), "move"),
        Stage(CONNECTED, Text("已接入", "connected"), "good"),
        Stage(RELEASED, Text("已解除，待确认归队", "released, not back yet"), "wait"),
        Stage(CONFIRMED, Text("已归队", "back and confirmed"), "over", final=True),
        Stage(DECLINED, Text("不能支援", "declined"), "bad", final=True),
        Stage(WITHDRAWN, Text("已撤回", "withdrawn"), "over", final=True),
    ),
    actions=(
        Action("ask", Text("请求支援", "ask for a truck"), (NEW,), ASKED, (DISPATCHER,), data="AskAid",
               effect="ask_aid", notify=(ORGANISATION,), icon="send", hidden=True),
        Action("accept", Text("同意支援", "accept"), (ASKED,), ACCEPTED, (ORGANISATION,), data="AcceptAid",
               effect="accept_aid", notify=(DISPATCHER,), icon="check", tone="good"),
        Action("decline", Text("不能支援", "decline"), (ASKED,), DECLINED, (ORGANISATION,), data="DeclineAid",
               effect="end_aid", notify=(DISPATCHER,), icon="close", tone="bad"),
        Action("set_off", Text("已出发", "set off"), (ACCEPTED,), ON_WAY, (ORGANISATION,), effect="send_aid",
               notify=(DISPATCHER,), icon="route"),
        Action("connect", Text("已接入", "connected"), (ON_WAY,), CONNECTED, (DISPATCHER,), effect="connect_aid",
               notify=(ORGANISATION,), icon="charge", tone="good"),
        Action("release", Text("解除支援", "release"), COMING, RELEASED, (DISPATCHER,), effect="release_aid",
               notify=(ORGANISATION,), icon="undo"),
        Action("confirm", Text("确认归队", "confirm it is back"), (RELEASED,), CONFIRMED, (ORGANISATION,),
               effect="end_aid", notify=(DISPATCHER,), icon="done", tone="good"),
        Action("withdraw", Text("撤回请求", "withdraw the request"), (ASKED,), WITHDRAWN, (DISPATCHER,),
               effect="end_aid", notify=(ORGANISATION,), icon="close", tone="over"),
        Action("answer_late", Text("答复超时", "the answer is late"), (ASKED,), None, (SYSTEM,),
               notify=(DISPATCHER, ORGANISATION), icon="clock", tone="bad"),
    ),
    clocks=(
        Clock("answer", Text("答复", "answer"), "power.aid_answer_minutes", ("ask",), ("accept", "decline", "withdraw"),
              late="answer_late"),
    ),
    reads=(*EVERYBODY, TRUCK_OWNER),
    icon="charge",
)  # fmt: skip
