"""Own rows of this desk, beside its matters."""

from linhe.desks.volunteering.models.activities import ActivityDetail, CodeTry, SignUp
from linhe.desks.volunteering.models.checkins import CheckInDetail, HoursDetail, NeedDetail
from linhe.desks.volunteering.models.evaluations import EvaluationDetail, EvaluationRow, Objection
from linhe.desks.volunteering.models.posts import PostDetail

__all__ = [
    "ActivityDetail", "CheckInDetail", "CodeTry", "EvaluationDetail", "EvaluationRow", "HoursDetail", "NeedDetail",
    "Objection", "PostDetail", "SignUp",
]  # fmt: skip
