"""Writes of the care desk: what pages and jobs call, and the effects that actions run."""

from linhe.desks.care.services.arranging import arrange, let_go
from linhe.desks.care.services.checks import (
    ask_chief,
    ask_family,
    ask_neighbour,
    ask_worker,
    call_emergency,
    note_excuse,
    note_help,
    note_late_tap,
    note_seen,
    note_sign,
    open_check,
    pass_on,
)
from linhe.desks.care.services.days import dawn, open_day, tap
from linhe.desks.care.services.enrolling import Relative, Wish, change, come_back, enrol, pause, withdraw
from linhe.desks.care.services.glances import answer_glance, be_willing, hand_out
from linhe.desks.care.services.meters import Reading, end_source, make_source, source_of, take_readings
from linhe.desks.care.services.records import break_glass, glass_broken, open_record, read_record, shut_glass
from linhe.desks.care.services.sessions import (
    book,
    clear_up,
    close_session,
    close_unmarked,
    fill_up,
    free_seat,
    move_up,
    note_attended,
    note_missed,
    note_reminder,
    offer_session,
    remind,
)
from linhe.desks.care.services.visits import move_visit, note_needs, plan_visit

__all__ = [
    "Reading", "Relative", "Wish", "answer_glance", "arrange", "ask_chief", "ask_family", "ask_neighbour", "ask_worker",
    "be_willing", "book", "break_glass", "call_emergency", "change", "clear_up", "close_session", "close_unmarked",
    "come_back", "dawn", "end_source", "enrol", "fill_up", "free_seat", "glass_broken", "hand_out", "let_go",
    "make_source", "move_up", "move_visit", "note_attended", "note_excuse", "note_help", "note_late_tap", "note_missed",
    "note_needs", "note_reminder", "note_seen", "note_sign", "offer_session", "open_check", "open_day", "open_record",
    "pass_on", "pause", "plan_visit", "read_record", "remind", "shut_glass", "source_of", "take_readings", "tap",
    "withdraw",
]  # fmt: skip
