"""The loops of the property desk: a contract's yearly assessment, and the way out for a company.

The second never follows from the first by itself: a failed assessment is one fact, the owners' decision another
(Civil Code, arts. 278 and 946), and no clock ends a contract.
"""

from linhe.core.loop.kinds import NEW, ORGANISATION, SYSTEM, Action, Clock, Kind, Stage
from linhe.lib.text import Text

WORKER, STREET, DISTRICT = "community_worker", "subdistrict_officer", "district_officer"
COMMITTEE, MANAGER, OFFICER = "owners_committee", "property_manager", "department_officer"
COMMUNITY = (WORKER, STREET)

SCORING, GRADED, APPEALED = "scoring", "graded", "appealed"
RECTIFYING, RECHECKING = "rectifying", "rechecking"
PASSED, FAILED, CANCELLED = "passed", "failed", "cancelled"
SCORED_BY = {"community_score": "community", "committee_score": "committee", "self_score": "company"}
"""Action -> the party whose sheet it is."""

ASSESSMENT = Kind(
    code="assessment",
    version=1,
    name=Text("物业考核评价", "property assessment"),
    desk="property",
    stages=(
        Stage(SCORING, Text("三方评分", "being scored"), "wait"),
        Stage(GRADED, Text("结果公示", "published, open to appeal"), "move"),
        Stage(APPEALED, Text("申诉复核", "under appeal"), "wait"),
        Stage(RECTIFYING, Text("整改中", "being put right"), "bad"),
        Stage(RECHECKING, Text("待复查", "waiting for the re-check"), "wait"),
        Stage(PASSED, Text("合格", "passed"), "good", final=True),
        Stage(FAILED, Text("复查不合格", "failed again"), "bad", final=True),
        Stage(CANCELLED, Text("已取消", "cancelled"), "over", final=True),
    ),
    actions=(
        Action(
            "open", Text("发起考核", "open a round"), (NEW,), SCORING, (STREET,),
            data="OpenRound", effect="open_round", notify=(ORGANISATION, COMMITTEE, WORKER), icon="add",
        ),
        Action(
            "self_score", Text("企业自评", "score oneself"), (SCORING,), None, (ORGANISATION,),
            data="FillSheet", effect="keep_sheet", evidence=(0, 9), icon="list", hidden=True,
        ),
        Action(
            "committee_score", Text("业委会评分", "the committee scores"), (SCORING,), None, (COMMITTEE,),
            data="FillSheet", effect="keep_sheet", evidence=(0, 9), icon="list", hidden=True,
        ),
        Action(
            "community_score", Text("街道社区评分", "the community scores"), (SCORING,), None, COMMUNITY,
            data="FillSheet", effect="keep_sheet", evidence=(0, 9), icon="list", hidden=True,
        ),
        Action(
            "draw_survey", Text("抽取调查户", "draw the households"), (SCORING,), None, COMMUNITY,
            effect="draw_survey", icon="people",
        ),
        Action(
            "explain_gap", Text("说明分歧", "explain a disagreement"), (SCORING,), None, COMMUNITY,
            data="ExplainGap", effect="explain_gap", icon="message",
        ),
        Action(
            "settle", Text("核定结果", "settle the result"), (SCORING,), GRADED, (STREET,),
            effect="settle", notify=(ORGANISATION, COMMITTEE, WORKER), unlike=("community_score",), icon="check",
            tone="good",
        ),
        Action(
            "cancel", Text("取消本轮", "cancel the round"), (SCORING,), CANCELLED, (STREET,),
            data="Explain", effect="cancel_round", notify=(ORGANISATION, COMMITTEE), icon="close", tone="over",
        ),
        Action(
            "score_late", Text("评分超时", "scoring is late"), (SCORING,), None, (SYSTEM,),
            notify=(ORGANISATION, COMMITTEE, WORKER), icon="clock", tone="bad",
        ),
        Action(
            "confirm", Text("公示期满", "published without appeal"), (GRADED,), PASSED, (SYSTEM,),
            effect="confirm_grade", notify=(ORGANISATION, COMMITTEE), icon="clock",
        ),
        Action(
            "appeal", Text("提出申诉", "appeal"), (GRADED,), APPEALED, (ORGANISATION, COMMITTEE),
            data="Explain", evidence=(0, 9), notify=(STREET,), icon="flag", tone="bad",
        ),
        Action(
            "decide_appeal", Text("申诉裁定", "decide the appeal"), (APPEALED,), RECTIFYING, (STREET, DISTRICT),
            data="DecideAppeal", effect="decide_appeal", notify=(ORGANISATION, COMMITTEE), unlike=("settle",),
            icon="check",
        ),
        Action(
            "appeal_late", Text("申诉裁定超时", "the appeal is late"), (APPEALED,), None, (SYSTEM,),
            notify=(STREET,), icon="clock", tone="bad",
        ),
        Action(
            "rectified", Text("提交整改", "report what was put right"), (RECTIFYING,), RECHECKING, (ORGANISATION,),
            data="Explain", evidence=(1, 9), notify=(WORKER, COMMITTEE), icon="photo", tone="good",
        ),
        Action(
            "rectify_late", Text("整改超时", "putting right is late"), (RECTIFYING,), None, (SYSTEM,),
            notify=(ORGANISATION, WORKER), icon="clock", tone="bad",
        ),
        Action(
            "recheck_pass", Text("复查合格", "the re-check passes"), (RECHECKING,), PASSED, COMMUNITY,
            data="Explain", evidence=(0, 9), notify=(ORGANISATION, COMMITTEE), icon="done", tone="good",
        ),
        Action(
            "recheck_fail", Text("复查不合格", "the re-check fails"), (RECTIFYING, RECHECKING), FAILED, COMMUNITY,
            data="Explain", effect="fail_again", evidence=(0, 9), notify=(ORGANISATION, COMMITTEE, STREET),
            icon="close", tone="bad",
        ),
        Action(
            "recheck_late", Text("复查超时", "the re-check is late"), (RECHECKING,), None, (SYSTEM,),
            notify=(WORKER, STREET), icon="clock", tone="bad",
        ),
    ),
    clocks=(
        Clock("score", Text("评分", "scoring"), "property.score_days",
              ("open",), ("settle", "cancel"), late="score_late"),
        Clock("appeal", Text("申诉期", "appeal"), "property.appeal_days",
              ("settle",), ("appeal", "confirm"), late="confirm"),
        Clock("appeal_decision", Text("申诉裁定", "decision of the appeal"), "property.appeal_decision_days",
              ("appeal",), ("decide_appeal",), late="appeal_late"),
        Clock("rectify", Text("整改", "putting right"), "property.rectify_days",
              ("confirm", "decide_appeal"), ("rectified", "recheck_fail"), late="rectify_late"),
        Clock("recheck", Text("复查", "re-check"), "property.recheck_days",
              ("rectified",), ("recheck_pass", "recheck_fail"), late="recheck_late"),
    ),
    reads=(WORKER, STREET, DISTRICT, COMMITTEE),
    retention_days="property.retention_days",
    icon="star",
)  # fmt: skip

