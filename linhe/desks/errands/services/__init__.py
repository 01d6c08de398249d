"""Writes of the errands desk: what pages and jobs call, and the effects that actions run."""

from linhe.desks.errands.services.address import AddressView, reveal_address
from linhe.desks.errands.services.batch import BatchReport, Manner, Share, dispatch_batch
from linhe.desks.errands.services.dispatch import dispatch_to, raise_errand, take
from linhe.desks.errands.services.errand import (
    confirm_errand,
    dismiss_dispute,
    explain_unserved,
    finish_by_code,
    finish_unseen,
    open_dispute,
    open_errand,
    rate_errand,
    reverse_credit,
    withdraw_errand,
)
from linhe.desks.errands.services.money import confirm_paid, confirm_received, record_advance
from linhe.desks.errands.services.route import pass_pickup
from linhe.desks.errands.services.shifts import (
    OwnStop,
    Report,
    end_shift,
    pass_stop,
    start_shift,
    take_in_reports,
    update_position,
)
from linhe.desks.errands.services.taking import free_offer, join_route, leave_route, offer_to_courier

__all__ = [
    "AddressView", "BatchReport", "Manner", "OwnStop", "Report", "Share", "confirm_errand", "confirm_paid",
    "confirm_received", "dismiss_dispute", "dispatch_batch", "dispatch_to", "end_shift", "explain_unserved",
    "finish_by_code", "finish_unseen", "free_offer", "join_route", "leave_route", "offer_to_courier", "open_dispute",
    "open_errand", "pass_pickup", "pass_stop", "raise_errand", "rate_errand", "record_advance", "reveal_address",
    "reverse_credit", "start_shift", "take", "take_in_reports", "update_position", "withdraw_errand",
]  # fmt: skip
