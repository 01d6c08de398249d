"""The loop of one listing: lodged, complete, reviewed, approved by a second person, announced, sold or not.

A lot that finds no buyer is listed again as a matter of its own; the listings of a lot form a chain (``models.lots``).
"""

from linhe.core.loop.kinds import NEW, ORGANISATION, SYSTEM, Action, Clock, Kind, Stage
from linhe.desks.exchange.loop.roles import MANAGER, REVIEWER, SELLER, SUPERVISOR
from linhe.lib.text import Text

COMPLETENESS, REVIEWING, APPROVING, RETURNED = "completeness", "reviewing", "approving", "returned"
LISTED, SUSPENDED = "listed", "suspended"
SOLD, UNSOLD, ENDED, REFUSED, WITHDRAWN = "sold", "unsold", "ended", "refused", "withdrawn"
IN_REVIEW = (COMPLETENESS, REVIEWING, APPROVING)
EXCHANGE = (REVIEWER, MANAGER)

LISTING = Kind(
    code="listing",
    version=1,
    name=Text("产权交易审核", "listing under review"),
    desk="exchange",
    impersonal=True,
    stages=(
        Stage(COMPLETENESS, Text("完备性审核", "checked for completeness"), "wait"),
        Stage(REVIEWING, Text("合规性审核", "reviewed for conformity"), "wait"),
        Stage(APPROVING, Text("待复核", "waiting for the second reviewer"), "wait"),
        Stage(RETURNED, Text("退回补正", "returned for correction"), "bad"),
        Stage(LISTED, Text("挂牌公告中", "listed"), "move"),
        Stage(SUSPENDED, Text("公告中止", "suspended"), "wait"),
        Stage(SOLD, Text("成交", "sold"), "good", final=True),
        Stage(UNSOLD, Text("未征集到受让方", "no buyer"), "over", final=True),
        Stage(ENDED, Text("终止", "ended"), "over", final=True),
        Stage(REFUSED, Text("审核不通过", "refused"), "bad", final=True),
        Stage(WITHDRAWN, Text("已撤回", "withdrawn"), "over", final=True),
    ),
    actions=(
        Action(
            "lodge", Text("提交申请", "lodge"), (NEW,), COMPLETENESS, (SELLER,),
            data="LodgeDraft", effect="lodge", notify=EXCHANGE, icon="send", hidden=True,
        ),
        Action(
            "relodge", Text("提交补正", "lodge the correction"), (RETURNED,), COMPLETENESS, (SELLER,),
            data="LodgeDraft", effect="relodge", notify=EXCHANGE, icon="send", hidden=True,
        ),
        Action(
            "withdraw", Text("撤回申请", "withdraw"), (*IN_REVIEW, RETURNED), WITHDRAWN, (SELLER,),
            data="Explain", effect="withdraw", notify=EXCHANGE, icon="undo", tone="over",
        ),
        Action(
            "assign", Text("指派审核员", "assign a reviewer"), (COMPLETENESS, REVIEWING), None, (MANAGER,),
            data="Assign", effect="assign", notify=(REVIEWER,), icon="people",
        ),
        Action(
            "check_complete", Text("核验材料", "check the documents"), (COMPLETENESS,), REVIEWING, (REVIEWER,),
            data="CheckDocuments", effect="check_complete", notify=(ORGANISATION,), icon="list",
        ),
        Action(
            "pass_review", Text("审核通过，报复核", "pass, for the second reviewer"), (REVIEWING,), APPROVING,
            (REVIEWER,), effect="pass_review", notify=(MANAGER, ORGANISATION), icon="check", tone="good",
        ),
        Action(
            "return", Text("退回补正", "return for correction"), IN_REVIEW, RETURNED, EXCHANGE,
            data="GiveReasons", effect="return_listing", notify=(ORGANISATION,), icon="undo", tone="bad",
        ),
        Action(
            "refuse", Text("审核不通过", "refuse"), (REVIEWING, APPROVING), REFUSED, (MANAGER,),
            data="GiveReasons", effect="refuse", notify=(ORGANISATION, REVIEWER), icon="close", tone="bad",
        ),
        Action(
            "review_again", Text("退回重审", "have it reviewed again"), (APPROVING,), REVIEWING, (MANAGER,),
            data="GiveReasons", effect="review_again", notify=(REVIEWER,), icon="refresh", tone="wait",
        ),
        Action(
            "approve", Text("复核同意，挂牌", "approve and list"), (APPROVING,), LISTED, (MANAGER,),
            effect="approve", notify=(ORGANISATION, REVIEWER), unlike=("pass_review",), icon="done", tone="good",
        ),
        Action(
            "register_buyers", Text("登记意向受让方数", "register intended buyers"), (LISTED,), None, (REVIEWER,),
            data="RegisterBuyers", effect="register_buyers", notify=(ORGANISATION,), icon="people",
        ),
        Action(
            "extend", Text("延长公告", "extend the notice"), (LISTED,), None, (REVIEWER,),
            data="Extend", effect="extend", notify=(ORGANISATION,), icon="clock",
        ),
        Action(
            "change_notice", Text("变更公告，重新起算", "change the notice, start anew"), (LISTED,), None, (REVIEWER,),
            data="ChangeNotice", effect="change_notice", notify=(ORGANISATION,), icon="refresh",
        ),
        Action(
            "suspend", Text("中止公告", "suspend the notice"), (LISTED,), SUSPENDED, (REVIEWER,),
            data="Explain", effect="suspend", notify=(ORGANISATION, MANAGER), icon="clock", tone="wait",
        ),
        Action(
            "resume", Text("恢复公告", "resume the notice"), (SUSPENDED,), LISTED, (REVIEWER,),
            effect="resume", notify=(ORGANISATION, MANAGER), icon="refresh",
        ),
        Action(
            "notice_over", Text("公告期满", "the notice is over"), (LISTED,), None, (SYSTEM,),
            notify=(ORGANISATION, REVIEWER), icon="clock",
        ),
        Action(
            "record_deal", Text("登记成交", "record the deal"), (LISTED,), SOLD, (REVIEWER,),
            data="RecordDeal", effect="record_deal", notify=(ORGANISATION, MANAGER), icon="done", tone="good",
        ),
        Action(
            "no_buyer", Text("未征集到受让方", "no buyer was found"), (LISTED,), UNSOLD, (REVIEWER,),
            effect="no_buyer", notify=(ORGANISATION,), icon="close", tone="over",
        ),
        Action(
            "end_listing", Text("终止交易", "end the listing"), (LISTED, SUSPENDED), ENDED, (MANAGER,),
            data="Explain", effect="end_listing", notify=(ORGANISATION, REVIEWER), icon="close", tone="over",
        ),
        Action(
            "review_late", Text("审核超时", "the review is late"), IN_REVIEW, None, (SYSTEM,),
            notify=EXCHANGE, icon="clock", tone="bad",
        ),
        Action(
            "correct_late", Text("补正超时", "the correction is late"), (RETURNED,), None, (SYSTEM,),
            notify=(ORGANISATION,), icon="clock", tone="bad",
        ),
    ),
    clocks=(
        Clock("complete", Text("完备性审核", "completeness"), "exchange.completeness_days",
              ("lodge", "relodge"), ("check_complete", "return", "withdraw"), late="review_late"),
        Clock("review", Text("合规性审核", "conformity"), "exchange.review_days",
              ("check_complete", "review_again"), ("pass_review", "return", "refuse", "withdraw"), late="review_late"),
        Clock("approve", Text("复核", "second review"), "exchange.approval_days",
              ("pass_review",), ("approve", "review_again", "return", "refuse", "withdraw"), late="review_late"),
        Clock("correct", Text("补正", "correction"), "exchange.correction_days",
              ("return",), ("relodge", "withdraw"), late="correct_late"),
        Clock("notice", Text("公告期", "notice"), "exchange.disclosure_working_days",
              ("approve", "extend", "change_notice", "resume"),
              ("suspend", "record_deal", "no_buyer", "end_listing"), late="notice_over"),
    ),
    reads=(REVIEWER, MANAGER, SUPERVISOR),
    retention_days="exchange.retention_days",
    icon="document",
)  # fmt: skip
