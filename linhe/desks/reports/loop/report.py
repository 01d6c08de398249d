"""The loop of a report: raised, routed to its owner, accepted, solved with an explanation, confirmed or reopened."""

from linhe.core.loop.kinds import (
    ANYONE,
    DELEGATE,
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

ASKER = (REQUESTER, DELEGATE)
WORKER = "community_worker"
SUPERVISOR = "subdistrict_officer"
OWNER = (ORGANISATION, WORKER)
"""Whoever the report was routed to; the community may always act for an owner that does not."""

RAISED, WORKING, PAUSING, PAUSED, SOLVED = "raised", "working", "pausing", "paused", "solved"
CONFIRMED, LAPSED, DECLINED, MERGED, WITHDRAWN = "confirmed", "lapsed", "declined", "merged", "withdrawn"
OPEN = (RAISED, WORKING, PAUSING, PAUSED)
"""Nothing has been done yet that somebody could confirm."""
BEGINNINGS = ("report", "report_unnamed", "report_for", "part")
ANSWERS = ("confirm", "confirm_linked", "check")
"""Three ways to say that it is solved: the requester, the holder of an unnamed report's link, the community."""

STAGES = (
    Stage(RAISED, Text("待受理", "waiting to be accepted"), "wait"),
    Stage(WORKING, Text("办理中", "being dealt with")),
    Stage(PAUSING, Text("待批暂停", "pause asked for"), "wait"),
    Stage(PAUSED, Text("已暂停", "paused"), "wait"),
    Stage(SOLVED, Text("已办结，待确认", "solved, to be confirmed"), "good"),
    Stage(CONFIRMED, Text("已确认", "confirmed"), "good", final=True),
    Stage(LAPSED, Text("到期结案", "closed when time ran out"), "over", final=True),
    Stage(DECLINED, Text("不予受理", "declined"), "bad", final=True),
    Stage(MERGED, Text("已并案", "merged"), "over", final=True),
    Stage(WITHDRAWN, Text("已撤回", "withdrawn"), "over", final=True),
)

BEGIN = (
    Action(
        "report", Text("上报", "report"), (NEW,), RAISED, (ANYONE,),
        data="RaiseReport", effect="open_report", notify=(ORGANISATION, WORKER), evidence=(0, 4),
        icon="camera", tone="good",
    ),
    Action(
        "report_unnamed", Text("匿名上报", "report anonymously"), (NEW,), RAISED, (SYSTEM,),
        data="RaiseReport", effect="open_report", notify=(ORGANISATION, WORKER), evidence=(0, 4), icon="camera",
    ),
    Action(
        "report_for", Text("代为登记", "report on behalf"), (NEW,), RAISED, (WORKER, "grid_worker"),
        data="RaiseReport", effect="open_report", notify=(ORGANISATION, WORKER), evidence=(0, 4), icon="phone",
    ),
    Action(
        "part", Text("转出一部分", "hand a part on"), (NEW,), RAISED,
        (WORKER, SUPERVISOR, "department_officer", "property_manager"),
        data="HandOn", effect="open_part", notify=(ORGANISATION, WORKER), icon="send",
    ),
)  # fmt: skip

WORK = (
    Action(
        "accept", Text("受理", "accept"), (RAISED,), WORKING, OWNER,
        effect="accept_report", notify=(REQUESTER,), icon="check", tone="good",
    ),
    Action(
        "reroute", Text("转办", "route elsewhere"), (RAISED, WORKING), RAISED, OWNER,
        data="Reroute", effect="reroute_report", notify=(REQUESTER, ORGANISATION, WORKER), icon="send", tone="wait",
    ),
    Action(
        "decline", Text("不予受理", "decline"), (RAISED, WORKING), DECLINED, (WORKER,),
        data="Explain", effect="decline_report", notify=(REQUESTER,), icon="close", tone="bad",
    ),
    Action(
        "ask_pause", Text("申请暂停计时", "ask for a pause"), (WORKING,), PAUSING, OWNER,
        data="AskPause", notify=(WORKER, SUPERVISOR), icon="clock", tone="wait",
    ),
    Action(
        "approve_pause", Text("同意暂停", "approve the pause"), (PAUSING,), PAUSED, (WORKER, SUPERVISOR),
        notify=(REQUESTER, ORGANISATION), unlike=("ask_pause",), icon="check",
    ),
    Action(
        "refuse_pause", Text("不同意暂停", "refuse the pause"), (PAUSING,), WORKING, (WORKER, SUPERVISOR),
        data="Explain", notify=(ORGANISATION,), unlike=("ask_pause",), icon="close", tone="bad",
    ),
    Action(
        "resume", Text("恢复办理", "resume"), (PAUSED,), WORKING, OWNER, notify=(REQUESTER,), icon="refresh",
    ),
    Action(
        "wake", Text("暂停到期，恢复计时", "the pause is over"), (PAUSED,), WORKING, (SYSTEM,),
        notify=(ORGANISATION, WORKER), icon="clock", tone="wait",
    ),
    Action(
        "relimit", Text("调整时限", "change the limit"), (WORKING,), None, (WORKER, SUPERVISOR),
        data="Relimit", effect="relimit_report", notify=(REQUESTER, ORGANISATION), icon="calendar",
    ),
    Action(
        "late", Text("超时", "late"), (RAISED, WORKING, PAUSING), None, (SYSTEM,),
        notify=(ORGANISATION, WORKER, SUPERVISOR), icon="clock", tone="bad",
    ),
    Action(
        "solve", Text("办结", "solved"), (WORKING,), SOLVED, OWNER,
        data="Solve", effect="solve_report", notify=(REQUESTER, WORKER), evidence=(0, 4), icon="done", tone="good",
    ),
)  # fmt: skip

ANSWER = (
    Action(
        "confirm", Text("确认解决了", "confirm it is solved"), (SOLVED,), CONFIRMED, ASKER,
        effect="tell_followers", notify=(ORGANISATION,), icon="done", tone="good",
    ),
    Action(
        "confirm_linked", Text("凭链接确认", "confirmed by the link"), (SOLVED,), CONFIRMED, (SYSTEM,),
        effect="confirm_unnamed", notify=(ORGANISATION,), icon="done", tone="good",
    ),
    Action(
        "check", Text("社区核实属实", "checked by the community"), (SOLVED,), CONFIRMED, (WORKER,),
        effect="confirm_unnamed", notify=(ORGANISATION,), unlike=("solve",), icon="eye", tone="good",
    ),
    Action(
        "lapse", Text("到期未回应", "nobody answered in time"), (SOLVED,), LAPSED, (SYSTEM,),
        effect="tell_followers", notify=(REQUESTER,), icon="clock", tone="wait",
    ),
    Action(
        "reopen", Text("没解决", "not solved"), (SOLVED, CONFIRMED, LAPSED), WORKING, (*ASKER, WORKER, SYSTEM),
        data="Reopen", effect="reopen_report", notify=(ORGANISATION, WORKER), evidence=(0, 4), icon="undo", tone="bad",
    ),
    Action(
        "withdraw", Text("撤回", "withdraw"), (RAISED,), WITHDRAWN, ASKER,
        effect="tell_followers", notify=(ORGANISATION, WORKER), icon="close", tone="wait",
    ),
)  # fmt: skip

BESIDE = (
    Action(
        "add", Text("补充情况", "add something"), (RAISED, WORKING, PAUSING, PAUSED, SOLVED), None,
        (*ASKER, *OWNER, SYSTEM),
        data="Add", notify=(REQUESTER, ORGANISATION, WORKER), evidence=(0, 4), icon="message",
    ),
    Action(
        "follow", Text("我也遇到了，一起关注", "follow"), (*OPEN, SOLVED), None, (ANYONE,),
        effect="follow_report", icon="bell", hidden=True,
    ),
    Action(
        "merge", Text("并入另一件", "merge into another"), (RAISED, WORKING), MERGED, (WORKER,),
        data="Merge", effect="merge_report", notify=(REQUESTER,), icon="loop", tone="wait",
    ),
    Action(
        "publish", Text("公开内容", "publish words or photos"), (*OPEN, SOLVED, CONFIRMED, LAPSED), None,
        (WORKER, SUPERVISOR), data="Publish", effect="publish_report", icon="eye",
    ),
    Action(
        "hide", Text("不宜公开", "hide from the public"), (*OPEN, SOLVED, CONFIRMED, LAPSED), None,
        (WORKER, SUPERVISOR), data="Hide", effect="hide_report", icon="eye-off", tone="bad",
    ),
    Action(
        "anonymise", Text("改为匿名", "make it anonymous"), (*OPEN, SOLVED, CONFIRMED, LAPSED, DECLINED), None,
        (REQUESTER,), effect="anonymise_report", icon="lock",
    ),
)  # fmt: skip

CLOCKS = (
    Clock("accept", Text("受理", "acceptance"), "reports.accept_minutes", (*BEGINNINGS, "reroute"),
          ("accept",), late="late"),
    Clock("solve", Text("办结", "solution"), "reports.solve_minutes", ("accept", "reopen", "relimit"),
          ("solve", "reroute"), pause=("approve_pause",), resume=("resume", "wake"), late="late"),
    Clock("pause", Text("暂停期限", "end of the pause"), "reports.pause_days", ("approve_pause",),
          ("resume", "wake"), late="wake"),
    Clock("answer", Text("等提出人确认", "answer of the requester"), "reports.answer_days", ("solve",),
          (*ANSWERS, "reopen"), late="lapse"),
)  # fmt: skip

REPORT = Kind(
    code="report",
    version=1,
    name=Text("随手拍", "report"),
    desk="reports",
    stages=STAGES,
    actions=(*BEGIN, *WORK, *ANSWER, *BESIDE),
    clocks=CLOCKS,
    reads=(WORKER, "grid_worker", SUPERVISOR, "district_officer"),
    retention_days="reports.retention_days",
    icon="hazard",
)
