"""The kinds of this desk."""

from linhe.desks.volunteering.loop.activities import ACTIVITY
from linhe.desks.volunteering.loop.checkins import CHECK_IN
from linhe.desks.volunteering.loop.evaluations import EVALUATION
from linhe.desks.volunteering.loop.hours import HOURS
from linhe.desks.volunteering.loop.needs import NEED
from linhe.desks.volunteering.loop.posts import POSTING

KINDS = (ACTIVITY, HOURS, POSTING, CHECK_IN, NEED, EVALUATION)

__all__ = ["ACTIVITY", "CHECK_IN", "EVALUATION", "HOURS", "KINDS", "NEED", "POSTING"]
