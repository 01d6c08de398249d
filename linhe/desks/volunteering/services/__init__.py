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
from linhe.desks.volunteering.services.publicity import (
    answer_protest,
    check_answered,
    protest,
)
from linhe.desks.volunteering.services.redeeming import new_code, redeem_points, save_item, undo_redemption
from linhe.desks.volunteering.services.rewarding import (
    check_all_handed,
    end_publicity,
    hand_over_reward,
)
from linhe.desks.volunteering.services.selecting import (
    agree_to_stand,
    close_vote,
    count_selection,
    decide_selection,
    give_mark,
    name_juror,
    nominate,
    open_selection,
    open_vote,
    recount_selection,
    recuse,
    screen_candidate,
)
from linhe.desks.volunteering.services.settling import (
    correct_quarter,
    freeze_quarter,
    leave,
    take_part,
)
from linhe.desks.volunteering.services.voting import (
    cast_vote,
)
from linhe.desks.volunteering.services.vouching import vouch_for_list
from linhe.desks.volunteering.services.whom import hand_on_matter

__all__ = [
    "add_on_the_spot", "agree_to_stand", "answer_objection", "answer_protest", "arrive_by_code", "call_off_activity",
    "cast_vote", "check_all_handed", "check_answered", "check_in_member", "check_in_organisation", "close_vote",
    "code_now", "compute_evaluation", "confirm_evaluation", "confirm_hours", "confirm_post", "correct_quarter",
    "count_selection", "decide_selection", "decline_post", "depart", "drop_evaluation", "end_check_in", "end_post_held",
    "end_publicity", "finish_activity", "freeze_quarter", "give_mark", "give_up_place", "hand_on_matter",
    "hand_over_post", "hand_over_reward", "leave", "log_hours", "match_need", "name_juror", "new_code", "nominate",
    "object_to_evaluation", "open_evaluation", "open_for_arrivals", "open_selection", "open_vote", "propose_for_post",
    "protest", "publish_activity", "raise_need", "rate_activity", "recount_selection", "recuse", "redeem_points",
    "release_need", "save_item", "screen_candidate", "sign_up", "strike_arrival", "take_part", "take_up_post",
    "tick_arrival", "undo_redemption", "vouch_for_list",
]  # fmt: skip
