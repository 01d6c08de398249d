"""The desk's three loops: a petition gathers supporters, a meeting decides, a resolution is carried out."""

from dataclasses import replace

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

SECRETARY = ("community_worker", "subdistrict_officer")
"""Who convenes, keeps the minutes and publishes what was decided, at their place."""
READERS = (*SECRETARY, "district_officer", "auditor")

COLLECTING, SUPPORTED, ADOPTED = "collecting", "supported", "adopted"
DRAFT, CONVENED, OPEN, MINUTES, HELD, CANCELLED = "draft", "convened", "open", "minutes", "held", "cancelled"
PUBLICITY, OBJECTED, CARRYING, DONE, SETTLED, RETURNED = (
    "publicity", "objected", "carrying", "done", "settled", "returned",
)  # fmt: skip

TOPICS = (
    ("charging", Text("飞线充电", "overhead charging wires")),
    ("water", Text("直饮水机", "drinking-water machines")),
    ("neighbours", Text("邻里关系", "neighbours")),
    ("property", Text("物业服务", "property services")),
    ("other", Text("其他", "other")),
)
TOPIC_NAMES = dict(TOPICS)

PETITION = Kind(
    code="petition",
    version=1,
    name=Text("居民联名提议", "residents' petition"),
    desk="councils",
    stages=(
        Stage(COLLECTING, Text("征集附议", "gathering supporters"), "wait"),
        Stage(SUPPORTED, Text("附议已达标", "enough supporters"), "good"),
        Stage(ADOPTED, Text("已列入议题", "on the agenda"), "good", final=True),
        Stage("declined", Text("未列入议题", "not taken up"), "over", final=True),
        Stage("withdrawn", Text("已撤回", "withdrawn"), "over", final=True),
        Stage("lapsed", Text("到期未达标", "lapsed"), "over", final=True),
    ),
    actions=(
        Action("raise", Text("提议", "propose"), (NEW,), COLLECTING, (ANYONE,),
               data="RaisePetition", effect="open_petition", icon="add", tone="good"),
        Action("support", Text("附议", "support"), (COLLECTING, SUPPORTED), SUPPORTED, (ANYONE,),
               effect="support_petition", icon="people", tone="good", hidden=True),
        Action("unsupport", Text("撤回附议", "no longer support"), (COLLECTING, SUPPORTED), COLLECTING, (ANYONE,),
               effect="unsupport_petition", icon="undo", tone="wait", hidden=True),
        Action("adopt", Text("列入议题", "put on the agenda"), (SUPPORTED,), ADOPTED, SECRETARY,
               data="AdoptPetition", effect="adopt_petition", notify=(REQUESTER,), icon="check", tone="good",
               hidden=True),
        Action("decline", Text("不列入议题", "do not take up"), (COLLECTING, SUPPORTED), "declined", SECRETARY,
               data="Explain", notify=(REQUESTER,), icon="close", tone="bad"),
        Action("withdraw", Text("撤回提议", "withdraw"), (COLLECTING, SUPPORTED), "withdrawn", (REQUESTER, DELEGATE),
               icon="undo", tone="wait"),
        Action("lapse", Text("到期未达标", "lapse"), (COLLECTING,), "lapsed", (SYSTEM,),
               notify=(REQUESTER,), icon="clock", tone="wait"),
    ),
    clocks=(
        Clock("collect", Text("征集附议", "gathering supporters"), "councils.collect_days", ("raise",),
              ("adopt", "decline", "withdraw"), late="lapse"),
    ),
    reads=READERS,
    retention_days="councils.retention_days",
    icon="people",
)  # fmt: skip

