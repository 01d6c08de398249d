"""What the actions of this desk ask for; one declaration serves the page's form and the API."""

from linhe.desks.volunteering.schemas.activities import (
    Arrive,
    ChooseSignUp,
    FinishActivity,
    PublishActivity,
    Strike,
    WalkIn,
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
    "AnswerObjection", "ApplyForPost", "Arrive", "CheckInMember", "CheckInOrganisation", "ChoosePost", "ChooseSignUp",
    "DeliverNeed", "Explain", "FinishActivity", "HandOn", "HandOver", "LeavePost", "LogHours", "MatchNeed",
    "OpenEvaluation", "PublishActivity", "RaiseNeed", "Rate", "Strike", "WalkIn",
]  # fmt: skip
