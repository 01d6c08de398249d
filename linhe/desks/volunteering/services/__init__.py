"""Writes of this desk: the effects that its actions run."""

from linhe.desks.volunteering.services.activities import (
    call_off_activity,
    finish_activity,
    give_up_place,
    publish_activity,
    rate_activity,
    sign_up,
    strike_arrival,
)
from linhe.desks.volunteering.services.arriving import (
    add_on_the_spot,
    arrive_by_code,
    code_now,
    depart,
    open_for_arrivals,
    tick_arrival,
)
from linhe.desks.volunteering.services.checkins import (
    check_in_member,
    check_in_organisation,
    confirm_hours,
    end_check_in,
    log_hours,
    match_need,
    raise_need,
    release_need,
)
from linhe.desks.volunteering.services.evaluation import (
    answer_objection,
    compute_evaluation,
    confirm_evaluation,
    drop_evaluation,
    object_to_evaluation,
    open_evaluation,
)
from linhe.desks.volunteering.services.posts import (
    confirm_post,
    decline_post,
    end_post_held,
    hand_over_post,
    propose_for_post,
    take_up_post,
)
from linhe.desks.volunteering.services.whom import hand_on_matter

__all__ = [
    "add_on_the_spot", "answer_objection", "arrive_by_code", "call_off_activity", "check_in_member",
    "check_in_organisation", "code_now", "compute_evaluation", "confirm_evaluation", "confirm_hours", "confirm_post",
    "decline_post", "depart", "drop_evaluation", "end_check_in", "end_post_held", "finish_activity", "give_up_place",
    "hand_on_matter", "hand_over_post", "log_hours", "match_need", "object_to_evaluation", "open_evaluation",
    "open_for_arrivals", "propose_for_post", "publish_activity", "raise_need", "rate_activity", "release_need",
    "sign_up", "strike_arrival", "take_up_post", "tick_arrival",
]  # fmt: skip