PREPARE = (
    Action("plan", Text("筹备会议", "plan a meeting"), (NEW,), DRAFT, SECRETARY,
           data="PlanMeeting", effect="plan_meeting", icon="calendar", hidden=True),
    Action("add_item", Text("加入议题", "add to the agenda"), (DRAFT,), None, SECRETARY,
           data="AddItem", effect="add_item", icon="add", hidden=True),
    Action("drop_item", Text("移出议题", "take off the agenda"), (DRAFT,), None, SECRETARY,
           data="PickItem", effect="drop_item", icon="close", tone="wait", hidden=True),
    Action("convene", Text("发出会议通知", "convene"), (DRAFT,), CONVENED, SECRETARY,
           effect="convene_meeting", icon="send", tone="good", hidden=True),
    Action("comment", Text("对议题发表意见", "comment"), (CONVENED, OPEN), None, (ANYONE,),
           data="Comment", effect="keep_comment", icon="message", hidden=True),
    Action("moderate", Text("审核意见", "moderate a comment"), (CONVENED, OPEN, MINUTES), None, SECRETARY,
           data="Moderate", effect="moderate_comment", icon="eye", hidden=True),
    Action("cancel", Text("取消会议", "cancel"), (DRAFT, CONVENED), CANCELLED, SECRETARY,
           data="Explain", effect="cancel_meeting", icon="close", tone="bad", hidden=True),
)  # fmt: skip

SIT = (
    Action("open", Text("开会", "open the meeting"), (CONVENED,), OPEN, SECRETARY,
           effect="open_meeting", icon="door", tone="good", hidden=True),
    Action("attend", Text("签到", "check in"), (OPEN,), None, (ANYONE,),
           data="Attend", effect="attend_by_code", icon="check", tone="good", hidden=True),
    Action("roll_call", Text("点名确认到会", "confirm who is here"), (OPEN,), None, SECRETARY,
           data="RollCall", effect="confirm_present", icon="people", hidden=True),
    Action("note", Text("记录发言要点", "note a point"), (OPEN,), None, SECRETARY,
           data="NotePoint", effect="note_point", icon="message", hidden=True),
    Action("move", Text("提出表决事项", "put a motion"), (OPEN,), None, SECRETARY,
           data="PutMotion", effect="put_motion", icon="flag", hidden=True),
    Action("open_vote", Text("开始表决", "open the vote"), (OPEN,), None, SECRETARY,
           data="PickMotion", effect="open_vote", icon="flag", tone="good", hidden=True),
    Action("vote", Text("投票", "vote"), (OPEN,), None, (ANYONE,),
           data="CastVote", effect="cast_vote", icon="check", tone="good", hidden=True),
    Action("count_hands", Text("举手表决", "show of hands"), (OPEN,), None, SECRETARY,
           data="CountHands", effect="count_hands", icon="people", hidden=True),
    Action("close_vote", Text("结束表决", "close the vote"), (OPEN,), None, SECRETARY,
           data="PickMotion", effect="close_vote", icon="done", hidden=True),
    Action("close", Text("散会", "close the meeting"), (OPEN,), MINUTES, SECRETARY,
           effect="close_meeting", notify=(HANDLER,), icon="door", hidden=True),
)  # fmt: skip

RECORD = (
    Action("correct", Text("修改纪要", "correct the minutes"), (MINUTES,), None, SECRETARY,
           data="CorrectMinutes", effect="correct_minutes", notify=(HANDLER,), icon="document", hidden=True),
    Action("send_back", Text("请秘书再改", "ask for a correction"), (MINUTES,), None, (HANDLER,),
           data="Explain", notify=SECRETARY, icon="undo", tone="wait", hidden=True),
    Action("confirm", Text("确认纪要", "confirm the minutes"), (MINUTES,), HELD, (HANDLER,),
           data="ConfirmMinutes", effect="confirm_minutes", notify=SECRETARY, unlike=("close", "correct"),
           icon="done", tone="good", hidden=True),
)  # fmt: skip

MEETING = Kind(
    code="meeting",
    version=1,
    name=Text("议事会议", "meeting"),
    desk="councils",
    stages=(
        Stage(DRAFT, Text("筹备中", "being prepared"), "wait"),
        Stage(CONVENED, Text("已通知", "convened"), "move"),
        Stage(OPEN, Text("进行中", "in session"), "good"),
        Stage(MINUTES, Text("纪要待确认", "minutes to confirm"), "wait"),
        Stage(HELD, Text("已开完", "held"), "good", final=True),
        Stage(CANCELLED, Text("已取消", "cancelled"), "over", final=True),
    ),
    actions=(*PREPARE, *SIT, *RECORD),
    clocks=(
        Clock("minutes", Text("纪要确认", "confirming the minutes"), "councils.minutes_days", ("close",), ("confirm",)),
    ),
    reads=READERS,
    retention_days="councils.retention_days",
    icon="neighbours",
)

