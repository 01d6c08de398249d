"""The loop of an errand: asked for, offered or taken, collected, delivered against a code, rated, credited."""

from linhe.core.loop.kinds import ANYONE, DELEGATE, HANDLER, NEW, REQUESTER, SYSTEM, Action, Clock, Kind, Stage
from linhe.lib.text import Text

ASKER = (REQUESTER, DELEGATE)
WORKER = "community_worker"
COURIER = "courier"

OPEN, OFFERED, ACCEPTED, COLLECTED = "open", "offered", "accepted", "collected"
CHECKING, APPROVING, DONE, DISPUTED = "checking", "approving", "done", "disputed"
CONFIRMED, WITHDRAWN, UNSERVED, FAILED = "confirmed", "withdrawn", "unserved", "failed"
UNDER_WAY = (ACCEPTED, COLLECTED)
BEGINNINGS = ("request", "request_for")
REOPENED = ("decline", "lapse", "hand_back", "no_show")

STAGES = (
    Stage(OPEN, Text("待接单", "waiting for a courier"), "wait"),
    Stage(OFFERED, Text("待确认接单", "offered to a courier"), "wait"),
    Stage(ACCEPTED, Text("已接单", "accepted")),
    Stage(COLLECTED, Text("已取件", "collected")),
    Stage(CHECKING, Text("待回访", "waiting for a call-back"), "wait"),
    Stage(APPROVING, Text("待复核", "waiting for approval"), "wait"),
    Stage(DONE, Text("已送达", "delivered"), "good"),
    Stage(DISPUTED, Text("有争议", "disputed"), "bad"),
    Stage(CONFIRMED, Text("已确认", "confirmed"), "good", final=True),
    Stage(WITHDRAWN, Text("已撤销", "withdrawn"), "over", final=True),
    Stage(UNSERVED, Text("无人接单", "unserved"), "bad", final=True),
    Stage(FAILED, Text("未完成", "not done"), "bad", final=True),
)

BEGIN = (
    Action(
        "request", Text("下单", "ask for help"), (NEW,), OPEN, (ANYONE,),
        data="RequestErrand", effect="open_errand", icon="add", tone="good",
    ),
    Action(
        "request_for", Text("代为登记", "ask on behalf"), (NEW,), OPEN, (WORKER, "grid_worker"),
        data="RequestErrand", effect="open_errand", icon="add",
    ),
)  # fmt: skip

FIND = (
    Action(
        "offer", Text("派单", "offer"), (OPEN,), OFFERED, (SYSTEM, WORKER),
        data="OfferErrand", effect="offer_to_courier", notify=(HANDLER,), icon="send", hidden=True,
    ),
    Action(
        "accept", Text("接单", "accept"), (OFFERED,), ACCEPTED, (HANDLER,),
        effect="join_route", notify=(REQUESTER,), icon="check", tone="good",
    ),
    Action(
        "take", Text("顺路接单", "take on the way"), (OPEN,), ACCEPTED, (COURIER,),
        effect="join_route", notify=(REQUESTER,), icon="check", tone="good", hidden=True,
    ),
    Action(
        "decline", Text("谢绝", "decline"), (OFFERED,), OPEN, (HANDLER,),
        data="DeclineOffer", effect="free_offer", icon="close", tone="wait",
    ),
    Action(
        "lapse", Text("派单过时", "offer lapses"), (OFFERED,), OPEN, (SYSTEM,),
        effect="free_offer", icon="clock", tone="wait",
    ),
    Action(
        "expire", Text("到期无人接单", "nobody could take it"), (OPEN,), UNSERVED, (SYSTEM,),
        effect="explain_unserved", notify=(REQUESTER, WORKER), icon="clock", tone="bad",
    ),
)  # fmt: skip

CARRY = (
    Action(
        "collect", Text("已取件", "collected"), (ACCEPTED,), COLLECTED, (HANDLER,),
        effect="pass_pickup", notify=(REQUESTER,), icon="bag",
    ),
    Action(
        "done", Text("送达（验证码）", "delivered, with the code"), UNDER_WAY, DONE, (HANDLER,),
        data="FinishByCode", effect="finish_by_code", notify=(REQUESTER,), icon="done", tone="good",
    ),
    Action(
        "done_by_photo", Text("送达（拍照）", "delivered, with photos"), UNDER_WAY, CHECKING, (HANDLER,),
        effect="finish_unseen", notify=(REQUESTER, WORKER), evidence=(1, 3), icon="photo",
    ),
    Action(
        "not_home", Text("家中无人", "nobody at home"), UNDER_WAY, CHECKING, (HANDLER,),
        effect="finish_unseen", notify=(REQUESTER, WORKER), evidence=(0, 3), icon="door", tone="wait",
    ),
    Action(
        "advance", Text("登记垫付", "record an advance"), UNDER_WAY, None, (HANDLER,),
        data="RecordAdvance", effect="record_advance", notify=(REQUESTER,), evidence=(1, 3), icon="receipt",
    ),
    Action(
        "hand_back", Text("退单", "hand back"), (ACCEPTED,), OPEN, (HANDLER,),
        data="HandBack", effect="leave_route", notify=(REQUESTER, WORKER), icon="undo", tone="wait",
    ),
    Action(
        "no_show", Text("骑手未到", "courier did not come"), (ACCEPTED,), OPEN, (*ASKER, WORKER),
        effect="leave_route", notify=(HANDLER, WORKER), icon="undo", tone="bad",
    ),
    Action(
        "late", Text("已超时", "late"), UNDER_WAY, None, (SYSTEM,),
        notify=(REQUESTER, HANDLER, WORKER), icon="clock", tone="bad",
    ),
    Action(
        "withdraw", Text("撤销", "withdraw"), (OPEN, OFFERED, ACCEPTED), WITHDRAWN, (*ASKER, WORKER),
        data="Withdraw", effect="withdraw_errand", notify=(REQUESTER, HANDLER), icon="close", tone="wait",
    ),
)  # fmt: skip

