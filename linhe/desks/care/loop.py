"""The loops of the care desk: a daily sign of life, who gives it an eye, a visit, emergency access, sessions."""

from dataclasses import replace

from linhe.core.loop.kinds import ANYONE, DELEGATE, HANDLER, NEW, REQUESTER, SYSTEM, Action, Clock, Kind, Stage
from linhe.lib.text import Text

WORKER, GRID = "community_worker", "grid_worker"
STREET, DISTRICT, AUDITOR = "subdistrict_officer", "district_officer", "auditor"
STAFF = (WORKER, GRID)
OWN = (REQUESTER, DELEGATE)

DUE, NEIGHBOUR, CHIEF, AT_WORKER, FAMILY, EMERGENCY = "due", "neighbour", "chief", "worker", "family", "emergency"
WELL, HELPING, HELPED, AWAY, STOPPED = "well", "helping", "helped", "away", "stopped"
LEVELS = (DUE, NEIGHBOUR, CHIEF, AT_WORKER, FAMILY, EMERGENCY)
ESCALATED = (CHIEF, AT_WORKER, FAMILY, EMERGENCY)
"""From here on a sign from afar is no longer enough: somebody must see the person."""
LOOKED = (NEIGHBOUR, *ESCALATED)
OPEN = (*LEVELS, HELPING)