RESOLUTION = Kind(
    code="resolution",
    version=2,
    name=Text("会议决议", "resolution"),
    desk="councils",
    stages=(
        Stage(PUBLICITY, Text("公示中", "in publicity"), "wait"),
        Stage(OBJECTED, Text("异议处理中", "objection under review"), "bad"),
        Stage(CARRYING, Text("办理中", "being carried out"), "move"),
        Stage(DONE, Text("待确认", "waiting for confirmation"), "wait"),
        Stage(SETTLED, Text("已办结", "settled"), "good", final=True),
        Stage(RETURNED, Text("退回再议", "back to the meeting"), "over", final=True),
    ),
    actions=(
        Action("publish", Text("公示决议", "publish"), (NEW,), PUBLICITY, SECRETARY,
               data="PublishResolution", effect="publish_resolution", notify=(REQUESTER, HANDLER, ORGANISATION),
               icon="flag", hidden=True),
        Action("object", Text("提出异议", "object"), (PUBLICITY, OBJECTED), OBJECTED, (ANYONE,),
               data="Object", effect="object_to_resolution", notify=SECRETARY, icon="flag", tone="bad", hidden=True),
        Action("dismiss", Text("异议不成立", "dismiss the objection"), (OBJECTED,), PUBLICITY, SECRETARY,
               data="Explain", effect="answer_objections", unlike=("publish",), icon="done"),
        Action("uphold", Text("异议成立，退回再议", "uphold: back to the meeting"), (OBJECTED,), RETURNED, SECRETARY,
               data="Explain", effect="return_to_meeting", notify=(REQUESTER, HANDLER, ORGANISATION), icon="undo",
               tone="bad"),
        Action("take_effect", Text("公示期满", "publicity ends"), (PUBLICITY,), CARRYING, (SYSTEM,),
               effect="set_deadline", notify=(ORGANISATION, HANDLER), icon="clock", tone="good"),
        Action("finish", Text("办完了", "carried out"), (CARRYING,), DONE, (ORGANISATION, *SECRETARY),
               data="Explain", notify=(REQUESTER, HANDLER), evidence=(1, 3), icon="photo", tone="good"),
        Action("late", Text("已超期", "late"), (CARRYING,), None, (SYSTEM,),
               notify=(ORGANISATION, HANDLER, *SECRETARY), icon="clock", tone="bad"),
        Action("redo", Text("还没办好", "not settled yet"), (DONE,), CARRYING, (REQUESTER, HANDLER),
               data="Explain", effect="set_deadline", notify=(ORGANISATION, *SECRETARY), icon="undo", tone="bad"),
        Action("confirm", Text("确认办好了", "confirm it is settled"), (DONE,), SETTLED, (REQUESTER, HANDLER),
               effect="settle_resolution", notify=(ORGANISATION,), unlike=("publish", "finish"), icon="done",
               tone="good"),
    ),
    clocks=(
        Clock("publicity", Text("公示", "publicity"), "councils.publicity_days", ("publish",),
              ("take_effect", "uphold"), ("object",), ("dismiss",), late="take_effect"),
        Clock("deadline", Text("办理", "carrying out"), "councils.carry_days", ("take_effect", "redo"), ("finish",),
              late="late"),
    ),
    reads=READERS,
    retention_days="councils.retention_days",
    icon="document",
)  # fmt: skip

RESOLUTION_1 = replace(
    RESOLUTION,
    version=1,
    actions=tuple(replace(a, unlike=()) if a.code == "dismiss" else a for a in RESOLUTION.actions),
)
"""Until a second person had to weigh what was said against a resolution, its publisher could dismiss it."""