REVIEWING, DECIDING, VERIFYING = "reviewing", "deciding", "verifying"
NOTICING, NOTICE, HANDING_OVER, INTERIM = "noticing", "notice", "handing_over", "interim"
DONE, KEPT = "done", "kept"

EXIT = Kind(
    code="exit",
    version=1,
    name=Text("物业退出", "a company leaves"),
    desk="property",
    stages=(
        Stage(REVIEWING, Text("联合会商", "joint review"), "wait"),
        Stage(DECIDING, Text("待业主决定", "waiting for the owners"), "wait"),
        Stage(VERIFYING, Text("决定待核对", "decision to be checked"), "wait"),
        Stage(NOTICING, Text("待送达通知", "notice to be served"), "move"),
        Stage(NOTICE, Text("通知期", "notice period"), "move"),
        Stage(HANDING_OVER, Text("交接中", "handing over"), "move"),
        Stage(INTERIM, Text("临时服务", "interim service"), "move"),
        Stage(DONE, Text("退出完成", "left"), "good", final=True),
        Stage(KEPT, Text("继续服务", "stays"), "over", final=True),
    ),
    actions=(
        Action(
            "refer", Text("提请会商", "refer to the joint review"), (NEW,), REVIEWING, (STREET,),
            data="Refer", effect="open_review", notify=(ORGANISATION, COMMITTEE, OFFICER), icon="send",
        ),
        Action(
            "convene", Text("业主动议", "the owners' own motion"), (NEW,), DECIDING, (COMMITTEE, WORKER),
            data="Explain", effect="convene_owners", notify=(ORGANISATION, STREET), icon="people",
        ),
        Action(
            "opine", Text("部门意见", "opinion of a department"), (REVIEWING,), None, (OFFICER,),
            data="Opine", effect="keep_opinion", notify=(STREET,), icon="message",
        ),
        Action(
            "review_late", Text("会商超时", "the review is late"), (REVIEWING,), None, (SYSTEM,),
            notify=(OFFICER, STREET), icon="clock", tone="bad",
        ),
        Action(
            "conclude", Text("会商：交业主决定", "put it to the owners"), (REVIEWING,), DECIDING, (STREET,),
            data="Explain", effect="conclude_review", notify=(ORGANISATION, COMMITTEE, WORKER), icon="check",
        ),
        Action(
            "dismiss", Text("会商：不启动退出", "no ground to go on"), (REVIEWING,), KEPT, (STREET,),
            data="Explain", effect="conclude_review", notify=(ORGANISATION, COMMITTEE), icon="close", tone="over",
        ),
        Action(
            "record_decision", Text("登记业主决定", "record the owners' decision"), (DECIDING,), VERIFYING,
            (COMMITTEE, WORKER), data="RecordDecision", effect="record_decision", evidence=(1, 9), notify=(WORKER,),
            icon="document",
        ),
        Action(
            "verify_decision", Text("核对无误", "the counts are right"), (VERIFYING,), NOTICING, COMMUNITY,
            effect="verify_decision", notify=(ORGANISATION, COMMITTEE, STREET), unlike=("record_decision",),
            icon="done", tone="good",
        ),
        Action(
            "send_back", Text("退回更正", "send back"), (VERIFYING,), DECIDING, COMMUNITY,
            data="Explain", notify=(COMMITTEE,), icon="undo", tone="wait",
        ),
        Action(
            "not_held", Text("未召开业主大会", "no assembly was held"), (DECIDING,), KEPT, (STREET,),
            data="Explain", effect="close_case", notify=(ORGANISATION, COMMITTEE), icon="close", tone="over",
        ),
        Action(
            "serve_notice", Text("书面通知已送达", "the written notice is served"), (NOTICING,), NOTICE,
            (COMMITTEE, WORKER), effect="serve_notice", evidence=(1, 9), notify=(ORGANISATION, STREET, OFFICER),
            icon="send",
        ),
        Action(
            "notice_over", Text("通知期满", "the notice period is over"), (NOTICE,), None, (SYSTEM,),
            notify=(ORGANISATION, COMMITTEE, STREET), icon="clock",
        ),
        Action(
            "end_contract", Text("终止合同，开始交接", "end contract, hand over"), (NOTICE,), HANDING_OVER,
            (STREET,), data="EndContract", effect="end_contract", evidence=(0, 9),
            notify=(ORGANISATION, COMMITTEE, OFFICER), icon="door",
        ),
        Action(
            "hand_item", Text("交接一项", "hand over an item"), (HANDING_OVER,), None, (COMMITTEE, WORKER),
            data="HandItem", effect="hand_item", evidence=(0, 3), icon="check", hidden=True,
        ),
        Action(
            "handover_late", Text("交接超时", "the hand-over is late"), (HANDING_OVER,), None, (SYSTEM,),
            notify=(STREET, OFFICER), icon="clock", tone="bad",
        ),
        Action(
            "begin_interim", Text("开始临时服务", "begin interim service"), (HANDING_OVER,), INTERIM, (STREET,),
            data="BeginInterim", effect="begin_interim", notify=(COMMITTEE, WORKER), icon="refresh",
        ),
        Action(
            "finish", Text("退出办结", "close the case"), (INTERIM,), DONE, (STREET,),
            data="Finish", effect="finish_exit", notify=(COMMITTEE, WORKER), icon="done", tone="good",
        ),
    ),
    clocks=(
        Clock("review", Text("会商", "joint review"), "property.review_days",
              ("refer",), ("conclude", "dismiss"), late="review_late"),
        Clock("assembly", Text("业主大会", "owners' assembly"), "property.assembly_days",
              ("conclude", "convene"), ("record_decision",)),
        Clock("notice", Text("通知期", "notice period"), "property.notice_minutes",
              ("serve_notice",), ("end_contract",), late="notice_over"),
        Clock("handover", Text("交接", "hand-over"), "property.handover_minutes",
              ("end_contract",), ("begin_interim",), late="handover_late"),
    ),
    reads=(WORKER, STREET, DISTRICT, COMMITTEE, OFFICER),
    retention_days="property.retention_days",
    icon="door",
)  # fmt: skip
