"""Reads of the councils desk."""

from linhe.desks.councils.queries.cards import (
    Desk,
    Item,
    Nearby,
    agenda_of,
    bodies_of,
    desk_of,
    meeting_for,
    nearby,
    petition_for,
    resolution_or_none,
    resolutions_of,
    seats_of,
    supports,
    turnouts,
    votes_for,
)
from linhe.desks.councils.queries.checkin import CheckIn, check_in
from linhe.desks.councils.queries.counting import entitled, params_of, present, quorate, seat_of, turnout
from linhe.desks.councils.queries.minutes import minutes_text
from linhe.desks.councils.queries.objections import answers, objected, objectors_waiting
from linhe.desks.councils.queries.panel import detail
from linhe.desks.councils.queries.standing import chair_of, keeps, kept_among, lives_in, members_of, reads
from linhe.desks.councils.queries.telling import KIND_NAMES, RULE_NAMES, checks_of, state_of

__all__ = [
    "KIND_NAMES", "RULE_NAMES", "CheckIn", "Desk", "Item", "Nearby", "agenda_of", "answers", "bodies_of", "chair_of",
    "check_in", "checks_of", "desk_of", "detail", "entitled", "keeps", "kept_among", "lives_in", "meeting_for",
    "members_of", "minutes_text", "nearby", "objected", "objectors_waiting", "params_of", "petition_for", "present",
    "quorate", "reads", "resolution_or_none", "resolutions_of", "seat_of", "seats_of", "state_of", "supports",
    "turnout", "turnouts", "votes_for",
]  # fmt: skip
