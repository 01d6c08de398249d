"""What the actions of this desk ask for; one declaration serves the page's form and the API."""

from linhe.desks.volunteering.schemas.activities import (
    Arrive,
    ChooseSignUp,
    FinishActivity,
    PublishActivity,
    Strike,
    WalkIn,
)
from linhe.desks.volunteering.schemas.honours import (
    AgreeToStand,
    AnswerProtest,
    ChooseCandidate,
    FreezeQuarter,
    GiveMark,
    HandOverReward,
    NameJuror,
    Nominate,
    OpenSelection,
    Redeem,
    Screen,
    UndoRedemption,
)
from linhe.desks.volunteering.schemas.serving import (
    AnswerObjection,
    ApplyForPost,
    CheckInMember,
    CheckInOrganisation,
    ChoosePost,
    DeliverNeed,
    Explain,
    HandOn,
    HandOver,
    LeavePost,
    LogHours,
    MatchNeed,
    OpenEvaluation,
    RaiseNeed,
    Rate,
)

__all__ = [
    "AgreeToStand", "AnswerObjection", "AnswerProtest", "ApplyForPost", "Arrive", "CheckInMember",
    "CheckInOrganisation", "ChooseCandidate", "ChoosePost", "ChooseSignUp", "DeliverNeed", "Explain", "FinishActivity",
    "FreezeQuarter", "GiveMark", "HandOn", "HandOver", "HandOverReward", "LeavePost", "LogHours", "MatchNeed",
    "NameJuror", "Nominate", "OpenEvaluation", "OpenSelection", "PublishActivity", "RaiseNeed", "Rate", "Redeem",
    "Screen", "Strike", "UndoRedemption", "WalkIn",
]  # fmt: skip
