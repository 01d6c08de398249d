"""Writes of the property desk: what pages call, and the effects that actions run."""

from linhe.desks.property.services.contracts import (
    company_of,
    import_homes,
    register_company,
    register_homes,
    sign_contract,
)
from linhe.desks.property.services.exits import (
    begin_interim,
    close_case,
    conclude_review,
    convene_owners,
    end_contract,
    finish_exit,
    hand_item,
    keep_opinion,
    open_review,
    record_decision,
    serve_notice,
    verify_decision,
)
from linhe.desks.property.services.fees import check_row, import_ledger
from linhe.desks.property.services.rounds import (
    cancel_round,
    confirm_grade,
    decide_appeal,
    explain_gap,
    fail_again,
    keep_sheet,
    open_round,
    settle,
)
from linhe.desks.property.services.survey import Invited, answer_survey, draw_survey, invited_by

__all__ = [
    "Invited", "answer_survey", "begin_interim", "cancel_round", "check_row", "close_case", "company_of",
    "conclude_review", "confirm_grade", "convene_owners", "decide_appeal", "draw_survey", "end_contract",
    "explain_gap", "fail_again", "finish_exit", "hand_item", "import_homes", "import_ledger", "invited_by",
    "keep_opinion", "keep_sheet", "open_review", "open_round", "record_decision", "register_company",
    "register_homes", "serve_notice", "settle", "sign_contract", "verify_decision",
]  # fmt: skip