_ON = (SYSTEM, HANDLER, *STAFF)
DAILY_CHECK = Kind(
    code="daily_check",
    version=2,
    name=Text("日常关照", "daily look-in"),
    desk="care",
    stages=(
        Stage(DUE, Text("等平安信号", "a sign is due"), "wait"),
        Stage(NEIGHBOUR, Text("请邻居看看", "the neighbour is asked"), "move"),
        Stage(CHIEF, Text("请单元长看看", "the unit chief is asked"), "move"),
        Stage(AT_WORKER, Text("社区上门", "the community worker goes"), "bad"),
        Stage(FAMILY, Text("联系家人", "the family is called"), "bad"),
        Stage(EMERGENCY, Text("紧急救助", "emergency"), "bad"),
        Stage(HELPING, Text("正在帮助", "being helped"), "move"),
        Stage(WELL, Text("平安", "well"), "good", final=True),
        Stage(HELPED, Text("已妥善安置", "looked after"), "over", final=True),
        Stage(AWAY, Text("不在家", "away"), "over", final=True),
        Stage(STOPPED, Text("已停止", "stopped"), "over", final=True),
    ),
    actions=(
        Action("open", Text("新的一天", "a new day"), (NEW,), DUE, (SYSTEM,), effect="open_check", icon="clock"),
        Action("tap", Text("我很好", "I am well"), (DUE, NEIGHBOUR), WELL, (REQUESTER,),
               effect="note_sign", notify=(HANDLER,), icon="check", tone="good"),
        Action("tap_late", Text("报了平安", "tapped “well” late"), LOOKED[1:], None, (REQUESTER,),
               effect="note_late_tap", notify=(HANDLER, WORKER), icon="check", tone="wait"),
        Action("curtain", Text("窗帘拉开了", "curtain open"), (DUE, NEIGHBOUR), WELL, (HANDLER,),
               effect="note_sign", icon="curtain", tone="good"),
        Action("glance", Text("路过看到平安", "seen in passing"), (DUE, NEIGHBOUR), WELL, (SYSTEM,),
               effect="note_sign", icon="curtain", tone="good"),
        Action("meter", Text("水电表有读数", "meter moved"), (DUE, NEIGHBOUR), WELL, (SYSTEM,),
               effect="note_sign", icon="check", tone="good"),
        Action("seen", Text("见到本人，平安", "seen in person, well"), (DUE, *LOOKED), WELL,
               (HANDLER, DELEGATE, *STAFF), data="Seen", effect="note_seen", notify=(REQUESTER, WORKER), icon="check",
               tone="good"),
        Action("needs_help", Text("见到本人，需要帮助", "seen, needs help"), (DUE, *LOOKED), HELPING,
               (HANDLER, DELEGATE, *STAFF), data="Explain", effect="note_help", notify=(REQUESTER, WORKER), icon="care",
               tone="bad"),
        Action("settle", Text("已妥善安置", "looked after"), (HELPING,), HELPED, STAFF, data="Explain",
               notify=(REQUESTER,), icon="done", tone="good"),
        Action("ask_neighbour", Text("请邻居看看", "ask the neighbour"), (DUE,), NEIGHBOUR, (SYSTEM, *STAFF),
               effect="ask_neighbour", notify=(HANDLER,), icon="clock", tone="wait"),
        Action("ask_chief", Text("没见到，请单元长", "not seen: ask the unit chief"), (NEIGHBOUR,), CHIEF, _ON,
               effect="ask_chief", notify=(HANDLER,), icon="clock", tone="bad"),
        Action("ask_worker", Text("没见到，请社区上门", "not seen: the community goes"), (CHIEF,), AT_WORKER, _ON,
               effect="ask_worker", notify=(WORKER,), icon="clock", tone="bad"),
        Action("ask_family", Text("没见到，联系家人", "not seen: call the family"), (AT_WORKER,), FAMILY,
               (SYSTEM, *STAFF), effect="ask_family", notify=(REQUESTER, WORKER), icon="phone", tone="bad"),
        Action("call_emergency", Text("转紧急救助", "call the emergency services"), (*LOOKED[:-1], HELPING), EMERGENCY,
               _ON, effect="call_emergency", notify=(REQUESTER, WORKER, STREET), icon="warning", tone="bad"),
        Action("pass_on", Text("换了邻居", "another neighbour"), (DUE, NEIGHBOUR), None, (SYSTEM,), effect="pass_on",
               icon="person", tone="wait"),
        Action("excuse", Text("今天不在家", "away today"), LEVELS, AWAY, (*OWN, *STAFF, SYSTEM), data="Excuse",
               effect="note_excuse", notify=(HANDLER,), icon="door", tone="wait"),
        Action("stop", Text("本人不再参加", "no longer wanted"), OPEN, STOPPED, (REQUESTER, SYSTEM),
               notify=(HANDLER,), icon="close", tone="wait"),
    ),
    clocks=(
        Clock("sign", Text("平安信号", "sign of life"), "care.sign_minutes", ("open",),
              ("tap", "curtain", "glance", "meter", "seen", "needs_help", "ask_neighbour"), late="ask_neighbour"),
        Clock("neighbour", Text("邻居查看", "neighbour"), "care.neighbour_minutes", ("ask_neighbour",),
              ("ask_chief", "needs_help", "call_emergency"), late="ask_chief"),
        Clock("chief", Text("单元长查看", "unit chief"), "care.chief_minutes", ("ask_chief",),
              ("ask_worker", "needs_help", "call_emergency"), late="ask_worker"),
        Clock("worker", Text("社区上门", "community worker"), "care.worker_minutes", ("ask_worker",),
              ("ask_family", "needs_help", "call_emergency"), late="ask_family"),
        Clock("family", Text("联系家人", "family"), "care.family_minutes", ("ask_family",),
              ("needs_help", "call_emergency"), late="call_emergency"),
        Clock("emergency", Text("紧急救助", "emergency"), "care.emergency_minutes", ("call_emergency",),
              ("needs_help",)),
    ),
    retention_days="care.retention_days",
    icon="care",
    discreet=True,
    page="/care/",
)  # fmt: skip

DAILY_CHECK_1 = replace(
    DAILY_CHECK, version=1, actions=tuple(action for action in DAILY_CHECK.actions if action.code != "pass_on")
)
"""For the days before a neighbour could be changed while a check is open."""

