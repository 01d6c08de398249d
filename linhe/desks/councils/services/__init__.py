"""Writes of the councils desk: what pages call, and the effects that actions run."""

from linhe.desks.councils.services.bodies import add_member, end_membership, found_body, renew_membership
from linhe.desks.councils.services.meetings import (
    add_item,
    attend_by_code,
    cancel_meeting,
    close_meeting,
    confirm_present,
    convene_meeting,
    drop_item,
    keep_comment,
    moderate_comment,
    note_point,
    open_meeting,
    plan_meeting,
)
from linhe.desks.councils.services.petitions import (
    adopt_petition,
    open_petition,
    support_petition,
    unsupport_petition,
)
from linhe.desks.councils.services.recording import confirm_minutes, correct_minutes
from linhe.desks.councils.services.resolutions import (
    answer_objections,
    object_to_resolution,
    publish_resolution,
    return_to_meeting,
    set_deadline,
    settle_resolution,
)
from linhe.desks.councils.services.voting import (
    cast_vote,
    close_vote,
    count_hands,
    open_vote,
    put_motion,
    seal_ballot,
    vote,
)

__all__ = [
    "add_item", "add_member", "adopt_petition", "answer_objections", "attend_by_code", "cancel_meeting", "cast_vote",
    "close_meeting", "close_vote", "confirm_minutes", "confirm_present", "convene_meeting", "correct_minutes",
    "count_hands", "drop_item", "end_membership", "found_body", "keep_comment", "moderate_comment", "note_point",
    "object_to_resolution", "open_meeting", "open_petition", "open_vote", "plan_meeting", "publish_resolution",
    "put_motion", "renew_membership", "return_to_meeting", "seal_ballot", "set_deadline", "settle_resolution",
    "support_petition", "unsupport_petition", "vote",
]  # fmt: skip
