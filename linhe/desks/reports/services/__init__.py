"""Writes of the reports desk: what pages, imports and the interface call, and the effects that actions run."""

from linhe.desks.reports.services.beside import (
    anonymise_report,
    follow_report,
    hide_report,
    merge_report,
    publish_report,
    unfollow,
)
from linhe.desks.reports.services.bulk import act_on_many
from linhe.desks.reports.services.hotline import (
    answer_order,
    assign_order,
    call_back,
    late_order,
    receive_order,
    redo_order,
    return_order,
)
from linhe.desks.reports.services.raising import answer_by_link, hand_on, place_at, raise_report
from linhe.desks.reports.services.report import (
    accept_report,
    confirm_unnamed,
    decline_report,
    open_part,
    open_report,
    point_of,
    relimit_report,
    reopen_report,
    reroute_report,
    solve_report,
)
from linhe.desks.reports.services.telling import tell_followers

__all__ = [
    "accept_report", "act_on_many", "anonymise_report", "answer_by_link", "answer_order", "assign_order",
    "call_back", "confirm_unnamed", "decline_report", "follow_report", "hand_on", "hide_report", "late_order",
    "merge_report", "open_part", "open_report", "place_at", "point_of", "publish_report", "raise_report",
    "receive_order", "redo_order", "relimit_report", "reopen_report", "reroute_report", "return_order",
    "solve_report", "tell_followers", "unfollow",
]  # fmt: skip
