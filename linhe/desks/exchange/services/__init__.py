"""Writes of the exchange desk: what pages call, and the effects that actions run."""

from linhe.desks.exchange.services.announcing import (
    change_notice,
    end_listing,
    extend,
    no_buyer,
    record_deal,
    register_buyers,
    resume,
    suspend,
)
from linhe.desks.exchange.services.drafts import begin_draft, drop_draft, save_draft
from linhe.desks.exchange.services.lodging import lodge, relodge, withdraw
from linhe.desks.exchange.services.rechecking import begin_recheck, run_recheck
from linhe.desks.exchange.services.reviewing import (
    approve,
    assign,
    check_complete,
    pass_review,
    refuse,
    return_listing,
    review_again,
)
from linhe.desks.exchange.services.supervision import (
    clear_inspection,
    close_inspection,
    conclude_inspection,
    draw_sample,
    open_inspection,
)
from linhe.desks.exchange.services.ties import declare_tie, end_tie
from linhe.desks.exchange.services.uploads import confirm, keep_upload, remove_upload

__all__ = [
    "approve", "assign", "begin_draft", "begin_recheck", "change_notice", "check_complete", "clear_inspection",
    "close_inspection", "conclude_inspection", "confirm", "declare_tie", "draw_sample", "drop_draft", "end_listing",
    "end_tie", "extend", "keep_upload", "lodge", "no_buyer", "open_inspection", "pass_review", "record_deal",
    "refuse", "register_buyers", "relodge", "remove_upload", "resume", "return_listing", "review_again", "run_recheck",
    "save_draft", "suspend", "withdraw",
]  # fmt: skip