ARRANGED = "arranged"
ARRANGEMENT = Kind(
    code="care_arrangement",
    version=1,
    name=Text("调整照看", "change of care"),
    desk="care",
    stages=(Stage(ARRANGED, Text("已调整", "changed"), "over", final=True),),
    actions=(
        Action("arrange", Text("调整照看", "change the care"), (NEW,), ARRANGED, STAFF, data="Arrange",
               effect="arrange", notify=(REQUESTER, HANDLER), icon="person"),
        Action("let_go", Text("不再请这位邻居", "another neighbour, please"), (NEW,), ARRANGED, (ANYONE,),
               data="LetGo", effect="let_go", notify=(WORKER,), icon="close", tone="wait"),
    ),
    retention_days="care.retention_days",
    icon="care",
    discreet=True,
    page="/care/",
)  # fmt: skip

PLANNED, DONE, MISSED, CANCELLED = "planned", "done", "missed", "cancelled"
VISIT = Kind(
    code="care_visit",
    version=1,
    name=Text("上门关照", "home visit"),
    desk="care",
    stages=(
        Stage(PLANNED, Text("待上门", "planned"), "wait"),
        Stage(DONE, Text("已上门", "done"), "good", final=True),
        Stage(MISSED, Text("没见到人", "nobody met"), "bad", final=True),
        Stage(CANCELLED, Text("已取消", "cancelled"), "over", final=True),
    ),
    actions=(
        Action("plan", Text("安排上门", "plan a visit"), (NEW,), PLANNED, STAFF, data="PlanVisit", effect="plan_visit",
               notify=(REQUESTER, HANDLER), icon="add"),
        Action("move", Text("改时间", "move"), (PLANNED,), None, (HANDLER, *STAFF), data="MoveVisit",
               effect="move_visit", notify=(REQUESTER, HANDLER), icon="clock"),
        Action("done", Text("已上门", "visited"), (PLANNED,), DONE, (HANDLER, *STAFF), data="VisitDone",
               notify=(REQUESTER,), icon="check", tone="good"),
        Action("not_met", Text("没见到人", "nobody met"), (PLANNED,), MISSED, (HANDLER, *STAFF), data="VisitDone",
               notify=(REQUESTER, WORKER), icon="door", tone="bad"),
        Action("cancel", Text("取消", "cancel"), (PLANNED,), CANCELLED, (*OWN, *STAFF, SYSTEM), notify=(HANDLER,),
               icon="close", tone="wait"),
        Action("late", Text("过了时间", "late"), (PLANNED,), None, (SYSTEM,), notify=(HANDLER, WORKER), icon="clock",
               tone="bad"),
    ),
    clocks=(
        Clock("visit", Text("上门", "visit"), "care.visit_minutes", ("plan", "move"), ("done", "not_met"), late="late"),
    ),
    retention_days="care.retention_days",
    icon="care",
    discreet=True,
    page="/care/",
)  # fmt: skip

OPENED, REVIEW, PROPER, ABUSE = "opened", "review", "proper", "abuse"
GLASS = Kind(
    code="care_access",
    version=1,
    name=Text("紧急查看", "emergency access"),
    desk="care",
    stages=(
        Stage(OPENED, Text("查看中", "open"), "bad"),
        Stage(REVIEW, Text("待另一人复核", "waiting for a second person"), "wait"),
        Stage(PROPER, Text("复核属实", "found proper"), "over", final=True),
        Stage(ABUSE, Text("认定滥用", "found abusive"), "bad", final=True),
    ),
    actions=(
        Action("break_glass", Text("紧急查看", "break the glass"), (NEW,), OPENED, (*STAFF, STREET), data="BreakGlass",
               effect="glass_broken", notify=(REQUESTER, STREET, DISTRICT), icon="warning", tone="bad"),
        Action("shut", Text("看完了", "shut again"), (OPENED,), REVIEW, (HANDLER, SYSTEM), effect="shut_glass",
               notify=(STREET,), icon="lock"),
        Action("find_proper", Text("复核属实", "found proper"), (REVIEW,), PROPER, (STREET, DISTRICT), data="Explain",
               notify=(REQUESTER, HANDLER), unlike=("break_glass",), icon="done", tone="good"),
        Action("find_abuse", Text("认定滥用", "found abusive"), (REVIEW,), ABUSE, (STREET, DISTRICT), data="Explain",
               notify=(REQUESTER, HANDLER, DISTRICT, AUDITOR), unlike=("break_glass",), icon="flag", tone="bad"),
        Action("overdue", Text("复核超时", "review overdue"), (REVIEW,), None, (SYSTEM,), notify=(STREET, DISTRICT),
               icon="clock", tone="bad"),
    ),
    clocks=(
        Clock("open", Text("紧急查看", "emergency access"), "care.glass_minutes", ("break_glass",), ("shut",),
              late="shut"),
        Clock("review", Text("复核", "review"), "care.review_days", ("shut",), ("find_proper", "find_abuse"),
              late="overdue"),
    ),
    retention_days="care.retention_days",
    icon="lock",
    discreet=True,
    page="/care/",
)  # fmt: skip

