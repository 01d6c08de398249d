"""The loop of an activity: published, signed up for, attended, held, closed."""

from dataclasses import replace

from linhe.core.loop.kinds import ANYONE, HANDLER, NEW, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.volunteering.loop.roles import ORGANISER, PARTNER, READERS, STAFF, WORKER
from linhe.lib.text import Text

PUBLISHED, DONE, CLOSED, CALLED_OFF = "published", "done", "closed", "called_off"
ARRIVING = ("arrive", "tick", "walk_in")
"""Each of these is one person who took part."""
RUNS = (HANDLER, WORKER)

_SIGN_UP = (
    Action(
        "publish", Text("发布活动", "publish"), (NEW,), PUBLISHED, (*STAFF, ORGANISER, PARTNER),
        data="PublishActivity", effect="publish_activity", icon="calendar", tone="good", hidden=True,
    ),
    Action(
        "sign_up", Text("报名", "sign up"), (PUBLISHED,), None, (ANYONE,),
        effect="sign_up", icon="check", tone="good", hidden=True,
    ),
    Action(
        "give_up", Text("取消报名", "give up my place"), (PUBLISHED,), None, (ANYONE,),
        effect="give_up_place", icon="close", tone="wait", hidden=True,
    ),
    Action(
        "call_off", Text("取消活动", "call off"), (PUBLISHED,), CALLED_OFF, RUNS,
        data="Explain", effect="call_off_activity", icon="close", tone="bad",
    ),
)  # fmt: skip

_TAKE_PART = (
    Action(
        "arrive", Text("签到", "arrive"), (PUBLISHED,), None, (ANYONE,),
        data="Arrive", effect="arrive_by_code", icon="check", tone="good", hidden=True,
    ),
    Action(
        "tick", Text("代签到", "tick off"), (PUBLISHED,), None, RUNS,
        data="ChooseSignUp", effect="tick_arrival", icon="check", tone="good", hidden=True,
    ),
    Action(
        "walk_in", Text("现场登记", "add on the spot"), (PUBLISHED,), None, RUNS,
        data="WalkIn", effect="add_on_the_spot", icon="add", hidden=True,
    ),
    Action(
        "depart", Text("签退", "leave"), (PUBLISHED,), None, (ANYONE,),
        effect="depart", icon="undo", hidden=True,
    ),
    Action(
        "finish", Text("活动结束", "finish"), (PUBLISHED,), DONE, RUNS,
        data="FinishActivity", effect="finish_activity", evidence=(0, 6), icon="done", tone="good",
    ),
)  # fmt: skip

_AFTERWARDS = (
    Action(
        "feed_back", Text("评价活动", "give feedback"), (DONE,), None, (ANYONE,),
        data="Rate", effect="rate_activity", icon="star", tone="good", hidden=True,
    ),
    Action(
        "strike", Text("撤销签到", "strike off"), (DONE,), None, (WORKER,),
        data="Strike", effect="strike_arrival", icon="close", tone="bad", hidden=True,
    ),
    Action(
        "vouch", Text("核对名单，补计积分", "vouch for the list"), (DONE,), None, (WORKER,),
        effect="vouch_for_list", icon="check", tone="good", hidden=True,
    ),
    Action(
        "close", Text("到期办结", "close"), (DONE,), CLOSED, (SYSTEM, WORKER),
        icon="done", tone="good",
    ),
    Action(
        "hand_on", Text("转交负责人", "hand on"), (PUBLISHED, DONE), None, RUNS,
        data="HandOn", effect="hand_on_matter", icon="people", hidden=True,
    ),
)  # fmt: skip

ACTIVITY = Kind(
    code="activity",
    version=2,
    name=Text("志愿活动", "activity"),
    desk="volunteering",
    stages=(
        Stage(PUBLISHED, Text("报名中", "open for sign-up"), "move"),
        Stage(DONE, Text("已举办", "held"), "good"),
        Stage(CLOSED, Text("已办结", "closed"), "over", final=True),
        Stage(CALLED_OFF, Text("已取消", "called off"), "bad", final=True),
    ),
    actions=(*_SIGN_UP, *_TAKE_PART, *_AFTERWARDS),
    clocks=(
        Clock("feedback", Text("评价", "feedback"), "volunteering.feedback_minutes", ("finish",), ("close",),
              late="close"),
    ),
    reads=READERS,
    retention_days="volunteering.retention_days",
    icon="calendar",
)  # fmt: skip

ACTIVITY_1 = replace(ACTIVITY, version=1, actions=tuple(one for one in ACTIVITY.actions if one.code != "vouch"))
"""For activities announced before a list could be vouched for afterwards."""
