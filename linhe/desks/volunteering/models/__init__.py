"""Own rows of this desk, beside its matters."""

from linhe.desks.volunteering.models.activities import ActivityDetail, CodeTry, SignUp
from linhe.desks.volunteering.models.checkins import CheckInDetail, HoursDetail, NeedDetail
from linhe.desks.volunteering.models.evaluations import EvaluationDetail, EvaluationRow, Objection
from linhe.desks.volunteering.models.posts import PostDetail
from linhe.desks.volunteering.models.redeeming import Item, RedeemCode, Redemption, WrongCode
from linhe.desks.volunteering.models.selecting import (
    Candidate,
    Juror,
    Mark,
    Recusal,
    ResultRow,
    SelectionDetail,
    Voted,
)
from linhe.desks.volunteering.models.settling import OptIn, Protest, Reward, SettlementDetail, Snapshot, SnapshotRow

__all__ = [
    "ActivityDetail", "Candidate", "CheckInDetail", "CodeTry", "EvaluationDetail", "EvaluationRow", "HoursDetail",
    "Item", "Juror", "Mark", "NeedDetail", "Objection", "OptIn", "PostDetail", "Protest", "Recusal", "RedeemCode",
    "Redemption", "ResultRow", "Reward", "SelectionDetail", "SettlementDetail", "SignUp", "Snapshot", "SnapshotRow",
    "Voted", "WrongCode",
]  # fmt: skip