OFFERED, HELD, CALLED_OFF = "offered", "held", "called_off"
HOSTS = (*STAFF, STREET)
SESSION = Kind(
    code="care_session",
    version=1,
    name=Text("便民服务", "service at the community"),
    desk="care",
    stages=(
        Stage(OFFERED, Text("可预约", "open for booking"), "wait"),
        Stage(HELD, Text("已举办", "held"), "good", final=True),
        Stage(CALLED_OFF, Text("已取消", "called off"), "over", final=True),
    ),
    actions=(
        Action("offer", Text("发布", "publish"), (NEW,), OFFERED, HOSTS, data="OfferSession", effect="offer_session",
               icon="add"),
        Action("hold", Text("已办完", "held"), (OFFERED,), HELD, HOSTS, effect="close_session", icon="done",
               tone="good"),
        Action("call_off", Text("取消", "call off"), (OFFERED,), CALLED_OFF, HOSTS, data="Explain",
               effect="close_session", icon="close", tone="bad"),
    ),
    reads=(*HOSTS, DISTRICT, AUDITOR),
    icon="calendar",
)  # fmt: skip

BOOKED, WAITING, ATTENDED = "booked", "waiting", "attended"
APPOINTMENT = Kind(
    code="care_appointment",
    version=1,
    name=Text("预约", "appointment"),
    desk="care",
    stages=(
        Stage(BOOKED, Text("已约上", "booked"), "move"),
        Stage(WAITING, Text("候补", "on the waiting list"), "wait"),
        Stage(ATTENDED, Text("已到", "attended"), "good", final=True),
        Stage(MISSED, Text("未到", "no-show"), "bad", final=True),
        Stage(CANCELLED, Text("已取消", "cancelled"), "over", final=True),
    ),
    actions=(
        Action("book", Text("预约", "book"), (NEW,), BOOKED, (ANYONE,), data="Book", effect="book", icon="add",
               tone="good"),
        Action("wait", Text("候补", "join the waiting list"), (NEW,), WAITING, (ANYONE,), data="Book", effect="book",
               icon="clock", tone="wait"),
        Action("move_up", Text("候补转正", "a place became free"), (WAITING,), BOOKED, (SYSTEM,), effect="move_up",
               notify=(REQUESTER,), icon="check", tone="good"),
        Action("remind", Text("提醒", "remind"), (BOOKED,), None, (SYSTEM,), effect="note_reminder",
               notify=(REQUESTER,), icon="bell"),
        Action("attend", Text("已到", "attended"), (BOOKED,), ATTENDED, HOSTS, effect="note_attended", icon="check",
               tone="good"),
        Action("no_show", Text("未到", "no-show"), (BOOKED,), MISSED, (*HOSTS, SYSTEM), effect="note_missed",
               icon="close", tone="wait"),
        Action("cancel", Text("取消预约", "cancel"), (BOOKED, WAITING), CANCELLED, (*OWN, *HOSTS, SYSTEM),
               effect="free_seat", notify=(REQUESTER,), icon="close", tone="wait"),
    ),
    reads=HOSTS,
    retention_days="care.retention_days",
    icon="calendar",
)  # fmt: skip

KINDS = (DAILY_CHECK_1, DAILY_CHECK, ARRANGEMENT, VISIT, GLASS, SESSION, APPOINTMENT)