CHECK = (
    Action(
        "call_back", Text("回访属实", "call-back confirms it"), (CHECKING,), APPROVING, (WORKER,),
        data="Explain", icon="phone",
    ),
    Action(
        "approve", Text("复核通过", "approve"), (APPROVING,), DONE, (WORKER,),
        notify=(REQUESTER, HANDLER), unlike=("call_back",), icon="done", tone="good",
    ),
    Action(
        "close_failed", Text("未完成结案", "close as not done"), (CHECKING, APPROVING), FAILED, (WORKER,),
        data="Explain", notify=(REQUESTER, HANDLER), icon="close", tone="bad",
    ),
    Action(
        "rate", Text("确认并评价", "confirm and rate"), (DONE,), CONFIRMED, ASKER,
        data="Rate", effect="rate_errand", notify=(HANDLER,), icon="star", tone="good",
    ),
    Action(
        "close", Text("到期自动确认", "confirmed when time ran out"), (DONE,), CONFIRMED, (SYSTEM,),
        effect="confirm_errand", notify=(HANDLER,), icon="clock", tone="good",
    ),
    Action(
        "dispute", Text("有异议", "dispute"), (DONE, CONFIRMED), DISPUTED, ASKER,
        data="Explain", effect="open_dispute", notify=(HANDLER, WORKER), icon="flag", tone="bad",
    ),
    Action(
        "uphold", Text("异议成立", "dispute upheld"), (DISPUTED,), FAILED, (WORKER,),
        data="Explain", effect="reverse_credit", notify=(REQUESTER, HANDLER), icon="close", tone="bad",
    ),
    Action(
        "dismiss", Text("异议不成立", "dispute dismissed"), (DISPUTED,), CONFIRMED, (WORKER,),
        data="Explain", effect="dismiss_dispute", notify=(REQUESTER, HANDLER), icon="done", tone="good",
    ),
)  # fmt: skip

_AFTER_ACCEPTANCE = (*UNDER_WAY, CHECKING, APPROVING, DONE, DISPUTED, CONFIRMED, FAILED)
SETTLE = (
    Action(
        "paid", Text("已还垫付款", "I have paid it back"), _AFTER_ACCEPTANCE, None, ASKER,
        effect="confirm_paid", notify=(HANDLER,), icon="coin",
    ),
    Action(
        "received", Text("已收到垫付款", "I have received it"), _AFTER_ACCEPTANCE, None, (HANDLER,),
        effect="confirm_received", notify=(REQUESTER,), icon="coin", tone="good",
    ),
)  # fmt: skip

_DELIVERED = ("done", "done_by_photo", "not_home")
CLOCKS = (
    Clock("answer", Text("派单应答", "answer to an offer"), "errands.answer_minutes",
          ("offer",), ("accept", "decline", "lapse"), late="lapse"),
    Clock("find", Text("找到骑手", "finding a courier"), "errands.find_minutes",
          (*BEGINNINGS, *REOPENED), ("offer", "take"), late="expire"),
    Clock("delivery", Text("送达", "delivery"), "errands.delivery_minutes",
          ("accept", "take"), (*_DELIVERED, "hand_back", "no_show"), late="late"),
    Clock("check", Text("回访", "call-back"), "errands.check_minutes",
          ("done_by_photo", "not_home"), ("call_back", "close_failed")),
    Clock("approval", Text("复核", "approval"), "errands.approval_minutes",
          ("call_back",), ("approve", "close_failed")),
    Clock("rating", Text("评价", "rating"), "errands.rating_minutes", ("done", "approve"), ("rate", "dispute"),
          late="close"),
    Clock("dispute", Text("处理异议", "settling a dispute"), "errands.dispute_minutes", ("dispute",),
          ("uphold", "dismiss")),
)  # fmt: skip

ERRAND = Kind(
    code="errand",
    version=1,
    name=Text("顺手捎带", "errand on the way"),
    desk="errands",
    stages=STAGES,
    actions=(*BEGIN, *FIND, *CARRY, *CHECK, *SETTLE),
    clocks=CLOCKS,
    reads=(WORKER, "grid_worker", "subdistrict_officer", "district_officer", "auditor"),
    retention_days="errands.retention_days",
    icon="bag",
)
