"""The kinds of this desk."""

from linhe.desks.volunteering.loop.activities import ACTIVITY, ACTIVITY_1
from linhe.desks.volunteering.loop.checkins import CHECK_IN
from linhe.desks.volunteering.loop.evaluations import EVALUATION
from linhe.desks.volunteering.loop.hours import HOURS
from linhe.desks.volunteering.loop.needs import NEED
from linhe.desks.volunteering.loop.posts import POSTING
from linhe.desks.volunteering.loop.redemption import REDEMPTION
from linhe.desks.volunteering.loop.selection import SELECTION
from linhe.desks.volunteering.loop.settlement import SETTLEMENT

KINDS = (ACTIVITY_1, ACTIVITY, HOURS, POSTING, CHECK_IN, NEED, EVALUATION, REDEMPTION, SETTLEMENT, SELECTION)

__all__ = [
    "ACTIVITY", "CHECK_IN", "EVALUATION", "HOURS", "KINDS", "NEED", "POSTING", "REDEMPTION", "SELECTION", "SETTLEMENT",
]  # fmt: skip
